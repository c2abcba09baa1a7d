#include "ml/guard/guard.h"

#include "core/limits.h"
#include "core/text.h"
#include "tests/test.h"
#include "tests/unit/guard_shape.h"
#include <stdlib.h>

static const char *mask_shape(apr_pool_t *pool, const char *text)
{
	struct guard *guard = guard_new(pool, "0123456789abcdef", PRIVACY_MASK);
	const char *masked = NULL;
	err_t *err = guard_mask(guard, text, &masked);

	if (err) {
		const char *name = err_name(err->code);

		err_clear(err);
		return name;
	}
	return shape(pool, masked);
}

struct case_of {
	const char *text, *expected; /* NULL: nothing is found */
};

static NODISCARD err_t *check_cases(struct test *t, const struct case_of *cases, size_t n)
{
	struct buf wrong = buf_new(t->pool, 1 << 20);

	for (size_t i = 0; i < n; i++) {
		const char *got = mask_shape(t->pool, cases[i].text);
		const char *expected = cases[i].expected ? cases[i].expected : cases[i].text;

		if (strcmp(got, expected) != 0)
			buf_fmt(&wrong, "\n  \"%s\"\n    is \"%s\", expected \"%s\"", cases[i].text, got,
				expected);
	}
	return wrong.p ? err_new(ERR_INTERNAL, "%s", wrong.p) : NULL;
}
#define CASES(cases) ERR(check_cases(t, cases, sizeof cases / sizeof cases[0]))

static const struct case_of numbers[] = {
	{ "meu cpf é 529.982.247-25", "meu cpf é {CPF}" },
	{ "CPF:52998224725.", "CPF:{CPF}." },
	{ "cpf52998224725", "cpf{CPF}" },
	{ "529 982 247 25", "{CPF}" },
	{ "529.982.247/25", "{CPF}" },
	{ "529982247-25, e o dela 111.444.777-35!", "{CPF}, e o dela {CPF}!" },
	{ "(52998224725)", "({CPF})" },
	{ "my tax id is 111.444.777-35 (Brazil)", "my tax id is {CPF} (Brazil)" },
	{ "cnpj 11.222.333/0001-81", "cnpj {CNPJ}" },
	{ "11222333000181", "{CNPJ}" },
	{ "o novo 12.ABC.345/01DE-35 vale", "o novo {CNPJ} vale" },
	{ "12.abc.345/01de-35", "{CNPJ}" },
	{ "12ABC34501DE35", "{CNPJ}" },
	{ "cartão 4111 1111 1111 1111 val 12/29", "cartão {CARD} val 12/29" },
	{ "card 4111-1111-1111-1111", "card {CARD}" },
	{ "5555555555554444", "{CARD}" },
	{ "amex 3782 822463 10005", "amex {CARD}" },
	{ "378282246310005", "{CARD}" },
	{ "30569309025904", "{CARD}" },
	{ "4222222222222", "{CARD}" },
	{ "2223003122003222", "{CARD}" },
	/* phones */
	{ "+55 11 91234-5678", "{PHONE}" },
	{ "+5511912345678", "{PHONE}" },
	{ "(11) 91234-5678", "{PHONE}" },
	{ "(11)912345678", "{PHONE}" },
	{ "11912345678", "{PHONE}" },
	{ "me liga no 11 9 1234-5678 amanhã às 14h", "me liga no {PHONE} amanhã às 14h" },
	{ "11 912 345 678", "{PHONE}" },
	{ "11.91234.5678", "{PHONE}" },
	{ "55 11 91234 5678", "{PHONE}" },
	{ "011 91234-5678", "{PHONE}" },
	{ "fixo (21) 3234-5678", "fixo {PHONE}" },
	{ "21 3234-5678", "{PHONE}" },
	{ "91234-5678", "{PHONE}" },
	{ "tel 3234-5678", "tel {PHONE}" },
	{ "telefone: 2132345678", "telefone: {PHONE}" },
	{ "whatsapp 912345678", "whatsapp {PHONE}" },
	{ "0800 123 4567", "{PHONE}" },
	{ "0800-123-4567", "{PHONE}" },
	{ "08001234567", "{PHONE}" },
	{ "+1 (415) 555-2671", "{PHONE}" },
	{ "+351 912 345 678", "{PHONE}" },
	{ "+44 20 7946 0958", "{PHONE}" },
	{ "call me at 415-555-2671", "call me at {PHONE}" },
	{ "(415) 555-2671", "{PHONE}" },
	{ "tel11912345678", "tel{PHONE}" },
	{ "CPF/fone: 52998224725/11912345678", "CPF/fone: {CPF}/{PHONE}" },
	{ "52998224725,11912345678", "{CPF},{PHONE}" },
	{ "12 52998224725", "12 {CPF}" },
	{ "6\n4111 1111 1111 1111\n6123 6", "6\n{CARD}\n6123 6" }, /* no row of a table */
	{ CPF "\n9999999999999999999999999", "{CPF}\n9999999999999999999999999" },
};

