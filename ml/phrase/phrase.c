#include "ml/phrase/phrase.h"

#include "core/clock.h"
#include "core/config.h"
#include "core/limits.h"
#include "core/log.h"
#include "core/text.h"
#include "integrations/llm/llm.h"
#include "ml/prompt/prompt.h"
#include <ctype.h>
#include <string.h>

enum { DEADLINE_MS = 20000, ANSWER_TOKENS = 400, ANSWER_BYTES = 4000, SENTENCE_FACTS = 4 };

/* Folded words that a sentence may not hold: numbers, denials, comparisons, causes, advice. What begins so is meant too where a star
 * says it. */
static const char *const forbidden[] = {
	/* numbers */
	"um",
	"uma",
	"dois",
	"duas",
	"tres",
	"quatro",
	"cinco",
	"seis",
	"sete",
	"oito",
	"nove",
	"dez",
	"onze",
	"doze",
	"trinta",
	"cem",
	"mil",
	"metade",
	"terco",
	"duzia",
	"nenhum",
	"nenhuma",
	"zero",
	"one",
	"two",
	"three",
	"four",
	"five",
	"six",
	"seven",
	"eight",
	"nine",
	"ten",
	"eleven",
	"twelve",
	"half",
	"twice",
	"third",
	"none",
	"once",
	"treze",
	"catorze",
	"quatorze",
	"quinze",
	"dezesseis",
	"dezessete",
	"dezoito",
	"dezenove",
	"vint*",
	"quarenta",
	"cinquenta",
	"sessenta",
	"setenta",
	"oitenta",
	"noventa",
	"cento",
	"centen*",
	"duzent*",
	"trezent*",
	"quatrocent*",
	"quinhent*",
	"seiscent*",
	"setecent*",
	"oitocent*",
	"novecent*",
	"milhao",
	"milhar*",
	"milhoes",
	"bilh*",
	"dezena*",
	"duzias",
	"dobr*",
	"dupl*",
	"tripl*",
	"ambos",
	"ambas",
	"primeir*",
	"segundo",
	"terceir*",
	"quarto",
	"quinto",
	"thirteen",
	"fourteen",
	"fifteen",
	"sixteen",
	"seventeen",
	"eighteen",
	"nineteen",
	"twent*",
	"thirt*",
	"fifty",
	"sixty",
	"seventy",
	"eighty",
	"ninety",
	"hundred*",
	"thousand*",
	"million*",
	"billion*",
	"dozen*",
	"doubl*",
	"halv*",
	"quarter*",
	"thrice",
	"both",
	"couple",
	"pair",
	"first",
	"second",
	"fourth",
	"fifth",
	"forty",
	"segunda",
	"terca",
	"quarta",
	"quinta",
	"sexta",
	"sabado",
	"domingo",
	"monday",
	"tuesday",
	"wednesday",
	"thursday",
	"friday",
	"saturday",
	"sunday",
	/* denials, and what leaves a fact half true */
	"nao",
	"nem",
	"nada",
	"sem",
	"quase",
	"apenas",
	"somente",
	"so",
	"falt*",
	"falh*",
	"deix*",
	"perd*",
	"not",
	"nor",
	"nothing",
	"without",
	"cannot",
	"didn",
	"doesn",
	"don",
	"wasn",
	"weren",
	"isn",
	"aren",
	"hasn",
	"haven",
	"hadn",
	"couldn",
	"won",
	"almost",
	"nearly",
	"hardly",
	"barely",
	"only",
	"just",
	"fail*",
	"miss*",
	"lack*",
	"lost",
	/* comparisons */
	"mais",
	"menos",
	"melhor*",
	"pior*",
	"maior*",
	"menor*",
	"super*",
	"acima",
	"abaixo",
	"aument*",
	"diminu*",
	"cresc*",
	"subi*",
	"cai*",
	"caiu",
	"recorde",
	"more",
	"less",
	"fewer",
	"better",
	"best",
	"worse",
	"worst",
	"higher",
	"lower",
	"most",
	"least",
	"above",
	"below",
	"increas*",
	"decreas*",
	"improv*",
	"rose",
	"fell",
	"grew",
	"drop*",
	"record",
	"than",
	"todo*",
	"toda*",
	"todos",
	"sempre",
	"nunca",
	"all",
	"every*",
	"always",
	"never",
	/* causes and advice */
	"causa*",
	"porque",
	"devido",
	"gracas",
	"por isso",
	"leva*",
	"cause*",
	"because",
	"due",
	"thanks",
	"therefore",
	"medic*",
	"remedio*",
	"doctor*",
	"doenca*",
	"diagnos*",
	"deveria*",
	"should",
	"must",
};

