#include "ml/intent/intent_words.h"

#include "core/text.h"
#include <string.h>

enum conjugation { CONJ_WORD, CONJ_AR, CONJ_ER, CONJ_IR, CONJ_EN };
enum { WORDS_PT, WORDS_EN, WORDS_ANY };
enum { SLOTS = 16384, SLOT_CLASSES = 10, MAX_WORD = 48, FUZZY_TOKENS = 8 };

struct row {
	unsigned char lang, conj, form, class;
	const char *words;
};

#define VERB(lang, conj, class, words) { WORDS_##lang, CONJ_##conj, IF_NONE, IC_##class, words },
#define FORM(lang, form, class, words) { WORDS_##lang, CONJ_WORD, IF_##form, IC_##class, words },
#define WORDS(lang, class, words) { WORDS_##lang, CONJ_WORD, IF_NONE, IC_##class, words },
static const struct row rows[] = {
#include "ml/intent/intent_verbs.def"
#include "ml/intent/intent_words.def"
};

static const char *const class_names[] = {
#define CLASS(name) #name,
#include "ml/intent/intent_classes.def"
#undef CLASS
};

/* A word, or the stem of verbs of one conjugation, in one language. */
struct entry {
	const char *text;
	unsigned char n, lang, conj, n_classes;
	struct {
		unsigned char class, form;
	} classes[SLOT_CLASSES];
	bool begins; /* sayings begin with this word */
};

static struct entry slots[SLOTS];
static size_t slots_used;

/* One bit for each key's hash: most of what is looked up is not there, and this much stays in the cache. */
enum { PRESENT_BITS = 1 << 17 };
static uint64_t present[PRESENT_BITS / 64];

/* Endings of regular verbs; a stem that ends in qu, gu is looked up with c, g. */
static const struct {
	const char *text;
	unsigned char conj, form;
} endings[] = {
	{ "a", CONJ_AR, IF_IMP },      { "e", CONJ_AR, IF_IMP },      { "ar", CONJ_AR, IF_INF },
	{ "em", CONJ_AR, IF_IMP },     { "ei", CONJ_AR, IF_PAST },    { "o", CONJ_AR, IF_PRES },
	{ "ou", CONJ_AR, IF_THIRD },   { "ando", CONJ_AR, IF_OTHER }, { "ado", CONJ_AR, IF_OTHER },
	{ "ada", CONJ_AR, IF_OTHER },  { "amos", CONJ_AR, IF_THIRD }, { "aram", CONJ_AR, IF_THIRD },
	{ "ava", CONJ_AR, IF_THIRD },  { "aria", CONJ_AR, IF_THIRD }, { "asse", CONJ_AR, IF_IMP },
	{ "arei", CONJ_AR, IF_THIRD }, { "ara", CONJ_AR, IF_THIRD },  { "armos", CONJ_AR, IF_OTHER },
	{ "e", CONJ_ER, IF_IMP },      { "a", CONJ_ER, IF_IMP },      { "er", CONJ_ER, IF_INF },
	{ "i", CONJ_ER, IF_PAST },     { "o", CONJ_ER, IF_PRES },     { "eu", CONJ_ER, IF_THIRD },
	{ "endo", CONJ_ER, IF_OTHER }, { "ido", CONJ_ER, IF_OTHER },  { "ia", CONJ_ER, IF_THIRD },
	{ "emos", CONJ_ER, IF_THIRD }, { "eram", CONJ_ER, IF_THIRD }, { "eria", CONJ_ER, IF_THIRD },
	{ "e", CONJ_IR, IF_IMP },      { "a", CONJ_IR, IF_IMP },      { "ir", CONJ_IR, IF_INF },
	{ "i", CONJ_IR, IF_IMP },      { "o", CONJ_IR, IF_PRES },     { "iu", CONJ_IR, IF_THIRD },
	{ "indo", CONJ_IR, IF_OTHER }, { "ido", CONJ_IR, IF_OTHER },  { "ia", CONJ_IR, IF_THIRD },
	{ "imos", CONJ_IR, IF_THIRD }, { "iram", CONJ_IR, IF_THIRD }, { "iria", CONJ_IR, IF_THIRD },
	{ "s", CONJ_EN, IF_OTHER },    { "es", CONJ_EN, IF_OTHER },   { "ed", CONJ_EN, IF_PAST },
	{ "d", CONJ_EN, IF_PAST },     { "ing", CONJ_EN, IF_OTHER },
};

