/* contact_view: contacts as they are shown, and what a line says of one.
 * Needs: tool. Used by: contact_args, tool_find_contact. */
#ifndef TOOLS_CONTACT_CONTACT_VIEW_H
#define TOOLS_CONTACT_CONTACT_VIEW_H

#include "tools/tool.h"

#define CONTACT_KINDS "person company"
#define CONTACT_CATEGORIES "client lead partner personal"

/* What is known of one, or is to be: NULL or "" for nothing. */
struct contact {
	int64_t id;
	const char *name, *kind, *company, *email, *phone, *category, *notes;
	const char *last, *next; /* days */
	struct json_texts tags;
};

/* Reads the columns from col on; valid as long as rows. */
struct contact contact_row(struct req *req, const struct rows *rows, int row, int col);
/* The data of one, over struct contact. */
extern const struct json_field contact_fields[];
/* The rows as that; of notes the beginning. */
struct json_list contact_rows(struct req *req, const struct rows *rows, int col);

/* A contact that was kept, changed or shown, as the data of such an act. */
struct contact_result {
	const struct contact *contact;
	struct json_list candidates;
};
extern const struct json_field contact_result[];

/* Refuses: there is no contact of that number. */
void contact_absent(struct req *req, int64_t id, struct outcome *ret);

/* What a line says: "Ana Souza, da empresa Acme, ana@x.com, 11 98765-4321, cliente". What is left over goes to notes. In the pool. */
struct contact contact_words(apr_pool_t *pool, const char *line);

/* Text without words that only say what is asked of somebody: "telefone", "'s number". */
const char *contact_query(apr_pool_t *pool, const char *words);

/* All of one, with buttons, after the line lead (HTML, or NULL). Sets html, buttons and data (contact_result) only. */
void contact_card(struct req *req, const struct contact *contact, const char *lead, struct outcome *ret);

/* "Ana Souza · Acme · retomar amanhã (qui, 19/11)". HTML. */
const char *contact_line(struct req *req, const struct contact *contact);

#endif
