/* mail_query: what is searched for, in the words of a person or a model.
 * Needs: google_gmail, when. Used by: tools/mail. */
#ifndef TOOLS_MAIL_MAIL_QUERY_H
#define TOOLS_MAIL_MAIL_QUERY_H

#include "core/req.h"
#include "integrations/google/google_gmail.h"

/* "não lidos do João desta semana com anexo", "unread from Ana about the lease", and the simplest of Gmail's own words
 * ("from:ana is:unread after:2026/11/01 newer_than:7d", also "de:ana assunto:contrato"). What is left are words of the mail. In req->pool. */
struct gmail_query mail_query_read(struct req *req, const char *words);
bool mail_query_is_empty(const struct gmail_query *query);

#endif
