/* mail_people: recipients as people name them.
 * Needs: google_mime, tx. Used by: mail_compose. */
#ifndef TOOLS_MAIL_MAIL_PEOPLE_H
#define TOOLS_MAIL_MAIL_PEOPLE_H

#include "integrations/google/google_mime.h"
#include "tools/tool.h"

struct mail_person {
	int64_t contact;
	const char *name, *email;
};

/* What came of a list of them. */
struct mail_people {
	struct mime_addresses found;
	const char *unknown; /* a name that no contact with an address has, or NULL */
	const char *wrong;   /* what looks like an address and is none, or NULL */
	const char *unclear; /* a name that several have, or NULL: */
	size_t n;
	struct mail_person candidates[6];
};

/* "ana@example.org, João Silva; Bia <b@c.d>": addresses are taken as they are, names are looked for among the contacts. */
NODISCARD err_t *mail_people_find(struct req *req, struct tx *tx, const char *list, struct mail_people *ret);
/* One contact by its number; found.n 0: there is none with an address. */
NODISCARD err_t *mail_people_contact(struct req *req, struct tx *tx, int64_t id, struct mail_people *ret);

#endif
