#include "ml/guard/guard.h"

#include "core/limits.h"
#include "tests/test.h"
#include "tests/unit/guard_shape.h"

TEST(one_value_one_placeholder_under_one_seed)
{
	struct guard *one = guard_new(t->pool, "seed one", PRIVACY_MASK),
		     *other = guard_new(t->pool, "seed two", PRIVACY_MASK),
		     *replay = guard_new(t->pool, "seed one", PRIVACY_MASK);
	const char *first, *second, *third, *fourth;

	ERR(guard_mask(one, CPF, &first));
	ERR(guard_mask(one, CPF, &second));
	ERR(guard_mask(other, CPF, &third));
	ERR(guard_mask(replay, "x " CPF, &fourth));
	CHECK_TEXT(second, first);
	CHECK_TEXT(fourth + 2, first);
	CHECK(strcmp(first, third) != 0);
	CHECK_TEXT(guard_restore(replay, t->pool, first), CPF);
	CHECK_TEXT(guard_restore(other, t->pool, first), HIDDEN);
	return NULL;
}

TEST(restores_what_models_make_of_placeholders)
{
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	const char *masked, *hex;
	const char *forms[] = { "[EMAIL_%s]",   "[email_%s]",   "\\[EMAIL\\_%s\\]", "`[EMAIL_%s]`",
				"[ EMAIL_%s ]", "[EMAIL _ %s]", "EMAIL_%s",         "`EMAIL_%s`",
				"[Email_%s]",   "[E-MAIL_%s]" };

	ERR(guard_mask(guard, "ana@exemplo.com", &masked));
	hex = mem_textn(t->pool, masked + 7, 12);
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct buf b = buf_new(t->pool, 256);
		const char *at = strstr(forms[i], "%s");

		buf_text(&b, "para ");
		buf_put(&b, forms[i], (size_t)(at - forms[i]));
		buf_text(&b, hex);
		buf_text(&b, at + 2);
		buf_text(&b, ", ok");
		ERR(err_wrap(test_text(__FILE__, __LINE__, forms[i], guard_restore(guard, t->pool, b.p),
				       i == 9                  ? "para [E-ana@exemplo.com], ok"
				       : strchr(forms[i], '`') ? "para `ana@exemplo.com`, ok"
							       : "para ana@exemplo.com, ok"),
			     "%s", forms[i]));
	}
	CHECK_TEXT(guard_restore(guard, t->pool, mem_fmt(t->pool, "`%s`", masked)), "ana@exemplo.com");
	CHECK_TEXT(guard_restore(guard, t->pool, mem_fmt(t->pool, "mailto:%s;%s", masked, masked)),
		   "mailto:ana@exemplo.com;ana@exemplo.com");
	/* Unknown, and what is none. */
	CHECK_TEXT(guard_restore(guard, t->pool, "x [CPF_0123456789ab] y"), "x " HIDDEN " y");
	CHECK_TEXT(guard_restore(guard, t->pool, "a_b __init__ snake_case_0123456789ab [CPF_]"),
		   "a_b __init__ snake_case_0123456789ab [CPF_]");
	CHECK_TEXT(guard_restore(guard, t->pool, ""), "");
	return NULL;
}

TEST(never_gives_secrets_back)
{
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	const char *masked, *answer;

	ERR(guard_mask(guard, "senha: abc123, cartão 4111 1111 1111 1111, cpf " CPF, &masked));
	CHECK(!strstr(masked, "abc123") && !strstr(masked, "4111"));
	CHECK_INT(guard_found(guard), GUARD_SECRET | GUARD_CARD | GUARD_CPF);
	CHECK_TEXT(guard_restore(guard, t->pool, masked), "senha: " HIDDEN ", cartão " HIDDEN ", cpf " CPF);
	ERR(guard_answer(guard, t->pool, masked, &answer));
	CHECK_TEXT(answer, "senha: " HIDDEN ", cartão " HIDDEN ", cpf " CPF);
	/* Known or not: the model may have read it elsewhere. */
	guard_know(guard, "senha: abc123 e 4111 1111 1111 1111");
	ERR(guard_answer(guard, t->pool, "A senha é abc123 e o cartão 4111111111111111", &answer));
	CHECK_TEXT(answer, "A senha é " HIDDEN " e o cartão " HIDDEN);
	return NULL;
}

