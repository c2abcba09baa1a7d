/* err: errors as values, chained from cause to context.
 * Needs: nothing. Used by: everything.
 * A function that can fail returns NODISCARD err_t *; NULL is success. */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include <stdbool.h>

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum err_code {
#define ERR_CODE(name, retryable, text) ERR_##name,
#include "core/err_codes.def"
#undef ERR_CODE
	ERR_CODE_COUNT
};

/* detail is for the log and carries ids and names, never what a person wrote. */
typedef struct err {
	enum err_code code;
	char *detail;
	struct err *cause;
} err_t;

/* Return early with the error of expr. */
#define ERR(expr)                         \
	do {                              \
		err_t *err_tmp_ = (expr); \
		if (err_tmp_)             \
			return err_tmp_;  \
	} while (0)

/* A new error. Lower case, subject in quotes, problem first. Never NULL; freed by err_clear. */
NODISCARD err_t *err_new(enum err_code code, const char *fmt, ...) PRINTF(2, 3);

/* Puts context in front of cause and keeps its code; NULL stays NULL. */
NODISCARD err_t *err_wrap(err_t *cause, const char *fmt, ...) PRINTF(2, 3);

/* "context: cause: cause", owned by err and valid as long as it. */
const char *err_message(err_t *err);

/* Name as in err_codes.def ("NOT_FOUND"). */
const char *err_name(enum err_code code);

/* ERR_INTERNAL when unknown. */
enum err_code err_code_of(const char *name);

/* Whether the same act may succeed later by itself. */
bool err_retryable(const err_t *err);

/* Text id of the sentence a person hears. */
const char *err_text(const err_t *err);

/* Frees the whole chain; NULL is allowed. */
void err_clear(err_t *err);

#endif
