/* choice: which kind of advice a person may find useful, learned from what they tapped (Thompson 1933).
 * Needs: GSL. Used by: recommendation. */
#ifndef ML_INSIGHT_CHOICE_H
#define ML_INSIGHT_CHOICE_H

#include <stddef.h>
#include <stdint.h>

/* A draw, 0..1, of how likely the person finds this kind useful, after so many yes and no: of Beta(2 + yes, 1 + no), so that
 * what was never tried is tried. The same seed gives the same draw. */
double choice_draw(double yes, double no, uint64_t seed);
/* A seed out of words and a number. */
uint64_t choice_seed(const char *words, uint64_t number);

#endif
