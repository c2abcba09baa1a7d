/* Who may talk: the owner's first code, invitations, strangers, roles, removal. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <string.h>

enum { OWNER = 500, FRIEND = 501, GUEST = 502, STRANGER = 503 };

static const char *const invite_only[] = { "ACCESS=invite", NULL };

static NODISCARD err_t *invited_product(struct test *t, struct product **ret)
{
	return product_new(t, true, invite_only, ret);
}

/* As people type it from a slip of paper. */
static const char *typed(apr_pool_t *pool, const char *code)
{
	char *out = mem_text(pool, code), *to = out;

	for (const char *c = code; *c; c++)
		if (*c != '-')
			*to++ = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	*to = 0;
	return out;
}

static NODISCARD err_t *command(struct product *p, const char *const *args, const char **ret_output)
{
	int code;

	ERR(product_command(p, NULL, args, ret_output, &code));
	if (code)
		return err_new(ERR_INTERNAL, "exit %d: %s", code, *ret_output);
	return NULL;
}

static NODISCARD err_t *user_of(struct product *p, int64_t login, int64_t *ret_user)
{
	return fixture_int(&p->db,
			   mem_fmt(p->t->pool, "SELECT user_id FROM directory WHERE login_id = %lld",
				   (long long)login),
			   ret_user);
}

TEST(first_start_prints_a_code_and_the_next_none)
{
	struct product *p;
	const char *first, *second, *text;
	int code;

	ERR(invited_product(t, &p));
	ERR(product_start(p));
	ERR(talk_owner_code(p, &first));
	CHECK(first);
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	/* Nobody came: the next start prints another, and only that one works. */
	ERR(product_start(p));
	ERR(talk_owner_code(p, &second));
	CHECK(second && !text_same(first, second));
	ERR(talk_expect(p, OWNER, "pt", first, "Esse código não vale"));
	ERR(talk_expect(p, OWNER, "pt", second, "Em que língua"));
	ERR(talk_expect(p, STRANGER, "en", second, "That code doesn't work"));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	ERR(product_start(p));
	ERR(product_log(p, &text));
	CHECK_INT(product_count(text, "Nobody owns this Lembra"), 2);
	ERR(talk_expect(p, OWNER, "pt", "/whoami", "dona ou dono"));
	return talk_calm(p);
}

TEST(a_code_works_in_every_spelling_and_once)
{
	struct product *p;
	const char *code;

	ERR(invited_product(t, &p));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_invite(p, "user", &code));
	ERR(talk_expect(p, FRIEND, "en", mem_fmt(t->pool, "/start %s", typed(t->pool, code)),
			"Which language"));
	ERR(talk_expect(p, FRIEND, "en", "/whoami", "Role: user"));
	ERR(talk_expect(p, STRANGER, "en", code, "That code doesn't work"));
	ERR(talk_expect(p, STRANGER, "en", mem_fmt(t->pool, "/start %s", code), "That code doesn't work"));
	ERR(talk_invite(p, "admin", &code));
	ERR(talk_expect(p, STRANGER, "en", mem_fmt(t->pool, "  %s ", typed(t->pool, code)),
			"Which language"));
	ERR(talk_expect(p, STRANGER, "en", "/whoami", "Role: admin"));
	/* No code is ever kept as it was said. */
	int64_t rows;

	ERR(talk_settle(p));
	ERR(talk_stored(p, code, &rows));
	CHECK_INT(rows, 0);
	ERR(talk_stored(p, typed(t->pool, code), &rows));
	CHECK_INT(rows, 0);
	return talk_calm(p);
}

