#include "core/text.h"
#include "ml/guard/guard_said.h"
#include <string.h>

enum { WORD_MAX = 24, FREE_WORDS = 3 /* between prepositions */, ASIDE_WORDS = 10, PHRASE_WORDS = 3 };

/* What a said secret may look like. */
enum form {
	FORM_ANY,    /* a password: also a plain word */
	FORM_RANDOM, /* a key: not a plain word */
	FORM_CODE,   /* a name that only programs use: any value after a mark */
	FORM_DIGITS, /* 3 to 8 digits */
	FORM_PHRASE, /* the rest of the line */
};

static const struct {
	const char *word; /* '_' stands for a space, '_', '-' or nothing */
	enum form form;
} said[] = {
	{ "senha", FORM_ANY },
	{ "senhas", FORM_RANDOM },
	{ "contrasena", FORM_ANY },
	{ "password", FORM_ANY },
	{ "passwords", FORM_RANDOM },
	{ "passwd", FORM_ANY },
	{ "passphrase", FORM_ANY },
	{ "passcode", FORM_ANY },
	{ "pass", FORM_RANDOM },
	{ "pwd", FORM_ANY },
	{ "pw", FORM_ANY },
	{ "user_password", FORM_ANY },
	{ "db_password", FORM_ANY },
	{ "api_key", FORM_RANDOM },
	{ "api_token", FORM_RANDOM },
	{ "access_key", FORM_RANDOM },
	{ "access_token", FORM_RANDOM },
	{ "auth_token", FORM_RANDOM },
	{ "refresh_token", FORM_RANDOM },
	{ "secret_key", FORM_RANDOM },
	{ "private_key", FORM_RANDOM },
	{ "client_secret", FORM_CODE },
	{ "secret_access_key", FORM_RANDOM },
	{ "signing_secret", FORM_RANDOM },
	{ "webhook_secret", FORM_RANDOM },
	{ "palavra_passe", FORM_ANY },
	{ "passwort", FORM_ANY },
	{ "kennwort", FORM_ANY },
	{ "wlan_passwort", FORM_ANY },
	{ "pgpassword", FORM_ANY },
	{ "clave", FORM_RANDOM },
	{ "secret", FORM_RANDOM },
	{ "token", FORM_RANDOM },
	{ "bearer", FORM_RANDOM },
	{ "chave_de_api", FORM_RANDOM },
	{ "chave_da_api", FORM_RANDOM },
	{ "chave_api", FORM_RANDOM },
	{ "chave_secreta", FORM_RANDOM },
	{ "chave_privada", FORM_RANDOM },
	{ "cvv", FORM_DIGITS },
	{ "cvv2", FORM_DIGITS },
	{ "cvc", FORM_DIGITS },
	{ "pin_code", FORM_DIGITS },
	{ "pin", FORM_DIGITS },
	{ "otp", FORM_DIGITS },
	{ "codigo_de_seguranca", FORM_DIGITS },
	{ "codigo_de_verificacao", FORM_DIGITS },
	{ "codigo_do_alarme", FORM_DIGITS },
	{ "codigo_do_cofre", FORM_DIGITS },
	{ "codigo_de_acesso", FORM_DIGITS },
	{ "codigo_do_portao", FORM_DIGITS },
	{ "segredo_do_cofre", FORM_DIGITS },
	{ "access_code", FORM_DIGITS },
	{ "alarm_code", FORM_DIGITS },
	{ "door_code", FORM_DIGITS },
	{ "gate_code", FORM_DIGITS },
	{ "safe_combination", FORM_DIGITS },
	{ "security_code", FORM_DIGITS },
	{ "verification_code", FORM_DIGITS },
	{ "seed_phrase", FORM_PHRASE },
	{ "recovery_phrase", FORM_PHRASE },
	{ "frase_de_recuperacao", FORM_PHRASE },
	{ "frase_semente", FORM_PHRASE },
	{ "palavras_de_recuperacao", FORM_PHRASE },
};

/* Lists of words are texts with a space on both sides of each. */
static const char prepositions[] =
	" do da de dos das no na nos nas pro pra para p of for to on in at the que that which fur ";
