/* limits: every ceiling in one list.
 * Needs: nothing. Used by: everything. */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

#define LIMIT_WEBHOOK_BODY (1024 * 1024)    /* bytes of one POST /webhook/telegram */
#define LIMIT_ADMIN_BODY (64 * 1024)        /* bytes of one admin request */
#define LIMIT_QUERY_BYTES (16 * 1024)       /* of a URL's query, or of a form */
#define LIMIT_QUERY_PAIRS 100               /* names in it */
#define LIMIT_HANDOVERS 256                 /* people's requests of one web process that wait for workers */
#define LIMIT_STREAMS 256                   /* answers kept open in one process */
#define LIMIT_STREAM_QUEUE (64 * 1024)      /* bytes that wait for a slow client; above it, it is dropped */
#define LIMIT_HTTP_REPLY (4 * 1024 * 1024)  /* bytes taken of an answer from outside */
#define LIMIT_JSON_DEPTH 32                 /* nesting of JSON from outside */
#define LIMIT_JSON_BYTES (4 * 1024 * 1024)  /* size of JSON from outside */
#define LIMIT_PARKED 1024                   /* updates waiting for the group commit; above it 503 */
#define LIMIT_INGEST_BATCH 512              /* updates in one group commit */
#define LIMIT_MESSAGE_BYTES (64 * 1024)     /* text rendered for one reply, before splitting */
#define LIMIT_TEXT_IN 16384                 /* bytes of one incoming message that we handle as text */
#define LIMIT_GUARD_TEXT (256 * 1024)       /* bytes of one text on its way to a model */
#define LIMIT_EXPORT (48 * 1024 * 1024)     /* bytes of a ZIP of everything, of each file in it too */
#define LIMIT_PROMPT (128 * 1024)           /* bytes of one prompt */
#define LIMIT_STEPS 6                       /* times that a model is asked in one turn */
#define LIMIT_CALLS 16                      /* tool calls that are taken of one answer of a model */
#define LIMIT_OFFERED 20                    /* tools that a model is offered at once */
#define LIMIT_LOG_LINE 4096                 /* bytes of one log line */
#define LIMIT_CACHE_ENTRIES 4096            /* values cached in one process, where there is no Redis */
#define LIMIT_CACHE_BYTES (4 * 1024 * 1024) /* of these; one value at most a quarter */
#define LIMIT_FIBERS 4096                   /* fibers alive in one process */
#define LIMIT_ATTEMPTS 6                    /* tries of an update before it is a dead letter */
#define LIMIT_SEND_ATTEMPTS 1500            /* tries of an outgoing message, a minute apart: about a day */
#define LIMIT_TG_TEXT 4096                  /* UTF-16 units after parsing (Telegram) */
#define LIMIT_TG_CAPTION 1024               /* the same, of a picture */
#define LIMIT_TG_CALLBACK 64                /* bytes of callback_data (Telegram) */

/* What goes to models besides prompts. */
#define LIMIT_MEDIA_PART \
	(20 * 1024 * 1024) /* bytes of a picture, a sound, a document: a file of Telegram's */
#define LIMIT_MEDIA_REQUEST (22 * 1024 * 1024) /* of all in one request: in base64 under Anthropic's 32 MB */
#define LIMIT_MEDIA_PARTS 20           /* of one request: above it Anthropic takes small pictures only */
#define LIMIT_EMBED_TEXTS 1024         /* texts that are made vectors of in one call */
#define LIMIT_EMBED_TEXT (6 * 1024)    /* bytes of one: under 2048 tokens, the least that a model reads */
#define LIMIT_EMBED_DIMENSIONS 4096    /* floats of one vector */
#define LIMIT_EMBED_FLOATS (64 * 1024) /* of one answer: as JSON under LIMIT_JSON_BYTES */

#endif
