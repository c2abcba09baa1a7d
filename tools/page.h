/* page: long lists, ten things a message, with buttons to go on and back.
 * Needs: tool. Used by: tools. */
#ifndef TOOLS_PAGE_H
#define TOOLS_PAGE_H

#include "tools/tool.h"

#define PAGE_SIZE 10
#define PAGE_MAX 100000

/* The parameter of every tool that pages; at: its int64_t in the arguments' struct. */
#define PAGE_PARAM(at)                                                       \
	{                                                                    \
		"page", JSON_INT, 0, (at), 1, PAGE_MAX, NULL,                \
			"which page of ten, from 1; the first when left out" \
	}

struct page {
	int64_t number, count; /* from 1 */
	int64_t total;         /* things on all pages */
};

/* The page that is shown when wanted is asked for: 0 is the first, past the end is the last. */
struct page page_of(int64_t wanted, int64_t total);

/* Adds the line "page 2 of 3" to html and, in a new row, the buttons to its neighbours. filter: what the list was
 * narrowed to, one "NAME=VALUE" of the tool's parameters, or NULL. When that is too long for a button, the line
 * asks for more words instead. */
void page_end(struct req *req, struct outcome *outcome, struct buf *html, const struct page *page,
	      const char *tool, const char *filter);

#endif
