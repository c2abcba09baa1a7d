/* contact_args: what is to be known of a contact, as the tools take it.
 * Needs: json, contact_view. Used by: tool_save_contact, tool_update_contact. */
#ifndef TOOLS_CONTACT_CONTACT_ARGS_H
#define TOOLS_CONTACT_CONTACT_ARGS_H

#include "tools/contact/contact_view.h"

/* First in the arguments' struct of both. */
struct contact_args {
	const char *name, *kind, *company, *email, *phone, *category, *notes, *last_interaction,
		*next_follow_up, *details;
};

#define CONTACT_PARAMS                                                                                   \
	{ "kind", JSON_TEXT, 0, offsetof(struct contact_args, kind), 0, 0, CONTACT_KINDS, NULL },        \
		{ "company", JSON_TEXT, 0,    offsetof(struct contact_args, company),                    \
		  0,         800,       NULL, "where the person works" },                                \
		{ "email", JSON_TEXT, 0, offsetof(struct contact_args, email), 0, 254, NULL, NULL },     \
		{ "phone", JSON_TEXT, 0, offsetof(struct contact_args, phone), 0, 160, NULL, NULL },     \
		{ "category", JSON_TEXT,          0,   offsetof(struct contact_args, category), 0,       \
		  0,          CONTACT_CATEGORIES, NULL },                                                \
		{ "notes", JSON_TEXT, 0,    offsetof(struct contact_args, notes),                        \
		  0,       20000,     NULL, "anything else; up to 5000 characters" },                    \
		{ "last_interaction",                                                                    \
		  JSON_TEXT,                                                                             \
		  0,                                                                                     \
		  offsetof(struct contact_args, last_interaction),                                       \
		  0,                                                                                     \
		  40,                                                                                    \
		  NULL,                                                                                  \
		  "the local day of the last talk, 2026-11-30" },                                        \
		{ "next_follow_up",                                                                      \
		  JSON_TEXT,                                                                             \
		  0,                                                                                     \
		  offsetof(struct contact_args, next_follow_up),                                         \
		  0,                                                                                     \
		  40,                                                                                    \
		  NULL,                                                                                  \
		  "the local day to get in touch again, 2026-11-30; none for no day" },                  \
	{                                                                                                \
		"details", JSON_TEXT, 0, offsetof(struct contact_args, details), 0, LIMIT_TEXT_IN, NULL, \
			"the person's words, from which what is not given above is read"                 \
	}

/* What the arguments and their details say; NULL: nothing. Days are checked. ret_complaint: HTML, when something is too long. */
NODISCARD err_t *contact_args_read(struct req *req, const struct contact_args *args, struct contact *ret,
				   const char **ret_complaint);

#endif
