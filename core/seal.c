#include "core/seal.h"

#include <sodium.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define BASE64 sodium_base64_VARIANT_ORIGINAL_NO_PADDING

/* The entry of the list that begins with "id:" (n bytes, NULL: the first); config.c has checked their form. */
static const char *entry_find(const char *list, const char *id, size_t n)
{
	while (*list) {
		list += strspn(list, ", ");
		if (!id || (strncmp(list, id, n) == 0 && list[n] == ':'))
			return *list ? list : NULL;
		list += strcspn(list, ",");
	}
	return NULL;
}

static NODISCARD err_t *key_read(const char *entry, unsigned char key[KEY])
{
	const char *base64 = strchr(entry, ':') + 1;
	size_t n = 0;

	if (sodium_base642bin(key, KEY, base64, strcspn(base64, ", "), NULL, &n, NULL,
			      sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    n != KEY)
		return err_new(ERR_CONFIG, "DATA_ENCRYPTION_KEY: a key is not 32 bytes");
	return NULL;
}

const char *seal_key(apr_pool_t *pool, const struct config *config)
{
	const char *entry = entry_find(config->data_encryption_key, NULL, 0);

	return entry ? mem_textn(pool, entry, strcspn(entry, ":")) : "";
}

err_t *seal_close(apr_pool_t *pool, const struct config *config, const char *about, const char *secret,
		  const char **ret_sealed)
{
	const char *entry = entry_find(config->data_encryption_key, NULL, 0);
	size_t n = strlen(secret), all = NONCE + n + TAG, room = sodium_base64_ENCODED_LEN(all, BASE64);
	unsigned char key[KEY], *box = mem_alloc(pool, all);
	char *base64 = mem_alloc(pool, room);

	if (!entry)
		return err_new(ERR_CONFIG, "DATA_ENCRYPTION_KEY is missing");
	ERR(key_read(entry, key));
	randombytes_buf(box, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, NULL, (const unsigned char *)secret, n,
						   (const unsigned char *)about, strlen(about), NULL, box,
						   key);
	sodium_memzero(key, sizeof key);
	sodium_bin2base64(base64, room, box, all, BASE64);
	*ret_sealed = mem_fmt(pool, "%s:%s", seal_key(pool, config), base64);
	return NULL;
}

err_t *seal_open(apr_pool_t *pool, const struct config *config, const char *about, const char *sealed,
		 const char **ret_secret)
{
	size_t id_n = strcspn(sealed, ":"), room = strlen(sealed), n = 0;
	const char *entry = entry_find(config->data_encryption_key, sealed, id_n);
	unsigned char key[KEY], *box = mem_alloc(pool, room + 1);
	char *secret = mem_alloc(pool, room + 1);
	int failed;

	if (!entry)
		return err_new(ERR_CONFIG, "no key \"%.*s\" in DATA_ENCRYPTION_KEY", (int)id_n, sealed);
	if (!sealed[id_n] ||
	    sodium_base642bin(box, room, sealed + id_n + 1, room - id_n - 1, NULL, &n, NULL, BASE64) != 0 ||
	    n < NONCE + TAG)
		return err_new(ERR_INVALID, "no sealed text");
	ERR(key_read(entry, key));
	failed = crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)secret, NULL, NULL, box + NONCE,
							    n - NONCE, (const unsigned char *)about,
							    strlen(about), box, key);
	sodium_memzero(key, sizeof key);
	if (failed)
		return err_new(ERR_INVALID, "a sealed text does not open");
	secret[n - NONCE - TAG] = '\0';
	*ret_secret = secret;
	return NULL;
}
