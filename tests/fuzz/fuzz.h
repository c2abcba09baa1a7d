/* fuzz: what every target shares.
 * Needs: mem, libFuzzer. Used by: tests/fuzz.
 * A target that finds something wrong aborts, which keeps the input. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "core/crypt.h"
#include "core/mem.h"
#include "core/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define MUST(cond)                                                                           \
	do {                                                                                 \
		if (!(cond)) {                                                               \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #cond); \
			abort();                                                             \
		}                                                                            \
	} while (0)

/* Frees an error; it may only be one of these. */
static inline void must_be(err_t *err, enum err_code one, enum err_code other)
{
	if (!err)
		return;
	if (err->code != one && err->code != other) {
		fprintf(stderr, "unexpected: %s\n", err_message(err));
		abort();
	}
	err_clear(err);
}

static inline void must_be_text(const char *s)
{
	MUST(!s || text_utf8_valid(s, strlen(s)));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	mem_init();
	crypt_init();
	return 0;
}

#endif
