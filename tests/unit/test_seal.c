#include "core/seal.h"
#include "core/text.h"
#include "tests/test.h"
#include <string.h>

#define K1 "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
#define K2 "k2:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="

static struct config with(const char *list)
{
	return (struct config){ .data_encryption_key = list };
}

TEST(what_is_sealed_opens_for_the_same_words_only)
{
	struct config config = with(K1);
	const char *sealed, *again, *secret;

	ERR(seal_close(t->pool, &config, "google:7:refresh", "1//0abc", &sealed));
	ERR(seal_close(t->pool, &config, "google:7:refresh", "1//0abc", &again));
	CHECK(text_starts(sealed, "k1:") && !strstr(sealed, "0abc"));
	CHECK(strcmp(sealed, again) != 0);
	ERR(seal_open(t->pool, &config, "google:7:refresh", sealed, &secret));
	CHECK_TEXT(secret, "1//0abc");
	CHECK_ERR(seal_open(t->pool, &config, "google:8:refresh", sealed, &secret), ERR_INVALID);
	return NULL;
}

TEST(a_new_key_seals_and_the_old_one_still_opens)
{
	struct config old = with(K1), both = with(K2 "," K1), later = with(K2);
	const char *sealed, *secret;

	ERR(seal_close(t->pool, &old, "x", "", &sealed));
	ERR(seal_open(t->pool, &both, "x", sealed, &secret));
	CHECK_TEXT(secret, "");
	CHECK_TEXT(seal_key(t->pool, &both), "k2");
	CHECK_ERR(seal_open(t->pool, &later, "x", sealed, &secret), ERR_CONFIG);
	ERR(seal_close(t->pool, &both, "x", "y", &sealed));
	CHECK(text_starts(sealed, "k2:"));
	return NULL;
}

TEST(what_was_tampered_with_does_not_open)
{
	struct config config = with(K1);
	const char *sealed, *secret;
	char *bent;

	ERR(seal_close(t->pool, &config, "x", "secret", &sealed));
	for (size_t i = 3; sealed[i]; i++) {
		bent = mem_text(t->pool, sealed);
		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		CHECK_ERR(seal_open(t->pool, &config, "x", bent, &secret), ERR_INVALID);
	}
	CHECK_ERR(seal_open(t->pool, &config, "x", "k1", &secret), ERR_INVALID);
	CHECK_ERR(seal_open(t->pool, &config, "x", "k1:", &secret), ERR_INVALID);
	CHECK_ERR(seal_close(t->pool, &(struct config){ .data_encryption_key = "" }, "x", "y", &sealed),
		  ERR_CONFIG);
	return NULL;
}
