/* guard_said: what the parts that look for said passwords share: their names, and what may be one.
 * Needs: guard_part. Used by: guard_secret, guard_bare, guard_scan. */
#ifndef ML_GUARD_GUARD_SAID_H
#define ML_GUARD_GUARD_SAID_H

#include "ml/guard/guard_part.h"

struct guard_value {
	size_t from, to; /* without quotes */
	bool quoted, digit, digits /* and nothing else */, random, plain;
};

/* The run without spaces at i, or what stands in quotes there. */
bool guard_value_at(const struct guard_view *v, size_t i, bool in_url, struct guard_value *ret);
/* Whether it is a word that people say of a password: "nova", "errada"; after_is: "obrigatória" too. */
bool guard_remark(const struct guard_view *v, const struct guard_value *value, bool after_is);
/* Where the name of a password that begins at i ends: "senha", "p4ssw0rd"; 0 when none does. */
size_t guard_password_at(const struct guard_view *v, size_t i);

/* "senha gatopreto", "senha\ngatopreto", "senha | gato1": the name is at i. */
bool guard_bare_secret(const struct guard_view *v, size_t i, struct guard_span *ret);
/* "gatopreto é a minha senha", "usa gatopreto como senha", "gato1 (senha do wifi)": the value is at i. */
bool guard_swapped_secret(const struct guard_view *v, size_t i, struct guard_span *ret);

#endif