static bool is_forbidden(const char *word)
{
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
		size_t n = strlen(forbidden[i]);
		bool open = forbidden[i][n - 1] == '*';

		if (open ? strncmp(word, forbidden[i], n - 1) == 0 : text_same(word, forbidden[i]))
			return true;
	}
	return false;
}

/* Letters alone: of what is folded. */
static bool words_hold(apr_pool_t *pool, const char *text)
{
	const char *folded = text_fold(pool, text);

	while (*folded) {
		size_t n = strspn(folded, "abcdefghijklmnopqrstuvwxyz");

		if (n && is_forbidden(mem_textn(pool, folded, n)))
			return false;
		folded += n ? n : 1;
	}
	return true;
}

/* Emoji that are figures: enclosed ones, keycap ten, a hundred, clock faces, those of old screens. c: after 0xF0 0x9F. */
static bool is_drawn_figure(const unsigned char *c)
{
	return c[0] == 0x84 || c[0] == 0x85 || c[0] == 0x86 || c[0] == 0x87 || c[0] >= 0xAE ||
	       (c[0] == 0x94 && c[1] == 0x9F) || (c[0] == 0x92 && c[1] == 0xAF) ||
	       (c[0] == 0x95 && c[1] >= 0x90 && c[1] <= 0xA7);
}

/* Latin letters, dashes, quotes and emoji: no figures of other scripts, and nothing that cannot be seen. */
static bool is_plain(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;

	if (*c < 0x80)
		return *c >= ' ' && !isdigit(*c) && !strchr("[]{}<>`*_#@|\\%$", *c);
	if (*c < 0xC0)
		return true; /* goes on */
	return (*c >= 0xC3 && *c <= 0xC5) || (c[0] == 0xE2 && c[1] == 0x80 && c[2] > 0x8F && c[2] < 0xA8) ||
	       (c[0] == 0xF0 && c[1] == 0x9F && !is_drawn_figure(c + 2));
}

static const struct phrase_fact *find(const struct phrase_fact *facts, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (facts[i].value && strlen(facts[i].name) == len && memcmp(facts[i].name, name, len) == 0)
			return &facts[i];
	return NULL;
}

static bool begins_as(const char *word, const char *beginnings)
{
	for (const char *b = beginnings; b && *b; b += strspn(b, " ")) {
		size_t n = strcspn(b, " ");

		if (strncmp(word, b, n) == 0)
			return true;
		b += n;
	}
	return false;
}

/* What stands between two values (NULL: the sentence's beginning or end) speaks of these: "dormiu [done] horas" is no fact,
 * though [done] is one. */
static bool gap_holds(apr_pool_t *pool, const char *gap, const struct phrase_fact *facts, size_t n,
		      const struct phrase_fact *before, const struct phrase_fact *after)
{
	const char *folded = text_fold(pool, gap);

	for (size_t len; *folded; folded += len ? len : 1) {
		const char *word;

		len = strspn(folded, "abcdefghijklmnopqrstuvwxyz");
		word = mem_textn(pool, folded, len);
		for (size_t i = 0; len && i < n; i++)
			if (&facts[i] != before && &facts[i] != after && begins_as(word, facts[i].words))
				return false;
	}
	return true;
}

