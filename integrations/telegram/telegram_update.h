/* telegram_update: one Update of the Bot API as a struct; pure.
 * Needs: json, text, crypt. Used by: ingest (the head), turn (the whole).
 * Telegram adds fields and kinds with every release: what is unknown is skipped, never refused. */
#ifndef INTEGRATIONS_TELEGRAM_TELEGRAM_UPDATE_H
#define INTEGRATIONS_TELEGRAM_TELEGRAM_UPDATE_H

#include "core/mem.h"
#include <stdint.h>

enum tg_kind { TG_OTHER, TG_MESSAGE, TG_EDITED, TG_CALLBACK, TG_MEMBER };
enum tg_chat_type { TG_CHAT_UNKNOWN, TG_CHAT_PRIVATE, TG_CHAT_GROUP, TG_CHAT_SUPERGROUP, TG_CHAT_CHANNEL };
enum tg_media {
	TG_MEDIA_NONE,
	TG_MEDIA_VOICE,
	TG_MEDIA_PHOTO,
	TG_MEDIA_DOCUMENT,
	TG_MEDIA_LOCATION,
	TG_MEDIA_OTHER
};

/* Texts are valid UTF-8 without NUL, in the pool, NULL when absent; ids are 0 when absent. */
struct tg_update {
	int64_t update_id;
	enum tg_kind kind;
	int64_t chat_id;
	enum tg_chat_type chat_type;
	int64_t from_id;
	bool from_is_bot;
	int64_t message_id; /* of the message itself; 0 for other kinds */
	int64_t date;       /* unix seconds */
	const char *text;   /* text, or the caption of a file */
	const char *language_code, *first_name, *last_name, *username; /* of the sender */
	const char *callback_id, *callback_data; /* callback_id is never NULL when kind is TG_CALLBACK */
	int64_t callback_message_id;
	bool callback_picture; /* it has no text that could be edited */
	enum tg_media media;
	const char *file_id, *file_unique_id, *file_name, *mime; /* of a photo: its largest size */
	int64_t file_size;          /* bytes as the sender says; 0 = unknown; may exceed 2^31 */
	double latitude, longitude; /* of TG_MEDIA_LOCATION */
	bool forwarded;
	const char *media_group_id; /* an album arrives as several updates with one of these */
	const char
		*member_status; /* TG_MEMBER: new_chat_member.status, "kicked" = the person blocked the bot */
};

/* What ingest needs to know of an update before anyone handles it. */
struct tg_head {
	int64_t update_id;
	enum tg_kind kind;
	int64_t chat_id;
	bool chat_private;
	int64_t from_id;
	bool from_is_bot;
	const char *language_code;
	const char *command; /* as tg_command; NULL when the text is no command */
	const char *code; /* canonical pairing code when the text, or what follows /start, looks like one */
	const char *callback_id, *callback_data;
};

/* ERR_INVALID when body is not one JSON object with an integer update_id of 0..2^52; whatever is odd
 * beyond that gives TG_OTHER or absent fields. */
NODISCARD err_t *tg_update_decode(apr_pool_t *pool, const char *body, size_t n, struct tg_update *ret_update);
NODISCARD err_t *tg_head_decode(apr_pool_t *pool, const char *body, size_t n, struct tg_head *ret_head);

/* The command text begins with: "/Stop@LembraBot now" gives "/stop", and *ret_rest (may be NULL) points at
 * "now" in text ("" when nothing follows). NULL when it is none: Telegram's are 1-32 of a-z 0-9 _. */
const char *tg_command(apr_pool_t *pool, const char *text, const char **ret_rest);

#endif
