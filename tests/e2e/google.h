/* google: the product beside the stand-in for Google.
 * Needs: talk, google_client. Used by: tests/e2e. */
#ifndef TESTS_E2E_GOOGLE_H
#define TESTS_E2E_GOOGLE_H

#include "tests/e2e/talk.h"
#include "tests/standins/google_client.h"

/* A stand-in, and the settings for it in p, before product_start. */
NODISCARD err_t *google_beside(struct product *p, struct google_standin **ret_google);
/* The address in the bot's last message. */
NODISCARD err_t *google_link(struct product *p, int64_t chat, const char **ret_link);
/* A browser of one request, which follows no redirect. header: "Name: value", or NULL; form: of a POST, or NULL. */
NODISCARD err_t *google_fetch(struct google_standin *g, const char *method, const char *url,
			      const char *header, const char *form, struct google_answer *ret);
/* Goes all the way for this chat, by the stand-in's own consent: "/conectar", page, consent, the number's tap. words: after the
 * command. */
NODISCARD err_t *google_connect(struct product *p, struct google_standin *g, int64_t chat, const char *words);
/* The same, and everything is allowed, whatever was asked for. */
NODISCARD err_t *google_connect_all(struct product *p, struct google_standin *g, int64_t chat);

#endif
