// The tools that `bantam mcp` offers: what each takes and how it answers.
//
// In: a tool's name and its arguments as JSON. Out: an answer as text, and where there is one as JSON. Must not know the protocol.
#ifndef BANTAM_CLI_MCP_TOOLS_H
#define BANTAM_CLI_MCP_TOOLS_H

#include <jansson.h>

#include <bantam/bantam.h>

struct mcp_answer {
    bantam_buffer text; // valid UTF-8
    json_t *data;       // an object, or NULL
    bool failed;        // the text says why
};

// The tools as the protocol lists them, a new array; NULL when memory is out.
json_t *mcp_tools_list(void);

// Calls the tool; false where there is none of that name. The caller calls mcp_answer_release.
bool mcp_tools_call(struct mcp_answer *answer, const char *name, json_t *arguments);

void mcp_answer_release(struct mcp_answer *answer);

#endif