static const char adjectives[] =
	" nova novo new atual current antiga antigo old velha provisoria temporary minha meu my our "
	"nossa sua your master mestre principal padrao default wifi wi fi wireless key chave reset "
	"admin root temporaria final inicial agora now continua continues still "
	"ainda sempre segue vai passou will should used would must correta certa correct right verdadeira "
	"mein meine dein das neues mi tu numerica digitos digits ";
static const char copulas[] =
	" eh is was era sera fica ficou virou becomes sao are mudou changed continua sendo ser be "
	"remains seria foi ist lautet es ";
/* After "is": what is said of a password, not the password. */
static const char remarks[] =
	" a o as os um uma the an my minha meu sua seu your que qual como quando onde quem por porque para pra pro se nao not no "
	"muito muita mais menos tao bem too very so quite really always sempre nunca never mesma mesmo same igual diferente "
	"different fraca fraco weak forte strong segura seguro secure safe insegura longa curta long short nova novo new velha "
	"antiga old errada errado wrong incorreta incorrect correta correct certa right invalida invalido invalid valida valid "
	"importante important secreta secreto secret pessoal personal unica unique facil dificil easy hard simples simple boa "
	"good ruim bad essa esse esta este isso isto aquela this that it what where when how who why only apenas so ja still "
	"ainda agora now case about sobre de da do em na in on of for to um and e ou or mas but with com sem without preciso "
	"quero need want please favor sendo continua ser be been falsch richtig zu sehr vergessen nicht jeder vou i we you eu voce amanha hoje ontem tomorrow today yesterday composta made ";
/* How words end that are said of it too: "obrigatória", "enviada", "required", "missing". */
static const char *const remark_ends[] = { "ada",  "ida", "ado", "ido",  "avel", "ivel",
					   "oria", "ing", "ed",  "able", "ible", "tory" };

static bool listed(const char *list, const char *word, size_t n)
{
	for (const char *p = list; (p = strchr(p, ' ')) && p[1]; p++)
		if (strncmp(p + 1, word, n) == 0 && p[1 + n] == ' ')
			return true;
	return false;
}

static bool word_char(char c)
{
	return guard_alnum(c) || c == GUARD_LETTER;
}

static size_t spaces(const struct guard_view *v, size_t i)
{
	while (v->c[i] == ' ')
		i++;
	return i;
}

static bool prefix_at(const struct guard_view *v, size_t i, const char *prefix)
{
	return i + strlen(prefix) <= v->n && memcmp(v->c + i, prefix, strlen(prefix)) == 0;
}

/* --- what is said to be one ----------------------------------------------------------------------- */

/* s3nh4, p4ssw0rd, pa$$word */
static char unleet(char c)
{
	switch (c) {
	case '3': return 'e';
	case '4':
	case '@': return 'a';
	case '0': return 'o';
	case '1': return 'i';
	case '5':
	case '$': return 's';
	default: return guard_low(c);
	}
}

/* Whether a name begins with these two letters; looked for once in a process. */
static bool may_begin(char first, char second)
{
	static uint32_t seconds[26];

	if (!seconds['s' - 'a'])
		for (size_t k = 0; k < sizeof said / sizeof said[0]; k++)
			seconds[said[k].word[0] - 'a'] |= 1U << (said[k].word[1] - 'a');
	return first >= 'a' && first <= 'z' && second >= 'a' && second <= 'z' &&
	       (seconds[first - 'a'] >> (second - 'a') & 1);
}

/* Where the keyword ends that begins at i; 0 when none does. */
static size_t keyword(const struct guard_view *v, size_t i, enum form *ret)
{
	char first = unleet(v->c[i]), second = first && i < v->n ? unleet(v->c[i + 1]) : 0;

	if (!may_begin(first, second))
		return 0;
	for (size_t k = 0; k < sizeof said / sizeof said[0]; k++) {
		const char *w = said[k].word;
		size_t at = i;

		if (first != w[0] || second != w[1])
			continue;
		for (; *w; w++) {
			bool gap = v->c[at] == ' ' || v->c[at] == '_' || v->c[at] == '-';

			if (*w == '_' ? gap : guard_low(v->c[at]) == *w || unleet(v->c[at]) == *w)
				at++;
			else if (*w != '_')
				break;
		}
		if (*w || word_char(v->c[at]))
			continue;
		*ret = said[k].form;
		return at;
	}
	return 0;
}

