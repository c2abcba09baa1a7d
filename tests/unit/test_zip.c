#include "core/zip.h"
#include "tests/test.h"
#include <archive.h>
#include <archive_entry.h>
#include <string.h>

TEST(what_is_zipped_comes_out_again)
{
	const struct zip_file files[] = { { "a.json", "{\"a\":1}", 7 }, { "b.csv", "", 0 } };
	struct archive *in = archive_read_new();
	struct archive_entry *entry;
	const void *zip;
	char text[16] = "";
	size_t n;

	ERR(zip_make(t->pool, files, 2, 1795000000000000, 1 << 20, &zip, &n));
	CHECK(n > 4 && memcmp(zip, "PK", 2) == 0);
	archive_read_support_format_zip(in);
	CHECK_INT(archive_read_open_memory(in, zip, n), ARCHIVE_OK);
	CHECK_INT(archive_read_next_header(in, &entry), ARCHIVE_OK);
	CHECK_TEXT(archive_entry_pathname(entry), "a.json");
	CHECK_INT(archive_read_data(in, text, sizeof text - 1), 7);
	CHECK_TEXT(text, "{\"a\":1}");
	CHECK_INT(archive_read_next_header(in, &entry), ARCHIVE_OK);
	CHECK_INT(archive_read_next_header(in, &entry), ARCHIVE_EOF);
	archive_read_free(in);
	return NULL;
}

TEST(a_zip_has_a_ceiling)
{
	const struct zip_file file = { "a", "0123456789", 10 };
	const void *zip;
	size_t n;
	err_t *err = zip_make(t->pool, &file, 1, 0, 20, &zip, &n);

	CHECK(err && err->code == ERR_TOO_LARGE);
	err_clear(err);
	return NULL;
}
