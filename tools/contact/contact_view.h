/* contact_view: contacts as they are shown, and what a line says of one.
 * Needs: tool. Used by: contact_args, tool_find_contact. */
#ifndef TOOLS_CONTACT_CONTACT_VIEW_H
#define TOOLS_CONTACT_CONTACT_VIEW_H

#include "tools/tool.h"

#define CONTACT_CATEGORIES "client lead partner personal"

/* What is known of one, or is to be: NULL or "" for nothing. */
struct contact {
	int64_t id;
	const char *name, *kind, *company, *email, *phone, *category, *notes;
	const char *last, *next; /* days */
	const char *tags;        /* "a #b" */
};

/* Reads the eleven columns of the statements on contacts from col on. */
struct contact contact_row(const struct rows *rows, int row, int col);

/* What a line says: "Ana Souza, da empresa Acme, ana@x.com, 11 98765-4321, cliente". What is left over goes to notes. In the pool. */
struct contact contact_words(apr_pool_t *pool, const char *line);

/* Text without words that only say what is asked of somebody: "telefone", "'s number". */
const char *contact_query(apr_pool_t *pool, const char *words);

/* All of one, with buttons, after the line lead (HTML, or NULL). Sets html, buttons and data only. */
void contact_card(struct req *req, const struct contact *contact, const char *lead, struct outcome *ret);

/* "Ana Souza · Acme · retomar amanhã (qui, 19/11)". HTML. */
const char *contact_line(struct req *req, const struct contact *contact);

#endif
