#include "bot/web/web_input.h"

#include "core/text.h"
#include <string.h>

err_t *web_input_query(const struct web_request *r, struct query *ret_query)
{
	const char *text = r->query ? r->query : "";

	return query_parse(r->pool, text, strlen(text), ret_query);
}

err_t *web_input_form(const struct web_request *r, struct query *ret_query)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = web_server_header(r, "Content-Type");
	size_t n = type ? strcspn(type, "; ") : 0;

	if (n != sizeof form - 1 || strncasecmp(type, form, n) != 0)
		return err_new(ERR_INVALID, "not a form");
	return query_parse(r->pool, r->body ? r->body : "", r->body_n, ret_query);
}

const char *web_input_cookie(const struct web_request *r, const char *name)
{
	const char *at = web_server_header(r, "Cookie");
	size_t name_n = strlen(name);

	while (at && *at) {
		size_t n;

		at += strspn(at, "; \t");
		n = strcspn(at, ";");
		if (n > name_n && at[name_n] == '=' && strncmp(at, name, name_n) == 0)
			return mem_textn(r->pool, at + name_n + 1, n - name_n - 1);
		at += n;
	}
	return NULL;
}

/* ";q=0.25" in thousandths; 1000 where there is none, 0 what is no weight. */
static int weight(const char *params, size_t n)
{
	const char *end = params + n, *q = params;
	int value, unit = 1000;

	while (q < end && (*q == ';' || *q == ' '))
		q++;
	if (q == end)
		return 1000;
	if (end - q < 3 || (*q != 'q' && *q != 'Q') || q[1] != '=' || (q[2] != '0' && q[2] != '1'))
		return 0;
	value = (q[2] - '0') * 1000;
	for (q += 3; q < end && value < 1000 && unit > 1; q++)
		if (*q >= '0' && *q <= '9')
			value += (*q - '0') * (unit /= 10);
		else if (*q != '.')
			break;
	return value;
}

enum lang web_input_lang_of(const char *header)
{
	const char *at = header ? header : "";
	enum lang lang = *at ? LANG_EN : LANG_PT;
	int best = 0;

	while (*at) {
		size_t n, tag;
		bool pt, en;
		int q;

		at += strspn(at, ", \t");
		n = strcspn(at, ",");
		tag = strcspn(at, ",; ");
		pt = tag >= 2 && strncasecmp(at, "pt", 2) == 0 && (tag == 2 || at[2] == '-');
		en = tag >= 2 && strncasecmp(at, "en", 2) == 0 && (tag == 2 || at[2] == '-');
		q = pt || en ? weight(at + tag, n - tag) : 0;
		if (q > best) {
			best = q;
			lang = pt ? LANG_PT : LANG_EN;
		}
		at += n;
	}
	return lang;
}
