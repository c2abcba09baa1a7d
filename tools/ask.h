/* ask: an act in words, for asking about it.
 * Needs: tool, when. Used by: the registry (cards), understand.
 * The text "ask.TOOL" says it, with the slots {what} and {when}: "criar a tarefa{what}{when}". */
#ifndef TOOLS_ASK_H
#define TOOLS_ASK_H

#include "tools/tool.h"

/* "criar a tarefa “comprar leite”, amanhã (dom, 22/11)", as HTML in req->pool. */
const char *ask_text(struct req *req, const char *tool, const struct json *args);

#endif
