#include "bot/web/web_person.h"

#include "bot/web/web_answer.h"
#include "core/clock.h"
#include "core/crypt.h"
#include "core/fiber.h"
#include "core/limits.h"
#include "db/pg_listen.h"
#include <string.h>

enum { WAIT_MS = 5000 };

/* A request that waits for a worker; on its fiber's stack. */
struct waiting {
	struct waiting *next, **link;
	const char *ticket;
	struct fiber *fiber;
	bool look; /* there may be an answer */
};

static struct waiting *all;
static size_t waiting_n;
static char *listening; /* to this URL; NULL: not yet */
static int64_t wait_ms = WAIT_MS;

/* Without a name: the listener has just connected, and what was told before is lost. */
static void on_notify(void *ctx, const char *name, const char *payload)
{
	(void)ctx;
	for (struct waiting *w = all; w; w = w->next) {
		if (name && strncmp(payload, w->ticket, HANDOVER_HANDLE) != 0)
			continue;
		w->look = true;
		fiber_wake(w->fiber);
	}
}

/* A server that only takes a webhook needs no listener. */
static void listen_once(const struct web_request *r)
{
	static const char *const names[] = { HANDOVER_DONE, NULL };

	if (listening)
		return;
	listening = strdup(config_db_url(r->pool, r->config, CONFIG_DB_QUEUE));
	if (listening)
		pg_listen(&(struct pg_listen_opts){
			.url = listening, .channels = names, .on_notify = on_notify });
}

static void waiting_add(struct waiting *w)
{
	w->next = all;
	w->link = &all;
	if (w->next)
		w->next->link = &w->next;
	all = w;
	waiting_n++;
}

static void waiting_remove(struct waiting *w)
{
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	waiting_n--;
}

static const char *params_json(const struct web_request *r)
{
	struct json *list = json_array(r->pool);

	for (size_t i = 0; i < WEB_PARAMS && r->params[i].text; i++)
		json_push_text(list, r->params[i].text);
	return json_write(r->pool, list);
}

/* Whatever happens, the database hears that nobody waits any more: then a worker that comes late does nothing. */
static NODISCARD err_t *take_last(struct web_request *r, struct waiting *w, struct handover_answer *ret)
{
	bool answered = false;
	err_t *err;

	fiber_shield(+1);
	err = handover_take(r->pool, w->ticket, true, &answered, ret);
	fiber_shield(-1);
	ERR(err);
	return answered ? NULL : err_new(ERR_UNAVAILABLE, "no worker answered \"%s\"", r->route->call);
}

static int64_t wait_of(const struct web_request *r)
{
	return r->route->wait_ms ? r->route->wait_ms : wait_ms;
}

static NODISCARD err_t *wait_answer(struct web_request *r, struct waiting *w, struct handover_answer *ret)
{
	int64_t deadline = clock_mono_ms() + wait_of(r);
	bool answered = false;

	while (!answered) {
		err_t *err = NULL;

		while (!w->look && !err)
			err = fiber_wait(deadline);
		w->look = false;
		if (!err)
			err = handover_take(r->pool, w->ticket, false, &answered, ret);
		if (err) {
			err_clear(err);
			return take_last(r, w, ret);
		}
	}
	return NULL;
}

static NODISCARD err_t *hand_over(struct web_request *r, struct waiting *w, const char *body,
				  struct handover_answer *ret)
{
	static const char nobody[] = "{\"error\":\"unauthorized\"}";
	struct handover h = { .ticket = w->ticket, .call = r->route->call, .trace = r->trace };
	enum handover_outcome outcome;

	h.params = params_json(r);
	h.query = r->query ? r->query : "";
	h.body = body ? (struct bytes){ body, strlen(body) } : (struct bytes){ r->body, r->body_n };
	ERR(handover_put(r->pool, &h, r->token, wait_of(r), &outcome));
	if (outcome == HANDOVER_BUSY)
		return err_new(ERR_RATE_LIMIT, "too many requests at once");
	if (outcome == HANDOVER_OK)
		return wait_answer(r, w, ret);
	*ret = (struct handover_answer){ .status = 401, .type = "application/json" };
	ret->body = (struct bytes){ nobody, sizeof nobody - 1 };
	return NULL;
}

err_t *web_person_ask(struct web_request *r, const char *body, struct handover_answer *ret_answer)
{
	struct handover_answer answer = { 0 };
	struct waiting w = { .fiber = fiber_self() };
	err_t *err;

	if (waiting_n >= LIMIT_HANDOVERS)
		return err_new(ERR_UNAVAILABLE, "too many requests wait for workers");
	listen_once(r);
	w.ticket = crypt_random_hex(r->pool, HANDOVER_TICKET / 2);
	waiting_add(&w);
	err = hand_over(r, &w, body, &answer);
	waiting_remove(&w);
	ERR(err);
	if (answer.error)
		return err_new(err_code_of(answer.error), "%.*s", (int)answer.body.n,
			       (const char *)answer.body.p);
	*ret_answer = answer;
	return NULL;
}

void web_person_answer(struct web_request *r, const struct handover_answer *answer)
{
	web_answer_bytes(r, answer->status, answer->type, answer->body.p, answer->body.n);
}

err_t *web_person_run(struct web_request *r)
{
	struct handover_answer answer;

	ERR(web_person_ask(r, NULL, &answer));
	web_person_answer(r, &answer);
	return NULL;
}

void web_person_wait_ms(int64_t ms)
{
	wait_ms = ms;
}
