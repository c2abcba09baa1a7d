/* chart_png: a chart's JSON becomes a picture, drawn by lembra-chart.
 * Needs: child, fiber. Used by: channel_telegram, chat, doctor_outside. */
#ifndef ML_CHART_CHART_PNG_H
#define ML_CHART_CHART_PNG_H

#include "core/mem.h"

/* The PNG of spec (chart_write), in pool, at most CHART_PNG_MAX bytes. Parks; a few pictures are drawn at once, the others wait their
 * turn. Every error is final for this try: whoever asks has words for the picture. */
#define CHART_PNG_MAX (200 * 1024)
NODISCARD err_t *chart_png(apr_pool_t *pool, const char *spec, const char **ret_png, size_t *ret_n);

#endif
