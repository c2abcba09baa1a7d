/* llm_formats: each provider's requests read and checked, and its answers written.
 * Needs: llm_world. Used by: llm_main of standin-llm.
 * A check refuses whatever the documents forbid, also where a real server would only warn. */
#ifndef TESTS_STANDINS_LLM_FORMATS_H
#define TESTS_STANDINS_LLM_FORMATS_H

#include "tests/standins/llm_world.h"

/* Reads model, said, round and stream, and checks everything; false: ask->why says what is wrong. */
bool gemini_check(struct ask *ask);
bool openai_check(struct ask *ask);
bool anthropic_check(struct ask *ask);

/* The step as a body; may be asked for as a stream. */
const char *gemini_say(struct ask *ask, const struct play *play);
const char *openai_say(struct ask *ask, const struct play *play);
const char *anthropic_say(struct ask *ask, const struct play *play);

/* An error body. */
const char *gemini_error(struct ask *ask, unsigned status, const char *kind, const char *message,
			 const struct play *play);
const char *openai_error(struct ask *ask, const char *kind, const char *message);
const char *anthropic_error(struct ask *ask, const char *kind, const char *message);

/* --- media ---------------------------------------------------------------------------------------------------- */

/* Long base64 of the body, taken out before it is read and kept: "@<place> <bytes> <hash>" stands for it. */
struct lifted {
	const unsigned char *p;
	size_t n;
};
void media_lift(struct ask *ask);

/* What stands where a person's media stand, checked as the services do. */
bool gemini_media(struct ask *ask, const struct json *inline_data);
bool openai_media(struct ask *ask, const struct json *part);
bool anthropic_media(struct ask *ask, const struct json *block);

/* --- vectors -------------------------------------------------------------------------------------------------- */

/* Batches of Gemini, OpenAI (also its imitators) and Ollama. One text gives the same vector always, another another. */
bool embed_check(struct ask *ask);
const char *embed_say(struct ask *ask, const struct play *play);

/* --- shared --------------------------------------------------------------------------------------------------- */

/* Notes a refusal and gives false. */
bool refuse(struct ask *ask, unsigned status, const char *kind, const char *fmt, ...) PRINTF(4, 5);
/* Whether o is an object with no members but these words. */
bool only_fields(struct ask *ask, const struct json *o, const char *words, const char *where);
/* "data: {json}" and its blank line, with an event line before it when event is not NULL. */
void sse_put(struct buf *b, apr_pool_t *pool, const char *event, const struct json *data);
struct json *object1(apr_pool_t *pool, const char *key, const char *text);

#endif
