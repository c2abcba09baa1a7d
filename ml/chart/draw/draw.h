/* draw: a chart as a picture.
 * Needs: chart, pen. Used by: lembra_chart. */
#ifndef ML_CHART_DRAW_DRAW_H
#define ML_CHART_DRAW_DRAW_H

#include "ml/chart/chart.h"
#include <cairo.h>

/* A surface of its own, which the caller destroys. ERR_INTERNAL: cairo could not. */
NODISCARD err_t *draw(apr_pool_t *pool, const struct chart *chart, cairo_surface_t **ret_surface);

#endif
