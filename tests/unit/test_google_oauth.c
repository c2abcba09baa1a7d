#include "core/clock.h"
#include "core/crypt.h"
#include "core/json.h"
#include "core/query.h"
#include "core/text.h"
#include "integrations/google/google_oauth.h"
#include "tests/test.h"
#include <string.h>

static const struct config config = { .google_client_id = "client",
				      .google_client_secret = "secret",
				      .google_auth_base = "https://accounts.google.com",
				      .google_token_base = "https://oauth2.googleapis.com",
				      .public_url = "https://lembra.example.org" };

TEST(what_is_granted_is_known_by_all_its_scopes)
{
	const char *auth = "https://www.googleapis.com/auth/";

	CHECK_INT(google_scopes_allow("openid email"), 0);
	CHECK_INT(google_scopes_allow(google_scopes(t->pool, 1U << GOOGLE_CALENDAR)), 1U << GOOGLE_CALENDAR);
	/* Half of what the calendar needs is not the calendar. */
	CHECK_INT(google_scopes_allow(mem_fmt(t->pool, "%scalendar.events openid", auth)), 0);
	CHECK_INT(google_scopes_allow(mem_fmt(t->pool, "%sgmail.modify", auth)),
		  1U << GOOGLE_MAIL_READ | 1U << GOOGLE_MAIL_CHANGE);
	CHECK_INT(google_scopes_allow(mem_fmt(t->pool, "%sgmail.sendx", auth)), 0);
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++) {
		CHECK(google_scopes_allow(google_scopes(t->pool, 1U << f)) & 1U << f);
		CHECK_INT(google_feature_of(google_feature_name(f)), f);
	}
	CHECK_INT(google_feature_of("all"), GOOGLE_FEATURES);
	return NULL;
}

TEST(the_address_of_consent_says_what_google_wants_and_no_secret)
{
	struct google_grant ask = { .features = 1U << GOOGLE_CALENDAR,
				    .state = "S",
				    .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
				    .nonce = "N" };
	const char *url = google_oauth_url(t->pool, &config, &ask), *q = strchr(url, '?') + 1;
	struct query query;

	CHECK(text_starts(url, "https://accounts.google.com/o/oauth2/v2/auth?"));
	ERR(query_parse(t->pool, q, strlen(q), &query));
	CHECK_TEXT(query_value(&query, "redirect_uri", 0),
		   "https://lembra.example.org/oauth/google/callback");
	CHECK_TEXT(query_value(&query, "access_type", 0), "offline");
	CHECK_TEXT(query_value(&query, "include_granted_scopes", 0), "true");
	/* RFC 7636, appendix B. */
	CHECK_TEXT(query_value(&query, "code_challenge", 0), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	CHECK_TEXT(query_value(&query, "code_challenge_method", 0), "S256");
	CHECK(!query_value(&query, "prompt", 0) && !query_value(&query, "login_hint", 0));
	CHECK(!strstr(url, "secret") && !strstr(url, ask.verifier));
	ask.consent = true;
	ask.email = "ana+x@example.org";
	CHECK(strstr(google_oauth_url(t->pool, &config, &ask), "&prompt=consent&"));
	CHECK(strstr(google_oauth_url(t->pool, &config, &ask), "login_hint=ana%2Bx%40example.org"));
	return NULL;
}

static const char *jwt(apr_pool_t *pool, const char *claims)
{
	return mem_fmt(pool, "e30.%s.c2ln", crypt_base64url(pool, claims, strlen(claims)));
}

static err_t *claims(struct test *t, const char *iss, const char *aud, int64_t exp, const char *nonce)
{
	struct google_tokens tokens = { 0 };
	const char *text =
		mem_fmt(t->pool,
			"{\"iss\":\"%s\",\"aud\":\"%s\",\"exp\":%lld,\"iat\":1000,\"nonce\":\"%s\","
			"\"sub\":\"7\",\"email\":\"ana@example.org\"}",
			iss, aud, (long long)exp, nonce);

	ERR(google_oauth_claims(t->pool, &config, jwt(t->pool, text), "N", 2000 * SECOND_US, &tokens));
	CHECK_TEXT(tokens.sub, "7");
	CHECK_TEXT(tokens.email, "ana@example.org");
	return NULL;
}

TEST(an_id_token_is_for_us_now_and_of_this_consent)
{
	struct google_tokens tokens = { 0 };

	ERR(claims(t, "https://accounts.google.com", "client", 3000, "N"));
	ERR(claims(t, "accounts.google.com", "client", 1800, "N")); /* within the skew */
	CHECK_ERR(claims(t, "https://evil.example", "client", 3000, "N"), ERR_INVALID);
	CHECK_ERR(claims(t, "accounts.google.com", "other", 3000, "N"), ERR_INVALID);
	CHECK_ERR(claims(t, "accounts.google.com", "client", 1600, "N"), ERR_INVALID);
	CHECK_ERR(claims(t, "accounts.google.com", "client", 3000, "M"), ERR_INVALID);
	CHECK_ERR(google_oauth_claims(t->pool, &config, "nonsense", "N", 0, &tokens), ERR_INVALID);
	CHECK_ERR(google_oauth_claims(t->pool, &config, "a.!!!.c", "N", 0, &tokens), ERR_INVALID);
	return NULL;
}
