// What the tables of messages and tools know of a line, as extra words for the line finder.
//
// The message of a tool that no training log has is a word that no log has taught; the cause it speaks for and the kind of
// tool that prints it are words that many logs share.
#ifndef BANTAM_TRIAGE_LINE_KNOWLEDGE_H
#define BANTAM_TRIAGE_LINE_KNOWLEDGE_H

#include "features/log_features.h"
#include "triage/messages.h"
#include "triage/tool_table.h"

struct line_tables {
    const struct messages *messages;
    const struct tool_table *tools;
};

// An annotator over the tables, which must outlive it, and so must *tables itself.
struct line_annotator line_knowledge(const struct line_tables *tables);

#endif
