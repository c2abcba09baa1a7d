/* The tests' side, apart from what each API adds. */
#include "tests/standins/google_world.h"

#include "core/clock.h"
#include "core/text.h"

struct account *control_account(struct ask *ask)
{
	const char *email = json_text(ask->body, "account");

	return email ? world_account(email) : world.accounts.v[0];
}

static struct json *call_json(apr_pool_t *pool, const struct call *c)
{
	struct json *o = json_object(pool);

	json_set_int(o, "number", c->number);
	json_set_text(o, "name", c->name);
	json_set_text(o, "method", c->method);
	json_set_text(o, "path", c->path);
	json_set_int(o, "status", c->status);
	json_set_text(o, "account", c->account);
	if (c->fault)
		json_set_text(o, "fault", c->fault);
	return o;
}

/* {"since"?: number, "name"?} */
static void list_calls(struct ask *ask)
{
	struct json *list = json_array(ask->pool);
	const char *name = json_text(ask->body, "name");
	int64_t since = 0;

	json_int(ask->body, "since", &since);
	for (size_t i = since > 0 ? (size_t)since : 0; i < world.calls.n; i++) {
		const struct call *c = world.calls.v[i];

		if (!name || text_same(c->name, name))
			json_push(list, call_json(ask->pool, c));
	}
	say_json(ask, list);
}

/* {"file"}: the product's test clock. */
static void set_clock(struct ask *ask)
{
	err_t *err = clock_init(world_keep(json_text(ask->body, "file")));

	if (err)
		deny(ask, 400, "invalid", "%s", err_message(err));
	err_clear(err);
}

void control(struct ask *ask, const char *name)
{
	struct json *good = json_object(ask->pool);

	if (text_same(name, "calls"))
		list_calls(ask);
	else if (text_same(name, "clock"))
		set_clock(ask);
	else if (!oauth_control(ask, name) && !fault_control(ask, name) && !calendar_control(ask, name) &&
		 !gmail_control(ask, name) && !drive_control(ask, name))
		deny(ask, 404, "notFound", "no such control: %s", name);
	json_set_bool(good, "ok", true);
	if (!ask->answer.status)
		say_json(ask, good);
}
