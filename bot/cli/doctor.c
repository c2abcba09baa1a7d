#include "bot/cli/doctor.h"

#include "bot/cli/cli.h"
#include "bot/cli/cli_run.h"
#include "core/clock.h"
#include "core/text.h"
#include <signal.h>
#include <stdio.h>

int cli_doctor(struct config *config, apr_pool_t *pool, int argc, char **argv)
{
	struct doctor doctor = { .config = config, .pool = pool, .live = argc == 2 };
	err_t *err;

	if (argc > 2 || (argc == 2 && !text_same(argv[1], "--live")))
		return cli_usage("doctor [--live]");
	signal(SIGPIPE, SIG_IGN); /* a server that closes is a finding, not an end */
	err = clock_init(*config->test_clock_file ? config->test_clock_file : NULL);
	doctor_failed(&doctor, "clock", err, "write one line \"ISO-instant speed\" into TEST_CLOCK_FILE");
	doctor_database(&doctor);
	doctor_outside(&doctor);
	if (doctor.failed)
		printf("\n%d check%s failed\n", doctor.failed, doctor.failed == 1 ? "" : "s");
	return cli_end(NULL) || doctor.failed;
}
