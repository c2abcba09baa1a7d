#include "integrations/google/google_scope.h"

#include "core/text.h"

#define SCOPE "https://www.googleapis.com/auth/"

/* needs: all of them; or: one that allows it as well. */
static const struct {
	const char *name, *needs, * or ;
} features[GOOGLE_FEATURES] = {
	[GOOGLE_CALENDAR] = { "calendar", SCOPE "calendar.events " SCOPE "calendar.calendarlist.readonly",
			      SCOPE "calendar" },
	[GOOGLE_MAIL_READ] = { "mail_read", SCOPE "gmail.readonly", SCOPE "gmail.modify" },
	[GOOGLE_MAIL_CHANGE] = { "mail_change", SCOPE "gmail.modify", "https://mail.google.com/" },
	[GOOGLE_MAIL_SEND] = { "mail_send", SCOPE "gmail.send", "https://mail.google.com/" },
	[GOOGLE_DRIVE_READ] = { "drive_read", SCOPE "drive.readonly", SCOPE "drive" },
	[GOOGLE_DRIVE_SAVE] = { "drive_save", SCOPE "drive.file", SCOPE "drive" },
};

const char *google_feature_name(enum google_feature feature)
{
	return features[feature].name;
}

enum google_feature google_feature_of(const char *name)
{
	enum google_feature f = 0;

	while (f < GOOGLE_FEATURES && !text_same(features[f].name, name))
		f++;
	return f;
}

const char *google_scopes(apr_pool_t *pool, unsigned wanted)
{
	struct buf scopes = buf_new(pool, 2048);

	buf_text(&scopes, "openid email");
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		if (wanted & 1U << f)
			buf_fmt(&scopes, " %s", features[f].needs);
	return scopes.p;
}

static bool has_all(const char *scopes, const char *needs)
{
	apr_pool_t *pool = pool_root();
	bool all = true;

	while (*needs && all) {
		const char *end = needs;

		while (*end && *end != ' ')
			end++;
		all = text_has_word(scopes, mem_textn(pool, needs, (size_t)(end - needs)));
		needs = *end ? end + 1 : end;
	}
	pool_free(pool);
	return all;
}

unsigned google_scopes_allow(const char *scopes)
{
	unsigned allowed = 0;

	for (unsigned f = 0; f < GOOGLE_FEATURES; f++)
		if (has_all(scopes, features[f].needs) || text_has_word(scopes, features[f].or))
			allowed |= 1U << f;
	return allowed;
}
