/* Updates of any bytes: decoded or refused, the head in agreement with the whole, every text clean. */
#include "integrations/telegram/telegram_update.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct tg_update *u, const struct tg_head *h)
{
	const char *const texts[] = { u->text,          u->language_code, u->first_name,
				      u->last_name,     u->username,      u->callback_id,
				      u->callback_data, u->file_id,       u->file_unique_id,
				      u->file_name,     u->mime,          u->media_group_id,
				      u->member_status, h->language_code, h->command,
				      h->code,          h->callback_id,   h->callback_data };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		must_be_text(texts[i]);
	MUST(u->update_id >= 0 && u->update_id == h->update_id && u->kind == h->kind);
	if (u->kind == TG_OTHER) /* nobody reads the rest */
		return;
	MUST(u->chat_id == h->chat_id && u->from_id == h->from_id && u->from_is_bot == h->from_is_bot);
	MUST(h->chat_private == (u->chat_type == TG_CHAT_PRIVATE));
	MUST(text_same(u->callback_id, h->callback_id) && text_same(u->callback_data, h->callback_data));
	MUST(u->kind != TG_CALLBACK || u->callback_id);
	MUST(u->file_size >= 0);
	MUST(!h->command || strlen(h->command) <= 33);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct tg_update update;
	struct tg_head head;
	err_t *whole = tg_update_decode(pool, (const char *)data, n, &update),
	      *part = tg_head_decode(pool, (const char *)data, n, &head);

	/* What ingest took in, a worker must be able to read. */
	MUST(part || !whole);
	if (!whole && !part)
		check(&update, &head);
	must_be(whole, ERR_INVALID, ERR_INVALID);
	must_be(part, ERR_INVALID, ERR_INVALID);
	pool_free(pool);
	return 0;
}
