#include "ml/guard/guard_part.h"
#include <string.h>

enum { COMMAND_MAX = 300 };

/* Keys that can be told by their first characters: what follows is at least so many of letters, digits, - and _. */
static const struct {
	const char *prefix;
	int least;
} prefixes[] = {
	{ "sk-", 16 },      { "sk_live_", 10 },      { "sk_test_", 10 }, { "rk_live_", 10 },
	{ "pk_live_", 10 }, { "AIza", 30 },          { "ghp_", 20 },     { "gho_", 20 },
	{ "ghu_", 20 },     { "ghs_", 20 },          { "ghr_", 20 },     { "github_pat_", 20 },
	{ "glpat-", 16 },   { "AKIA", 16 },          { "ASIA", 16 },     { "xoxb-", 10 },
	{ "xoxp-", 10 },    { "xoxa-", 10 },         { "xoxr-", 10 },    { "xoxs-", 10 },
	{ "xoxe-", 10 },    { "xoxc-", 10 },         { "xoxd-", 10 },    { "xapp-", 10 },
	{ "ya29.", 16 },    { "GOCSPX-", 16 },       { "hf_", 20 },      { "npm_", 20 },
	{ "SG.", 20 },      { "xai-", 20 },          { "gsk_", 20 },     { "dop_v1_", 20 },
	{ "APP_USR-", 16 }, { "EAACEdEose0cBA", 8 }, { "1//0", 20 },     { "whsec_", 16 },
	{ "pypi-", 20 },    { "shpat_", 20 },
};

static bool token_char(char c)
{
	return guard_alnum(c) || c == '-' || c == '_';
}

static size_t token_end(const struct guard_view *v, size_t i)
{
	while (token_char(v->c[i]))
		i++;
	return i;
}

static bool prefix_at(const struct guard_view *v, size_t i, const char *prefix)
{
	return i + strlen(prefix) <= v->n && memcmp(v->c + i, prefix, strlen(prefix)) == 0;
}

/* "-----BEGIN ... PRIVATE KEY-----" up to its end, or the text's. */
static bool key_block(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t line;
	const char *end;

	if (!prefix_at(v, i, "-----BEGIN "))
		return false;
	for (line = i + 11; line - i < 80 && !prefix_at(v, line, "PRIVATE KEY"); line++)
		if (v->c[line] != ' ' && (v->c[line] < 'A' || v->c[line] > 'Z'))
			return false;
	if (!prefix_at(v, line, "PRIVATE KEY"))
		return false;
	end = strstr(v->c + line, "-----END ");
	for (line = end ? (size_t)(end - v->c) + 9 : v->n; end && v->c[line] && v->c[line] != '\n'; line++)
		;
	*ret = (struct guard_span){ GUARD_SECRET, i, line };
	return true;
}

/* Three parts of base64url, the first of which begins like {" does. */
static bool web_token(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t dot, end;

	if (!prefix_at(v, i, "eyJ") || (i && v->c[i - 1] == '.'))
		return false;
	dot = token_end(v, i);
	if (dot - i < 10 || v->c[dot] != '.')
		return false;
	end = token_end(v, dot + 1);
	if (end - dot < 6)
		return false;
	if (v->c[end] == '.')
		end = token_end(v, end + 1);
	*ret = (struct guard_span){ GUARD_SECRET, i, end };
	return true;
}

/* Telegram: the bot's id, a colon, 35 characters. */
static bool bot_token(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at = i, end;

	while (guard_digit(v->c[at]) && at - i < 13)
		at++;
	if (at - i < 6 || v->c[at] != ':')
		return false;
	end = token_end(v, at + 1);
	if (end - at < 31)
		return false;
	*ret = (struct guard_span){ GUARD_SECRET, i, end };
	return true;
}

/* scheme://user:password@host */
static bool url_password(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at = i + 3, colon = 0, shown = 0;

	if (!prefix_at(v, i, "://"))
		return false;
	for (; at - i < 300 && guard_visible(v->c[at]) && v->c[at] != '/' && v->c[at] != '@'; at++) {
		shown += colon && v->c[at] != GUARD_SYMBOL;
		if (v->c[at] == ':' && !colon)
			colon = at;
	}
	if (v->c[at] != '@' || !shown)
		return false;
	*ret = (struct guard_span){ GUARD_SECRET, colon + 1, at };
	return true;
}

