#include "tests/integration/google_scene.h"

#include "core/http.h"
#include "core/text.h"
#include "integrations/google/google.h"
#include "integrations/google/google_account.h"

static struct google_standin *google;
static unsigned granted;
static err_t *(*playing)(struct scene *s);

struct google_standin *google_scene(void)
{
	return google;
}

static NODISCARD err_t *put(struct scene *s, struct google_tokens *t, int64_t *ret_account)
{
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, google_account_put(tx, t, 0, ret_account));
}

static const char *sub_of(const struct json *accounts, const char *email)
{
	for (size_t i = 0; i < json_len(accounts); i++)
		if (text_same(json_text(json_item(accounts, i), "email"), email))
			return json_text(json_item(accounts, i), "sub");
	return "";
}

err_t *google_scene_connect(struct scene *s, const char *email, unsigned features, int64_t *ret_account)
{
	const char *scopes = google_scopes(s->pool, features);
	struct google_tokens t = { .scopes = scopes, .expires_s = 3599, .email = email };
	struct json *accounts;
	int64_t chat = s->req->chat_id;
	err_t *err;

	ERR(google_standin_token(google, email, scopes, &t.access, &t.refresh));
	ERR(google_standin_control(google, "accounts", NULL, &accounts));
	t.sub = sub_of(accounts, email);
	/* Where its person hears of it: their private chat. */
	s->req->chat_id = s->req->user_id == s->ana ? 41 : 42;
	err = put(s, &t, ret_account);
	s->req->chat_id = chat;
	return err;
}

err_t *google_scene_calls(struct scene *s, const char *name, int *ret_n)
{
	struct json *calls;

	ERR(google_standin_control(google, "calls", mem_fmt(s->pool, "{\"name\":\"%s\"}", name), &calls));
	*ret_n = (int)json_len(calls);
	return NULL;
}

static err_t *begin(struct scene *s)
{
	int64_t account;

	google_tune(5);
	if (granted)
		ERR(google_scene_connect(s, "ana@example.org", granted, &account));
	return playing(s);
}

err_t *google_scene_run(struct test *t, unsigned features, err_t *(*play)(struct scene *s))
{
	const char *pairs[] = { NULL,
				NULL,
				NULL,
				NULL,
				NULL,
				NULL,
				"PUBLIC_URL=https://lembra.example.org",
				"DATA_ENCRYPTION_KEY=k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
				NULL };

	ERR(google_standin_start(t, &google));
	pairs[0] = mem_fmt(t->pool, "GOOGLE_CLIENT_ID=%s", google->client_id);
	pairs[1] = mem_fmt(t->pool, "GOOGLE_CLIENT_SECRET=%s", google->client_secret);
	pairs[2] = mem_fmt(t->pool, "GOOGLE_AUTH_BASE=%s", google->base);
	pairs[3] = mem_fmt(t->pool, "GOOGLE_TOKEN_BASE=%s", google->base);
	pairs[4] = mem_fmt(t->pool, "GOOGLE_API_BASE=%s", google->base);
	pairs[5] = mem_fmt(t->pool, "GMAIL_API_BASE=%s", google->base);
	granted = features;
	playing = play;
	return tool_scene_run_with(t, pairs, begin);
}
