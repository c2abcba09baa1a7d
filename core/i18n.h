/* i18n: what people read, in both languages, from the *.txt data files of each floor and room.
 * Needs: mem; the table is generated from the .txt files. Used by: core, ml/date, intent_words, chart, chart_scale, button, portrait.
 *
 * A file holds entries of
 *   [task.created]
 *   pt: Anotado: <b>{title}</b>
 *   en: Noted: <b>{title}</b>
 * with \n for a line break; a line that starts with a tab or two spaces goes on the entry above.
 * {name} is escaped for HTML; {!name} goes in as it is (already rendered HTML);
 * {n|tarefa|tarefas} picks the singular when n is 1. Slots must agree between the languages. */
#ifndef CORE_I18N_H
#define CORE_I18N_H

#include "core/mem.h"
#include <stdint.h>

enum lang { LANG_PT, LANG_EN, LANG_COUNT };

struct slot {
	const char *name;
	const char *text; /* NULL: number */
	int64_t number;
};
/* A function, so that an array may be given too without a warning. */
static inline const char *slot_text(const char *s)
{
	return s ? s : "";
}
#define SLOT_S(k, v) ((struct slot){ (k), slot_text(v), 0 })
#define SLOT_I(k, v) ((struct slot){ (k), NULL, (int64_t)(v) })

/* tr(pool, lang, "task.created", SLOT_S("title", t)): the rendered HTML, in the pool. An unknown key renders as the key and is logged. */
#define tr(pool, lang, key, ...)           \
	i18n_render((pool), (lang), (key), \
		    (const struct slot[]){ __VA_ARGS__ __VA_OPT__(, ){ NULL, NULL, 0 } })
const char *i18n_render(apr_pool_t *pool, enum lang lang, const char *key, const struct slot *slots);
/* Fills a template; a slot that is not given is left out and logged. */
const char *i18n_fill(apr_pool_t *pool, const char *template, const struct slot *slots);
/* The raw template, or NULL. */
const char *i18n_find(enum lang lang, const char *key);

/* "0,52", "0.52": a number as that language writes it. */
const char *i18n_number(apr_pool_t *pool, enum lang lang, double value, int decimals);

/* LANG_PT for tags that start with "pt" in any case, LANG_EN for every other, LANG_PT for NULL or "". */
enum lang lang_of(const char *tag);
/* "pt-BR", "en". */
const char *lang_tag(enum lang lang);

/* Every key, for tests. */
size_t i18n_count(void);
const char *i18n_key(size_t index);

#endif
