#include "core/config.h"
#include "core/config_table.h"
#include "core/text.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 8192

#define CONFIG_KEEP_WEB (1u << CONFIG_WEB)
#define CONFIG_KEEP_WORK (1u << CONFIG_WORKER | 1u << CONFIG_SCHEDULER)
#define CONFIG_KEEP_ALL (CONFIG_KEEP_WEB | CONFIG_KEEP_WORK)
#define CONFIG_KEEP_NONE (1u << CONFIG_TOOL) /* a secret, and no serving role's */

enum type { TEXT, LIST, URL, INT, NUM, WORD };

/* A row without a name is the title of a group. */
static const struct setting {
	const char *name;
	enum type type;
	size_t offset;
	const char *fallback;
	int64_t min, max;
	const char *words;
	unsigned keepers;
	const char *doc;
} settings[] = {
#define CONFIG_GROUP(title) { .doc = title },
#define CONFIG(type, field, name, fallback, min, max, words, keepers, doc) \
	{ name, type, offsetof(struct config, field), fallback, min, max, words, keepers, doc },
#include "core/config.def"
#undef CONFIG
};

#define SETTINGS (sizeof(settings) / sizeof(*settings))

/* What a setting was given and where; value NULL: nowhere. */
struct given {
	const char *value, *where;
};

static size_t find_setting(const char *name)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (settings[i].name && strcmp(settings[i].name, name) == 0)
			return i;
	return SETTINGS;
}

static const char **text_field(struct config *cfg, const struct setting *s)
{
	return (const char **)(void *)((char *)cfg + s->offset);
}

/* Overwrites through a volatile pointer, so that the compiler cannot leave it out. */
static void wipe(char *s)
{
	for (volatile char *p = s; *p; p++)
		*p = '\0';
}

/* Takes one pair of quotes off. */
static char *unquote(char *s)
{
	size_t n = strlen(s);

	if (n < 2 || (*s != '"' && *s != '\'') || s[n - 1] != *s)
		return s;
	s[n - 1] = '\0';
	return s + 1;
}

/* One line of .env, changed in place: NAME=value, blank, or # and a comment. */
static err_t *read_line(apr_pool_t *pool, char *line, const char *where, struct given *given)
{
	char *end = line + strlen(line);

	while (end > line && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return NULL;
	if (text_starts(line, "export "))
		line += strlen("export ");

	char *equals = strchr(line, '=');
	if (!equals)
		return err_new(ERR_CONFIG, "%s: not NAME=value", where);
	*equals = '\0';

	size_t i = find_setting(line);
	if (i == SETTINGS)
		return err_new(ERR_CONFIG, "%s: unknown name \"%.64s\"; .env.example lists all names", where,
			       line);
	if (given[i].value)
		return err_new(ERR_CONFIG, "%s: %s is already set at %s", where, line, given[i].where);
	given[i] = (struct given){ mem_text(pool, unquote(equals + 1)), where };
	return NULL;
}

static err_t *read_lines(apr_pool_t *pool, FILE *f, const char *env_file, struct given *given)
{
	static char line[LINE_MAX_BYTES]; /* too large for a frame; cleared after each line */
	err_t *err = NULL;

	for (int n = 1; !err && fgets(line, sizeof(line), f); n++) {
		const char *where = mem_fmt(pool, "%s:%d", env_file, n);
		if (strlen(line) == sizeof(line) - 1)
			err = err_new(ERR_CONFIG, "%s: line over %zu bytes", where, sizeof(line) - 2);
		else
			err = read_line(pool, line, where, given);
		explicit_bzero(line, sizeof(line));
	}
	return err;
}

static err_t *read_file(apr_pool_t *pool, const char *env_file, struct given *given)
{
	FILE *f = fopen(env_file, "re");

	if (!f && errno == ENOENT)
		return NULL;
	if (!f)
		return err_new(ERR_CONFIG, "cannot read \"%s\": %s", env_file, strerror(errno));

	char *buffer = calloc(1, LINE_MAX_BYTES); /* stdio's own would keep the secrets */
	if (!buffer)
		abort();
	setvbuf(f, buffer, _IOFBF, LINE_MAX_BYTES);
	err_t *err = read_lines(pool, f, env_file, given);
	fclose(f);
	explicit_bzero(buffer, LINE_MAX_BYTES);
	free(buffer);
	return err;
}

static void read_environment(apr_pool_t *pool, struct given *given)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		const char *value = settings[i].name ? getenv(settings[i].name) : NULL;
		if (value)
			given[i] = (struct given){ mem_text(pool, value), "environment" };
	}
}

