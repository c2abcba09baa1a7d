#include "core/clock.h"
#include "db/db.h"
#include "db/pg.h"
#include "db/queue.h"
#include "tests/integration/fixture.h"

#include <string.h>

#define BOT 7

struct scene {
	struct test *t;
	struct fixture f;
	bool open;
	struct ingest_counts counts;
};

static struct update_in update(int64_t id, int64_t chat, const char *kind)
{
	return (struct update_in){ .update_id = id,
				   .chat_id = chat,
				   .kind = kind,
				   .ref = "pt",
				   .trace = "0123456789abcdef0123456789abcdef",
				   .payload = "{}",
				   .payload_n = 2 };
}

static err_t *ingest(struct scene *s, const struct update_in *batch, size_t n)
{
	return queue_ingest(s->t->pool, BOT, batch, n, INT64_C(1790000000000000), s->open, false, &s->counts);
}

static err_t *check_counts(struct scene *s, int64_t kept, int64_t passed, int64_t given)
{
	CHECK_INT(s->counts.kept, kept);
	CHECK_INT(s->counts.passed, passed);
	CHECK_INT(s->counts.given, given);
	return NULL;
}

static err_t *check_sql(struct scene *s, const char *sql, const char *expected)
{
	const char *text;

	ERR(fixture_text(&s->f, sql, &text));
	CHECK_TEXT(text, expected);
	return NULL;
}

static err_t *scene_run(struct test *t, bool open, err_t *(*play)(void *ctx))
{
	struct scene s = { .t = t, .open = open };
	err_t *err;

	ERR(fixture_db(t, &s.f));
	db_open_urls(NULL, s.f.queue_url, 0);
	err = fixture_loop(play, &s);
	db_close();
	return err;
}

#define IN_ORDER "SELECT string_agg(update_id || kind, ' ' ORDER BY seq) FROM queue"
#define PENDING \
	"SELECT string_agg(chat_id || '/' || lane || ':' || pending, ' ' ORDER BY chat_id, lane) FROM chats WHERE ready_at IS NOT NULL"

static err_t *play_repeats(void *ctx)
{
	struct scene *s = ctx;
	struct update_in first[] = { update(5, 50, "message"), update(3, 50, "message"),
				     update(5, 50, "message"), update(4, 40, "callback") };
	struct update_in second[] = { update(6, 50, "message"), update(3, 50, "message"),
				      update(4, 40, "callback"), update(2, 50, "message") };
	struct update_in third[] = { update(9, 50, "message") };

	ERR(ingest(s, first, 4));
	ERR(check_counts(s, 3, 3, 3));
	ERR(check_sql(s, IN_ORDER, "5message 3message 4callback 4answer"));
	ERR(check_sql(s, PENDING, "40/0:1 40/1:1 50/0:2"));
	ERR(ingest(s, second, 4));
	ERR(check_counts(s, 2, 4, 4));
	ERR(check_sql(s, IN_ORDER, "5message 3message 4callback 4answer 6message 2message"));
	ERR(check_sql(s, PENDING, "40/0:1 40/1:1 50/0:4"));
	ERR(ingest(s, first, 4));
	ERR(check_counts(s, 0, 3, 3));
	ERR(ingest(s, third, 1));
	ERR(check_counts(s, 1, 1, 1));
	ERR(check_sql(s, "SELECT string_agg(update_id::text, ' ' ORDER BY update_id) FROM updates",
		      "2 3 4 5 6 9"));
	return check_sql(s, PENDING, "40/0:1 40/1:1 50/0:5");
}

TEST(each_update_is_kept_once_in_the_order_of_arrival)
{
	return scene_run(t, true, play_repeats);
}

static err_t *play_strangers(void *ctx)
{
	struct scene *s = ctx;
	struct update_in batch[] = { update(1, 10, "message"),  update(2, 20, "message"),
				     update(3, 20, "callback"), update(4, 30, "group"),
				     update(5, 40, "code"),     update(6, 50, "member") };
	struct update_in again[] = { update(1, 10, "message"), update(2, 20, "message"),
				     update(7, 20, "message") };

	ERR(fixture_sql(
		&s->f,
		"INSERT INTO users (role, created_at) VALUES ('user', now()); "
		"INSERT INTO directory (login_id, user_id, role, lang, zone) SELECT 10, user_id, role, 'en', 'UTC' FROM users"));
	ERR(ingest(s, batch, 6));
	ERR(check_counts(s, 4, 4, 6));
	ERR(check_sql(s, IN_ORDER, "1message 2stranger 4group 5code"));
	ERR(check_sql(
		s,
		"SELECT string_agg(update_id || CASE WHEN payload IS NULL THEN '-' ELSE '+' END, ' ' ORDER BY update_id) FROM updates",
		"1+ 2- 4+ 5+"));
	ERR(check_sql(s, "SELECT string_agg(login_id || ':' || n, ' ' ORDER BY login_id) FROM strangers",
		      "20:2 50:1"));
	ERR(ingest(s, again, 3));
	ERR(check_counts(s, 0, 1, 3));
	return check_sql(s, "SELECT string_agg(login_id || ':' || n, ' ' ORDER BY login_id) FROM strangers",
			 "20:4 50:1");
}

TEST(strangers_are_counted_and_pass_once_a_day)
{
	return scene_run(t, false, play_strangers);
}

static err_t *play_whole(void *ctx)
{
	struct scene *s = ctx;
	struct update_in batch[300];

	for (int i = 0; i < 300; i++)
		batch[i] = update(i / 2, 1000 + i % 7, "message");
	ERR(ingest(s, batch, 300));
	ERR(check_counts(s, 150, 150, 150));
	return check_sql(s, "SELECT sum(pending)::text FROM chats", "150");
}

TEST(a_large_batch_with_every_update_twice)
{
	return scene_run(t, true, play_whole);
}
