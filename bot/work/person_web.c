#include "bot/work/person_web.h"

#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/text.h"
#include <string.h>

enum {
	POLL_MS = 1000,   /* a look without a wake-up */
	SWEEP_MS = 60000, /* what has run out is removed */
};

static const struct person_call_entry none = { 0 }, *extra = &none;
static struct fiber *claimer;
static int slots; /* that many more may be under way */
static size_t busy;
static bool due, stopping;

static const struct person_call *call_among(const struct person_call_entry *entries, const char *name)
{
	for (const struct person_call_entry *e = entries; e->first; e++)
		for (const struct person_call *call = e->first; call->name; call++) {
			if (text_same(call->name, name))
				return call;
			if (!e->many)
				break;
		}
	return NULL;
}

static const struct person_call *call_find(const char *name)
{
	const struct person_call *call = call_among(person_calls, name);

	return call ? call : call_among(extra, name);
}

void person_web_extra(const struct person_call_entry *entries)
{
	extra = entries ? entries : &none;
}

void person_web_json(struct person_ask *ask, int status, const struct json *body)
{
	const char *text = json_write(ask->pool, body);

	ask->answer = (struct handover_answer){ .status = status, .type = "application/json" };
	ask->answer.body = (struct bytes){ text, strlen(text) };
}

/* One request under way; in its req's pool. */
struct serving {
	struct req *req;
	struct handover h;
	const struct person_call *call;
	struct person_ask ask;
};

static NODISCARD err_t *call_begin(struct serving *s)
{
	struct person_ask *ask = &s->ask;
	struct json *params;

	s->call = call_find(s->h.call);
	if (!s->call)
		return err_new(ERR_NOT_FOUND, "no call \"%s\"", s->h.call);
	*ask = (struct person_ask){
		.pool = s->req->pool, .query = s->h.query, .body = s->h.body, .session_id = s->h.session_id
	};
	ERR(json_read(ask->pool, s->h.params, strlen(s->h.params), &params));
	ask->params = params;
	return s->call->before ? s->call->before(s->req, ask) : NULL;
}

static NODISCARD err_t *call_run(struct tx *tx, struct serving *s)
{
	ERR(s->call->run(tx, &s->ask));
	return handover_answer(tx, s->h.id, &s->ask.answer);
}

static bool is_askers(enum err_code code)
{
	return code == ERR_INVALID || code == ERR_NOT_FOUND || code == ERR_CONFLICT || code == ERR_DENIED ||
	       code == ERR_TOO_LARGE || code == ERR_RATE_LIMIT;
}

/* The asker's own mistakes are told; what went wrong here only by its kind. */
static NODISCARD err_t *error_tell(struct tx *tx, const struct handover *h, err_t *err)
{
	struct handover_answer answer = { .status = 500, .type = "text/plain", .error = err_name(err->code) };
	const char *message = is_askers(err->code) ? err_message(err) : "the call failed";

	answer.body = (struct bytes){ message, strlen(message) };
	return handover_answer(tx, h->id, &answer);
}

static void serve(void *arg)
{
	struct serving *s = arg;
	int64_t began = clock_mono_ms();
	struct tx *tx;
	err_t *err;

	fiber_set_trace(s->req->trace);
	err = call_begin(s);
	if (!err)
		err = tx_begin_user(s->req, &tx);
	if (!err)
		err = tx_end(tx, call_run(tx, s));
	if (err && err->code != ERR_CANCELLED) {
		err_t *lost = tx_begin_user(s->req, &tx);

		if (!lost)
			lost = tx_end(tx, error_tell(tx, &s->h, err));
		log_error("person_call_unanswered", lost);
	}
	log_event(LOG_DEBUG, "person_call", KV_S("call", s->h.call),
		  KV_S("result", err ? err_name(err->code) : "done"), KV_I("ms", clock_mono_ms() - began));
	if (err && is_askers(err->code))
		err_clear(err);
	else
		log_error("person_call_failed", err);
	fiber_set_trace(NULL);
	req_end(s->req);
	busy--;
	slots++;
	fiber_wake(claimer);
}

static struct handover handover_dup(apr_pool_t *pool, const struct handover *h)
{
	struct handover copy = *h;

	copy.call = mem_text(pool, h->call);
	copy.params = mem_text(pool, h->params);
	copy.query = mem_text(pool, h->query);
	copy.body.p = mem_textn(pool, h->body.p, h->body.n);
	return copy;
}

static void serve_start(const struct handover *h)
{
	struct req *req = req_begin(h->trace);
	struct serving *s = MEM_NEW(req->pool, struct serving);

	req->user_id = h->user_id;
	req->role = role_of(h->role);
	req->lang = lang_of(h->lang);
	req->zone = mem_text(req->pool, h->zone);
	*s = (struct serving){ .req = req, .h = handover_dup(req->pool, h) };
	busy++;
	slots--;
	if (!fiber_go("person_call", serve, s)) { /* its asker waits in vain, and hears 503 */
		busy--;
		slots++;
		req_end(req);
	}
}

static NODISCARD err_t *claim_some(apr_pool_t *pool)
{
	int most = slots;
	struct handover *list;
	size_t n;

	ERR(handover_claim(pool, most, &n, &list));
	if (n == (size_t)most)
		due = true;
	for (size_t i = 0; i < n; i++)
		serve_start(&list[i]);
	return NULL;
}

static void claimer_main(void *arg)
{
	apr_pool_t *pool = pool_root();
	int64_t sweep_at = clock_mono_ms();

	(void)arg;
	claimer = fiber_self();
	while (!stopping) {
		int64_t until = clock_mono_ms() + POLL_MS;
		err_t *err = NULL;

		while (!stopping && !err && (!due || slots <= 0))
			err = fiber_wait(until);
		err_clear(err);
		if (stopping || slots <= 0)
			continue;
		due = false;
		log_error("person_claim_failed", claim_some(pool));
		if (clock_mono_ms() >= sweep_at) {
			sweep_at = clock_mono_ms() + SWEEP_MS;
			log_error("person_sweep_failed", handover_sweep(pool));
		}
		pool_clear(pool);
	}
	claimer = NULL;
	pool_free(pool);
}

void person_web_start(const struct config *config)
{
	slots = (int)config->db_pool / 2; /* conversations keep the other half */
	stopping = false;
	due = true;
	fiber_go("person_web", claimer_main, NULL);
}

void person_web_kick(void)
{
	due = true;
	fiber_wake(claimer);
}

bool person_web_stop(void)
{
	stopping = true;
	fiber_wake(claimer);
	return !claimer && !busy;
}
