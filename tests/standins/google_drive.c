#include "tests/standins/google_world.h"

const struct route drive_routes[] = { { NULL } };

bool drive_control(struct ask *ask, const char *name)
{
	(void)ask;
	(void)name;
	return false;
}
