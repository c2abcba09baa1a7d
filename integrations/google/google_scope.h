/* google_scope: what a person may allow, and the scopes of Google that stand for it.
 * Needs: mem. Used by: google_account, google_oauth. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_SCOPE_H
#define INTEGRATIONS_GOOGLE_GOOGLE_SCOPE_H

#include "core/mem.h"

enum google_feature {
	GOOGLE_CALENDAR,    /* calendar.events, calendar.calendarlist.readonly */
	GOOGLE_MAIL_READ,   /* gmail.readonly */
	GOOGLE_MAIL_CHANGE, /* gmail.modify: archive, drafts; it reads too */
	GOOGLE_MAIL_SEND,   /* gmail.send */
	GOOGLE_DRIVE_READ,  /* drive.readonly */
	GOOGLE_DRIVE_SAVE,  /* drive.file */
	GOOGLE_FEATURES
};

/* "calendar", "mail_read", ...: as buttons and arguments name them; GOOGLE_FEATURES when unknown. */
const char *google_feature_name(enum google_feature feature);
enum google_feature google_feature_of(const char *name);

/* The scopes of these features (bits 1 << feature), with openid and email before them. In pool. */
const char *google_scopes(apr_pool_t *pool, unsigned features);
/* What a list of granted scopes, in whatever order, allows. */
unsigned google_scopes_allow(const char *scopes);

#endif
