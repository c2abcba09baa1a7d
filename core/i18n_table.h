/* i18n_table: the generated table of texts, sorted by key in byte order.
 * Needs: core/gen/texts.awk at build time. Used by: i18n (and the generated table). */
#ifndef CORE_I18N_TABLE_H
#define CORE_I18N_TABLE_H

#include "core/i18n.h"

struct i18n_entry {
	const char *key;
	const char *text[LANG_COUNT];
};
extern const struct i18n_entry i18n_table[];
extern const size_t i18n_table_count;

#endif