/* A lower-case copy of the word at i; its length, 0 when there is none. */
static size_t word_at(const struct guard_view *v, size_t i, char ret[WORD_MAX + 1])
{
	size_t n = 0;

	while (word_char(v->c[i + n]) && n < WORD_MAX) {
		ret[n] = guard_low(v->c[i + n]);
		n++;
	}
	ret[n] = '\0';
	return word_char(v->c[i + n]) ? 0 : n;
}

/* ":", "=", "->", ":=": says that a value follows. */
static size_t mark(const struct guard_view *v, size_t i)
{
	size_t at = i;

	while (v->c[at] == '"' || v->c[at] == '\'' || v->c[at] == '`' || v->c[at] == '*' || v->c[at] == ')')
		at++;
	at = spaces(v, at);
	if (v->c[at] != ':' && v->c[at] != '=' && !prefix_at(v, at, "->"))
		return 0;
	while (v->c[at] == ':' || v->c[at] == '=' || v->c[at] == '>' || v->c[at] == '-' || v->c[at] == '*')
		at++;
	return at;
}

/* "is", "é": says that a value may follow. A bare e is "and", unless what follows looks like a value. */
static size_t copula(const struct guard_view *v, size_t i, bool *ret_sure)
{
	char word[WORD_MAX + 1];
	size_t n = word_at(v, i, word);

	*ret_sure = true;
	if (n == 1 && word[0] == 'e') {
		*ret_sure = v->end[i] - v->begin[i] > 1; /* an accent */
		return i + 1;
	}
	if (!n || !listed(copulas, word, n))
		return 0;
	i += n;
	n = word_at(v, spaces(v, i), word); /* "mudou para", "is now" */
	return n && v->c[i] == ' ' && listed(" para pra to agora now ", word, n) ? spaces(v, i) + n : i;
}

static bool time_like(const struct guard_view *v, size_t from, size_t to)
{
	size_t i = from, n = 0, marks = 0;

	while (i < to && guard_digit(v->c[i]))
		i++;
	n = i - from;
	if (!n || n > 2)
		return n == 4 && i < to && (v->c[i] == '-' || v->c[i] == '/'); /* 2026-11-21 */
	if (i == to)
		return true;
	if (guard_low(v->c[i]) == 'h' || guard_at(v, i, "am") || guard_at(v, i, "pm") ||
	    guard_at(v, i, "min") || v->c[i] == '%')
		return to - i <= 3;
	for (; i < to; i++) {
		if (!guard_digit(v->c[i]) && !strchr(":/.-hH", v->c[i]))
			return false;
		marks += !guard_digit(v->c[i]);
	}
	return marks > 0 && marks < 4;
}

bool guard_value_at(const struct guard_view *v, size_t i, bool in_url, struct guard_value *ret)
{
	char quote = v->c[i];
	bool lower = false, upper_inside = false, digit = false, sign = false, any = false;

	*ret = (struct guard_value){ .from = i };
	ret->quoted = quote == '"' || quote == '\'' || quote == '`' || quote == '*' || quote == '<';
	if (quote == '*' && v->c[i + 1] == '*')
		ret->from = ++i; /* bold */
	if (ret->quoted) {
		ret->from = ++i;
		quote = quote == '<' ? '>' : quote;
		while (v->c[i] && v->c[i] != '\n' && v->c[i] != quote)
			i++;
		ret->to = i;
		if (v->c[i] != quote)
			ret->quoted = false;
	}
	if (!ret->quoted) {
		while (guard_visible(v->c[i])) {
			if (in_url && (v->c[i] == '&' || v->c[i] == '#'))
				break;
			i++;
		}
		while (i > ret->from && strchr(".,;)\"'`", v->c[i - 1]))
			i--;
		ret->to = i;
	}
	for (i = ret->from; i < ret->to; i++) {
		char c = v->c[i];

		any = any || guard_alnum(c) || (c != GUARD_SYMBOL && !strchr("*._-|/>()[]{}", c));
		digit = digit || guard_digit(c);
		upper_inside = upper_inside || (i > ret->from && lower && c >= 'A' && c <= 'Z');
		lower = lower || (c >= 'a' && c <= 'z');
		sign = sign || (c > ' ' && !guard_alnum(c) && !strchr("?!,;.:-()/", c));
	}
	ret->digit = digit;
	ret->digits =
		digit && !lower && !sign && strspn(v->c + ret->from, "0123456789") == ret->to - ret->from;
	ret->random = (digit || sign || upper_inside) && !time_like(v, ret->from, ret->to);
	ret->plain = !digit && !sign && !upper_inside;
	return any && ret->to > ret->from;
}

