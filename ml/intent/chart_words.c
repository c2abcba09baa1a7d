#include "ml/intent/chart_words.h"

#include "core/text.h"
#include <string.h>

/* Folded. Whatever is said besides, it is not about a picture that we have. */
static const char picture[] = "grafico graficos chart charts graph graphs";
static const char showing[] =
	"mostra mostre mostrar ver veja vejo quero queria posso manda mande envia envie desenha desenhe faz faca show see view draw "
	"send want make display";
static const char body[] = "sono energia disposicao sleep energy";
static const char others[] =
	"me a o as os um uma uns umas da de do das dos na no nas nos em com e por pra para favor pf pfv eu meu minha meus minhas "
	"tarefa tarefas habito habitos hora horas horario horarios semana semanas semanal dia dias mes hoje ontem ultimo ultimos "
	"ultima ultimas passada passado esta essa este esse desta dessa deste desse nesta nessa "
	"i an the my of for please to and in by per on over task tasks habit habits hour hours week weeks weekly day days month "
	"last this past today";

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

bool chart_words(apr_pool_t *pool, const char *text)
{
	const char *s = text_fold(pool, text);
	bool has_picture = false, shows = false, has_body = false;

	while (*s) {
		size_t n = 0;
		const char *word;

		while (is_letter(s[n]))
			n++;
		word = mem_textn(pool, s, n);
		s += n ? n : 1;
		if (!n)
			continue;
		has_picture = has_picture || text_has_word(picture, word);
		shows = shows || text_has_word(showing, word);
		has_body = has_body || text_has_word(body, word);
		if (!text_has_word(picture, word) && !text_has_word(showing, word) &&
		    !text_has_word(body, word) && !text_has_word(others, word))
			return false;
	}
	return has_picture || (shows && has_body);
}