TEST(masks_numbers_of_people)
{
	CASES(numbers);
	return NULL;
}

static const struct case_of others[] = {
	{ "escreve para ana.souza+casa@exemplo.com.br.", "escreve para {EMAIL}." },
	{ "mailto:a@b.co", "mailto:{EMAIL}" },
	{ "<joão@exemplo.com>", "<{EMAIL}>" },
	{ "+ana@exemplo.com", "{EMAIL}" },
	{ "-ana@exemplo.com", "{EMAIL}" },
	{ "_ana_@exemplo.com", "{EMAIL}" },
	{ "CPF_abcdef@exemplo.com", "{EMAIL}" },
	{ "52998224725-ana@exemplo.com", "{EMAIL}" },
	{ "o'neil@mail.example.org, bob@x.io", "{EMAIL}, {EMAIL}" },
	{ "ana@exemplo.рф", "{EMAIL}" },
	{ "chave pix " UUID, "chave pix {PIX}" },
	{ "PIX: 123E4567-E12B-12D1-A456-426655440000", "PIX: {PIX}" },
	/* in a link it names a page */
	{ "https://exemplo.com/doc/" UUID "?v=1", NULL },
	/* tricks */
	{ "５２９.９８２.２４７-２５", "{CPF}" },
	{ "529\u200B.982\u200B.247-25", "{CPF}" },
	{ "5\u200D2\u20609\uFEFF98224725", "{CPF}" },
	{ "529\u00A0982\u00A0247\u00A025", "{CPF}" },
	{ "529․982․247‑25", "{CPF}" },
	{ "529.982.247–25", "{CPF}" },
	{ "𝟓𝟐𝟗𝟗𝟖𝟐𝟐𝟒𝟕𝟐𝟓", "{CPF}" },
	{ "5️⃣2️⃣9️⃣9️⃣8️⃣2️⃣2️⃣4️⃣7️⃣2️⃣5️⃣", "{CPF}" },
	{ "⑤②⑨⑨⑧②②④⑦②⑤", "{CPF}" },
	{ "5 2 9 9 8 2 2 4 7 2 5", "{CPF}" },
	{ "٥٢٩٩٨٢٢٤٧٢٥", "{CPF}" },
	{ "（１１）９１２３４－５６７８", "{PHONE}" },
	{ "аna@ехеmplo.com", "{EMAIL}" }, /* Cyrillic a, e, x */
	{ "ana＠exemplo．com", "{EMAIL}" },
	{ "ana@exem\u00ADplo.com", "{EMAIL}" },
	{ "жора@exemplo.com", "{EMAIL}" },
	{ "4111\u20091111\u20091111\u20091111", "{CARD}" },
	{ "电话11912345678，谢谢", "电话{PHONE}，谢谢" },
	{ "“52998224725”", "“{CPF}”" },
};

TEST(masks_other_values_and_sees_through_tricks)
{
	CASES(others);
	return NULL;
}

