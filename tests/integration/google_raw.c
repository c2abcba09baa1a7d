#include "tests/integration/google_raw.h"

#include "core/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Another day than that of a test's events would make them too old or too far away. */
static err_t *set_clock(struct google_raw *s)
{
	char *path = mem_text(s->g->pool, "/tmp/lembra-clock-XXXXXX");
	int fd = mkstemp(path);

	if (fd < 0 || dprintf(fd, "2026-11-28T12:00:00Z 1\n") < 0)
		return err_new(ERR_INTERNAL, "cannot make a file in /tmp");
	close(fd);
	err_t *err =
		google_standin_control(s->g, "clock", mem_fmt(s->g->pool, "{\"file\":\"%s\"}", path), NULL);
	unlink(path);
	return err;
}

err_t *google_raw_new(struct test *t, const char *scopes, struct google_raw *ret)
{
	*ret = (struct google_raw){ 0 };
	ERR(google_standin_start(t, &ret->g));
	ERR(set_clock(ret));
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
