#include "tests/test.h"

#include <string.h>

static err_t *fails(void)
{
	ERR(err_wrap(err_new(ERR_TIMEOUT, "step %d took too long", 7), "turn"));
	return err_new(ERR_INTERNAL, "not reached");
}

TEST(message_goes_from_context_to_cause)
{
	err_t *err = err_wrap(fails(), "update \"%d\"", 12);

	CHECK_INT(err->code, ERR_TIMEOUT);
	CHECK_TEXT(err_message(err), "update \"12\": turn: step 7 took too long");
	CHECK_TEXT(err_message(err), "update \"12\": turn: step 7 took too long");
	err_clear(err);
	return NULL;
}

TEST(wrap_after_message_keeps_the_chain)
{
	err_t *err = err_wrap(err_new(ERR_DB, "c"), "b");

	CHECK_TEXT(err_message(err), "b: c");
	err = err_wrap(err, "a");
	CHECK_TEXT(err_message(err), "a: b: c");
	err_clear(err);
	return NULL;
}

TEST(no_cause_no_error)
{
	CHECK(err_wrap(NULL, "nothing failed") == NULL);
	err_clear(NULL);
	return NULL;
}

TEST(codes_carry_name_retry_and_text)
{
	err_t *busy = err_new(ERR_DB_RETRY, "serialization"), *gone = err_new(ERR_NOT_FOUND, "task");

	CHECK(err_retryable(busy));
	CHECK(!err_retryable(gone));
	CHECK_TEXT(err_text(busy), "error.busy");
	CHECK_TEXT(err_text(gone), "error.not_found");
	CHECK_TEXT(err_name(ERR_LEASE_LOST), "LEASE_LOST");
	for (enum err_code c = 0; c < ERR_CODE_COUNT; c++)
		CHECK(strlen(err_name(c)) > 0);
	err_clear(busy);
	err_clear(gone);
	return NULL;
}
