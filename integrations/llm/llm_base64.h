/* llm_base64: standard base64 (RFC 4648, padded), written where it is to stand.
 * Needs: nothing. Used by: llm_media, llm_vector. */
#ifndef INTEGRATIONS_LLM_LLM_BASE64_H
#define INTEGRATIONS_LLM_LLM_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters of n bytes. */
size_t llm_base64_size(size_t n);
/* Writes them; no NUL. */
void llm_base64_write(char *to, const void *from, size_t n);

/* The bytes of n characters, which are at most n / 4 * 3: to holds as many. false: it is no base64. */
bool llm_base64_read(const char *from, size_t n, void *to, size_t *ret_n);

#endif
