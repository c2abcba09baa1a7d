/* file_view: files at Google Drive as people and programs are shown them.
 * Needs: google_drive, google_say, tool, when. Used by: tools/file. */
#ifndef TOOLS_FILE_FILE_VIEW_H
#define TOOLS_FILE_FILE_VIEW_H

#include "integrations/google/google_drive.h"
#include "tools/google/google_say.h"
#include "tools/tool.h"

/* One, under the number it has here for a week. */
struct file_row {
	int64_t id, size;
	const char *name, *kind, *modified, *link; /* modified: local, or "" */
	bool outside;                              /* not of the person's own making: its name neither */
};
extern const struct json_field file_fields[];

/* Remembers them in the order that they came; rows in req->pool. */
NODISCARD err_t *file_rows(struct req *req, struct tx *tx, int64_t account_id, const struct drive_file *files,
			   size_t n, struct file_row **ret_rows);
/* "📄 Plano · planilha · hoje (sáb, 28/11)": as HTML, its name leading to Google's page. */
const char *file_line(struct req *req, const struct file_row *row);
/* A GET of Drive. *ret_ok false: ret_outcome says why, be it a file that is gone or whatever google_trouble has words for. Of
 * what is no text (max 0) the answer is JSON; of a text over max bytes ret_outcome says nothing: that is for the caller. */
NODISCARD err_t *file_get(struct req *req, int64_t account_id, const char *path, int64_t units, size_t max,
			  struct google_reply *ret_reply, bool *ret_ok, struct outcome *ret_outcome);

#endif
