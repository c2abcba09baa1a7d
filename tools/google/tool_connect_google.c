#include "core/text.h"
#include "tools/google/consent.h"
#include "tools/google/google_say.h"
#include "tools/tool.h"

#include <string.h>

struct args {
	const char *feature, *account;
};

#define FEATURES "calendar mail_read mail_change mail_send drive_read drive_save"

static const struct json_field params[] = {
	{ "for", JSON_TEXT, 0, offsetof(struct args, feature), 0, 40, FEATURES,
	  "what it is to allow; the calendar when left out" },
	{ "account", JSON_TEXT, 0, offsetof(struct args, account), 0, 20, NULL,
	  "number of an account that is connected, or the word new" },
	{ 0 },
};

/* One account, for other readers. */
struct account_data {
	int64_t id;
	const char *email, *state;
	struct json_texts may;
	bool usual;
};

static const struct json_field account_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct account_data, id) },
	{ "email", JSON_TEXT, JSON_REQUIRED, offsetof(struct account_data, email) },
	{ "state", JSON_TEXT, JSON_REQUIRED, offsetof(struct account_data, state),
	  .values = "active broken" },
	{ "may", JSON_TEXTS, 0, offsetof(struct account_data, may) },
	{ "usual", JSON_BOOL, 0, offsetof(struct account_data, usual) },
	{ 0 },
};

struct connect {
	bool link_shown;
	struct json_list accounts;
};

/* The link itself is for the person alone. */
static const struct json_field result[] = {
	{ "link_shown", JSON_BOOL, 0, offsetof(struct connect, link_shown),
	  .doc = "a page waits for the person" },
	{ "accounts", JSON_OBJECTS, 0, offsetof(struct connect, accounts), .of = account_fields,
	  .size = sizeof(struct account_data) },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	static const struct {
		const char *words, *feature;
	} said[] = {
		{ "agenda calendario calendar", "calendar" },
		{ "email e-mail emails e-mails mail gmail correio", "mail_read" },
		{ "drive arquivo arquivos file files", "drive_read" },
	};
	struct json *args = json_object(req->pool);
	const char *word = text_fold(req->pool, text_trim(req->pool, text));

	for (size_t i = 0; *word && i < sizeof said / sizeof *said; i++)
		if (text_has_word(said[i].words, word))
			json_set_text(args, "for", said[i].feature);
	*ret_args = args;
	return NULL;
}

static const char *may_text(struct req *req, const struct google_account *a)
{
	struct buf text = buf_new(req->pool, 4096);

	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		if (a->may[f])
			buf_fmt(&text, "%s%s", text.n ? ", " : "",
				tr(req->pool, req->lang,
				   mem_fmt(req->pool, "google.may.%s", google_feature_name(f))));
	return text.n ? text.p : tr(req->pool, req->lang, "google.may.nothing");
}

static struct account_data data_of(struct req *req, const struct google_account *a)
{
	struct account_data d = { .id = a->id, .email = a->email, .usual = a->usual };

	d.state = a->broken ? "broken" : "active";
	d.may.v = mem_alloc(req->pool, sizeof *d.may.v * GOOGLE_FEATURES);
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		if (a->may[f])
			d.may.v[d.may.n++] = google_feature_name(f);
	return d;
}

static void account_buttons(struct req *req, const struct google_account *a, size_t of, int row,
			    struct outcome *o)
{
	const char *id = mem_fmt(req->pool, "%lld", (long long)a->id);
	const char *who = of > 1 ? mem_fmt(req->pool, " (%s)", text_cut(req->pool, a->email, 20)) : "";

	if (a->broken)
		outcome_button(req, o, row, tr(req->pool, req->lang, "google.button.reconnect"),
			       button_act(req->pool, "connect_google", SLOT_S("account", id)));
	outcome_button(req, o, row,
		       mem_fmt(req->pool, "%s%s", tr(req->pool, req->lang, "google.button.disconnect"), who),
		       button_act(req->pool, "disconnect_google", SLOT_I("id", a->id)));
	if (of > 1 && !a->usual)
		outcome_button(req, o, row, tr(req->pool, req->lang, "google.button.usual"),
			       button_act(req->pool, "use_google", SLOT_I("id", a->id)));
}