static uint32_t hash(const char *s, size_t n, unsigned salt)
{
	uint32_t h = 2166136261U ^ salt * 97U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619U;
	return h ^ h >> 15;
}

/* The slot of that key, or the free one where it belongs. */
static struct entry *slot_of(const char *s, size_t n, unsigned lang, unsigned conj, uint32_t h)
{
	size_t i = h % SLOTS;

	while (slots[i].text && !(slots[i].n == n && slots[i].lang == lang && slots[i].conj == conj &&
				  memcmp(slots[i].text, s, n) == 0))
		i = (i + 1) % SLOTS;
	return &slots[i];
}

/* The slot of that key; one without text when there is none. */
static const struct entry *slot_at(const char *s, size_t n, unsigned lang, unsigned conj)
{
	static const struct entry none;
	uint32_t h = hash(s, n, lang * 8 + conj);

	return present[h % PRESENT_BITS / 64] >> (h % 64) & 1 ? slot_of(s, n, lang, conj, h) : &none;
}

static struct entry *slot_put(const char *s, size_t n, unsigned lang, unsigned conj)
{
	uint32_t h = hash(s, n, lang * 8 + conj);
	struct entry *slot = slot_of(s, n, lang, conj, h);

	present[h % PRESENT_BITS / 64] |= UINT64_C(1) << (h % 64);

	if (!slot->text) {
		slots_used++;
		slot->text = s;
		slot->n = (unsigned char)n;
		slot->lang = (unsigned char)lang;
		slot->conj = (unsigned char)conj;
	}
	return slot;
}

static void word_put(const char *s, size_t n, unsigned lang, const struct row *row)
{
	const char *joint = memchr(s, '_', n);
	struct entry *slot = slot_put(s, n, lang, row->conj);

	for (int k = 0; k < slot->n_classes; k++)
		if (slot->classes[k].class == row->class)
			return;
	if (slot->n_classes < SLOT_CLASSES) {
		slot->classes[slot->n_classes].class = row->class;
		slot->classes[slot->n_classes++].form = row->form;
	}
	if (joint && joint > s)
		slot_put(s, (size_t)(joint - s), lang, CONJ_WORD)->begins = true;
}

/* Once a process; the words themselves stay in the table of rows. */
static void table_make(void)
{
	if (slots_used)
		return;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (const char *s = rows[i].words; *s;) {
			size_t n = strcspn(s, " ");

			if (rows[i].lang != WORDS_EN)
				word_put(s, n, WORDS_PT, &rows[i]);
			if (rows[i].lang != WORDS_PT)
				word_put(s, n, WORDS_EN, &rows[i]);
			s += n + (s[n] == ' ');
		}
}

static void set_add(struct intent_set *set, unsigned class)
{
	set->bits[class / 64] |= UINT64_C(1) << (class % 64);
}

static void class_add(struct intent_token *t, unsigned class)
{
	set_add(&t->classes, class);
}

/* A class, and for a verb what its form says. */
static void reading_add(struct intent_token *t, unsigned class, unsigned form)
{
	class_add(t, class);
	if (class >= IC_VERB_LAST || !form)
		return;
	t->forms |= 1U << form;
	if (form == IF_PAST)
		set_add(&t->past, class);
	else if (form <= IF_BASE)
		set_add(&t->asks, class);
}

static bool take_slot(struct intent_token *t, const struct entry *slot, unsigned form)
{
	if (!slot->text || !slot->n_classes)
		return false;
	for (int k = 0; k < slot->n_classes; k++)
		reading_add(t, slot->classes[k].class, slot->classes[k].form ? slot->classes[k].form : form);
	t->known = true;
	return true;
}

/* "marqu" of "marque" is "marc". */
static size_t stem_of(const char *s, size_t n, char vowel, char *ret)
{
	if (n >= MAX_WORD)
		return 0;
	memcpy(ret, s, n);
	if ((vowel == 'e' || vowel == 'i') && n > 2 && s[n - 1] == 'u' &&
	    (s[n - 2] == 'q' || s[n - 2] == 'g')) {
		ret[n - 2] = s[n - 2] == 'q' ? 'c' : 'g';
		return n - 1;
	}
	return n;
}