bool guard_remark(const struct guard_view *v, const struct guard_value *value, bool after_is)
{
	char word[WORD_MAX + 1];
	size_t n = word_at(v, value->from, word);

	if (!n || value->quoted)
		return false;
	if (listed(remarks, word, n))
		return true;
	for (size_t i = 0; after_is && i < sizeof remark_ends / sizeof remark_ends[0]; i++) {
		size_t end = strlen(remark_ends[i]);

		if (n > end + 1 && strcmp(word + n - end, remark_ends[i]) == 0)
			return true;
	}
	return false;
}

enum link {
	LINK_NONE,
	LINK_FAR /* words between */,
	LINK_MAYBE /* a bare e */,
	LINK_IS,
	LINK_MARK,
	LINK_EQUALS
};

static bool value_fits(const struct guard_view *v, const struct guard_value *value, enum form form,
		       enum link link)
{
	size_t n = value->to - value->from;

	if (value->quoted && link >= LINK_IS)
		return form != FORM_DIGITS || value->digits;
	switch (form) {
	case FORM_DIGITS: return value->digits && n >= 3 && n <= 8;
	case FORM_PHRASE: return link >= LINK_IS;
	case FORM_RANDOM:
		if (link == LINK_EQUALS)
			return n >= 3;
		return value->random &&
		       n >= (link >= LINK_MARK ? 4
			     : link == LINK_IS ? 6
					       : 8) &&
		       (!value->digits || n >= 4);
	case FORM_CODE: return link >= LINK_MARK ? n >= 3 : value->random && n >= 8;
	case FORM_ANY: break;
	}
	if (link >= LINK_MARK)
		return !value->plain || link == LINK_EQUALS || !guard_remark(v, value, false);
	if (link == LINK_FAR)
		return value->random && value->digit && n >= (value->digits ? 4 : 6) &&
		       !memchr(v->c + value->from, '@', n) && v->c[value->to - 1] != ':';
	if (value->random)
		return !value->digits || n >= (link == LINK_IS ? 3 : 4);
	return link == LINK_IS && !guard_remark(v, value, true) && !time_like(v, value->from, value->to);
}

static bool clause_end(char c)
{
	return !c || c == '\n' || strchr(".,;!?", c);
}

/* Words of a pass phrase: plain ones up to the end of the clause, or further digits. */
static size_t value_end(const struct guard_view *v, const struct guard_value *value, enum form form)
{
	size_t end = value->to;
	struct guard_value next;

	if (form == FORM_PHRASE) {
		while (v->c[end] && v->c[end] != '\n')
			end++;
		return end;
	}
	if (value->quoted || form != FORM_ANY)
		return end;
	for (int words = 0; words < PHRASE_WORDS; words++) {
		if (clause_end(v->c[end]))
			return end;
		if (v->c[end] != ' ' || !guard_value_at(v, end + 1, false, &next) || next.quoted)
			break;
		if ((!next.plain && !next.random) || (!value->plain && !next.digits))
			break;
		end = next.to;
		if (value->plain && next.random)
			return end;
	}
	return value->plain && !clause_end(v->c[end]) ? value->to : end;
}

/* A value where one is looked for: true when it is one. */
static bool take_value(const struct guard_view *v, size_t i, enum form form, enum link link, bool in_url,
		       struct guard_span *ret)
{
	struct guard_value value;
	size_t at = spaces(v, i);

	/* After a mark it may stand on the next line. */
	if (link >= LINK_MARK && v->c[at] == '\n')
		at = spaces(v, at + 1);
	if (!guard_value_at(v, at, in_url, &value) || !value_fits(v, &value, form, link))
		return false;
	*ret = (struct guard_span){ GUARD_SECRET, value.from, value_end(v, &value, form) };
	return true;
}

