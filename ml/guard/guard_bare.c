#include "ml/guard/guard_said.h"
#include <string.h>

enum {
	WORD_MAX = 24,
	ARTICLES_MAX = 5,
	LINK_SIGNS = 6,
	BRACKET_MAX = 40,
	PLAIN_LEAST = 5,
	LINE_BACK = 120,
	VALUE_MAX = 200
};

/* Texts with a space on both sides of each word. Before the name of a password: the line is about it, and does not tell it. */
static const char talk[] =
	" esqueci esqueceu esquecer trocar trocou mudar mudou pedir pede peca qual recupero recuperar criar preciso vou ligar "
	"renovar pegar resetar redefinir alterar perdi perdeu digitar guardar salvar inventar escolher cade onde como quando "
	"nao sem forgot forget change reset ask need where what how lost no without choose create vergessen kein ";
static const char changes[] =
	" troquei troca trocar mudei muda mudar mudou trocou alterei altera changed change set reset "
	"atualizei atualiza updated update ";
static const char uses[] =
	" usa use usar using usei uso usem coloca coloque coloquei colocar bota botei poe põe pus set "
	"setei define defini escolhi nimm nutze ";
static const char articles[] =
	" sendo a o the my minha meu nova novo new our nossa nosso mein das dein sua your current atual uma "
	"um wifi wlan tua seu master root admin old antiga ";
static const char nouns[] =
	" banco wifi email netflix gmail google instagram facebook spotify nubank itau bradesco caixa gov app site celular "
	"cartao conta portal sistema computador notebook roteador modem manager reset protected hint policy field vault "
	"generator security expirou venceu caiu mudou sumiu chegou vence numerica alfanumerica bancaria eletronica whatsapp "
	"outlook steam amazon apple icloud twitter linkedin uber ifood internet router laptop phone account login logins "
	"seguranca vazou funciona funcionou works expired leaked change expires length rules again later please "
	"temporaria provisoria perdida usuario username andern zurucksetzen vergessen prioritaria preferencial normal atendimento ";

static bool listed(const char *list, const char *word, size_t n)
{
	for (const char *p = list; p[1];) {
		size_t k = 0;

		for (p++; k < n && p[k] == word[k]; k++)
			;
		if (k == n && p[k] == ' ')
			return true;
		while (*p != ' ')
			p++;
	}
	return false;
}

static bool letter(char c)
{
	return guard_alnum(c) || c == GUARD_LETTER;
}

static size_t word_at(const struct guard_view *v, size_t i, char ret[WORD_MAX + 1])
{
	size_t n = 0;

	for (; n < WORD_MAX && letter(v->c[i + n]); n++)
		ret[n] = guard_low(v->c[i + n]);
	ret[n] = '\0';
	return letter(v->c[i + n]) ? 0 : n;
}

/* Whether a word of the list stands before i on its line. */
static bool said_before(const struct guard_view *v, size_t i, const char *list)
{
	char word[WORD_MAX + 1];

	for (size_t k = i; k-- > 0 && i - k < LINE_BACK && v->c[k] != '\n';) {
		size_t n;

		if (letter(v->c[k]) && (!k || !letter(v->c[k - 1])) && (n = word_at(v, k, word)) &&
		    listed(list, word, n))
			return true;
	}
	return false;
}

static bool first_of_line(const struct guard_view *v, size_t i)
{
	while (i && (v->c[i - 1] == ' ' || v->c[i - 1] == '"' || v->c[i - 1] == '\'' || v->c[i - 1] == '*'))
		i--;
	return !i || v->c[i - 1] == '\n' || v->c[i - 1] == ':';
}

static bool ends_clause(const struct guard_view *v, size_t i)
{
	while (v->c[i] && strchr(" \"'*)`", v->c[i]))
		i++;
	return !v->c[i] || strchr("\n.,;!(", v->c[i]);
}

/* A plain word that nobody says of passwords. */
static bool odd_word(const struct guard_view *v, const struct guard_value *value)
{
	char word[WORD_MAX + 1];
	size_t n = word_at(v, value->from, word);

	return n >= PLAIN_LEAST && value->from + n == value->to && value->plain && !listed(nouns, word, n) &&
	       !listed(talk, word, n) && !guard_remark(v, value, true);
}

/* Three bullets are what was hidden before. */
static bool was_hidden(const struct guard_view *v, const struct guard_value *value)
{
	static const char bullets[] = { GUARD_SYMBOL, GUARD_SYMBOL, GUARD_SYMBOL };

	return memmem(v->c + value->from, value->to - value->from, bullets, sizeof bullets) != NULL;
}

static bool mail_like(const struct guard_view *v, const struct guard_value *value)
{
	const char *at = memchr(v->c + value->from, '@', value->to - value->from);

	return at && memchr(at, '.', (size_t)(v->c + value->to - at));
}

/* Past "(do e-mail)" and adjectives. */
static size_t past_aside(const struct guard_view *v, size_t at)
{
	char word[WORD_MAX + 1];

	for (int words = 0; words < 2; words++) {
		size_t next = at + (v->c[at] == ' '), n;

		if (v->c[next] == '(' || v->c[next] == '[') {
			char close = v->c[next] == '(' ? ')' : ']';

			for (n = next;
			     v->c[n] && v->c[n] != close && v->c[n] != '\n' && n - next < BRACKET_MAX; n++)
				;
			if (v->c[n] != close)
				return at;
			at = n + 1;
		} else if (next > at && (n = word_at(v, next, word)) && listed(articles, word, n)) {
			at = next + n;
		} else {
			return at;
		}
	}
	return at;
}

