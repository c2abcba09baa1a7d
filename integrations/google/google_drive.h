/* google_drive: Drive v3 as structs: what is asked, as paths and bodies, and what is answered; pure.
 * Needs: json, query. Used by: tools/file.
 * Names of files may be somebody else's words. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_DRIVE_H
#define INTEGRATIONS_GOOGLE_GOOGLE_DRIVE_H

#include "core/json.h"

/* Units of the person's quota a minute (Drive, since May 2026). */
enum { DRIVE_LIST_UNITS = 100, DRIVE_GET_UNITS = 5, DRIVE_READ_UNITS = 200, DRIVE_WRITE_UNITS = 50 };

struct drive_file {
	const char *id, *name, *type; /* a media type */
	const char *link;             /* of Google's own page, or "" */
	const char *modified;         /* RFC 3339, or "" */
	const char *md5;              /* of its bytes, hex; "" where it has none */
	const char *target;           /* of a shortcut: the file that it stands for; else "" */
	int64_t size;                 /* bytes; 0 where it has none */
	bool mine;                    /* of the account itself */
	bool trashed;
};

/* Those whose name or text holds all the words; "": the latest. */
const char *google_drive_list_path(apr_pool_t *pool, const char *words, int64_t max);
NODISCARD err_t *google_drive_list(apr_pool_t *pool, const struct json *body, size_t *ret_n,
				   struct drive_file **ret_files);

const char *google_drive_get_path(apr_pool_t *pool, const char *id);
/* ERR_INVALID when it is no file. */
NODISCARD err_t *google_drive_file(apr_pool_t *pool, const struct json *body, struct drive_file *ret_file);

/* Where its text is to be had: an export of a document of Google's own, the bytes of a text; NULL: it has none that we read. */
const char *google_drive_text_path(apr_pool_t *pool, const struct drive_file *file);
/* "document", "spreadsheet", "presentation", "folder", "pdf", "picture", "text" or "file": for people and programs. */
const char *google_drive_kind(const struct drive_file *file);

const char *google_drive_ids_path(void);
const char *google_drive_upload_path(void);
/* The body that makes a file of that id (of google_drive_ids_path) with this text; *ret_type: its Content-Type. */
const char *google_drive_upload(apr_pool_t *pool, const char *id, const char *name, const char *type,
				const char *text, size_t *ret_n, const char **ret_type);

#endif