/* Moves over "nova", "do wifi da casa", "for my bank"; false when the sentence goes on otherwise. */
static bool aside(const struct guard_view *v, size_t *i, int *free_words)
{
	char word[WORD_MAX + 1];
	size_t n = word_at(v, *i, word);

	if (!n)
		return false;
	if (listed(prepositions, word, n))
		*free_words = FREE_WORDS;
	else if (!listed(adjectives, word, n) && (*free_words)-- <= 0)
		return false;
	*i += n;
	return true;
}

/* Past an address: "senha do e-mail ana@exemplo.com: ..."; 0 when none stands at i. */
static size_t address(const struct guard_view *v, size_t i)
{
	bool at = false;

	for (; guard_visible(v->c[i]) && v->c[i] != ':' && v->c[i] != '='; i++)
		at = at || v->c[i] == '@';
	return at ? i : 0;
}

/* From behind the keyword on: a value that a mark or a verb announces, past words that belong to the keyword. */
static bool announced(const struct guard_view *v, size_t at, enum form form, bool in_url, bool *ret_past,
		      struct guard_span *ret)
{
	int free_words = 0;

	for (int words = 0; words < ASIDE_WORDS; words++) {
		size_t next = mark(v, at);
		bool sure;

		if (next)
			return take_value(v, next, form, v->c[next - 1] == '=' ? LINK_EQUALS : LINK_MARK,
					  in_url, ret);
		if ((v->c[at] == '-' || v->c[at] == '.') && guard_alpha(v->c[at + 1])) /* wi-fi, gov.br */
			at++;
		else if (v->c[at] != ' ')
			return false;
		at = spaces(v, at);
		next = copula(v, at, &sure);
		if (next && (v->c[next] == ' ' || v->c[next] == ':') &&
		    take_value(v, v->c[next] == ':' ? next + 1 : next, form, sure ? LINK_IS : LINK_MAYBE,
			       in_url, ret))
			return true;
		if (next)
			free_words = FREE_WORDS; /* "é a mesma: ..." */
		if (words && free_words < FREE_WORDS && form == FORM_ANY &&
		    take_value(v, at, form, LINK_FAR, in_url, ret))
			return true;
		if ((next = address(v, at))) {
			*ret_past = true;
			at = next;
		} else if (!aside(v, &at, &free_words)) {
			return false;
		}
	}
	return false;
}

size_t guard_password_at(const struct guard_view *v, size_t i)
{
	enum form form = FORM_RANDOM;
	size_t end = keyword(v, i, &form);

	return form == FORM_ANY ? end : 0;
}

/* "Wi-Fi:" in "senha Wi-Fi: ...": what the secret is of. */
static bool label_at(const struct guard_view *v, size_t i)
{
	while (guard_alnum(v->c[i]) || v->c[i] == '-')
		i++;
	return v->c[i] == ':';
}

bool guard_said_secret(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	enum form form = FORM_ANY;
	size_t at = keyword(v, i, &form);
	bool in_url = i && (v->c[i - 1] == '?' || v->c[i - 1] == '&'), past = false;
	struct guard_span span;

	if (!at)
		return false;
	if (!mark(v, at) && v->c[at] == ' ' && v->c[at + 1] != '[' && v->c[at + 1] != '(' &&
	    !label_at(v, spaces(v, at)) && take_value(v, at, form, LINK_NONE, in_url, ret))
		return true;
	if (!announced(v, at, form, in_url, &past, &span))
		return false;
	if (past) {
		*v->later = span; /* the address comes first */
		return false;
	}
	*ret = span;
	return true;
}

bool guard_key_secret(const char *key)
{
	static const char *const keys[] = { "senha",       "password",      "passwd",       "pwd",
					    "passphrase",  "secret",        "api_key",      "apikey",
					    "api-key",     "client_secret", "access_token", "refresh_token",
					    "private_key", "pin",           "cvv",          "cvc" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcasecmp(key, keys[i]) == 0)
			return true;
	return false;
}

bool guard_key_phone(const char *key)
{
	static const char *const keys[] = { "phone", "tel", "fone", "cel", "mobile", "whats" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcasestr(key, keys[i]))
			return true;
	return false;
}