struct link {
	bool line, odd, mark, to;
};

/* Past what stands between the name and the value. */
static size_t past_link(const struct guard_view *v, size_t i, size_t at, bool aside, struct link *ret)
{
	char word[WORD_MAX + 1];
	size_t from = at, n;

	*ret = (struct link){ 0 };
	for (; v->c[at] && strchr(" ,;.|/>-?:=\n*\"'", v->c[at]) && at - from < LINK_SIGNS; at++) {
		ret->line = ret->line || v->c[at] == '\n';
		ret->odd = ret->odd || strchr(",;.?", v->c[at]);
		ret->mark = ret->mark || v->c[at] == ':' || v->c[at] == '=';
	}
	n = word_at(v, at, word);
	if (n && v->c[at + n] == ' ' && listed(" para pra por to ", word, n) && said_before(v, i, changes)) {
		ret->to = true;
		return at + n + 1;
	}
	if (n && (ret->odd || aside) && v->c[at + n] == ' ' && listed(" e eh is ", word, n))
		return at + n + 1;
	return at;
}

bool guard_bare_secret(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t at = guard_password_at(v, i), past, from;
	struct guard_value value;
	struct link link;

	if (!at || (i && (v->c[i - 1] == '?' || v->c[i - 1] == '&')))
		return false;
	past = past_aside(v, at);
	from = past_link(v, i, past, past != at, &link);
	/* A mark right behind the name was judged before. */
	if (from == past || (link.mark && past == at) || !guard_value_at(v, from, false, &value) ||
	    mail_like(v, &value) || was_hidden(v, &value))
		return false;
	if (!link.to && said_before(v, i, talk) && !(link.odd && strchr("?", v->c[at]) && value.random))
		return false;
	if (!(value.random && value.to - value.from >= 4 && v->c[value.to] != ':' &&
	      !(value.digits && (link.odd || link.to))) &&
	    !(!link.odd && odd_word(v, &value) && ends_clause(v, value.to)))
		return false;
	*ret = (struct guard_span){ GUARD_SECRET, value.from, value.to };
	return true;
}

/* Past "a minha nova senha"; 0 when there is no such thing. */
static size_t past_password(const struct guard_view *v, size_t i)
{
	char word[WORD_MAX + 1];

	for (int words = 0; words < ARTICLES_MAX; words++) {
		size_t n, end = guard_password_at(v, i);

		if (end)
			return end;
		n = word_at(v, i, word);
		if (!n || !listed(articles, word, n) || v->c[i + n] != ' ')
			return 0;
		i += n + 1;
	}
	return 0;
}

enum swap { SWAP_NONE, SWAP_IS, SWAP_AS, SWAP_ASIDE };

/* What ties the value that ended at i to the name behind it. */
static enum swap swap_at(const struct guard_view *v, size_t i, size_t *ret_next)
{
	char word[WORD_MAX + 1];
	size_t at = i, n;

	while (v->c[at] && strchr("\"'`*", v->c[at]))
		at++;
	if (v->c[at] != ' ')
		return SWAP_NONE;
	at++;
	if (v->c[at] == '(' || ((v->c[at] == '-' || v->c[at] == '=') && v->c[at + 1] == ' ')) {
		*ret_next = at + (v->c[at] == '(' ? 1 : 2);
		return SWAP_ASIDE;
	}
	n = word_at(v, at, word);
	if (!n || v->c[at + n] != ' ')
		return SWAP_NONE;
	*ret_next = at + n + 1;
	if (listed(" e eh is ist era sera vai continua es ", word, n))
		return n > 1 || v->end[at] - v->begin[at] > 1 ? SWAP_IS : SWAP_NONE;
	return listed(" como as als de for ", word, n) ? SWAP_AS : SWAP_NONE;
}

static bool after_use(const struct guard_view *v, size_t i)
{
	size_t from = i, end;
	char word[WORD_MAX + 1];

	while (from && (v->c[from - 1] == ' ' || v->c[from - 1] == '"'))
		from--;
	end = from;
	while (from && letter(v->c[from - 1]))
		from--;
	return end > from && listed(uses, word, word_at(v, from, word));
}

bool guard_swapped_secret(const struct guard_view *v, size_t i, struct guard_span *ret)
{
	size_t end = i, next = 0;
	struct guard_value value;
	enum swap swap;

	while (guard_visible(v->c[end]) && end - i < VALUE_MAX)
		end++;
	if (end == i || !(swap = swap_at(v, end, &next)) || !past_password(v, next))
		return false;
	if (!guard_value_at(v, i, false, &value) || mail_like(v, &value) || was_hidden(v, &value))
		return false;
	if (!(value.random && value.to - value.from >= (value.digits && swap == SWAP_IS ? 3 : 4))) {
		if (!odd_word(v, &value))
			return false;
		if (swap == SWAP_AS ? !after_use(v, i) : !first_of_line(v, i))
			return false;
		/* "renovar - senha do banco" */
		if (swap == SWAP_ASIDE && (v->c[value.to - 1] == 'r' || (v->c[i] >= 'A' && v->c[i] <= 'Z')))
			return false;
	}
	*ret = (struct guard_span){ GUARD_SECRET, value.from, value.to };
	return true;
}
