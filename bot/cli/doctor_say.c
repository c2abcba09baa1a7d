#include "bot/cli/doctor.h"

#include "core/text.h"
#include "integrations/telegram/telegram_wire.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET_MIN = 4 };

/* Where the settings that are secrets stand; all of them are texts. */
static const struct secret {
	unsigned secret;
	size_t offset;
} secrets[] = {
#define CONFIG_KEEP_WEB 1
#define CONFIG_KEEP_WORK 1
#define CONFIG_KEEP_ALL 1
#define CONFIG_KEEP_NONE 1
#define CONFIG(type, field, name, fallback, min, max, words, keepers, doc) \
	{ keepers, offsetof(struct config, field) },
#include "core/config.def"
#undef CONFIG
};

static const char *const words[] = {
	[FINDING_OK] = "ok  ",
	[FINDING_WARN] = "warn",
	[FINDING_FAIL] = "FAIL",
	[FINDING_SKIP] = "skip",
};

/* A password may hold a bare @ or /, and then a library's complaint quotes a piece of it. */
static const char *blot_password(apr_pool_t *pool, const char *line, const char *url)
{
	const char *scheme = strstr(url, "://"), *end = scheme ? strrchr(scheme, '@') : NULL;
	const char *s = end ? memchr(scheme + 3, ':', (size_t)(end - scheme - 3)) : NULL;

	while (s && ++s < end) {
		size_t n = strcspn(s, "@/?#");

		if (s + n > end)
			n = (size_t)(end - s);
		if (n >= SECRET_MIN)
			line = tg_wire_redact(pool, line, mem_textn(pool, s, n));
		s += n;
	}
	return line;
}

static const char *blot(const struct doctor *doctor, const char *line)
{
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
		const char *value;

		if (!secrets[i].secret)
			continue;
		memcpy(&value, (const char *)doctor->config + secrets[i].offset, sizeof value);
		if (strlen(value) >= SECRET_MIN)
			line = tg_wire_redact(doctor->pool, line, value);
		line = blot_password(doctor->pool, line, value);
	}
	return line;
}

void doctor_say(struct doctor *doctor, enum finding finding, const char *what, const char *fmt, ...)
{
	va_list args;
	char *line;

	va_start(args, fmt);
	if (vasprintf(&line, fmt, args) < 0)
		abort();
	va_end(args);
	for (char *p = line; *p; p++)
		if (*p == '\n')
			*p = ' ';
	printf("%s %-9s %s\n", words[finding], what, blot(doctor, line));
	free(line);
	doctor->failed += finding == FINDING_FAIL;
}

bool doctor_failed(struct doctor *doctor, const char *what, err_t *err, const char *cure)
{
	if (!err)
		return false;
	doctor_say(doctor, FINDING_FAIL, what, "%s: %s", text_trim(doctor->pool, err_message(err)), cure);
	err_clear(err);
	return true;
}
