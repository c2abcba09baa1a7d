#include "bot/work/channel_telegram.h"

#include "bot/talk/mydata_zip.h"
#include "core/text.h"
#include <string.h>

static NODISCARD err_t *markup_read(apr_pool_t *pool, const struct sending *s, struct json **ret)
{
	*ret = NULL;
	return s->markup ? json_read(pool, s->markup, strlen(s->markup), ret) : NULL;
}

static NODISCARD err_t *send_document(struct telegram *tg, apr_pool_t *pool, const struct sending *s,
				      struct tg_result *ret)
{
	struct export_zip zip;

	ERR(mydata_zip(pool, s->chat_id, &zip));
	return tg_send_document(tg, pool, s->chat_id,
				&(struct http_part){ .name = "document",
						     .filename = zip.name,
						     .type = "application/zip",
						     .data = zip.data,
						     .n = zip.n },
				s->text, NULL, ret);
}

static err_t *send_one(void *ctx, apr_pool_t *pool, const struct sending *s, struct tg_result *ret)
{
	struct telegram *tg = ctx;
	struct json *markup;

	ERR(markup_read(pool, s, &markup));
	if (text_same(s->method, "edit"))
		return tg_edit_text(tg, pool, s->chat_id, s->target_id, s->text, markup, ret);
	if (text_same(s->method, "document"))
		return send_document(tg, pool, s, ret);
	if (text_same(s->method, "markup"))
		return tg_edit_markup(tg, pool, s->chat_id, s->target_id, markup, ret);
	if (text_same(s->method, "delete"))
		return tg_delete(tg, pool, s->chat_id, s->target_id, ret);
	return tg_send_message(tg, pool, s->chat_id, s->text, markup, s->silent, ret);
}

static err_t *typing(void *ctx, apr_pool_t *pool, int64_t chat_id)
{
	struct tg_result r;

	return tg_chat_action(ctx, pool, chat_id, "typing", &r);
}

static err_t *answer(void *ctx, apr_pool_t *pool, const char *callback_id)
{
	struct tg_result r;

	return tg_answer_callback(ctx, pool, callback_id, NULL, false, &r);
}

static err_t *file(void *ctx, apr_pool_t *pool, const char *file_id, size_t max, const char **ret_bytes,
		   size_t *ret_n)
{
	return tg_download(ctx, pool, file_id, max, ret_bytes, ret_n);
}

struct channel *channel_telegram(apr_pool_t *pool, const struct config *config, struct telegram *tg)
{
	struct channel *channel = MEM_NEW(pool, struct channel);
	int64_t rate = config->telegram_rate_per_s;

	*channel = (struct channel){ .bot_id = tg->bot_id,
				     .ctx = tg,
				     .send = send_one,
				     .typing = typing,
				     .answer = answer,
				     .file = file };
	channel->pace_s = rate ? 1.0 / (double)rate : 0;
	channel->chat_pace_s = rate ? 1 : 0; /* Telegram: about one message a second in one chat */
	return channel;
}
