/* Messages with a chart on their way out, as rows of the outbox. */
#include "core/text.h"
#include "tests/integration/tool_scene.h"
#include "tools/picture.h"

#include <string.h>

#define CHART "{\"kind\":\"week\",\"due\":[],\"done\":[]}"

static NODISCARD err_t *meet(struct scene *s)
{
	s->req->bot_id = 9;
	s->req->chat_id = 42;
	return fixture_sql(
		&s->f,
		mem_fmt(s->pool,
			"INSERT INTO telegram_chats (user_id, bot_id, chat_id, created_at) VALUES (%lld, 9, 42, now())",
			(long long)s->ana));
}

struct putting {
	struct outgoing message;
	const char *caption;
	int parts;
};

static NODISCARD err_t *put(struct scene *s, struct putting *p)
{
	struct tx *tx;

	p->message.chart = CHART;
	p->message.markup = "{\"inline_keyboard\":[]}";
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, picture_put(tx, &p->message, p->caption, &p->parts));
}

/* So many words, after a first line of its own. */
static const char *long_text(apr_pool_t *pool, int words)
{
	struct buf b = buf_new(pool, 64 * 1024);

	buf_text(&b, "<b>A semana</b> em números");
	for (int i = 0; i < words; i++)
		buf_fmt(&b, "\n%d tarefas", i);
	return b.p;
}

/* What a column of the row is: of key's part. */
static NODISCARD err_t *check_row(struct scene *s, const char *key, int part, const char *expected)
{
	const char *row;

	ERR(fixture_text(
		&s->f,
		mem_fmt(s->pool,
			"SELECT concat_ws(' ', method, class, state, error, CASE WHEN chart IS NOT NULL THEN 'chart' END, "
			"CASE WHEN markup IS NOT NULL THEN 'markup' END, left(text, 26)) FROM outbox WHERE dedupe = '%s' AND part = %d",
			key, part),
		&row));
	CHECK_TEXT(row, expected);
	return NULL;
}

static err_t *play(struct scene *s)
{
	struct putting one = { .message = { .dedupe = "one", .text = "<b>A semana</b>", .class = "reply" } };
	struct putting two = { .message = { .dedupe = "two", .class = "reply" } };
	struct putting own = { .message = { .dedupe = "own", .class = "reply" },
			       .caption = "Sete dias, 19 tarefas." };

	ERR(meet(s));
	ERR(put(s, &one));
	CHECK_INT(one.parts, 1);
	ERR(check_row(s, "one", 0, "photo reply pending chart markup <b>A semana</b>"));
	two.message.text = long_text(s->pool, 100);
	ERR(put(s, &two));
	CHECK_INT(two.parts, 2);
	ERR(check_row(s, "two", 0, "photo reply pending chart <b>A semana</b> em números"));
	ERR(check_row(s, "two", 1, "send reply pending markup <b>A semana</b> em números"));
	own.message.text = long_text(s->pool, 500);
	ERR(put(s, &own));
	CHECK_INT(own.parts, 3);
	ERR(check_row(s, "own", 0, "photo reply pending chart Sete dias, 19 tarefas."));
	CHECK_COUNT(s, "SELECT count(*) FROM outbox WHERE dedupe = 'own' AND markup IS NOT NULL AND part = 2",
		    1);
	CHECK_COUNT(s, "SELECT max(length(text)) FROM outbox WHERE chart IS NOT NULL AND length(text) > 1024",
		    0);
	return NULL;
}

TEST(a_long_text_follows_its_picture)
{
	return tool_scene_run(t, play);
}

/* What is over the cap is so with all its parts; in quiet hours a picture waits with its words. */
static err_t *play_unasked(struct scene *s)
{
	struct putting much = { .message = { .dedupe = "much", .class = "unasked" } };
	struct putting night = { .message = { .dedupe = "night", .class = "unasked", .text = "boa noite" } };

	ERR(meet(s));
	ERR(fixture_sql(&s->f, "UPDATE profiles SET daily_cap = 0"));
	much.message.text = long_text(s->pool, 100);
	ERR(put(s, &much));
	ERR(check_row(s, "much", 0, "photo unasked failed cap chart <b>A semana</b> em números"));
	ERR(check_row(s, "much", 1, "send unasked failed cap markup <b>A semana</b> em números"));
	ERR(fixture_sql(&s->f,
			"UPDATE profiles SET daily_cap = 9, quiet_from = '00:00', quiet_to = '23:59:59'"));
	ERR(put(s, &night));
	ERR(check_row(s, "night", 0, "photo unasked held chart markup boa noite"));
	return NULL;
}

TEST(what_is_unasked_is_held_or_left_out_whole)
{
	return tool_scene_run(t, play_unasked);
}
