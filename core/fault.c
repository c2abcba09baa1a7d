#include "core/fault.h"

#include <signal.h>

static enum fault_kind armed;
static unsigned left;
static bool struck;

void fault_arm(enum fault_kind kind, unsigned nth)
{
	armed = nth ? kind : FAULT_NONE;
	left = nth;
	struck = false;
}

bool fault_hit(enum fault_kind kind)
{
	if (armed == FAULT_NONE || (kind != armed && armed != FAULT_KILL) || --left)
		return false;
	if (armed == FAULT_KILL)
		raise(SIGKILL);
	armed = FAULT_NONE;
	struck = true;
	return true;
}

bool fault_struck(void)
{
	return struck;
}