TEST(links_of_a_model_give_nothing_away)
{
	static const char *const links[] = { "https://x.example/?d=%s",
					     "[ver](https://x.example/%s)",
					     "http://%s.x.example/",
					     "www.x.example?%s",
					     "x.example/a/%s",
					     "tg://resolve?domain=%s",
					     "https://x.example/?d=1&e=%s&f" };
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	const char *masked, *own;

	ERR(guard_mask(guard, CPF, &masked));
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		const char *at = strstr(links[i], "%s");
		const char *text =
			mem_fmt(t->pool, "%.*s%s%s", (int)(at - links[i]), links[i], masked, at + 2);

		if (strstr(guard_restore(guard, t->pool, text), CPF))
			return err_new(ERR_INTERNAL, "\"%s\" gives a CPF away", text);
	}
	CHECK_TEXT(guard_restore(guard, t->pool, mem_fmt(t->pool, "a/c %s, Sr. Ana: %s", masked, masked)),
		   "a/c " CPF ", Sr. Ana: " CPF);
	/* The person's own link comes back as it was, in no other one. */
	ERR(guard_mask(guard, "guarda https://x.example/u/ana@exemplo.com ok", &own));
	CHECK_TEXT(guard_restore(guard, t->pool, own), "guarda https://x.example/u/ana@exemplo.com ok");
	own = strchr(own, '[');
	CHECK(!strstr(guard_restore(guard, t->pool, mem_fmt(t->pool, "https://y.example/u/%s", own)),
		      "ana@"));
	return NULL;
}

TEST(answers_show_only_what_is_known)
{
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	const char *masked, *answer, *twice;

	ERR(guard_mask(guard, "liga para (11) 91234-5678", &masked));
	guard_know(guard, "Ana Souza, ana@exemplo.com, " CPF_BARE);
	ERR(guard_answer(
		guard, t->pool,
		mem_fmt(t->pool,
			"%s: Ana (+55 11 91234-5678, 91234-5678, ANA@exemplo.com, " CPF
			"), Bia (21 99876-5432, bia@exemplo.com, 111.444.777-35), [CPF_0123456789ab].",
			masked),
		&answer));
	CHECK_TEXT(answer,
		   "liga para (11) 91234-5678: Ana (+55 11 91234-5678, 91234-5678, ANA@exemplo.com, " CPF
		   "), Bia (" HIDDEN ", " HIDDEN ", " HIDDEN "), " HIDDEN ".");
	ERR(guard_answer(guard, t->pool, answer, &twice));
	CHECK_TEXT(twice, answer);
	return NULL;
}

TEST(policies)
{
	struct guard *block = guard_new(t->pool, "seed", PRIVACY_BLOCK),
		     *off = guard_new(t->pool, "seed", PRIVACY_OFF);
	const char *masked = NULL;
	struct json *j = json_object(t->pool), *out = NULL;
	unsigned kinds;

	json_set_text(j, "password", "abc");
	ERR(guard_mask(block, "bom dia", &masked));
	CHECK_TEXT(masked, "bom dia");
	CHECK_INT(guard_found(block), 0);
	CHECK_ERR(guard_mask(block, "cpf " CPF, &masked), ERR_DENIED);
	CHECK_TEXT(masked, "bom dia");
	CHECK_INT(guard_found(block), GUARD_CPF);
	CHECK_ERR(guard_mask_json(block, j, &out), ERR_DENIED);
	CHECK(!out);
	ERR(guard_mask(off, "cpf " CPF " senha: abc", &masked));
	CHECK_TEXT(masked, "cpf " CPF " senha: abc");
	ERR(guard_answer(off, t->pool, "bia@exemplo.com", &masked));
	CHECK_TEXT(masked, "bia@exemplo.com");
	ERR(guard_mask_json(off, j, &out));
	CHECK_TEXT(json_write(t->pool, out), "{\"password\":\"abc\"}");
	CHECK_TEXT(guard_scrub(t->pool, "cpf " CPF ", senha: abc, 4111111111111111", &kinds),
		   "cpf " CPF ", senha: " HIDDEN ", " HIDDEN);
	CHECK_INT(kinds, GUARD_SECRET | GUARD_CARD);
	CHECK_TEXT(guard_scrub(t->pool, "cpf " CPF ", senha: " HIDDEN, &kinds),
		   "cpf " CPF ", senha: " HIDDEN);
	CHECK_INT(kinds, 0);
	return NULL;
}