static err_t *refuse(const struct setting *s, const struct given *g, const char *allowed)
{
	if (s->keepers)
		return err_new(ERR_CONFIG, "%s: %s: must be %s", g->where, s->name, allowed);
	return err_new(ERR_CONFIG, "%s: %s is \"%.128s\": must be %s", g->where, s->name, g->value, allowed);
}

static err_t *set_int(apr_pool_t *pool, const struct setting *s, const struct given *g, int64_t *field)
{
	if (text_int(g->value, field) && *field >= s->min && *field <= s->max)
		return NULL;
	return refuse(s, g,
		      mem_fmt(pool, "a whole number from %lld to %lld", (long long)s->min,
			      (long long)s->max));
}

static err_t *set_num(apr_pool_t *pool, const struct setting *s, const struct given *g, double *field)
{
	char *end;

	*field = strtod(g->value, &end);
	if (end > g->value && !*end && strspn(g->value, "0123456789.") == strlen(g->value) &&
	    *field >= (double)s->min && *field <= (double)s->max)
		return NULL;
	return refuse(s, g,
		      mem_fmt(pool, "a number from %lld to %lld", (long long)s->min, (long long)s->max));
}

static err_t *set_word(apr_pool_t *pool, const struct setting *s, const struct given *g, int *field)
{
	size_t n = strlen(g->value);
	int index = 0;

	for (const char *w = s->words; *w; index++) {
		size_t len = strcspn(w, " ");
		if (len == n && memcmp(w, g->value, n) == 0) {
			*field = index;
			return NULL;
		}
		w += len + strspn(w + len, " ");
	}
	return refuse(s, g, mem_fmt(pool, "one of: %s", s->words));
}

static err_t *set_text(apr_pool_t *pool, const struct setting *s, const struct given *g, const char **field)
{
	size_t n = strlen(g->value);

	if ((int64_t)n > s->max)
		return refuse(s, g, mem_fmt(pool, "at most %lld bytes", (long long)s->max));
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)g->value[i] < 0x20 || g->value[i] == 0x7F)
			return refuse(s, g, "without control characters");
	if (s->type == URL && n) {
		const char *fault = config_url_fault(g->value);
		if (fault)
			return refuse(s, g, fault);
		while (n && g->value[n - 1] == '/')
			n--;
	}
	*field = mem_textn(pool, g->value, n);
	return NULL;
}

static err_t *set_field(apr_pool_t *pool, struct config *cfg, const struct setting *s, const struct given *g)
{
	void *field = (char *)cfg + s->offset;

	switch (s->type) {
	case INT: return set_int(pool, s, g, field);
	case NUM: return set_num(pool, s, g, field);
	case WORD: return set_word(pool, s, g, field);
	case TEXT:
	case LIST:
	case URL: return set_text(pool, s, g, field);
	}
	return err_new(ERR_INTERNAL, "%s has no type", s->name);
}

/* An empty value is as good as none. */
static err_t *set_fields(apr_pool_t *pool, struct config *cfg, const struct given *given)
{
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		struct given g = given[i];

		if (!s->name)
			continue;
		if (!g.value || !*g.value)
			g = (struct given){ s->fallback, "default" };
		ERR(set_field(pool, cfg, s, &g));
	}
	return NULL;
}

