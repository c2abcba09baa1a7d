#include "core/zip.h"

#include <archive.h>
#include <archive_entry.h>

/* Where the library writes to. What is over the ceiling is dropped, not refused: an archive whose write failed
 * is freed by the library with a leak. */
static la_ssize_t take(struct archive *archive, void *ctx, const void *p, size_t n)
{
	struct buf *out = ctx;

	(void)archive;
	buf_put(out, p, n);
	return (la_ssize_t)n;
}

static NODISCARD err_t *failed(struct archive *archive)
{
	return err_new(ERR_INTERNAL, "zip: %s",
		       archive_error_string(archive) ? archive_error_string(archive) : "failed");
}

static NODISCARD err_t *put(struct archive *archive, const struct zip_file *file, int64_t at)
{
	struct archive_entry *entry = archive_entry_new();
	bool ok;

	archive_entry_set_pathname(entry, file->name);
	archive_entry_set_size(entry, (la_int64_t)file->n);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_mtime(entry, at / 1000000, 0);
	ok = archive_write_header(archive, entry) == ARCHIVE_OK &&
	     archive_write_data(archive, file->data, file->n) == (la_ssize_t)file->n;
	archive_entry_free(entry);
	return ok ? NULL : failed(archive);
}

err_t *zip_make(apr_pool_t *pool, const struct zip_file *files, size_t files_n, int64_t at, size_t max,
		const void **ret_zip, size_t *ret_n)
{
	struct buf out = buf_new(pool, max);
	struct archive *archive = archive_write_new();
	err_t *err = NULL;

	archive_write_set_format_zip(archive);
	archive_write_set_bytes_per_block(archive, 0);
	if (archive_write_open(archive, &out, NULL, take, NULL) != ARCHIVE_OK)
		err = failed(archive);
	for (size_t i = 0; !err && !out.over && i < files_n; i++)
		err = put(archive, &files[i], at);
	if (!err && archive_write_close(archive) != ARCHIVE_OK)
		err = failed(archive);
	archive_write_free(archive);
	ERR(err);
	ERR(buf_check(&out));
	*ret_zip = out.p;
	*ret_n = out.n;
	return NULL;
}
