/* intent_pairs: what a sentence could be about by a verb and a thing in it, where no pattern fits.
 * Needs: intent_frames. Used by: ml/intent. */
#ifndef ML_INTENT_INTENT_PAIRS_H
#define ML_INTENT_INTENT_PAIRS_H

#include "ml/intent/intent_match.h"

/* A guess to ask about, never to act on; false when there is none. */
bool intent_pair_find(const struct intent_sentence *s, struct intent_match *ret);

#endif
