#include "tests/integration/google_raw.h"

#include "core/text.h"
#include <string.h>

err_t *google_raw_token(struct google_raw *s, const char *scopes)
{
	struct buf b = buf_new(s->g->pool, 65536);
	size_t n;

	for (; *scopes; scopes += n + (scopes[n] == ' ')) {
		n = strcspn(scopes, " ");
		buf_fmt(&b, "%shttps://www.googleapis.com/auth/%.*s", b.n ? " " : "", (int)n, scopes);
	}
	return google_standin_token(s->g, NULL, b.p, &s->token, NULL);
}

err_t *google_raw_new(struct test *t, const char *scopes, struct google_raw *ret)
{
	*ret = (struct google_raw){ 0 };
	ERR(google_standin_start(t, &ret->g));
	return google_raw_token(ret, scopes);
}

err_t *google_raw_ask(struct google_raw *s, const char *method, const char *path, const char *body,
		      const char *header)
{
	const char *headers[] = { header, NULL };
	struct google_ask ask = { method, path, s->token, header ? headers : NULL, .body = body };

	return google_standin_call(s->g, &ask, &s->a);
}

err_t *google_raw_expect(struct google_raw *s, const char *method, const char *path, const char *body,
			 int status, const char *reason)
{
	ERR(google_raw_ask(s, method, path, body, NULL));
	if (s->a.status != status ||
	    (reason && !text_same(json_text(s->a.json, "error.errors.0.reason"), reason)))
		return err_new(ERR_INTERNAL, "%s %s %.400s: %ld %.400s", method, path, body ? body : "",
			       s->a.status, s->a.body);
	return NULL;
}
