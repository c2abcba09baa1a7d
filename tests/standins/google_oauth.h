/* google_oauth: the stand-in's client, its codes and its tokens.
 * Needs: google_world. Used by: google_oauth, google_consent of standin-google.
 * Scopes are full ("https://www.googleapis.com/auth/calendar.events"), separated by spaces. */
#ifndef TESTS_STANDINS_GOOGLE_OAUTH_H
#define TESTS_STANDINS_GOOGLE_OAUTH_H

#include "tests/standins/google_world.h"

#define OAUTH_CLIENT_ID "standin-client.apps.googleusercontent.com"
#define OAUTH_CLIENT_SECRET "GOCSPX-standin-secret"

/* What a person agreed to, until its code is exchanged. */
struct grant {
	const char *code;
	struct account *account;
	const char *scopes, *redirect_uri, *challenge, *nonce;
	bool refresh; /* a refresh token comes with it */
	int64_t expires;
	bool used;
};

/* In the world's pool; its code is new. */
struct grant *oauth_grant_new(void);
bool oauth_redirect_known(const char *uri);
bool oauth_client_deleted(void);
/* The pages: serve functions of their routes, and their control. */
void consent_page(struct ask *ask);
void consent_answer(struct ask *ask);
bool consent_control(struct ask *ask, const char *name);

#endif