static const struct case_of secrets[] = {
	{ "senha: x", "senha: {SECRET}" },
	{ "Senha: Abc123!", "Senha: {SECRET}" },
	{ "minha senha é x", "minha senha é {SECRET}" },
	{ "minha senha é flamengo", "minha senha é {SECRET}" },
	{ "minha senha é gato preto", "minha senha é {SECRET}" },
	{ "minha senha e 1234", "minha senha e {SECRET}" },
	{ "senha 1234", "senha {SECRET}" },
	{ "a senha do wifi é casa2024", "a senha do wifi é {SECRET}" },
	{ "A senha do wi-fi da casa da minha avó é 12345678.",
	  "A senha do wi-fi da casa da minha avó é {SECRET}." },
	{ "a senha do banco: 4321, não esquece", "a senha do banco: {SECRET}, não esquece" },
	{ "a nova senha será \"um dois tres\" ok", "a nova senha será \"{SECRET}\" ok" },
	{ "senha=hunter2&user=ana", "senha={SECRET}" },
	{ "https://x.io/?token=abc123&user=ana", "https://x.io/?token={SECRET}&user=ana" },
	{ "password is x", "password is {SECRET}" },
	{ "my password is hunter2, ok?", "my password is {SECRET}, ok?" },
	{ "the password for the office router is blue sky",
	  "the password for the office router is {SECRET}" },
	{ "Password:\nhunter2", "Password:\n{SECRET}" },
	{ "{\"password\": \"abc def\"}", "{\"password\": \"{SECRET}\"}" },
	{ "DB_PASSWORD='s3cr3t'", "DB_PASSWORD='{SECRET}'" },
	{ "senha -> abc123", "senha -> {SECRET}" },
	{ "**senha**: abc123", "**senha**: {SECRET}" },
	{ "ѕenha: abc123", "ѕenha: {SECRET}" },
	{ "s\u200Benha: abc123", "s\u200Benha: {SECRET}" },
	{ "SENHA： abc123", "SENHA： {SECRET}" },
	{ "pin: 4821", "pin: {SECRET}" },
	{ "o pin do cartão é 4821", "o pin do cartão é {SECRET}" },
	{ "cvv 123", "cvv {SECRET}" },
	{ "código de segurança: 987", "código de segurança: {SECRET}" },
	{ "your verification code is 482913", "your verification code is {SECRET}" },
	{ "token=9f8e7d6c", "token={SECRET}" },
	{ "token: 9f8e7d6c5b", "token: {SECRET}" },
	{ "OPENAI_API_KEY=abcdef", "OPENAI_API_KEY={SECRET}" },
	{ "api key 9f8e7d6c5b4a", "api key {SECRET}" },
	{ "minha chave de api é k3y-9f8e7d6c", "minha chave de api é {SECRET}" },
	{ "Authorization: Bearer abc123def456", "Authorization: Bearer {SECRET}" },
	{ "usa sk-proj-" KEY_TAIL, "usa {SECRET}" },
	{ "AIza" KEY_TAIL, "{SECRET}" },
	{ "ghp_" KEY_TAIL ".", "{SECRET}." },
	{ "AKIAIOSFODNN7EXAMPLE", "{SECRET}" },
	{ "xoxb-123456789012-abcdef", "{SECRET}" },
	{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "{SECRET}" },
	{ "123456789:AA" KEY_TAIL, "{SECRET}" },
	{ "postgres://ana:s3cr3t@db.exemplo.com/x", "postgres://ana:{SECRET}@db.exemplo.com/x" },
	{ "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nfim", "{SECRET}\nfim" },
	{ "-----BEGIN PRIVATE KEY-----\nMIIE", "{SECRET}" },
	{ "minha senha do gov.br é Abc@2024", "minha senha do gov.br é {SECRET}" },
	{ "senha wifi: casa 123 anota", "senha wifi: {SECRET} anota" },
	{ "a senha mudou para gato", "a senha mudou para {SECRET}" },
	{ "a senha do netflix gato123", "a senha do netflix {SECRET}" },
	{ "my wifi password is now sunshine", "my wifi password is now {SECRET}" },
	{ "seed phrase: apple river moon stone cloud", "seed phrase: {SECRET}" },
	{ "senha do email ana@exemplo.com: abc123", "senha do email {EMAIL}: {SECRET}" },
	{ "senha do ana@exemplo.com é 1234", "senha do {EMAIL} é {SECRET}" },
};

TEST(masks_secrets)
{
	CASES(secrets);
	return NULL;
}

