/* mydata_export: everything of one person as one JSON document, by the catalogue, so that no table is forgotten.
 * Needs: tx: runs as the person, under row security, so that it cannot reach another's.
 * Used by: cli_export, mydata_zip. */
#ifndef BOT_TALK_MYDATA_EXPORT_H
#define BOT_TALK_MYDATA_EXPORT_H

#include "db/tx.h"

/* {"program","exported_at","user_id","parts":{"tasks":[{...}],...}}, a row a line, in tx's request's pool. The
 * rows are of one moment. ERR_NOT_FOUND when there is no such person. */
NODISCARD err_t *mydata_document(struct tx *tx, const char **ret_text, size_t *ret_n);

#endif
