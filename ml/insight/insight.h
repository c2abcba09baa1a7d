/* insight: what a person's days say at one look.
 * Needs: question, discovery. Used by: cli_insights.
 * A look at the whole level is for one night of a life: who looks like that every night finds something in half of the people in
 * whom there is nothing. People live by ml/insight/schedule. */
#ifndef ML_INSIGHT_INSIGHT_H
#define ML_INSIGHT_INSIGHT_H

#include "ml/insight/question.h"

enum { INSIGHT_MAX = QUESTIONS * QUESTION_LAGS };
/* What one look spends of .05: at most so much that of all that is told to people in whom there is one thing to find, no more than
 * one in twenty is untrue (docs/insights.md). */
#define INSIGHT_LEVEL 0.035

/* One look at the first `n` days, at this level for all of it; those that are told are likely, and of a question one at most. The
 * core is told by Holm, since there a single untrue finding is one too many; the others by Benjamini and Hochberg, whose q each
 * has. What cannot be asked leaves its weight to what can. In the order of their p. */
size_t insight_look(const struct days *days, size_t n, double level, struct insight ret[INSIGHT_MAX]);

#endif