static const struct case_of nothing[] = {
	{ "pedido 123456789", NULL },
	{ "pedido 1234567890 saiu", NULL },
	{ "protocolo 20261121143000", NULL },
	{ "order #98765432109 shipped", NULL },
	{ "nota fiscal 000.123.456", NULL },
	{ "11/12/2026", NULL },
	{ "de 11/12/2026 a 13/12/2026 às 14:30", NULL },
	{ "2026-11-21 14:30:00", NULL },
	{ "2026-11-21T14:30:00-03:00", NULL },
	{ "21.11.2026 10h30", NULL },
	{ "14h30 às 15h45", NULL },
	{ "R$ 1.234.567,89", NULL },
	{ "R$ 11.912.345.678", NULL },
	{ "custa R$ 11912345678", NULL },
	{ "US$ 4,500.00 + 10%", NULL },
	{ "versão 1.2.3.4567 e 10.15.7", NULL },
	{ "192.168.100.200", NULL },
	{ "CEP 01310-100", NULL },
	{ "01310100", NULL },
	{ "529.982.247-26", NULL }, /* wrong check digit */
	{ "52998224726", NULL },
	{ "111.111.111-11", NULL },
	{ "11.222.333/0001-82", NULL },
	{ "12.ABC.345/01DE-36", NULL },
	{ "4111 1111 1111 1112", NULL },
	{ "1732345678", NULL }, /* seconds since 1970 */
	{ "1732345678901", NULL },
	{ "2024-2025", NULL },
	{ "11 22 33 44 55 60", NULL },
	{ "04 12 23 34 45 56", NULL },
	{ "capítulo 3, versículos 10-15", NULL },
	{ "ISBN 978-85-333-0227-3", NULL },
	{ "placar 3-1, 10-0", NULL },
	{ "35240112345678000195550010000012341000012345", NULL },
	{ "1/2 xícara, 200 ml, 180 graus", NULL },
	{ "me segue: @ana_souza", NULL },
	{ "ana@localhost", NULL },
	{ "preço @ 10.50", NULL },
	{ "https://exemplo.com/@ana/posts/12", NULL },
	{ "a1b2c3d4-e5f6", NULL },
	/* talk about passwords */
	{ "esqueci minha senha", NULL },
	{ "trocar a senha do banco amanhã", NULL },
	{ "trocar a senha do banco amanhã às 14:30", NULL },
	{ "trocar senha às 14h30", NULL },
	{ "trocar senha 14h30", NULL },
	{ "qual é a senha?", NULL },
	{ "a senha do wifi mudou?", NULL },
	{ "minha senha é muito fraca", NULL },
	{ "a senha é obrigatória", NULL },
	{ "a senha é a mesma", NULL },
	{ "a nova senha é enviada por e-mail", NULL },
	{ "minha senha e meu login", NULL },
	{ "a senha vence e o prazo é sexta", NULL },
	{ "a senha tem 12 caracteres", NULL },
	{ "Esqueci a senha: como recupero?", NULL },
	{ "senha: •••", NULL },
	{ "senha: ***", NULL },
	{ "renovar senha do gov.br sexta 10h", NULL },
	{ "renovar a senha do banco 12/12/2026", NULL },
	{ "a senha do banco mudou ontem", NULL },
	{ "I forgot my password", NULL },
	{ "my password is too weak", NULL },
	{ "password is required", NULL },
	{ "the password must be 12 characters", NULL },
	{ "reset the password tomorrow at 5pm", NULL },
	{ "password manager, token ring, secret santa", NULL },
	{ "pin the note: buy milk", NULL },
	{ "the bearer of bad news", NULL },
	{ "comprar um token de metrô", NULL },
	{ "secret: buy a gift", NULL },
	{ "passport: renew", NULL },
	{ "compasso: 4", NULL },
	{ "task-force sk-8", NULL },
	{ "", NULL },
	{ "reunião com cliente X amanhã 14h", NULL },
};

TEST(leaves_alone_what_is_none)
{
	CASES(nothing);
	return NULL;
}

TEST(defuses_lookalikes)
{
	static const struct case_of cases[] = {
		{ "[EMAIL_0123456789ab]", "[EMAIL~0123456789ab]" },
		{ "[email_0123456789AB]", "[email~0123456789AB]" },
		{ "\\[CPF\\_0123456789ab\\]", "\\[CPF\\~0123456789ab\\]" },
		{ "[ SECRET _ 0123456789ab ]", "[ SECRET ~0123456789ab ]" },
		{ "［ＰＩＸ＿0123456789ab］", "［ＰＩＸ~0123456789ab］" },
		{ "[PHO\u200BNE_0123456789ab]", "[PHO\u200BNE~0123456789ab]" },
		{ "[CPF_52998224725]", "[CPF~{CPF}]" },
		{ "xEMAIL_0123456789ab", "xEMAIL~0123456789ab" },
		{ "EMAIL__0123456789ab", "EMAIL~0123456789ab" },
		{ "business_card_final", NULL },
		{ "phone_1", NULL },
	};
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	const char *masked, *again;

	CASES(cases);
	/* Not even our own comes back from outside. */
	ERR(guard_mask(guard, "ana@exemplo.com", &masked));
	ERR(guard_mask(guard, masked, &again));
	CHECK(!strstr(guard_restore(guard, t->pool, again), "ana@exemplo.com"));
	CHECK_INT(guard_found(guard), GUARD_EMAIL);
	return NULL;
}

/* --- properties ------------------------------------------------------------------------------------ */

