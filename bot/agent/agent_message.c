#include "bot/agent/agent_part.h"

#include <string.h>

void agent_message(struct agent *a, struct llm_message message)
{
	if (a->messages_n == a->messages_cap) {
		size_t cap = a->messages_cap ? 2 * a->messages_cap : 32;
		struct llm_message *more = mem_alloc(a->turn->req->pool, sizeof *more * cap);

		if (a->messages_n)
			memcpy(more, a->messages, sizeof *more * a->messages_n);
		a->messages = more;
		a->messages_cap = cap;
	}
	a->messages[a->messages_n++] = message;
}
