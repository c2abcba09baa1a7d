#include "bot/web/web_page.h"

#include "bot/web/web_answer.h"
#include "bot/web/web_input.h"
#include "bot/web/web_static.h"
#include "core/text.h"

static const struct {
	const char *name, *value;
} headers[] = {
	{ "Referrer-Policy", "no-referrer" },
	{ "Vary", "Accept-Language" },
};

enum lang web_page_lang(const struct web_request *r)
{
	return web_input_lang_of(web_server_header(r, "Accept-Language"));
}

err_t *web_page_answer(struct web_request *r, int status, enum lang lang, const char *title, const char *body)
{
	return web_page_answer_to(r, status, lang, title, body, "");
}

err_t *web_page_answer_to(struct web_request *r, int status, enum lang lang, const char *title,
			  const char *body, const char *origin)
{
	ERR(web_answer_header(
		r, "Content-Security-Policy",
		mem_fmt(r->pool,
			"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'%s%s; "
			"base-uri 'none'; frame-ancestors 'none'",
			*origin ? " " : "", origin)));
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		ERR(web_answer_header(r, headers[i].name, headers[i].value));
	ERR(web_answer_header(r, "Content-Language", lang_tag(lang)));
	web_answer_text(r, status, "text/html; charset=utf-8",
			mem_fmt(r->pool,
				"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
				"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
				"<title>%s</title>\n<link rel=\"stylesheet\" href=\"%s\">\n</head>\n"
				"<body>\n%s</body>\n</html>\n",
				lang_tag(lang), text_html(r->pool, title), web_static_path("page.css"),
				body));
	return NULL;
}
