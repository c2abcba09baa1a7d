/* GET /: whoever follows the server's name with a browser learns where Lembra lives. */
#include "bot/web/web_page.h"

static NODISCARD err_t *home_run(struct web_request *r)
{
	enum lang lang = web_page_lang(r);
	const char *body = mem_fmt(r->pool, "<h1>Lembra</h1>\n<p>%s</p>\n<p>%s</p>\n",
				   tr(r->pool, lang, "web.home.who"), tr(r->pool, lang, "web.home.where"));

	return web_page_answer(r, 200, lang, tr(r->pool, lang, "web.home.title"), body);
}

const struct web_route route_home = {
	.method = "GET",
	.path = "/",
	.label = "home",
	.level = LOG_DEBUG,
	.run = home_run,
};