/* The plain form of an English verb: "making" from "mak", "stopped" from "stopp", "tries" from "tri". */
static bool take_english(struct intent_token *t, const char *s, size_t n, unsigned form)
{
	char plain[MAX_WORD + 1];

	if (n < 2 || n >= MAX_WORD - 1)
		return false;
	memcpy(plain, s, n);
	if (take_slot(t, slot_at(plain, n, WORDS_EN, CONJ_EN), form))
		return true;
	plain[n] = 'e';
	if (take_slot(t, slot_at(plain, n + 1, WORDS_EN, CONJ_EN), form))
		return true;
	if (s[n - 1] == s[n - 2] && take_slot(t, slot_at(plain, n - 1, WORDS_EN, CONJ_EN), form))
		return true;
	plain[n - 1] = 'y';
	return s[n - 1] == 'i' && take_slot(t, slot_at(plain, n, WORDS_EN, CONJ_EN), form);
}

static bool take_verb(struct intent_token *t, const char *s, size_t n, unsigned lang)
{
	char stem[MAX_WORD];
	bool found = lang == WORDS_EN && take_slot(t, slot_at(s, n, WORDS_EN, CONJ_EN), IF_BASE);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t e = strlen(endings[i].text);

		if (n <= e + 1 || s[n - 1] != endings[i].text[e - 1] ||
		    memcmp(s + n - e, endings[i].text, e) != 0 ||
		    (endings[i].conj == CONJ_EN) != (lang == WORDS_EN))
			continue;
		if (lang == WORDS_EN) {
			found = take_english(t, s, n - e, endings[i].form) || found;
			continue;
		}
		size_t m = stem_of(s, n - e, *endings[i].text, stem);
		found = take_slot(t, slot_at(stem, m, WORDS_PT, endings[i].conj), endings[i].form) || found;
	}
	return found;
}

static bool take_word(struct intent_token *t, const char *s, size_t n, unsigned lang)
{
	bool found = take_slot(t, slot_at(s, n, lang, CONJ_WORD), IF_NONE);

	return take_verb(t, s, n, lang) || found;
}

static bool take_any(struct intent_token *t, const char *s, size_t n, unsigned lang)
{
	return take_word(t, s, n, lang) || take_word(t, s, n, lang == WORDS_PT ? WORDS_EN : WORDS_PT);
}

/* A slip of the finger inside the word: one letter too many, two swapped, one missing. Ends stay, for
 * they tell forms apart. */
static bool take_fuzzy(struct intent_token *t, const char *s, size_t n, unsigned lang)
{
	char w[MAX_WORD];

	if (n < 5 || n > 14)
		return false;
	for (size_t i = 1; i + 1 < n && n > 5; i++) { /* without letter i */
		memcpy(w, s, i);
		memcpy(w + i, s + i + 1, n - i - 1);
		if (take_word(t, w, n - 1, lang))
			return true;
	}
	memcpy(w, s, n);
	for (size_t i = 0; i + 1 < n; i++) {
		w[i] = s[i + 1];
		w[i + 1] = s[i];
		if (s[i] != s[i + 1] && take_word(t, w, n, lang))
			return true;
		w[i] = s[i];
		w[i + 1] = s[i + 1];
	}
	for (size_t i = 1; i < n; i++) { /* with a letter before i */
		memcpy(w, s, i);
		memcpy(w + i + 1, s + i, n - i);
		for (w[i] = 'a'; w[i] <= 'z'; w[i]++)
			if (take_word(t, w, n + 1, lang))
				return true;
	}
	return false;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == 0xAA || c == 0xBA ||
	       (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x300 && c <= 0x36F) ||
	       (c >= 0x370 && c < 0x2000) || (c >= 0x2C00 && c < 0xFE00);
}

static bool is_space(uint32_t c)
{
	/* an apostrophe parts words: "let's" is let, s */
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x202F || c == 0x200B || c == '\'' ||
	       c == 0x2019;
}

/* Letters and digits from s on, of at most n bytes. */
static int word_length(const char *s, int n)
{
	int i = 0;
	uint32_t c;

	for (int len; i < n && (len = (int)text_utf8_next(s + i, &c)) &&
		      (is_letter(c) || (c >= '0' && c <= '9') || c == '_');)
		i += len;
	return i;
}

