#include "core/crypt.h"
#include "core/text.h"
#include "tests/test.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TEST(random_hex_has_its_length_and_differs)
{
	crypt_init();
	const char *a = crypt_random_hex(t->pool, 16), *b = crypt_random_hex(t->pool, 16);

	CHECK_INT(strlen(a), 32);
	CHECK_INT(strspn(a, "0123456789abcdef"), 32);
	CHECK(!text_same(a, b));
	return NULL;
}

TEST(no_random_id_comes_twice)
{
	const char *ids[300];

	crypt_init();
	for (size_t i = 0; i < 300; i++) {
		ids[i] = crypt_random_hex(t->pool, 16);
		for (size_t k = 0; k < i; k++)
			CHECK(!text_same(ids[i], ids[k]));
	}
	CHECK_INT(strlen(crypt_random_hex(t->pool, 5000)), 10000);
	return NULL;
}

TEST(a_child_has_ids_of_its_own)
{
	char of_child[33] = "";
	int fds[2], status = 0;

	crypt_init();
	(void)crypt_random_hex(t->pool, 16);
	CHECK(pipe(fds) == 0);

	pid_t pid = fork();
	if (pid == 0)
		_exit(write(fds[1], crypt_random_hex(t->pool, 16), 32) == 32 ? 0 : 1);
	CHECK(pid > 0);
	CHECK_INT(read(fds[0], of_child, 32), 32);
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	close(fds[0]);
	close(fds[1]);
	CHECK(!text_same(of_child, crypt_random_hex(t->pool, 16)));
	return NULL;
}

TEST(a_code_comes_back_as_people_type_it)
{
	crypt_init();
	const char *code = crypt_code(t->pool), *canon = crypt_code_canon(t->pool, code);

	CHECK_INT(strlen(code), 23);
	CHECK(code[5] == '-' && code[11] == '-' && code[17] == '-');
	CHECK_INT(strlen(canon), 20);
	CHECK(!strpbrk(canon, "01IO"));
	CHECK_TEXT(crypt_code_canon(t->pool, text_fold(t->pool, code)), canon);
	CHECK_TEXT(crypt_code_canon(t->pool, mem_fmt(t->pool, " %s ", canon)), canon);
	CHECK(!text_same(crypt_code(t->pool), code));
	return NULL;
}

TEST(what_is_no_code_has_no_form)
{
	CHECK_TEXT(crypt_code_canon(t->pool, "abcde fghjk-23456 mnpqr"), "ABCDEFGHJK23456MNPQR");
	CHECK(crypt_code_canon(t->pool, "ABCDE-FGHJK-23456-MNPQ") == NULL);
	CHECK(crypt_code_canon(t->pool, "ABCDE-FGHJK-23456-MNPQRS") == NULL);
	CHECK(crypt_code_canon(t->pool, "ABCDE-FGHJK-23456-MNPQ0") == NULL);
	CHECK(crypt_code_canon(t->pool, "ABCDE-FGHJK-23456-MNPQI") == NULL);
	CHECK(crypt_code_canon(t->pool, "ABCDE-FGHJK-23456-MNPQ\xC3\xA9") == NULL);
	CHECK(crypt_code_canon(t->pool, "") == NULL);
	CHECK(crypt_code_canon(t->pool, NULL) == NULL);
	return NULL;
}

/* RFC 7693 parameters; value of `printf abc | b2sum -l 256`. */
TEST(hash_is_blake2b_256)
{
	crypt_init();
	CHECK_TEXT(crypt_hash_hex(t->pool, "abc", 3),
		   "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
	return NULL;
}

TEST(equal_only_when_all_of_it_is)
{
	char secret[] = "secret";

	crypt_init();
	CHECK(crypt_equal("secret", "secret"));
	CHECK(!crypt_equal("secret", "secreT"));
	CHECK(!crypt_equal("secre", "secret"));
	CHECK(!crypt_equal("", "secret"));
	CHECK(!crypt_equal(NULL, "secret"));
	crypt_wipe(secret, sizeof(secret));
	CHECK_TEXT(secret, "");
	return NULL;
}