/* A sentence with its values; NULL: it breaks a rule, or tells no fact. */
static const char *sentence(apr_pool_t *pool, const char *s, size_t n, const struct phrase_fact *facts,
			    size_t facts_n)
{
	struct buf out = buf_new(pool, ANSWER_BYTES), own = buf_new(pool, ANSWER_BYTES);
	const struct phrase_fact *before = NULL;
	const char *end = s + n;
	size_t gap = 0; /* where in `own` it begins */
	int filled = 0;

	while (s < end) {
		const char *close = *s == '[' ? memchr(s, ']', (size_t)(end - s)) : NULL;
		const struct phrase_fact *fact =
			close ? find(facts, facts_n, s + 1, (size_t)(close - s - 1)) : NULL;

		if (fact) {
			buf_char(&own, ' ');
			if (!gap_holds(pool, own.p + gap, facts, facts_n, before, fact))
				return NULL;
			buf_text(&out, fact->value);
			before = fact;
			gap = own.n;
			filled++;
			s = close + 1;
			continue;
		}
		if (!is_plain(s))
			return NULL;
		buf_char(&out, *s);
		buf_char(&own, *s++);
	}
	if (filled && !gap_holds(pool, own.p + gap, facts, facts_n, before, NULL))
		return NULL;
	if (!filled || filled > SENTENCE_FACTS || !own.p || strstr(own.p, "://") || strstr(own.p, "www.") ||
	    !words_hold(pool, own.p) || !text_same(text_cut(pool, out.p, PHRASE_CHARS), out.p))
		return NULL;
	return text_trim(pool, out.p);
}

/* Where the sentence ends: after its mark, before a space. */
static size_t sentence_length(const char *s)
{
	size_t n = 0;

	while (s[n] && !(strchr(".!?\n", s[n]) && (!s[n + 1] || isspace((unsigned char)s[n + 1]))))
		n++;
	return s[n] ? n + 1 : n;
}

const char *phrase_checked(apr_pool_t *pool, const char *answer, const struct phrase_fact *facts, size_t n)
{
	struct buf out = buf_new(pool, ANSWER_BYTES);
	int told = 0;

	answer = text_utf8_clean(pool, answer, strnlen(answer, ANSWER_BYTES / 2));
	for (size_t len; *answer && told < PHRASE_SENTENCES; answer += len) {
		const char *s;

		answer += strspn(answer, " \t\r\n");
		len = sentence_length(answer);
		s = sentence(pool, answer, len && answer[len - 1] == '\n' ? len - 1 : len, facts, n);
		if (s)
			buf_fmt(&out, "%s%s", told++ ? " " : "", s);
	}
	return told ? out.p : NULL;
}

static NODISCARD err_t *ask(struct req *req, const struct phrase_fact *facts, size_t n, const char **ret_text)
{
	apr_pool_t *pool = req->pool;
	struct buf list = buf_new(pool, LIMIT_MESSAGE_BYTES);
	struct llm_message message = { .role = LLM_PERSON, .text = "Write the sentences." };
	struct llm_request request = { .messages = &message,
				       .messages_n = 1,
				       .max_tokens = ANSWER_TOKENS,
				       .only = PROVIDER_COUNT,
				       .deadline_ms = clock_mono_ms() + DEADLINE_MS };
	struct llm_reply *reply;

	for (size_t i = 0; i < n; i++)
		if (facts[i].value)
			buf_fmt(&list, "%s = %s (%s)\n", facts[i].name, facts[i].value, facts[i].what);
	ERR(buf_check(&list));
	ERR(prompt_fill(pool, "phrase",
			(const struct prompt_var[]){
				{ "language", req->lang == LANG_PT ? "Brazilian Portuguese" : "English" },
				{ "facts", list.p ? list.p : "" },
				{ 0 } },
			&request.system));
	ERR(llm_chat(req, &request, &reply));
	if (reply->calls_n)
		return err_new(ERR_INVALID, "a call of a tool where there is none");
	*ret_text = phrase_checked(pool, reply->text, facts, n);
	if (!*ret_text)
		return err_new(ERR_INVALID, "no sentence holds");
	return NULL;
}

err_t *phrase_facts(struct req *req, const struct phrase_fact *facts, size_t n, const char **ret_text)
{
	err_t *err;

	bool any = false;

	*ret_text = NULL;
	for (size_t i = 0; i < n; i++)
		any = any || facts[i].value;
	if (!any || !req->config || !llm_configured(req->config))
		return NULL;
	err = ask(req, facts, n, ret_text);
	if (!err || err->code == ERR_CANCELLED)
		return err;
	log_event(LOG_WARN, "phrasing_failed", KV_S("error", err_name(err->code)));
	err_clear(err);
	*ret_text = NULL;
	return NULL;
}