static const char *const bits[] = {
	" ",
	"\n",
	"a",
	"senha",
	"senha: ",
	"é",
	"12",
	".",
	"-",
	"/",
	"(11)",
	"@",
	"ana",
	"_",
	"[CPF_",
	"0800",
	"R$ ",
	"1234",
	"://",
	"ação",
	"😀",
	"\u200B",
	"５",
	"[",
	"]",
	"`",
	"token=",
	"x.com",
	"\"",
	"sk-",
	"eyJ",
	"pin ",
	":",
	"password",
	" is ",
	"4111",
	"2026-11-21 14:30",
	"-----BEGIN ",
	"PRIVATE KEY-----",
	"é ",
	", ",
	"CPF ",
	"+55 ",
	"%",
	"c9",
	"Ж",
};
static const char *const planted[] = {
	CPF,  CPF_BARE,          "11.222.333/0001-81", "(11) 91234-5678", "11912345678", "ana@exemplo.com",
	UUID, "+351 912 345 678"
};

static const char *random_text(apr_pool_t *pool, unsigned *seed, int n)
{
	struct buf b = buf_new(pool, 1 << 16);

	for (int i = 0; i < n; i++)
		buf_text(&b, bits[(unsigned)rand_r(seed) % (sizeof bits / sizeof bits[0])]);
	return b.p ? b.p : "";
}

/* A value on a line of its own never gets through, and what is not secret comes back as it was. */
TEST(leaks_nothing_in_random_text)
{
	unsigned seed = 20261121;

	for (int round = 0; round < 20000; round++) {
		apr_pool_t *pool = pool_child(t->pool);
		struct guard *guard = guard_new(pool, "seed", PRIVACY_MASK);
		const char *value = planted[round % 8], *text, *masked, *restored;
		unsigned kinds;

		text = mem_fmt(pool, "%s\n%s\n%s", random_text(pool, &seed, round % 40), value,
			       random_text(pool, &seed, round % 23));
		ERR(guard_mask(guard, text, &masked));
		if (strstr(masked, value))
			return err_new(ERR_INTERNAL, "round %d: \"%s\" leaks \"%s\"", round, text, value);
		CHECK(text_utf8_valid(masked, strlen(masked)));
		restored = guard_restore(guard, pool, masked);
		if (!(guard_found(guard) & GUARD_NEVER_BACK) && !strchr(masked, '~') &&
		    strcmp(restored, text) != 0)
			return err_new(ERR_INTERNAL, "round %d: \"%s\" comes back as \"%s\"", round, text,
				       restored);
		restored = guard_scrub(pool, text, &kinds);
		/* ... where a scrubbed one cannot become part of a link's. */
		if (!strstr(text, "://") && strcmp(guard_scrub(pool, restored, &kinds), restored) != 0)
			return err_new(ERR_INTERNAL, "round %d: \"%s\" is scrubbed twice", round, restored);
		pool_free(pool);
	}
	return NULL;
}

static NODISCARD err_t *passes(struct test *t, const char *text, size_t times)
{
	struct guard *guard = guard_new(t->pool, "seed", PRIVACY_MASK);
	struct buf b = buf_new(t->pool, LIMIT_GUARD_TEXT);
	const char *masked;

	while (b.n + strlen(text) < times)
		buf_text(&b, text);
	/* Looked at again and again, it would outlast the suite's patience: 200,000 squared. */
	ERR(guard_mask(guard, b.p, &masked));
	CHECK(*masked);
	return NULL;
}

TEST(no_text_takes_for_ever)
{
	static const char *const worst[] = {
		"reunião com a Ana amanhã às 14h, CPF 529.982.247-25, e-mail ana@exemplo.com; ",
		"a.",
		"a-",
		"1 ",
		"1",
		"eyJ-",
		"eyJ.",
		"senha ",
		"senha de ",
		"senha é ",
		"://a:",
		"-----BEGIN ",
		"@a.",
		"_a",
		"[CPF_ ",
		"[CPF \\",
		"(1",
		"+1-",
		"Ж",
		"\u200B",
		"123456:",
		"sk-a.",
		"BEGIN PRIVATE KEY ",
		"123e4567-",
		"curl -u ",
		"mysql curl ",
		"senha | ",
		"senha ( ",
		"a é a minha ",
		"a arroba ",
		"a ponto ",
		"a@b. ",
		"um ",
		"vinte e ",
		"1\n",
		"1*",
		"pix a1b2c3d4",
		"conta da ",
		"ag 1234 ",
		"BR12 ABCD ",
		"\"a",
		"例",
		"authorization: basic ",
	};

	for (size_t i = 0; i < sizeof worst / sizeof worst[0]; i++)
		ERR(passes(t, worst[i], 200000));
	return NULL;
}
