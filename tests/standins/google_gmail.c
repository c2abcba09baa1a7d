#include "tests/standins/google_world.h"

const struct route gmail_routes[] = { { NULL } };

bool gmail_control(struct ask *ask, const char *name)
{
	(void)ask;
	(void)name;
	return false;
}
