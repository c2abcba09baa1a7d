/* act_text: an act in words, for asking about it.
 * Needs: tool, when. Used by: act_run (cards), remote, understand.
 * The text "ask.TOOL" says it, with the slots {what} and {when} (struct tool_words): "criar a tarefa{what}{when}". */
#ifndef TOOLS_ACT_TEXT_H
#define TOOLS_ACT_TEXT_H

#include "tools/tool.h"

/* "criar a tarefa “comprar leite”, amanhã (dom, 22/11)", as HTML in req->pool. */
const char *act_text(struct req *req, const struct tool *tool, const struct json *args);

#endif