TEST(a_code_lives_a_day)
{
	struct product *p;
	const char *early, *late;

	ERR(invited_product(t, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_invite(p, "guest", &early));
	ERR(talk_invite(p, "guest", &late));
	ERR(talk_clock(p, "2026-03-03T09:55:00Z"));
	ERR(talk_expect(p, GUEST, "en", early, "Which language"));
	ERR(talk_clock(p, "2026-03-03T10:05:00Z"));
	ERR(talk_expect(p, STRANGER, "en", late, "That code doesn't work"));
	return talk_calm(p);
}

TEST(wrong_codes_five_an_hour)
{
	struct product *p;
	const char *code;

	ERR(invited_product(t, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_invite(p, "user", &code));
	for (int i = 0; i < 5; i++)
		ERR(talk_expect(p, STRANGER, "en", mem_fmt(t->pool, "22222-22222-22222-2222%d", 2 + i),
				"That code doesn't work"));
	ERR(talk_expect(p, STRANGER, "en", "22222-22222-22222-22229", "too many tries"));
	ERR(talk_expect(p, STRANGER, "en", code, "too many tries"));
	/* The others' tries are their own. */
	ERR(talk_expect(p, GUEST, "pt", "22222-22222-22222-22222", "Esse código não vale"));
	ERR(talk_clock(p, "2026-03-02T11:01:00Z"));
	ERR(talk_expect(p, STRANGER, "en", code, "Which language"));
	return talk_calm(p);
}

/* Twenty-five who try all they may leave the door open for whoever has a code. */
TEST(a_crowd_of_wrong_codes_shuts_nobody_out)
{
	struct product *p;
	const char *code;

	ERR(invited_product(t, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_invite(p, "user", &code));
	for (int who = 0; who < 25; who++)
		for (int i = 0; i < 5; i++)
			ERR(talk_say(p, 7000 + who, "en",
				     mem_fmt(t->pool, "22222-22222-22222-2222%d", 2 + i)));
	ERR(talk_settle(p));
	ERR(talk_expect(p, FRIEND, "en", code, "Which language"));
	return talk_calm(p);
}

/* What only looks like a code and comes from someone who needs none is a message like any other. */
TEST(twenty_letters_of_a_known_person_are_not_lost)
{
	struct product *p;

	ERR(invited_product(t, &p));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_expect(p, OWNER, "pt", "levar a chave para a casa", "levar a chave para a casa"));
	ERR(talk_expect(p, OWNER, "pt", "/tarefas", "levar a chave para a casa"));
	for (int i = 0; i < 7; i++)
		ERR(talk_expect(p, OWNER, "pt", "levar a chave para a casa", "levar a chave para a casa"));
	return talk_calm(p);
}

TEST(strangers_hear_one_line_a_day_and_leave_nothing)
{
	static const char *const said[] = { "quixotesco olá", "/tarefa quixotesco", "/start quixotesco",
					    "quixotesco de novo", "/status quixotesco" };
	struct product *p;
	int64_t rows;
	int n;

	ERR(invited_product(t, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_expect(p, STRANGER, "en", "quixotesco hello", "This is a private assistant"));
	ERR(talk_expect(p, FRIEND, "pt-br", "quixotesco oi", "Esta é uma assistente particular"));
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		ERR(talk_say(p, STRANGER, "en", said[i]));
	ERR(talk_raw(
		p,
		"{\"message\":{\"message_id\":4,\"date\":1,\"chat\":{\"id\":503,\"type\":\"private\"},"
		"\"from\":{\"id\":503,\"is_bot\":false,\"first_name\":\"Quixotesco\"},\"voice\":{\"file_id\":\"quixotesco\",\"duration\":1}}}"));
	ERR(talk_forge(p, STRANGER, "t:create_task:title=quixotesco"));
	ERR(talk_await_int(p, "SELECT n FROM strangers WHERE login_id = 503", 8));
	ERR(talk_settle(p));
	ERR(talk_stored(p, "quixotesco", &rows));
	CHECK_INT(rows, 0);
	ERR(talk_sent(p, STRANGER, "sendMessage", NULL, &n));
	CHECK_INT(n, 1);
	/* Tomorrow they hear it once more. */
	ERR(talk_clock(p, "2026-03-03T10:00:00Z"));
	ERR(talk_expect(p, STRANGER, "en", "quixotesco", "This is a private assistant"));
	ERR(talk_stored(p, "quixotesco", &rows));
	CHECK_INT(rows, 0);
	return talk_calm(p);
}

TEST(a_guest_reads_and_does_not_write)
{
	struct product *p;
	const char *code;
	int64_t n;

	ERR(invited_product(t, &p));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_invite(p, "guest", &code));
	ERR(talk_expect(p, GUEST, "en", code, "Which language"));
	ERR(talk_expect(p, GUEST, "en", "/tasks", "No open tasks"));
	ERR(talk_expect(p, GUEST, "en", "/notes", "no notes yet"));
	ERR(talk_expect(p, GUEST, "en", "/status", "awake"));
	ERR(talk_expect(p, GUEST, "en", "/task paint the fence", "permission for it is missing"));
	ERR(talk_expect(p, GUEST, "en", "/note something", "permission for it is missing"));
	ERR(talk_expect(p, GUEST, "en", "just some words", "permission for it is missing"));
	ERR(talk_forge(p, GUEST, "t:create_task:title=paint the fence"));
	ERR(talk_await(p, GUEST, "sendMessage", "permission for it is missing", 4));
	ERR(talk_settle(p));
	ERR(fixture_int(
		&p->db,
		"SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM notes) + (SELECT count(*) FROM inbox_items)",
		&n));
	CHECK_INT(n, 0);
	ERR(user_of(p, GUEST, &n));

	const char *args[] = { "user", "role", mem_fmt(t->pool, "%lld", (long long)n), "user", NULL },
		   *output;

	ERR(command(p, args, &output));
	ERR(talk_expect(p, GUEST, "en", "/task paint the fence", "paint the fence"));
	return talk_calm(p);
}

TEST(removal_leaves_nothing)
{
	struct product *p;
	const char *code, *output;
	int64_t user, rows;

	ERR(invited_product(t, &p));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_expect(p, OWNER, "pt", "/tarefa comprar leite", "comprar leite"));
	ERR(talk_invite(p, "user", &code));
	ERR(talk_expect(p, FRIEND, "en", code, "Which language"));
	ERR(talk_expect(p, FRIEND, "en", "/task zarabatana one", "zarabatana one"));
	ERR(talk_expect(p, FRIEND, "en", "/note zarabatana two", "zarabatana two"));
	ERR(talk_expect(p, FRIEND, "en", "zarabatana three", "kept it in your /inbox"));
	ERR(talk_expect(p, FRIEND, "en", "/done zarabatana", "zarabatana one"));
	ERR(talk_settle(p));
	ERR(talk_stored(p, "zarabatana", &rows));
	CHECK(rows > 4);
	ERR(user_of(p, FRIEND, &user));

	const char *args[] = { "user", "remove", mem_fmt(t->pool, "%lld", (long long)user), "--yes", NULL };

	ERR(command(p, args, &output));
	CHECK(strstr(output, "receipt "));
	ERR(talk_stored(p, "zarabatana", &rows));
	CHECK_INT(rows, 0);
	ERR(fixture_int(&p->db,
			mem_fmt(t->pool, "SELECT count(*) FROM audit_log WHERE user_id = %lld",
				(long long)user),
			&rows));
	CHECK_INT(rows, 0);
	ERR(talk_expect(p, FRIEND, "en", "/tasks", "I don't know you yet"));
	ERR(talk_expect(p, OWNER, "pt", "/tarefas", "comprar leite"));
	/* The last owner stays. */
	ERR(user_of(p, OWNER, &user));
	args[2] = mem_fmt(t->pool, "%lld", (long long)user);

	int status;

	ERR(product_command(p, NULL, args, &output, &status));
	CHECK(status == 1 && strstr(output, "last owner"));
	return talk_calm(p);
}

TEST(the_owner_of_the_terminal_is_the_owner_of_telegram)
{
	const char *args[] = { "chat", NULL }, *output;
	struct product *p;
	int status;

	ERR(invited_product(t, &p));
	ERR(product_command(p, "/tarefa feita no terminal\n", args, &output, &status));
	CHECK_INT(status, 0);
	CHECK(strstr(output, "feita no terminal"));
	ERR(talk_start_owned(p, OWNER));
	ERR(talk_expect(p, OWNER, "pt", "/tarefas", "feita no terminal"));
	ERR(talk_expect(p, OWNER, "pt", "/tarefa feita no telegram", "feita no telegram"));
	ERR(product_command(p, "/tarefas\n", args, &output, &status));
	CHECK_INT(status, 0);
	CHECK(strstr(output, "feita no telegram") && strstr(output, "feita no terminal"));
	return talk_calm(p);
}
