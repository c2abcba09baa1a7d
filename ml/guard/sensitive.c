#include "ml/guard/sensitive.h"

#include "core/text.h"
#include "ml/guard/guard.h"
#include <string.h>

/* Folded words and phrases between commas; one that ends in '*' is the beginning of a word. */
static const struct {
	enum sensitive kind;
	const char *words;
} lists[] = {
	{ SENSITIVE_HEALTH,
	  "depress*,deprimid*,ansiedade,bipolar*,esquizofren*,cancer,tumor*,diabet*,hiv,aids,gravid*,gestante,aborto*,autis*,tdah,adhd,"
	  "epilep*,hipertens*,colesterol,asma,asmatic*,doenca,doente,diagnostic*,quimioterap*,antidepressiv*,remedio controlado,"
	  "alergi*,insulina,terapia,terapeuta,medicamento*,remedios,allerg*,insulin,therapy,therapist,medication*,"
	  "psiquiatr*,alcoolatra,alcoholic,pregnan*,abortion,disease*,diagnos*,anxiety disorder,schizophren*,asthma*,chemotherapy,"
	  "antidepressant*,psychiatr*,disability,deficiencia,viciado,viciada,dependente quimic*,addict*,cirurgia,surgery" },
	{ SENSITIVE_RELIGION,
	  "catolic*,evangelic*,crente,espirita,umband*,candomble,judeu,judia,judaic*,muculman*,islam*,budis*,ateu,ateia,"
	  "agnostic*,protestante*,minha religiao,igreja,catholic*,jewish,muslim*,buddhis*,atheis*,christian*,my religion,church,"
	  "baptist*,mormon*" },
	{ SENSITIVE_POLITICS,
	  "petista*,bolsonarista*,lulista*,de esquerda,de direita,esquerdista*,direitista*,comunista*,socialista*,partido politico,"
	  "votei em,voto em,voto no,voto na,filiado ao,filiada ao,sindicaliz*,sindicato,democrat,republican,communist*,socialist*,"
	  "left-wing,right-wing,i vote for,i voted for,political party,trade union,union member" },
	{ SENSITIVE_SEXUALITY,
	  "gay,gays,lesbica*,bissexua*,homossexua*,heterossexua*,transexua*,transgener*,travesti*,assexua*,orientacao sexual,"
	  "vida sexual,lesbian*,bisexual*,homosexual*,heterosexual*,transgender*,asexual*,queer,sex life,sexual orientation" },
	{ SENSITIVE_DOCUMENT,
	  "cpf,meu rg,cnh,passaporte,passport,senha*,password*,titulo de eleitor,social security,ssn,numero do cartao,card number" },
};

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* Whether the folded text holds the word, or one that begins with it. */
static bool holds(const char *text, const char *word, size_t n)
{
	bool prefix = word[n - 1] == '*';

	n -= prefix;
	for (const char *at = text; *at; at++) {
		if (strncmp(at, word, n) != 0 || (at > text && is_word_char(at[-1])))
			continue;
		if (prefix || !is_word_char(at[n]))
			return true;
	}
	return false;
}

/* A CPF, a CNPJ or a card; what the guard cannot read counts as one. */
static bool holds_document(apr_pool_t *pool, const char *text)
{
	struct guard *guard = guard_new(pool, "sensitive", PRIVACY_MASK);
	const char *masked;
	err_t *err = guard_mask(guard, text, &masked);
	bool holds = err || (guard_found(guard) & (GUARD_CPF | GUARD_CNPJ | GUARD_CARD));

	err_clear(err);
	return holds;
}

enum sensitive sensitive_find(apr_pool_t *pool, const char *text)
{
	const char *folded = text_fold(pool, text);
	unsigned kinds = 0;

	(void)guard_scrub(pool, text, &kinds);
	if (kinds || holds_document(pool, text))
		return SENSITIVE_DOCUMENT;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const char *w = lists[i].words; *w;) {
			size_t n = strcspn(w, ",");

			if (holds(folded, w, n))
				return lists[i].kind;
			w += n + (w[n] == ',');
		}
	return SENSITIVE_NONE;
}