/* What is connected, and what can be done about it. */
static NODISCARD err_t *show(struct req *req, const struct google_account *list, size_t n,
			     struct outcome *ret)
{
	struct buf html = buf_new(req->pool, 16 * 1024);
	struct account_data *data = mem_alloc(req->pool, sizeof *data * (n + 1));
	int row = 0;

	buf_text(&html, tr(req->pool, req->lang, "google.accounts"));
	for (size_t i = 0; i < n; i++, row++) {
		data[i] = data_of(req, &list[i]);
		buf_fmt(&html, "\n\n%s",
			tr(req->pool, req->lang, list[i].broken ? "google.account_broken" : "google.account",
			   SLOT_S("email", list[i].email), SLOT_S("may", may_text(req, &list[i]))));
		if (n > 1 && list[i].usual)
			buf_fmt(&html, "\n%s", tr(req->pool, req->lang, "google.account_usual"));
		account_buttons(req, &list[i], n, row, ret);
	}
	for (unsigned f = GOOGLE_MAIL_READ; f < GOOGLE_FEATURES; f++)
		if ((f == GOOGLE_MAIL_READ || f == GOOGLE_DRIVE_READ) && !list[0].may[f] && !list[0].broken)
			outcome_button(req, ret, row,
				       tr(req->pool, req->lang,
					  f == GOOGLE_MAIL_READ ? "google.button.mail"
								: "google.button.drive"),
				       button_act(req->pool, "connect_google",
						  SLOT_S("for", google_feature_name(f))));
	outcome_button(req, ret, row + 1, tr(req->pool, req->lang, "google.button.another"),
		       button_act(req->pool, "connect_google", SLOT_S("account", "new")));
	ERR(buf_check(&html));
	ret->html = html.p;
	outcome_data(req, ret, result, &(struct connect){ .accounts = { n, data } });
	return NULL;
}

/* What is asked for: of an account that is connected anew, all that it allowed before. */
static unsigned wanted(const struct args *args, const struct google_account *a)
{
	unsigned bits = 0;

	if (args->feature)
		bits |= 1U << google_feature_of(args->feature);
	for (unsigned f = 0; a && a->broken && f < GOOGLE_FEATURES; f++)
		if (a->may[f])
			bits |= 1U << f;
	return bits ? bits : 1U << GOOGLE_CALENDAR;
}

static bool is_loopback(const char *url)
{
	return text_starts(url, "http://");
}

/* A button opens it; Telegram takes none that leads to this machine itself. */
static NODISCARD err_t *offer(struct req *req, struct tx *tx, const struct args *args,
			      const struct google_account *a, struct outcome *ret)
{
	unsigned features = wanted(args, a);
	const char *link, *intro = tr(req->pool, req->lang, a ? "google.offer_account" : "google.offer",
				      SLOT_S("email", a ? a->email : ""));

	ERR(consent_offer(tx, features, a ? a->id : 0, &link));
	ret->html = intro;
	if (is_loopback(link))
		ret->html = mem_fmt(req->pool, "%s\n\n<code>%s</code>", intro, text_html(req->pool, link));
	else
		outcome_button(req, ret, 0, tr(req->pool, req->lang, "google.button.open"), link);
	outcome_data(req, ret, result, &(struct connect){ .link_shown = true });
	return NULL;
}

/* The account that is meant: by its number; "new" is none; else the usual one, when something more is asked of it. */
static const struct google_account *meant(const struct args *args, const struct google_account *list,
					  size_t n)
{
	int64_t id = 0;

	if (text_same(args->account, "new"))
		return NULL;
	if (args->account && text_int(args->account, &id))
		for (size_t i = 0; i < n; i++)
			if (list[i].id == id)
				return &list[i];
	return n && args->feature ? &list[0] : NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const struct google_account *account;
	struct google_account *list;
	size_t n;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!google_configured(req->config)) {
		outcome_refuse(req, ret, "no_google", tr(req->pool, req->lang, "google.absent"));
		return NULL;
	}
	ERR(google_account_list(tx, &n, &list));
	account = meant(args, list, n);
	if (n && !args->feature && !args->account)
		return show(req, list, n, ret);
	return offer(req, tx, args, account, ret);
}

const struct tool tool_connect_google = {
	.name = "connect_google",
	.description =
		"Shows the person's Google accounts, or a page where they can connect one or allow more of it.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.words = { .what = "for" },
	.min_role = ROLE_USER,
	.commands = "conectar connect desconectar disconnect",
	.from_text = from_text,
	.run = run,
};
