#include "bot/work/channel_telegram.h"

#include "bot/talk/mydata_zip.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"
#include "ml/chart/chart_png.h"
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

/* The words of a picture that cannot be shown. */
static NODISCARD err_t *send_caption(struct telegram *tg, apr_pool_t *pool, const struct sending *s,
				     const struct json *markup, const char *why, struct tg_result *ret)
{
	log_event(LOG_ERROR, "chart_failed", KV_I("outbox_id", s->id), KV_S("error", why));
	return tg_send_message(tg, pool, s->chat_id, s->text, markup, s->silent, ret);
}

/* A refused picture did not arrive: its words may go without it. */
static NODISCARD err_t *send_photo(struct telegram *tg, apr_pool_t *pool, const struct sending *s,
				   const struct json *markup, struct tg_result *ret)
{
	struct http_part photo = { .name = "photo", .filename = "chart.png", .type = "image/png" };
	const char *png, *why;
	err_t *err = chart_png(pool, s->chart ? s->chart : "", &png, &photo.n);

	if (err && err->code == ERR_CANCELLED) {
		*ret = (struct tg_result){ .outcome = TG_UNSENT, .description = "" };
		return err;
	}
	if (err) {
		why = mem_text(pool, err_message(err));
		err_clear(err);
		return send_caption(tg, pool, s, markup, why, ret);
	}
	photo.data = png;
	ERR(tg_send_photo(tg, pool, s->chat_id, &photo, s->text, markup, s->silent, ret));
	if (ret->outcome != TG_REFUSED && ret->outcome != TG_TOO_LONG)
		return NULL;
	return send_caption(tg, pool, s, markup, "refused", ret);
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
	if (text_same(s->method, "photo"))
		return send_photo(tg, pool, s, markup, ret);
	if (text_same(s->method, "markup"))
		return tg_edit_markup(tg, pool, s->chat_id, s->target_id, markup, ret);
	if (text_same(s->method, "delete") && !s->target_id) { /* it never was there */
		*ret = (struct tg_result){ .outcome = TG_OK, .description = "" };
		return NULL;
	}
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
