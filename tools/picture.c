#include "tools/picture.h"

#include "core/limits.h"
#include "core/req.h"
#include "integrations/telegram/telegram_html.h"
#include <string.h>

/* Well-formed, and no longer than a caption may be. */
static NODISCARD err_t *short_of(apr_pool_t *pool, const char *html, const char **ret)
{
	const char **parts;
	size_t n;

	ERR(tg_html_split(pool, html, LIMIT_TG_CAPTION, &n, &parts));
	*ret = n ? parts[0] : "";
	return NULL;
}

static const char *first_line(apr_pool_t *pool, const char *html)
{
	return mem_textn(pool, html, strcspn(html, "\n"));
}

err_t *picture_put(struct tx *tx, const struct outgoing *message, const char *caption, int *ret_parts)
{
	apr_pool_t *pool = tx_req(tx)->pool;
	struct outgoing m = *message;
	const char **parts;
	size_t n;

	*ret_parts = 1;
	if (tg_html_units(m.text) <= LIMIT_TG_CAPTION)
		return outbox_put(tx, &m);
	ERR(tg_html_split(pool, m.text, LIMIT_TG_TEXT, &n, &parts));
	ERR(short_of(pool, caption ? caption : first_line(pool, m.text), &m.text));
	m.markup = NULL;
	ERR(outbox_put(tx, &m));
	m.chart = m.replaces = NULL;
	m.method = "send";
	for (size_t i = 0; i < n; i++) {
		m.part++;
		m.text = parts[i];
		m.markup = i + 1 == n ? message->markup : NULL;
		ERR(outbox_put(tx, &m));
	}
	*ret_parts = m.part - message->part + 1;
	return NULL;
}
