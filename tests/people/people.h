/* people: simulated ones, day by day, in whom there is nothing to find or one thing that was planted.
 * Needs: days. Used by: tests/bench/insights.
 * A person is made of a world (how their numbers behave anyhow), of what is planted, and of a seed: the same three make the same
 * person. Numbers are as people give them: rounded, within a scale, some missing. */
#ifndef TESTS_PEOPLE_PEOPLE_H
#define TESTS_PEOPLE_PEOPLE_H

#include "ml/insight/days.h"

enum planted {
	PLANT_NOTHING,
	PLANT_SLEEP_5, /* energy follows sleep: latent r .5 */
	PLANT_SLEEP_7,
	PLANT_WORKOUT, /* mood +1.2 on days with a workout, of SD 1 */
	PLANT_ENERGY,  /* 30 % more tasks done per SD of energy */
	PLANT_HOUR,    /* one of twelve hours has three times as many */
	PLANT_WEEKDAY, /* one working day has twice as many */
	PLANT_THEME,   /* one of four themes engages 1.5 SD more */
	PLANTED
};

enum weekly { WEEK_EVEN, WEEK_END, WEEK_DAYS };
enum drift { DRIFT_NONE, DRIFT_LINE, DRIFT_WALK };

struct world {
	const char *name;
	double inertia;   /* how much of a day is the day before: the first autocorrelation */
	double missing;   /* of each number that a person notes */
	double away;      /* of whole days */
	enum weekly week; /* a pattern that all numbers share, of up to one SD */
	enum drift drift; /* of each number's own */
	double step;      /* sleep is rounded to, in hours */
	int mood;         /* highest of its scale */
	double posts;     /* a day */
	double uneven;    /* SD of the log of how much is done from day to day, beside Poisson */
};

struct days *person_live(apr_pool_t *pool, const struct world *world, enum planted plan, uint64_t seed,
			 size_t n);

#endif
