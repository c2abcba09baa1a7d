#include "core/fiber.h"

#include "core/clock.h"
#include "core/fault.h"
#include "core/limits.h"
#include "core/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#define FIBER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#endif
#endif
#ifdef FIBER_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#define FIBER_VALGRIND 1
#endif
#endif

enum {
	PAGE = 4096,
#ifdef FIBER_ASAN
	STACK = 512 * 1024, /* red zones make frames several times larger */
#else
	STACK = 128 * 1024,
#endif
	SLOW_TURN_MS = 50,
};

struct fiber {
	ucontext_t context;
	char *stack; /* guard page first */
	const char *name;
	void (*fn)(void *);
	void *arg;
	struct fiber *next;  /* in the ready queue or the idle list */
	struct fiber *every; /* all ever made; the gdb script walks these */
	uv_timer_t timer;    /* the deadline of the present wait; lives as long as the fiber */
	const char *trace;
	int open_tx, shield;
	bool queued, cancelled, alive;
};

/* Named for deploy/gdb-fibers.py. */
struct fiber *fiber_every;
static struct fiber *current, *idle, *ready, **ready_end = &ready;
static ucontext_t loop_context;
static uv_loop_t *loop;
static uv_prepare_t prepare;
static uv_check_t check;
static uv_idle_t spin; /* active while a drain left fibers behind, so that the loop does not block */
static unsigned alive;
static uint64_t turn_start, turn_idle;
static bool stopping;
static int main_open_tx;

#ifdef FIBER_ASAN
static const void *loop_stack;
static size_t loop_stack_n;
static void switch_begin(void **fake, const void *bottom, size_t n)
{
	__sanitizer_start_switch_fiber(fake, bottom, n);
}
static void switch_end(void *fake, const void **bottom, size_t *n)
{
	__sanitizer_finish_switch_fiber(fake, bottom, n);
}
#define LOOP_STACK loop_stack, loop_stack_n
#define LOOP_STACK_OUT &loop_stack, &loop_stack_n
#else
static void switch_begin(void **fake, const void *bottom, size_t n)
{
	(void)bottom;
	(void)n;
	*fake = NULL;
}
static void switch_end(void *fake, const void **bottom, size_t *n)
{
	(void)fake;
	(void)bottom;
	(void)n;
}
#define LOOP_STACK NULL, 0
#define LOOP_STACK_OUT NULL, NULL
#endif

static void resume(struct fiber *f)
{
	void *fake;

	current = f;
	log_trace(f->trace);
	switch_begin(&fake, f->stack + PAGE, STACK);
	swapcontext(&loop_context, &f->context);
	switch_end(fake, NULL, NULL);
	log_trace(NULL);
	current = NULL;
}

static void park(void)
{
	struct fiber *f = current;
	void *fake;

	switch_begin(&fake, LOOP_STACK);
	swapcontext(&f->context, &loop_context);
	switch_end(fake, LOOP_STACK_OUT);
}

static void fiber_idle(struct fiber *f)
{
	f->next = idle;
	idle = f;
}

static void fiber_body(void)
{
	struct fiber *f = current;

	switch_end(NULL, LOOP_STACK_OUT);
	for (;;) {
		f->fn(f->arg);
		f->alive = false;
		f->trace = NULL;
		alive--;
		if (!f->queued) /* a late wake still holds it in the ready queue: drain lays it aside then */
			fiber_idle(f);
		park();
	}
}

static void drain(void)
{
	struct fiber *batch = ready, *next;

	ready = NULL;
	ready_end = &ready;
	for (; batch; batch = next) {
		next = batch->next;
		batch->queued = false;
		if (batch->alive)
			resume(batch);
		else
			fiber_idle(batch);
	}
}

static void on_spin(uv_idle_t *handle)
{
	(void)handle;
}

static void turn_measure(void)
{
	uint64_t now = uv_hrtime(), idle_ns = uv_metrics_idle_time(loop);
	uint64_t busy = turn_start ? now - turn_start - (idle_ns - turn_idle) : 0;

	turn_start = now;
	turn_idle = idle_ns;
	if (busy > (uint64_t)SLOW_TURN_MS * 1000000)
		log_event(LOG_WARN, "slow_turn", KV_I("ms", busy / 1000000));
}

static void on_prepare(uv_prepare_t *handle)
{
	(void)handle;
	drain();
	if (ready)
		uv_idle_start(&spin, on_spin);
	else
		uv_idle_stop(&spin);
	turn_measure();
	log_flush();
}

static void on_check(uv_check_t *handle)
{
	(void)handle;
	drain();
}

static void on_deadline(uv_timer_t *timer)
{
	fiber_wake(timer->data);
}

/* On its own, because getcontext may return twice as far as the compiler knows. */
static void context_make(struct fiber *f)
{
	getcontext(&f->context);
	f->context.uc_stack.ss_sp = f->stack + PAGE;
	f->context.uc_stack.ss_size = STACK;
	makecontext(&f->context, fiber_body, 0);
}

