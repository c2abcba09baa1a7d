#include "bot/agent/agent_part.h"

#include "bot/turn/scrub.h"
#include "core/limits.h"
#include "core/text.h"
#include <string.h>

/* A message of words alone that asks for nothing by itself; NULL for every other: it gets its own turn, and so does
 * whatever comes after it. */
static const char *words_of(apr_pool_t *pool, const struct behind *behind)
{
	struct tg_update update;
	const char *text;
	err_t *err;

	if (!text_same(behind->kind, "message") || !behind->payload)
		return NULL;
	err = tg_update_decode(pool, behind->payload, behind->payload_n, &update);
	if (err) {
		err_clear(err);
		return NULL;
	}
	text = update.text ? text_trim(pool, update.text) : "";
	if (update.kind != TG_MESSAGE || update.media != TG_MEDIA_NONE || update.forwarded || !*text ||
	    tg_command(pool, text, NULL))
		return NULL;
	return text;
}

err_t *agent_merge(struct turn *turn, const char **ret_text, size_t *ret_n, int64_t **ret_ids)
{
	apr_pool_t *pool = turn->req->pool;
	struct buf all = buf_new(pool, LIMIT_TEXT_IN);
	struct behind *behind;
	const char *text;
	size_t n;

	ERR(queue_behind(pool, turn->claim->bot_id, turn->claim->chat_id, turn->claim->seq, &n, &behind));
	*ret_ids = mem_alloc(pool, sizeof **ret_ids * (n + 1));
	*ret_n = 0;
	buf_text(&all, turn->text);
	for (size_t i = 0; i < n; i++) {
		text = words_of(pool, &behind[i]);
		if (!text || all.n + strlen(text) + 1 >= LIMIT_TEXT_IN)
			break;
		buf_fmt(&all, "\n%s", text);
		(*ret_ids)[(*ret_n)++] = behind[i].update_id;
	}
	*ret_text = *ret_n ? scrub_text(turn, all.p) : turn->text;
	turn->merged = *ret_n > 0;
	return NULL;
}
