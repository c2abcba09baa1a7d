#include "ml/intent/intent_match.h"

#include "core/text.h"
#include "tests/test.h"
#include <string.h>

static struct intent_token first(apr_pool_t *pool, const char *text, enum lang lang)
{
	return intent_tokens_read(pool, text, 0, (int)strlen(text), lang, 8).v[0];
}

TEST(tells_forms_of_verbs)
{
	struct intent_token t1 = first(t->pool, "marque", LANG_PT), t2 = first(t->pool, "marquei", LANG_PT),
			    t3 = first(t->pool, "marcou", LANG_PT), t4 = first(t->pool, "Agendar", LANG_PT),
			    t5 = first(t->pool, "stopped", LANG_EN), t6 = first(t->pool, "concluí", LANG_PT);

	CHECK(intent_set_has(&t1.asks, IC_SCHED));
	CHECK(intent_set_has(&t2.past, IC_SCHED) && !intent_set_has(&t2.asks, IC_SCHED));
	CHECK(intent_has(&t3, IC_SCHED) && !intent_set_has(&t3.asks, IC_SCHED) &&
	      !intent_set_has(&t3.past, IC_SCHED));
	CHECK(intent_form(&t4, IF_INF) && !intent_form(&t4, IF_IMP));
	CHECK(!t5.fuzzy);
	CHECK(intent_set_has(&t6.past, IC_FINISH) && !intent_set_has(&t6.asks, IC_FINISH));
	return NULL;
}

TEST(joins_sayings_and_mends_slips)
{
	struct intent_tokens s =
		intent_tokens_read(t->pool, "não me deixa esquecer, check-in é às 9h", 0, 42, LANG_PT, 32);
	struct intent_token slip = first(t->pool, "lmebrete", LANG_PT),
			    other = first(t->pool, "girafa", LANG_PT);

	CHECK_TEXT(s.v[0].text, "nao_me_deixa_esquecer");
	CHECK(intent_set_has(&s.v[0].asks, IC_REMIND));
	CHECK(intent_has(&s.v[1], IC_COMMA));
	CHECK_TEXT(s.v[2].text, "check_in");
	CHECK(intent_has(&s.v[3], IC_BE)); /* "é", not "e" */
	CHECK(intent_has(&s.v[5], IC_NUM));
	CHECK(slip.fuzzy && intent_has(&slip, IC_REM));
	CHECK(!other.known && !other.fuzzy);
	return NULL;
}

TEST(knows_addresses_and_tags)
{
	struct intent_tokens s = intent_tokens_read(t->pool, "ana@x.com, #casa 12", 0, 19, LANG_PT, 32);

	CHECK_INT(s.n, 4);
	CHECK(intent_has(&s.v[0], IC_MAIL));
	CHECK_INT(s.v[0].end, 9);
	CHECK(intent_has(&s.v[2], IC_TAG));
	CHECK(intent_has(&s.v[3], IC_NUM));
	return NULL;
}

TEST(tables_are_well_formed)
{
	size_t patterns, room, used = intent_words_count(&room);

	CHECK_TEXT(intent_patterns_check(&patterns), NULL);
	CHECK(patterns > 300);
	CHECK_TEXT(intent_words_check(), NULL);
	CHECK(used > 2000 && used < room * 3 / 4);
	return NULL;
}

/* A slip in a table would otherwise pass in silence: the letter would ask for nothing, the word would never be met. */
TEST(slips_in_tables_are_noticed)
{
	CHECK(intent_conditions_known("") && intent_conditions_known("IBNWCPdtnquxyasv12el"));
	CHECK(!intent_conditions_known("Bz") && !intent_conditions_known("b") &&
	      !intent_conditions_known("3"));
	CHECK(intent_word_folded("a_2", 3) && intent_word_folded("ana b", 3));
	CHECK(!intent_word_folded("amanhã", 7) && !intent_word_folded("Ana", 3) &&
	      !intent_word_folded("", 0) && !intent_word_folded("e-mail", 6));
	return NULL;
}