static struct fiber *fiber_make(void)
{
	struct fiber *f = calloc(1, sizeof *f);
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE;

	if (!f)
		return NULL;
	f->stack = mmap(NULL, STACK + PAGE, prot, flags, -1, 0);
	if (f->stack == MAP_FAILED || mprotect(f->stack, PAGE, PROT_NONE)) {
		if (f->stack != MAP_FAILED)
			munmap(f->stack, STACK + PAGE);
		free(f);
		return NULL;
	}
#ifdef FIBER_VALGRIND
	(void)VALGRIND_STACK_REGISTER(f->stack + PAGE, f->stack + PAGE + STACK);
#endif
	context_make(f);
	uv_timer_init(loop, &f->timer);
	f->timer.data = f;
	f->every = fiber_every;
	fiber_every = f;
	return f;
}

struct fiber *fiber_self(void)
{
	return current;
}

void fiber_init(void)
{
	loop = uv_default_loop();
	uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
	uv_prepare_init(loop, &prepare);
	uv_prepare_start(&prepare, on_prepare);
	uv_check_init(loop, &check);
	uv_check_start(&check, on_check);
	uv_idle_init(loop, &spin);
}

struct fiber *fiber_go(const char *name, void (*fn)(void *), void *arg)
{
	struct fiber *f = idle;

	if (alive >= LIMIT_FIBERS)
		return NULL;
	if (f)
		idle = f->next;
	else if (!(f = fiber_make()))
		return NULL;
	alive++;
	f->alive = true;
	f->name = name;
	f->fn = fn;
	f->arg = arg;
	f->trace = NULL;
	f->open_tx = f->shield = 0;
	f->cancelled = false;
	fiber_wake(f);
	return f;
}

void fiber_run(void)
{
	stopping = false;
	log_hold(true);
	while (!stopping)
		uv_run(loop, UV_RUN_DEFAULT);
	log_hold(false);
}

void fiber_stop(void)
{
	stopping = true;
	uv_stop(loop);
}

void fiber_wake(struct fiber *f)
{
	if (!f || f->queued || !f->alive)
		return;
	f->queued = true;
	f->next = NULL;
	*ready_end = f;
	ready_end = &f->next;
}

err_t *fiber_wait(int64_t deadline_ms)
{
	struct fiber *f = current;
	int64_t left = 0;

	/* Only work for a request counts: a test cancels conversations, not the loops that serve them. */
	if (f->trace && !f->shield && fault_hit(FAULT_CANCEL))
		f->cancelled = true;
	if (f->cancelled && !f->shield)
		return err_new(ERR_CANCELLED, "cancelled");
	if (deadline_ms) {
		left = deadline_ms - clock_mono_ms();
		if (left <= 0)
			return err_new(ERR_TIMEOUT, "deadline passed");
		uv_update_time(loop);
		uv_timer_start(&f->timer, on_deadline, (uint64_t)left, 0);
	}
	park();
	if (deadline_ms)
		uv_timer_stop(&f->timer);
	if (f->cancelled && !f->shield)
		return err_new(ERR_CANCELLED, "cancelled");
	return NULL;
}

err_t *fiber_sleep(int64_t ms)
{
	int64_t end = clock_mono_ms() + ms;

	while (clock_mono_ms() < end) {
		err_t *err = fiber_wait(end);

		if (err && err->code == ERR_TIMEOUT) {
			err_clear(err);
			return NULL;
		}
		ERR(err);
	}
	return NULL;
}

void fiber_cancel(struct fiber *f)
{
	if (!f || !f->alive)
		return;
	f->cancelled = true;
	fiber_wake(f);
}

void fiber_shield(int delta)
{
	if (current)
		current->shield += delta;
}

bool fiber_cancelled(void)
{
	return current && current->cancelled;
}

struct work {
	uv_work_t work;
	void (*fn)(void *);
	void *arg;
	struct fiber *fiber;
	bool done;
};

static void work_run(uv_work_t *w)
{
	struct work *work = w->data;

	work->fn(work->arg);
}

static void work_done(uv_work_t *w, int status)
{
	struct work *work = w->data;

	(void)status;
	work->done = true;
	fiber_wake(work->fiber);
}

void fiber_work(void (*fn)(void *), void *arg)
{
	struct work work = { .fn = fn, .arg = arg, .fiber = current };

	work.work.data = &work;
	if (!current || uv_queue_work(loop, &work.work, work_run, work_done)) {
		fn(arg);
		return;
	}
	while (!work.done)
		park(); /* `work` is on this stack: no cancel and no deadline may leave early */
}

void fiber_set_trace(const char *trace)
{
	if (!current)
		return;
	current->trace = trace;
	log_trace(trace);
}

int *fiber_open_tx(void)
{
	return current ? &current->open_tx : &main_open_tx;
}