/* A mail address or a web address: bytes up to the next space; 0 when it is none. */
static int address_length(const char *s, int n, enum intent_class *ret_class)
{
	int len = 0, at = -1, dot = -1;

	while (len < n && !is_space((unsigned char)s[len]) && !strchr("<>\"();", s[len]))
		len++;
	while (len > 0 && strchr(".,!?:", s[len - 1]))
		len--;
	for (int i = 0; i < len; i++) {
		at = s[i] == '@' && at < 0 ? i : at;
		dot = s[i] == '.' && at > 0 ? i : dot;
	}
	*ret_class = IC_MAIL;
	if (at > 0 && dot > at + 1 && dot + 1 < len)
		return len;
	*ret_class = IC_URL;
	return len > 8 && (text_starts(s, "http://") || text_starts(s, "https://") || text_starts(s, "www."))
		       ? len
		       : 0;
}

static enum intent_class punct_class(uint32_t c)
{
	switch (c) {
	case ':':
	case '-':
	case 0x2013:
	case 0x2014: return IC_COLON; /* "nota - o portão abre às 9" */
	case ',': return IC_COMMA;
	case '?': return IC_QUESTION;
	case '"':
	case 0x201C:
	case 0x201D:
	case 0xAB:
	case 0xBB: return IC_QUOTE;
	default: return IC_PUNCT;
	}
}

/* Text of a word as it is looked up. "é" is told from "e" before folding takes the accent. */
static const char *word_text(apr_pool_t *pool, const char *s, int n)
{
	char *own = mem_textn(pool, s, (size_t)n);

	if (text_same(own, "\xC3\xA9") || text_same(own, "\xC3\x89"))
		return "eh";
	return text_fold(pool, own);
}

static int read_one(apr_pool_t *pool, const char *s, int n, struct intent_token *t)
{
	enum intent_class class;
	uint32_t c;
	int len = address_length(s, n, &class);

	if (len) {
		class_add(t, class);
		t->text = mem_textn(pool, s, (size_t)len);
		t->known = true;
		return len;
	}
	len = word_length(s, n);
	if (len) {
		t->text = word_text(pool, s, len);
		t->plain = true;
		if (*t->text >= '0' && *t->text <= '9') { /* "12", "7h", "6h30" */
			class_add(t, IC_NUM);
			t->known = true;
			t->plain = false;
		}
		if (*s >= 'A' && *s <= 'Z')
			class_add(t, IC_CAPITAL);
		return len;
	}
	len = (int)text_utf8_next(s, &c);
	class_add(t, punct_class(c));
	t->text = c < 0x80 ? mem_textn(pool, s, (size_t)len) : "*";
	t->known = true;
	return len;
}

/* Words i .. i + k - 1 joined by _; 0 when they are too long or not all words. */
static size_t join(const struct intent_token *v, int i, int k, int n, char *ret)
{
	size_t m = 0;

	if (i + k > n)
		return 0;
	for (int j = i; j < i + k; j++) {
		size_t len = strlen(v[j].text);

		if (!v[j].plain && !intent_has(&v[j], IC_NUM))
			return 0;
		if (m + len + 1 >= 3 * MAX_WORD)
			return 0;
		if (m)
			ret[m++] = '_';
		memcpy(ret + m, v[j].text, len);
		m += len;
	}
	return m;
}

/* A saying that starts at word i, longest first: how many words; 0 when there is none. */
static int take_saying(apr_pool_t *pool, struct intent_token *v, int i, int n, unsigned lang)
{
	char joined[3 * MAX_WORD];

	for (int k = 5; k > 1; k--) {
		size_t m = join(v, i, k, n, joined);
		struct intent_token t = v[i];
		const struct entry *slot;

		if (!m)
			continue;
		slot = slot_at(joined, m, lang, CONJ_WORD);
		if (!slot->n_classes)
			continue;
		t.classes = t.asks = t.past = (struct intent_set){ 0 };
		take_slot(&t, slot, IF_NONE);
		t.text = mem_textn(pool, joined, m);
		t.end = v[i + k - 1].end;
		v[i] = t;
		return k;
	}
	return 0;
}

static bool ends_like_infinitive(const char *s)
{
	size_t n = strlen(s);

	return n > 3 && s[n - 1] == 'r' && strchr("aei", s[n - 2]);
}

