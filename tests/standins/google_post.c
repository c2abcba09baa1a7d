/* Notifications of push channels on their way out. */
#include "tests/standins/google_world.h"

#include <curl/curl.h>
#include <stdio.h>

#define POST_MS 10000L

static size_t ignore(char *p, size_t size, size_t n, void *ctx)
{
	(void)p;
	(void)ctx;
	return size * n;
}

static err_t *put_header(void *ctx, const char *key, struct json *value)
{
	struct curl_slist **list = ctx;
	char line[2048];

	snprintf(line, sizeof line, "%s: %s", key, json_text(value, NULL));
	*list = curl_slist_append(*list, line);
	return NULL;
}

static void post_one(struct post *p)
{
	struct curl_slist *headers = NULL;
	CURL *easy = curl_easy_init();

	err_clear(json_each(p->headers, put_header, &headers));
	curl_easy_setopt(easy, CURLOPT_URL, p->url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, POST_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
	if (curl_easy_perform(easy) == CURLE_OK)
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &p->status);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
}

void *post_send(void *p)
{
	struct list *posts = p;

	for (size_t i = 0; i < posts->n; i++)
		post_one(posts->v[i]);
	return NULL;
}