TEST(fails_closed)
{
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	char *large = mem_alloc(t->pool, LIMIT_GUARD_TEXT + 2);
	const char *text = "before";
	struct json *j = NULL, *out = NULL;

	CHECK_ERR(guard_mask(guard, "\xFF", &text), ERR_INVALID);
	CHECK_ERR(guard_mask(guard, "cpf " CPF "\xC3", &text), ERR_INVALID);
	CHECK_ERR(guard_mask(guard, NULL, &text), ERR_INVALID);
	CHECK_ERR(guard_answer(guard, t->pool, "\xC0\x80", &text), ERR_INVALID);
	memset(large, 'a', LIMIT_GUARD_TEXT + 1);
	CHECK_ERR(guard_mask(guard, large, &text), ERR_TOO_LARGE);
	CHECK_ERR(guard_answer(guard, t->pool, large, &text), ERR_TOO_LARGE);
	CHECK_TEXT(text, "before");
	ERR(json_read(t->pool, "[\"a\\u0000" CPF "\"]", strlen("[\"a\\u0000" CPF "\"]"), &j));
	CHECK_ERR(guard_mask_json(guard, j, &out), ERR_INVALID);
	guard_know(guard, "\xFF");
	guard_know(guard, NULL);
	return NULL;
}

TEST(masks_json_at_any_depth)
{
	static const char in[] =
		"{\"ana@exemplo.com\":1,\"a\":[\"cpf " CPF
		"\",{\"b\":{\"c\":\"oi\",\"d\":\"ana@exemplo.com\"}}],"
		"\"n\":52998224725,\"f\":52998224725.0,\"order\":98765432109,\"pi\":3.14,\"t\":true,\"x\":false,\"z\":null,"
		"\"phone\":\"2132345678\",\"tel\":2132345678,\"other\":2132345678,\"password\":\"gato\",\"senha\":\"\",\"e\":[],\"o\":{}}";
	static const char expected[] =
		"{\"ana@exemplo.com\":1,\"a\":[\"cpf {CPF}\",{\"b\":{\"c\":\"oi\",\"d\":\"{EMAIL}\"}}],"
		"\"n\":\"{CPF}\",\"f\":\"{CPF}\",\"order\":98765432109,\"pi\":3.14,\"t\":true,\"x\":false,\"z\":null,"
		"\"phone\":\"{PHONE}\",\"tel\":\"{PHONE}\",\"other\":2132345678,\"password\":\"{SECRET}\",\"senha\":\"\",\"e\":[],\"o\":{}}";
	static const char restored[] =
		"{\"ana@exemplo.com\":1,\"a\":[\"cpf " CPF
		"\",{\"b\":{\"c\":\"oi\",\"d\":\"ana@exemplo.com\"}}],"
		"\"n\":\"52998224725\",\"f\":\"52998224725\",\"order\":98765432109,\"pi\":3.14,\"t\":true,\"x\":false,\"z\":null,"
		"\"phone\":\"2132345678\",\"tel\":\"2132345678\",\"other\":2132345678,\"password\":\"" HIDDEN
		"\",\"senha\":\"\",\"e\":[],\"o\":{}}";
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	struct json *j, *masked;

	ERR(json_read(t->pool, in, strlen(in), &j));
	ERR(guard_mask_json(guard, j, &masked));
	CHECK_TEXT(shape(t->pool, json_write(t->pool, masked)), expected);
	CHECK_TEXT(json_write(t->pool, guard_restore_json(guard, t->pool, masked)), restored);
	CHECK_TEXT(json_write(t->pool, j), in);
	return NULL;
}