static void name_token(struct intent_token *t, unsigned lang, int index)
{
	const char *s = t->text;
	size_t n = strlen(s);

	if (!t->plain || n >= MAX_WORD)
		return;
	if (!take_any(t, s, n, lang) && index < FUZZY_TOKENS && !intent_has(t, IC_CAPITAL) &&
	    !(lang == WORDS_PT && ends_like_infinitive(s)))
		t->fuzzy = take_fuzzy(t, s, n, lang);
	if (intent_has(t, IC_NOTVERB))
		return;
	if (intent_form(t, IF_INF) || intent_form(t, IF_BASE) ||
	    (lang == WORDS_PT && !t->known && ends_like_infinitive(s)))
		class_add(t, IC_INF);
	if (!t->known && intent_has(t, IC_INF))
		t->forms |= 1U << IF_INF;
}

/* "concluí" asks for nothing, "conclui" does. */
static void mind_accent(struct intent_token *t, const char *text)
{
	size_t n = strlen(t->text);

	if (!t->plain || n < 4 || t->text[n - 1] != 'i' || t->end < 2 ||
	    memcmp(text + t->end - 2, "\xC3\xAD", 2) != 0)
		return;
	t->past = t->classes;
	t->asks = (struct intent_set){ 0 };
	t->forms = 1U << IF_PAST;
}

/* #casa, !alta: how many tokens; 0 when there is none. */
static int take_tag(struct intent_token *v, int i, int n)
{
	bool mark = text_same(v[i].text, "#") ||
		    (text_same(v[i].text, "!") && (i == 0 || v[i - 1].end < v[i].begin));

	if (!mark || i + 1 >= n || v[i + 1].begin != v[i].end || !v[i + 1].plain)
		return 0;
	class_add(&v[i], IC_TAG);
	v[i].end = v[i + 1].end;
	return 2;
}

/* The hyphen of "check-in", which people leave out as often. */
static bool joins_words(const char *text, int i)
{
	return text[i] == '-' && i > 0 && ((text[i - 1] | 32) >= 'a' && (text[i - 1] | 32) <= 'z') &&
	       ((text[i + 1] | 32) >= 'a' && (text[i + 1] | 32) <= 'z');
}

struct intent_tokens intent_tokens_read(apr_pool_t *pool, const char *text, int from, int n, enum lang lang,
					int max)
{
	unsigned own = lang == LANG_EN ? WORDS_EN : WORDS_PT;
	struct intent_token *v = mem_alloc(pool, (size_t)(max + 1) * sizeof *v);
	struct intent_tokens tokens = { .v = v };
	int raw = 0;

	table_make();
	for (int i = 0; i < n && raw < max;) {
		uint32_t c;
		int len = (int)text_utf8_next(text + from + i, &c);

		if (!len)
			break;
		if (!is_space(c) && !joins_words(text, from + i)) {
			len = read_one(pool, text + from + i, n - i, &v[raw]);
			v[raw].begin = from + i;
			v[raw++].end = from + i + len;
		}
		i += len;
	}
	for (int i = 0; i < raw; tokens.n++) {
		int k = take_tag(v, i, raw);

		if (!k)
			k = take_saying(pool, v, i, raw, own);
		if (!k) {
			name_token(&v[i], own, tokens.n);
			mind_accent(&v[i], text);
		}
		v[tokens.n] = v[i];
		i += k ? k : 1;
	}
	return tokens;
}

bool intent_word_in(const char *const *list, const char *word)
{
	for (; *list; list++)
		if (text_same(*list, word))
			return true;
	return false;
}

bool intent_word_folded(const char *word, size_t n)
{
	return n && strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_") >= n;
}

const char *intent_words_check(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (const char *s = rows[i].words; *s;) {
			size_t n = strcspn(s, " ");

			if (!intent_word_folded(s, n))
				return rows[i].words;
			s += n;
			s += *s == ' ' && s[1];
		}
	return NULL;
}

int intent_class_of(const char *name, size_t n)
{
	for (int i = 0; i < IC_COUNT; i++)
		if (strlen(class_names[i]) == n && memcmp(class_names[i], name, n) == 0)
			return i;
	return -1;
}

size_t intent_words_count(size_t *ret_room)
{
	table_make();
	*ret_room = SLOTS;
	return slots_used;
}