/* Up to a space, a quote or the end of a URL's part. */
static size_t run_end(const struct guard_view *v, size_t i)
{
	while (guard_visible(v->c[i]) && !strchr("\"'`;,&", v->c[i]))
		i++;
	return i;
}

static bool take_run(const struct guard_view *v, size_t from, size_t least, struct guard_span *ret)
{
	size_t end = run_end(v, from);

	if (end < from + least)
		return false;
	*ret = (struct guard_span){ GUARD_SECRET, from, end };
	return true;
}

/* What follows -u, --user, -p of a command up to the end of the line: "ana:senha". */
static bool command_option(const struct guard_view *v, size_t i, bool colon, struct guard_span *ret)
{
	for (size_t from = i; v->c[i] && v->c[i] != '\n' && i - from < COMMAND_MAX; i++) {
		size_t at = i;

		if (v->c[i] != ' ' || v->c[i + 1] != '-')
			continue;
		if (prefix_at(v, i, colon ? " -u" : " -p"))
			at = i + 3;
		else if (colon && (prefix_at(v, i, " --user ") || prefix_at(v, i, " --user=")))
			at = i + 8;
		if (at == i)
			continue;
		while (v->c[at] == ' ' || v->c[at] == '"' || v->c[at] == '\'')
			at++;
		if ((!colon || memchr(v->c + at, ':', run_end(v, at) - at)) && take_run(v, at, 3, ret))
			return true;
	}
	return false;
}

/* "Basic <base64>" as in a header, "curl -u a:b", "mysql -psecret", "session=..." in a cookie. */
static bool command_secret(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at;

	switch (guard_low(v->c[i])) {
	case 'a':
		if (!(at = guard_phrase(v, i, "authorization")))
			return false;
		while (v->c[at] && strchr(" :=\"'", v->c[at]))
			at++;
		return (guard_at(v, at, "basic ") || guard_at(v, at, "token ") ||
			guard_at(v, at, "digest ")) &&
		       take_run(v, at + 6 + (guard_low(v->c[at]) == 'd'), 4, ret);
	case 'b': /* without the header's name it must look like base64 */
		at = i + 6;
		if (!guard_at(v, i, "basic ") || run_end(v, at) < at + 8)
			return false;
		return (v->c[run_end(v, at) - 1] == '=' || guard_at(v, at, "yw") || guard_at(v, at, "dx")) &&
		       take_run(v, at, 8, ret);
	case 'c':
		if ((at = guard_phrase(v, i, "curl")))
			return command_option(v, at, true, ret);
		return (at = guard_phrase(v, i, "cookie")) && v->c[at] == ':' && v->c[at + 1] == ' ' &&
		       take_run(v, at + 2, 8, ret);
	case 'm': return (at = guard_phrase(v, i, "mysql")) && command_option(v, at, false, ret);
	case 's': return (at = guard_phrase(v, i, "sshpass")) && command_option(v, at, false, ret);
	default: return false;
	}
}

bool guard_token(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	if (v->c[i] == '-')
		return key_block(v, i, ret);
	if (v->c[i] == ':')
		return url_password(v, i, ret);
	if (i && token_char(v->c[i - 1]))
		return false;
	if (web_token(v, i, ret) || bot_token(v, i, ret) || command_secret(v, i, ret))
		return true;
	for (size_t k = 0; k < sizeof prefixes / sizeof prefixes[0]; k++) {
		size_t at, end;

		if (prefixes[k].prefix[0] != v->c[i] || !prefix_at(v, i, prefixes[k].prefix))
			continue;
		at = i + strlen(prefixes[k].prefix);
		end = token_end(v, at);
		while (v->c[end] == '.' && token_char(v->c[end + 1])) /* SG.a.b, ya29.a */
			end = token_end(v, end + 1);
		if (end - at < (size_t)prefixes[k].least)
			continue;
		*ret = (struct guard_span){ GUARD_SECRET, i, end };
		return true;
	}
	return false;
}
