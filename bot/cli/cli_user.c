#include "bot/cli/cli.h"

#include "bot/cli/cli_run.h"
#include "core/cache.h"
#include "core/clock.h"
#include "core/text.h"
#include "db/db.h"
#include "db/people_admin.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CACHE_WAIT_MS = 1000 };

static const char usage[] = "user invite [guest|user|admin|owner] | list | role ID ROLE | remove ID [--yes]";

/* One command, once it is understood. */
struct act {
	const struct config *config;
	apr_pool_t *pool;
	int64_t user_id;
	enum role role;
};

/* What the two refusals of people_admin mean to whoever typed the command. */
static err_t *explain(err_t *err, const struct act *act)
{
	enum err_code code = err ? err->code : ERR_INTERNAL;

	if (code != ERR_NOT_FOUND && code != ERR_CONFLICT)
		return err;
	err_clear(err);
	if (code == ERR_NOT_FOUND)
		return err_new(code, "no person has the id %lld: see lembra user list",
			       (long long)act->user_id);
	return err_new(
		code,
		"person %lld is the last owner: make someone else one first, with lembra user role ID owner",
		(long long)act->user_id);
}

static err_t *invite(void *ctx)
{
	struct act *act = ctx;
	int64_t now = clock_now();
	const char *code;

	ERR(people_invite(act->pool, act->role, now, INVITE_LIFE_US, &code));
	printf("code     %s\nrole     %s\nexpires  %s\n", code, role_name(act->role),
	       clock_iso(act->pool, (now + INVITE_LIFE_US) / SECOND_US * SECOND_US));
	printf("Good once. They send it to the bot as a message; it is not shown again.\n");
	return NULL;
}

static err_t *list(void *ctx)
{
	static const char head[] = "%-6s %-6s %-6s %-24s %-20s %s\n";
	static const char line[] = "%-6lld %-6s %-6s %-24s %-20s %s%s\n";
	struct act *act = ctx;
	struct person *people;
	size_t n;

	ERR(people_list(act->pool, &n, &people));
	printf(head, "id", "role", "lang", "zone", "created", "logins");
	for (size_t i = 0; i < n; i++)
		printf(line, (long long)people[i].user_id, role_name(people[i].role), people[i].lang,
		       people[i].zone, clock_iso(act->pool, people[i].created_at / SECOND_US * SECOND_US),
		       people[i].logins, people[i].blocked ? " (has blocked the bot)" : "");
	return NULL;
}

static err_t *set_role(void *ctx)
{
	struct act *act = ctx;

	ERR(explain(people_set_role(act->pool, act->user_id, act->role, clock_now()), act));
	printf("person %lld is now %s\n", (long long)act->user_id, role_name(act->role));
	return NULL;
}

static err_t *erase(void *ctx)
{
	struct act *act = ctx;
	const char *receipt;
	int64_t rows;
	err_t *err;

	ERR(cache_init(act->config->redis_url));
	if (!cache_settle(CACHE_WAIT_MS) && cache_configured())
		fprintf(stderr, "lembra: Redis does not answer; what it counts of them ends by itself\n");
	err = explain(people_remove(act->pool, act->user_id, clock_now(), &receipt, &rows), act);
	cache_shutdown();
	ERR(err);
	printf("erased person %lld: %lld rows\nreceipt %s\n", (long long)act->user_id, (long long)rows,
	       receipt);
	return NULL;
}

/* The id typed once more: a yes is too easily given to a question that cannot be taken back. */
static bool confirmed(const struct act *act)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int64_t typed;
	bool same;

	printf("This erases everything of person %lld for good. Type the id to go on: ",
	       (long long)act->user_id);
	fflush(stdout);
	n = getline(&line, &cap, stdin);
	same = n > 0 && text_int(text_trim(act->pool, line), &typed) && typed == act->user_id;
	free(line);
	return same;
}

static int remove_person(struct config *config, struct act *act, bool yes)
{
	if (!yes && !isatty(STDIN_FILENO)) {
		fprintf(stderr, "lembra: user remove asks on a terminal; without one, add --yes\n");
		return 2;
	}
	if (!yes && !confirmed(act))
		return cli_end(err_new(ERR_CANCELLED, "nothing was erased"));
	return cli_end(cli_loop(act->pool, config, DB_QUEUE, erase, act));
}

static bool id_read(const char *s, struct act *act)
{
	return text_int(s, &act->user_id) && act->user_id > 0;
}

int cli_user(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	struct act act = { .config = config, .pool = pool, .role = ROLE_USER };
	const char *word = argc > 1 ? argv[1] : "", *url;
	bool yes = argc == 4 && text_same(argv[3], "--yes");
	err_t *err = cli_db_url(pool, config, CONFIG_DB_QUEUE, &url);

	if (err)
		return cli_end(err);
	if (text_same(word, "list") && argc == 2)
		return cli_end(cli_loop(pool, config, DB_QUEUE, list, &act));
	if (text_same(word, "remove") && (argc == 3 || yes) && id_read(argv[2], &act))
		return remove_person(config, &act, yes);
	if (argc > 2)
		act.role = role_of(argv[argc - 1]);
	if (text_same(word, "invite") && argc <= 3 && act.role != ROLE_NONE)
		return cli_end(cli_loop(pool, config, DB_QUEUE, invite, &act));
	if (text_same(word, "role") && argc == 4 && act.role != ROLE_NONE && id_read(argv[2], &act))
		return cli_end(cli_loop(pool, config, DB_QUEUE, set_role, &act));
	return cli_usage(usage);
}
