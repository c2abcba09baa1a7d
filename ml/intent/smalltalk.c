#include "ml/intent/smalltalk.h"

#include "core/text.h"
#include <string.h>

/* Folded, between spaces. A message is small talk when it has nothing but these words, and is of the first kind among
 * them that is not a filler. */
static const struct {
	enum smalltalk kind;
	const char *words;
} lists[] = {
	{ SMALLTALK_HELLO,
	  " oi oii oiii ola opa eai eae salve alo hello hi hey dia tarde noite morning afternoon evening bem bom boa good " },
	{ SMALLTALK_THANKS,
	  " obrigado obrigada brigado brigada obg vlw valeu grato grata agradecido agradecida thanks thank thx ty " },
	{ SMALLTALK_OK,
	  " ok okay okey certo beleza blz show otimo legal massa perfeito entendi combinado joia great nice cool perfect alright sure got " },
	{ SMALLTALK_BYE, " tchau adeus ate flw falou fui bye goodbye night later " },
};
static const char fillers[] =
	" tudo como vai voce vc e ai a o de muito muita mesmo demais lembra you much so very how are the it to "
	"there again logo mais amanha all for your help pela pelo por ajuda td bem um uma ";

enum { WORDS_MAX = 8 };

static bool listed(const char *list, const char *word, size_t n)
{
	for (const char *at = list; (at = strchr(at, ' ')); at++)
		if (strncmp(at + 1, word, n) == 0 && at[n + 1] == ' ')
			return true;
	return false;
}

static enum smalltalk kind_of(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (listed(lists[i].words, word, n))
			return lists[i].kind;
	return SMALLTALK_NONE;
}

enum smalltalk smalltalk_find(apr_pool_t *pool, const char *text)
{
	const char *s = text_fold(pool, text);
	enum smalltalk found = SMALLTALK_NONE;

	for (int words = 0; *s; words++) {
		size_t n;
		enum smalltalk kind;

		while (*s && !((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9')))
			s++; /* marks and emoji say nothing else */
		n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789");
		if (!n)
			break;
		kind = kind_of(s, n);
		if (words == WORDS_MAX || (!kind && !listed(fillers, s, n)))
			return SMALLTALK_NONE;
		if (!found)
			found = kind;
		s += n;
	}
	return found;
}
