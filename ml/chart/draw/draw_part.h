/* draw_part: one kind of chart each, between the picture's head and its note.
 * Needs: pen. Used by: ml/chart/draw.
 * A body draws from y = top to the height that its _height function gives, within MARGIN of both sides. */
#ifndef ML_CHART_DRAW_DRAW_PART_H
#define ML_CHART_DRAW_DRAW_PART_H

#include "ml/chart/draw/pen.h"

double draw_week_height(struct pen *pen, const struct chart *chart);
void draw_week(struct pen *pen, const struct chart *chart, double top);
double draw_energy_height(struct pen *pen, const struct chart *chart);
void draw_energy(struct pen *pen, const struct chart *chart, double top);
double draw_hours_height(struct pen *pen, const struct chart *chart);
void draw_hours(struct pen *pen, const struct chart *chart, double top);
double draw_habits_height(struct pen *pen, const struct chart *chart);
void draw_habits(struct pen *pen, const struct chart *chart, double top);
double draw_effects_height(struct pen *pen, const struct chart *chart);
void draw_effects(struct pen *pen, const struct chart *chart, double top);

#endif
