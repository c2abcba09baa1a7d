#include "tests/standins/google_world.h"

const struct route calendar_routes[] = { { NULL } };

bool calendar_control(struct ask *ask, const char *name)
{
	(void)ask;
	(void)name;
	return false;
}
