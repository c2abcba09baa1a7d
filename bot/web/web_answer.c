#include "bot/web/web_answer.h"

#include "bot/web/web_server_part.h"
#include "core/text.h"
#include <string.h>

/* Answers without a text of their own; made once. */
static struct {
	int status;
	const char *body, *name, *value;
	struct MHD_Response *response;
} fixed[] = {
	{ 200, "{\"status\":\"ok\"}", NULL, NULL, NULL },
	{ 400, "{\"error\":\"bad request\"}", NULL, NULL, NULL },
	{ 401, "{\"error\":\"unauthorized\"}", "WWW-Authenticate", "Bearer", NULL },
	{ 403, "{\"error\":\"forbidden\"}", NULL, NULL, NULL },
	{ 404, "{\"error\":\"not found\"}", NULL, NULL, NULL },
	{ 413, "{\"error\":\"too large\"}", NULL, NULL, NULL },
	{ 503, "{\"error\":\"unavailable\"}", "Retry-After", "2", NULL },
	{ 500, "{\"error\":\"internal\"}", NULL, NULL, NULL }, /* last: stands in for every other status */
};
#define FIXED (sizeof(fixed) / sizeof(*fixed))

static void dress(struct MHD_Response *response, const char *type, bool cached)
{
	if (type)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (!cached)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (web_server_closing())
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

/* The bytes are not copied. */
static struct MHD_Response *response_new(const void *body, size_t n)
{
	return MHD_create_response_from_buffer(n, (void *)(uintptr_t)body, MHD_RESPMEM_PERSISTENT);
}

bool web_answer_make(void)
{
	for (size_t i = 0; i < FIXED; i++) {
		fixed[i].response = response_new(fixed[i].body, strlen(fixed[i].body));
		if (!fixed[i].response)
			return false;
		dress(fixed[i].response, "application/json", false);
		if (fixed[i].name)
			MHD_add_response_header(fixed[i].response, fixed[i].name, fixed[i].value);
	}
	return true;
}

void web_answer_closing(void)
{
	for (size_t i = 0; i < FIXED; i++)
		MHD_add_response_header(fixed[i].response, MHD_HTTP_HEADER_CONNECTION, "close");
}

void web_answer_unmake(void)
{
	for (size_t i = 0; i < FIXED; i++)
		MHD_destroy_response(fixed[i].response);
}

struct MHD_Response *web_answer_dress(struct web_request *r, struct MHD_Response *response, const char *type)
{
	bool cached = false;

	if (!response)
		return NULL;
	for (const struct web_header *h = r->headers; h; h = h->next)
		cached = cached || strcasecmp(h->name, MHD_HTTP_HEADER_CACHE_CONTROL) == 0;
	dress(response, type, cached);
	for (const struct web_header *h = r->headers; h; h = h->next)
		MHD_add_response_header(response, h->name, h->value);
	return response;
}

/* RFC 9110: a token. */
static bool name_fits(const char *name)
{
	return *name &&
	       strspn(name,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~") ==
		       strlen(name);
}

static bool value_fits(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7F)
			return false;
	return true;
}

err_t *web_answer_header(struct web_request *r, const char *name, const char *value)
{
	struct web_header **end = &r->headers;

	if (!name_fits(name))
		return err_new(ERR_INVALID, "not a header's name");
	if (!value_fits(value))
		return err_new(ERR_INVALID, "\"%s\": control character", name);
	while (*end)
		end = &(*end)->next;
	*end = MEM_NEW(r->pool, struct web_header);
	**end = (struct web_header){ .name = mem_text(r->pool, name), .value = mem_text(r->pool, value) };
	return NULL;
}

void web_answer(struct web_request *r, int status)
{
	size_t i = 0;

	while (i < FIXED && fixed[i].status != status)
		i++;
	if (i < FIXED && !r->headers)
		web_server_settle(r, status, fixed[i].response, false);
	else
		web_answer_text(r, status, "application/json",
				i < FIXED ? fixed[i].body : "{\"error\":\"refused\"}");
}

void web_answer_text(struct web_request *r, int status, const char *type, const char *body)
{
	web_answer_bytes(r, status, type, body, strlen(body));
}

void web_answer_bytes(struct web_request *r, int status, const char *type, const void *body, size_t n)
{
	struct MHD_Response *response = web_answer_dress(r, response_new(body, n), type);

	if (response)
		web_server_settle(r, status, response, true);
	else
		web_server_settle(r, 500, fixed[FIXED - 1].response, false);
}

void web_answer_json(struct web_request *r, int status, const struct json *body)
{
	web_answer_text(r, status, "application/json", json_write(r->pool, body));
}

err_t *web_answer_redirect(struct web_request *r, int status, const char *to)
{
	bool here = *to == '/' && to[1] != '/' && to[1] != '\\';

	if (!here && !text_starts(to, "https://") && !text_starts(to, "http://"))
		return err_new(ERR_INVALID, "not a place to go to");
	ERR(web_answer_header(r, MHD_HTTP_HEADER_LOCATION, to));
	web_answer_bytes(r, status, NULL, "", 0);
	return NULL;
}
