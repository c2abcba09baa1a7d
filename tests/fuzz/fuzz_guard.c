/* What a person writes on its way to a model and back: nothing planted gets through, what is not secret comes back. */
#include "core/limits.h"
#include "ml/guard/guard.h"
#include "tests/fuzz/fuzz.h"

static const char *const planted[] = {
	"529.982.247-25",  "52998224725",         "11.222.333/0001-81",
	"(11) 91234-5678", "11912345678",         "123e4567-e12b-12d1-a456-426655440000",
	"ana@exemplo.com", "+351 912 345 678",    "AKIAIOSFODNN7EXAMPLE",
	"senha: s3gr3d0",  "4111 1111 1111 1111",
};
enum { PLANTED = sizeof planted / sizeof planted[0] };

static void check_mask(struct guard *guard, apr_pool_t *pool, const char *text, const char *value)
{
	const char *masked = NULL, *restored;

	must_be(guard_mask(guard, text, &masked), ERR_INTERNAL, ERR_INTERNAL);
	must_be_text(masked);
	MUST(masked && !strstr(masked, value));
	restored = guard_restore(guard, pool, masked);
	must_be_text(restored);
	if (!(guard_found(guard) & GUARD_NEVER_BACK) && !strchr(masked, '~'))
		MUST(strcmp(restored, text) == 0);
}

/* As a model's answer: nothing that this guard has not seen, placeholders written in any way. */
static void check_answer(struct guard *fresh, apr_pool_t *pool, const char *text, const char *value)
{
	const char *answer = NULL;

	must_be(guard_answer(fresh, pool, text, &answer), ERR_TOO_LARGE, ERR_TOO_LARGE);
	must_be_text(answer);
	MUST(!answer || !strstr(answer, value));
}

static void check_json(struct guard *guard, apr_pool_t *pool, const char *text, const char *value)
{
	struct json *j = json_object(pool), *inner = json_array(pool), *masked = NULL;

	json_push_text(inner, text);
	json_set(j, "a", inner);
	must_be(guard_mask_json(guard, j, &masked), ERR_INTERNAL, ERR_INTERNAL);
	MUST(!strstr(json_write(pool, masked), value));
	must_be_text(json_write(pool, guard_restore_json(guard, pool, masked)));
}

static const char *part(apr_pool_t *pool, const uint8_t *data, size_t n)
{
	return text_utf8_clean(pool, (const char *)data, n < LIMIT_TEXT_IN ? n : LIMIT_TEXT_IN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	apr_pool_t *pool = pool_root();
	struct guard *guard = guard_new(pool, "seed", PRIVACY_MASK),
		     *fresh = guard_new(pool, "other", PRIVACY_MASK);
	const char *value = planted[n ? data[0] % PLANTED : 0];
	const char *before = part(pool, data, n / 2), *after = part(pool, data + n / 2, n - n / 2), *text;
	unsigned kinds;

	/* On a line of its own: within a longer word it is no such value. */
	if (!strstr(before, value) && !strstr(after, value)) {
		text = mem_fmt(pool, "%s\n%s\n%s", before, value, after);
		check_mask(guard, pool, text, value);
		check_json(guard, pool, text, value);
		check_answer(fresh, pool, text, value);
		must_be_text(guard_scrub(pool, text, &kinds));
	}
	pool_free(pool);
	return 0;
}
