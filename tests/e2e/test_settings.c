/* The settings card, the pause, and quiet hours where nothing can forget them. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <string.h>

enum { CHAT = 931 };

static NODISCARD err_t *started(struct test *t, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, "2026-11-23T15:00:00Z")); /* noon in São Paulo */
	ERR(product_start(*ret));
	return talk_expect(*ret, CHAT, NULL, "/status", "acordada");
}

static NODISCARD err_t *profile(struct product *p, const char *where, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(&p->db, mem_fmt(p->t->pool, "SELECT count(*) FROM profiles WHERE %s", where), &n));
	return n == expected ? NULL : err_new(ERR_INTERNAL, "%s: %lld", where, (long long)n);
}

TEST(settings_change_by_taps_in_one_message)
{
	struct product *p;
	int code;

	ERR(started(t, &p));
	ERR(talk_expect(p, CHAT, NULL, "/config", "Do seu jeito"));
	ERR(standin_press(p->s, CHAT, "☀️ Bom dia", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "A que horas mando o seu dia", 1));
	ERR(standin_press(p->s, CHAT, "08:00", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "☀️ Bom dia: <b>08:00</b>", 1));
	ERR(profile(p, "morning_at = '08:00' AND morning_on", 1));
	ERR(standin_press(p->s, CHAT, "🤝 Autonomia", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Quanto eu faço sem perguntar", 1));
	ERR(standin_press(p->s, CHAT, "pergunto tudo", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "🤝 Autonomia: <b>pergunto tudo</b>", 1));
	ERR(profile(p, "autonomy = 'suggest'", 1));
	ERR(talk_expect(p, CHAT, NULL, "/config Lisboa", "horário de Lisboa"));
	ERR(profile(p, "zone = 'Europe/Lisbon'", 1));
	ERR(talk_expect(p, CHAT, NULL, "/config casa da vovó", "Não conheço a cidade"));
	/* What no button offers is not set. */
	ERR(talk_forge(p, CHAT, "s:cap=9999"));
	ERR(talk_await(p, CHAT, "sendMessage", "não funciona mais", 1));
	ERR(talk_forge(p, CHAT, "s:autonomy=owner"));
	ERR(talk_await(p, CHAT, "sendMessage", "não funciona mais", 2));
	ERR(profile(p, "daily_cap = 6 AND autonomy = 'suggest'", 1));
	ERR(talk_calm(p));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

/* Something unasked, as a job would put it. */
static NODISCARD err_t *unasked(struct product *p, const char *now, const char *key)
{
	return fixture_sql(
		&p->db,
		mem_fmt(p->t->pool,
			"BEGIN; SELECT set_config('app.user_id', user_id::text, true), set_config('app.now', (extract(epoch FROM timestamptz '%s') * 1000000)::bigint::text, "
			"true), outbox_put(bot_id, chat_id, '%s', 0, 'send', 'unasked %s', NULL, NULL, false, 'unasked', NULL, NULL) FROM telegram_chats; COMMIT",
			now, key, key));
}

static NODISCARD err_t *states(struct product *p, const char *key, const char *expected)
{
	const char *state;

	ERR(fixture_text(&p->db,
			 mem_fmt(p->t->pool,
				 "SELECT state || coalesce(' ' || error, '') FROM outbox WHERE dedupe = '%s'",
				 key),
			 &state));
	CHECK_TEXT(state, expected);
	return NULL;
}

TEST(what_is_unasked_obeys_quiet_hours_cap_and_pause)
{
	struct product *p;
	int code;

	ERR(started(t, &p));
	ERR(fixture_sql(&p->db, "UPDATE profiles SET daily_cap = 2"));
	ERR(unasked(p, "2026-11-23T15:00:00Z", "a"));
	ERR(unasked(p, "2026-11-24T03:00:00Z", "night")); /* midnight: still the 24th there */
	ERR(states(p, "night", "held"));
	ERR(unasked(p, "2026-11-24T12:00:00Z", "b"));
	ERR(unasked(p, "2026-11-24T12:01:00Z", "c"));
	ERR(states(p, "c", "failed cap"));
	ERR(talk_clock(p, "2026-11-24T10:00:05Z")); /* seven in the morning */
	ERR(talk_await(p, CHAT, "sendMessage", "unasked night", 1));
	ERR(talk_say(p, CHAT, NULL, "/pausar 3 dias"));
	ERR(talk_await(p, CHAT, "sendMessage", "fico quieta até", 1));
	ERR(unasked(p, "2026-11-25T15:00:00Z", "d"));
	ERR(profile(p, "paused_until::date = '2026-11-27'", 1));
	ERR(states(p, "d", "failed paused"));
	ERR(talk_say(p, CHAT, NULL, "/pausar voltar"));
	ERR(talk_await(p, CHAT, "sendMessage", "De volta", 1));
	ERR(unasked(p, "2026-11-25T15:00:00Z", "e"));
	ERR(talk_await_int(p, "SELECT count(*) FROM outbox WHERE dedupe = 'e' AND state <> 'failed'", 1));
	ERR(talk_calm(p));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}
