#include "tools/memory/memory_view.h"

const struct json_field memory_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct memory_row, id) },
	{ "fact", JSON_TEXT, JSON_REQUIRED, offsetof(struct memory_row, fact) },
	{ "source", JSON_TEXT, JSON_REQUIRED, offsetof(struct memory_row, source),
	  .doc = "said: the person said it" },
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct memory_row, day), .doc = "when it was kept" },
	{ 0 },
};

struct memory_row memory_row(const struct rows *rows, int row, int col)
{
	return (struct memory_row){ .id = rows_int(rows, row, col + COL_MEMORY_ID),
				    .fact = rows_text(rows, row, col + COL_MEMORY_FACT),
				    .source = rows_text(rows, row, col + COL_MEMORY_SOURCE),
				    .day = rows_text(rows, row, col + COL_MEMORY_DAY) };
}

struct json_list memory_rows(struct req *req, const struct rows *rows, int col, int max)
{
	int n = rows_count(rows) < max ? rows_count(rows) : max;
	struct memory_row *v = mem_alloc(req->pool, sizeof *v * (size_t)(n + 1));

	for (int i = 0; i < n; i++)
		v[i] = memory_row(rows, i, col);
	return (struct json_list){ .n = (size_t)n, .v = v };
}
