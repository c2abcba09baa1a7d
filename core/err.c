#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	bool retryable;
	const char *text;
} codes[ERR_CODE_COUNT] = {
#define ERR_CODE(name, retryable, text) [ERR_##name] = { #name, retryable, text },
#include "core/err_codes.def"
#undef ERR_CODE
};

static PRINTF(1, 0) char *format(const char *fmt, va_list args)
{
	char *s;

	if (vasprintf(&s, fmt, args) < 0)
		abort();
	return s;
}

static err_t *make(enum err_code code, char *detail, err_t *cause)
{
	err_t *err = malloc(sizeof(*err));

	if (!err)
		abort();
	*err = (err_t){ .code = code, .detail = detail, .cause = cause };
	return err;
}

err_t *err_new(enum err_code code, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	char *detail = format(fmt, args);
	va_end(args);
	return make(code, detail, NULL);
}

err_t *err_wrap(err_t *cause, const char *fmt, ...)
{
	if (!cause)
		return NULL;

	va_list args;
	va_start(args, fmt);
	char *detail = format(fmt, args);
	va_end(args);
	return make(cause->code, detail, cause);
}

/* The chain folds into its head, so that the text lives and dies with it and asking twice says the same. */
const char *err_message(err_t *err)
{
	size_t n = 0;

	if (!err->cause)
		return err->detail;
	for (const err_t *e = err; e; e = e->cause)
		n += strlen(e->detail) + 2;

	char *text = malloc(n + 1), *end = text;
	if (!text)
		abort();
	for (const err_t *e = err; e; e = e->cause) {
		end = stpcpy(end, e->detail);
		if (e->cause)
			end = stpcpy(end, ": ");
	}
	free(err->detail);
	err->detail = text;
	err_clear(err->cause);
	err->cause = NULL;
	return text;
}

const char *err_name(enum err_code code)
{
	return code < ERR_CODE_COUNT ? codes[code].name : "UNKNOWN";
}

enum err_code err_code_of(const char *name)
{
	for (enum err_code code = 0; code < ERR_CODE_COUNT; code++)
		if (strcmp(codes[code].name, name) == 0)
			return code;
	return ERR_INTERNAL;
}

bool err_retryable(const err_t *err)
{
	return codes[err->code].retryable;
}

const char *err_text(const err_t *err)
{
	return codes[err->code].text;
}

void err_clear(err_t *err)
{
	while (err) {
		err_t *cause = err->cause;
		free(err->detail);
		free(err);
		err = cause;
	}
}