static bool is_default(const char *name, const char *value)
{
	return strcmp(settings[find_setting(name)].fallback, value) == 0;
}

static void wipe_environment(const char *name)
{
	char *value = getenv(name);

	if (value)
		wipe(value);
}

static bool is_text(const struct setting *s)
{
	return s->type == TEXT || s->type == LIST || s->type == URL;
}

/* A copy of given values stays in the load's scratch pool only; secrets are overwritten before it goes. */
static void wipe_given(struct given *given)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (settings[i].keepers && given[i].value)
			wipe((char *)(uintptr_t)given[i].value);
}

static err_t *load(apr_pool_t *pool, apr_pool_t *scratch, const char *env_file, struct given *given,
		   struct config *cfg)
{
	if (env_file)
		ERR(read_file(scratch, env_file, given));
	read_environment(scratch, given);
	ERR(set_fields(pool, cfg, given));

	const bool default_base[PROVIDER_COUNT] = {
		[PROVIDER_GEMINI] = is_default("GEMINI_API_BASE", cfg->gemini_api_base),
		[PROVIDER_OPENAI] = is_default("OPENAI_API_BASE", cfg->openai_api_base),
		[PROVIDER_ANTHROPIC] = is_default("ANTHROPIC_API_BASE", cfg->anthropic_api_base),
		[PROVIDER_XAI] = is_default("XAI_API_BASE", cfg->xai_api_base),
		[PROVIDER_DEEPSEEK] = is_default("DEEPSEEK_API_BASE", cfg->deepseek_api_base),
	};
	return config_check(pool, cfg, default_base);
}

err_t *config_load(apr_pool_t *pool, const char *env_file, struct config **ret_config)
{
	struct config *cfg = MEM_NEW(pool, struct config);
	apr_pool_t *scratch = pool_child(pool);
	struct given *given = mem_alloc(scratch, SETTINGS * sizeof(*given));

	err_t *err = load(pool, scratch, env_file, given, cfg);
	wipe_given(given);
	pool_free(scratch);
	if (!err)
		*ret_config = cfg;
	return err;
}

void config_keep_secrets(struct config *cfg, enum config_role role)
{
	if (role == CONFIG_SUPERVISOR || role == CONFIG_TOOL)
		return;
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];
		if (!s->name || !s->keepers || (s->keepers >> role & 1) || !is_text(s))
			continue;
		wipe((char *)(uintptr_t)*text_field(cfg, s));
		wipe_environment(s->name);
	}
}

const char *config_db_url(apr_pool_t *pool, const struct config *cfg, enum config_db which)
{
	switch (which) {
	case CONFIG_DB_OWNER: return mem_text(pool, cfg->database_url);
	case CONFIG_DB_APP: return mem_text(pool, cfg->database_app_url);
	case CONFIG_DB_QUEUE: return mem_text(pool, cfg->database_queue_url);
	}
	return "";
}

int64_t config_bot_id(const struct config *cfg)
{
	return strtoll(cfg->telegram_bot_token, NULL, 10);
}

const char *config_example(apr_pool_t *pool)
{
	struct buf b = buf_new(pool, 64 * 1024);

	buf_text(&b,
		 "# Settings of Lembra: copy to .env and change what you need. The environment beats .env.\n"
		 "# Generated from core/config.def.\n");
	for (const struct setting *s = settings; s < settings + SETTINGS; s++) {
		if (!s->name) {
			buf_fmt(&b, "\n## %s\n", s->doc);
			continue;
		}
		buf_fmt(&b, "\n# %s", s->doc);
		if (s->type == WORD)
			buf_fmt(&b, " (%s)", s->words);
		else if (s->type == INT)
			buf_fmt(&b, " (%lld to %lld)", (long long)s->min, (long long)s->max);
		buf_fmt(&b, "\n#%s=%s\n", s->name, s->fallback);
	}
	return b.p;
}
