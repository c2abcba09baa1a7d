/* GET /static/...: what never changes under its name, so that a browser asks once a year. */
#include "bot/web/web_answer.h"
#include "bot/web/web_static.h"
#include "core/text.h"
#include <string.h>

static const struct web_static *find(const char *path)
{
	const struct web_static *file = web_statics;

	while (file->name && !text_same(file->path, path))
		file++;
	return file->name ? file : NULL;
}

static NODISCARD err_t *static_run(struct web_request *r)
{
	const struct web_static *file = find(r->path);
	const char *known = web_server_header(r, "If-None-Match");

	if (!file) {
		web_answer(r, 404);
		return NULL;
	}
	ERR(web_answer_header(r, "Cache-Control", "public, max-age=31536000, immutable"));
	ERR(web_answer_header(r, "ETag", file->etag));
	if (known && strstr(known, file->etag))
		web_answer_bytes(r, 304, NULL, "", 0);
	else
		web_answer_bytes(r, 200, file->type, file->data, file->n);
	return NULL;
}

const struct web_route route_static = {
	.method = "GET",
	.path = "/static/*",
	.label = "static",
	.level = LOG_DEBUG,
	.run = static_run,
};
