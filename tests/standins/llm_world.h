/* llm_world: the stand-in's script, what it was asked, and one request on its way to an answer.
 * Needs: json. Used by: the other files of standin-llm.
 * One thread serves everything, so nothing here is locked. */
#ifndef TESTS_STANDINS_LLM_WORLD_H
#define TESTS_STANDINS_LLM_WORLD_H

#include "core/json.h"

enum wire { WIRE_NONE, WIRE_GEMINI, WIRE_OPENAI, WIRE_ANTHROPIC, WIRE_OLLAMA };

/* One request. What a check finds wrong stays in why. */
struct ask {
	apr_pool_t *pool;
	enum wire wire;
	const char *path;     /* with its query */
	struct json *headers; /* names in lower case */
	const char *raw;
	size_t raw_n;
	struct json *body;
	const char *model;
	const char *said; /* the person's last text */
	int64_t round;    /* answers of the model since then */
	bool stream;
	bool embed;            /* vectors are wanted, no answer */
	struct lifted *lifted; /* media that stand as "@0 ..." in raw and body */
	size_t lifted_n;
	unsigned status;  /* of the refusal */
	const char *why;  /* NULL: nothing is wrong */
	const char *kind; /* of the refusal: "INVALID_ARGUMENT", "invalid_request_error" ... */
};

/* One step of the script, ready to be said. */
struct play {
	const char *text;
	struct json *calls; /* [{name,args}] or NULL */
	const char *fault;  /* or NULL */
	const char *model;  /* that says it answered */
	const char *retry_delay;
	int64_t in, cached, out, thoughts;
	int64_t delay_ms, retry_after_s;
	bool stream;
};

struct answer {
	unsigned status;
	const char *type, *body;
	int64_t retry_after_s; /* 0: no header */
	int64_t delay_ms;
	int64_t huge; /* so many bytes instead of the body */
	bool drop;    /* the connection ends without an answer */
	bool cut;     /* it ends in the middle of the body */
};

struct world {
	const char *key; /* NULL: any */
	int64_t serial;  /* grows with each call that is given out */
};
extern struct world world;

void world_init(int64_t keep);
/* Keeps the request for GET /control/requests. */
void world_record(const struct ask *ask);
/* And what the request that was kept last is answered with. */
void world_answered(const char *body);
/* The step whose turn it is; the fixed answer when there is none. */
void world_play(struct ask *ask, struct play *ret);
/* The tests' side: script, key, reset, requests. */
void world_control(apr_pool_t *pool, const char *path, const struct json *body, struct answer *ret);
/* A text that is hard to guess and belongs to what: signatures, reasoning. 64 characters, all good base64. */
const char *world_seal(apr_pool_t *pool, const char *what);

#endif
