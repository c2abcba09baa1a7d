/* chart_words: whether a sentence asks for a picture of the person's own days, by its words.
 * Needs: text. Used by: understand.
 * Beside the intents, whose names are fixed: to them such a sentence asks for insights. */
#ifndef ML_INTENT_CHART_WORDS_H
#define ML_INTENT_CHART_WORDS_H

#include "core/mem.h"

/* "me mostra o gráfico da semana", "mostra meu sono", "a chart of my habits". Of anything else ("gráfico de vendas"): false. */
bool chart_words(apr_pool_t *pool, const char *text);

#endif
