#include "ml/chart/chart_png.h"

#include "core/child.h"
#include "core/fiber.h"
#include <string.h>

#define PROGRAM "lembra-chart"
#define SIGNATURE "\x89PNG\r\n\x1a\n"

enum { TIMEOUT_MS = 5000, AT_ONCE = 4, LEAST = 64 };

/* Those that wait for one of the few places, in order; each on the stack of its fiber. */
struct place {
	struct fiber *fiber;
	struct place *next;
};

static struct place *first, **last = &first;
static int drawing;

static void leave_line(struct place *own)
{
	struct place **p = &first;

	while (*p != own)
		p = &(*p)->next;
	*p = own->next;
	if (last == &own->next)
		last = p;
}

static NODISCARD err_t *take_place(void)
{
	struct place own = { .fiber = fiber_self() };
	err_t *err = NULL;

	*last = &own;
	last = &own.next;
	while (!err && (first != &own || drawing >= AT_ONCE))
		err = fiber_wait(0);
	leave_line(&own);
	if (!err)
		drawing++;
	if (first && drawing < AT_ONCE)
		fiber_wake(first->fiber);
	return err;
}

static void give_place(void)
{
	drawing--;
	if (first)
		fiber_wake(first->fiber);
}

err_t *chart_png(apr_pool_t *pool, const char *spec, const char **ret_png, size_t *ret_n)
{
	struct child_call call = {
		.in = spec, .in_n = strlen(spec), .timeout_ms = TIMEOUT_MS, .out_max = CHART_PNG_MAX
	};
	const char *png = NULL;
	size_t n = 0;
	err_t *err;

	ERR(child_find(pool, PROGRAM, &call.path));
	ERR(take_place());
	err = child_run(pool, &call, &png, &n);
	give_place();
	ERR(err);
	if (n < LEAST || memcmp(png, SIGNATURE, sizeof SIGNATURE - 1) != 0)
		return err_new(ERR_INTERNAL, "\"" PROGRAM "\": no picture");
	*ret_png = png;
	*ret_n = n;
	return NULL;
}
