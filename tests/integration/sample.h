/* sample: a row in each table that people own, for the tests that hold of every table.
 * Needs: nothing. Used by: tests/integration: the test beside which a table belongs, and test_catalogue.c.
 * Collected by core/gen/tests.awk, so the head starts its line. */
#ifndef TESTS_INTEGRATION_SAMPLE_H
#define TESTS_INTEGRATION_SAMPLE_H

struct sample {
	const char *table;
	const char *
		sql; /* puts a row of the present person, with words of theirs for each '%s'; NULL: person_add made it */
};

/* SAMPLE(notes, "INSERT INTO notes (text) VALUES ('%s')") */
#define SAMPLE(name, statement)                   \
	extern const struct sample sample_##name; \
	const struct sample sample_##name = { #name, statement };

extern const struct sample *const samples_all[]; /* generated; ends with NULL */

#endif
