// The ranked tools as the cause classifier takes them.
#ifndef BANTAM_TRIAGE_CAUSE_TOOLS_H
#define BANTAM_TRIAGE_CAUSE_TOOLS_H

#include "triage/cause_features.h"
#include "triage/tools.h"

enum {
    CAUSE_TOOLS = 4 // likeliest tools that the classifier looks at
};

// Writes at most CAUSE_TOOLS candidates and returns how many. They point into the ranking and its table.
size_t cause_tools_from(struct cause_tool tools[CAUSE_TOOLS], const struct tool_ranking *ranking);

#endif
