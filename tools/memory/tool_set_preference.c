#include "core/text.h"
#include "core/zone_city.h"
#include "ml/guard/sensitive.h"
#include "tools/tool.h"
#include "tools/words.h"

struct args {
	const char *key, *value;
};

static const struct json_field params[] = {
	{ "key", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, key), 0, 0,
	  "name language zone tone format style",
	  "what is preferred: how to call the person, the language (pt-BR or en), the city or zone they are in, the tone, the format, or "
	  "anything else about style" },
	{ "value", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, value), 1, 200, NULL,
	  "as they want it from now on" },
	{ 0 },
};

static const struct json_field result[] = {
	{ "key", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, key) },
	{ "value", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, value), .doc = "as it is kept" },
	{ 0 },
};

/* Those that are columns of the profile: nothing to take back but by saying it again. */
static NODISCARD err_t *profile(struct req *req, struct tx *tx, enum stmt_id stmt, const char *key,
				const char *value, const char *shown, struct outcome *ret)
{
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "profile", .lasting = true };
	ERR(tx_defer(tx, stmt, PG_ARGS(PG_TEXT(value))));
	ret->html = tr(req->pool, req->lang, "preference.kept",
		       SLOT_S("what", tr(req->pool, req->lang, mem_fmt(req->pool, "preference.%s", key),
					 SLOT_S("value", shown))));
	outcome_data(req, ret, result, &(struct args){ key, value });
	return NULL;
}

static NODISCARD err_t *language(struct req *req, struct tx *tx, const char *value, struct outcome *ret)
{
	const char *folded = text_fold(req->pool, value);
	bool english = text_starts(folded, "en") || text_starts(folded, "ing");

	if (!english && !text_starts(folded, "pt") && !text_starts(folded, "port"))
		return err_new(ERR_INVALID, "\"value\": a language is pt-BR or en");
	req->lang = english ? LANG_EN : LANG_PT;
	return profile(req, tx, STMT_SETTING_LANG, "language", lang_tag(req->lang),
		       english ? "English" : "português", ret);
}

static NODISCARD err_t *zone(struct req *req, struct tx *tx, const char *value, struct outcome *ret)
{
	const char *name = zone_of_city(req->pool, value);

	if (name)
		return profile(req, tx, STMT_SETTING_ZONE, "zone", name,
			       zone_place(req->pool, req->lang, name), ret);
	outcome_refuse(req, ret, "not_found",
		       tr(req->pool, req->lang, "preference.no_zone",
			  SLOT_S("value", text_cut(req->pool, value, 60))));
	return NULL;
}

static NODISCARD err_t *other(struct req *req, struct tx *tx, const char *key, const char *value,
			      struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_PREFERENCE_PUT, PG_ARGS(PG_TEXT(key), PG_TEXT(value)), &rows));
	*ret = (struct outcome){ .kind = OUTCOME_DONE,
				 .object = "preference",
				 .object_id = rows_int(rows, 0, COL_PREFERENCE_PUT_ID) };
	ret->html = tr(req->pool, req->lang, "preference.kept",
		       SLOT_S("what", tr(req->pool, req->lang, "preference.other", SLOT_S("value", value))));
	outcome_data(req, ret, result, &(struct args){ key, value });
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *value = words_line(req->pool, args->value);

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!*value)
		return err_new(ERR_INVALID, "\"value\": empty");
	if (text_same(args->key, "language"))
		return language(req, tx, value, ret);
	if (text_same(args->key, "zone"))
		return zone(req, tx, value, ret);
	if (text_same(args->key, "name"))
		return profile(req, tx, STMT_SETTING_NAME, "name", text_cut(req->pool, value, 60),
			       text_cut(req->pool, value, 60), ret);
	if (sensitive_find(req->pool, value)) {
		outcome_refuse(req, ret, "sensitive", tr(req->pool, req->lang, "preference.decline"));
		return NULL;
	}
	return other(req, tx, args->key, value, ret);
}

/* What a model may have made up about somebody is shown before it is kept. */
static bool card_when(const void *p)
{
	const struct args *args = p;

	return text_same(args->key, "style");
}

const struct tool tool_set_preference = {
	.name = "set_preference",
	.description =
		"Keeps how the person wants to be treated from now on, when they say so: name, language, city or time zone, tone, format.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "value" },
	.min_role = ROLE_USER,
	.card_when = card_when,
	.run = run,
};
