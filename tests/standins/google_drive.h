/* google_drive: files, and what may be asked of them.
 * Needs: google_world. Used by: the files of Drive v3 in standin-google. */
#ifndef TESTS_STANDINS_GOOGLE_DRIVE_H
#define TESTS_STANDINS_GOOGLE_DRIVE_H

#include "tests/standins/google_world.h"

#define DRIVE_FOLDER "application/vnd.google-apps.folder"
#define DRIVE_WORKSPACE "application/vnd.google-apps."

struct file {
	apr_pool_t *pool;
	const char *id, *name, *type, *description;
	const struct file *parent; /* NULL: the root folder itself, or shared with the person */
	const char *bytes;         /* of a Workspace document: its text */
	size_t n;
	int64_t created, modified, version, revision;
	struct json *app_properties, *properties;
	bool trashed, starred, shared;
	bool app;  /* this app made it */
	bool gone; /* deleted for good; the id stays taken */
};

/* The root folder, and a place for others. */
void drive_prepare(struct account *a);
/* "root" or an id, of what the token sees; NULL: denied (404). */
struct file *file_find(struct ask *ask, const char *id);
/* The same, to be written to; NULL: denied. */
struct file *file_writable(struct ask *ask, const char *id);
struct file *file_new(struct account *a, const char *id, const char *name, const char *type,
		      const struct file *parent);
void file_fill(struct file *f, const void *p, size_t n);
bool file_seen(const struct ask *ask, const struct file *f);
/* Itself or a folder above it. */
bool file_trashed(const struct file *f);
void say_file(struct ask *ask, const struct file *f);
struct json *file_json(apr_pool_t *pool, const struct file *f);
bool drive_id_known(const char *id);
const char *drive_id_new(void);

/* What is to become of metadata and bytes. */
struct upload {
	const struct json *meta; /* or NULL */
	const char *type;        /* of the bytes; NULL: there are none */
	const char *bytes;
	size_t n;
};
/* Makes a file; the answer says which, or what is wrong. */
void file_create(struct ask *ask, const struct upload *u);
void file_update(struct ask *ask, const char *id, const struct upload *u);
/* Whether create, or update of that id, could be; false: denied. */
bool file_create_check(struct ask *ask, const struct upload *u);

/* A search (`q`): NULL is good, else what is wrong. */
const char *drive_query(apr_pool_t *pool, const struct file *f, const char *q, bool *ret_matches);

void serve_files_list(struct ask *ask);
void serve_upload_new(struct ask *ask);
void serve_upload_over(struct ask *ask);
void serve_upload_chunk(struct ask *ask);
bool file_control(struct ask *ask, const char *name);

#endif
