// The tables of messages, tools and fixes that the library carries, compiled from models/*/*.json when it was built
// (tools/compile_tables.c) and used where they lie: nothing is parsed at a start.
#ifndef BANTAM_TRIAGE_SHIPPED_TABLES_H
#define BANTAM_TRIAGE_SHIPPED_TABLES_H

#include "triage/fix.h"
#include "triage/messages.h"
#include "triage/tool_table.h"

#define SHIPPED_TABLES_NAME "tables.bundle" // among the embedded files

// Each is released like one that was read from JSON. Errors: BANTAM_ERROR_MODEL where the library was built without the tables or they
// are damaged, BANTAM_ERROR_MEMORY; what was to be filled is then empty.
BANTAM_MUST_CHECK bantam_status shipped_messages(struct messages *messages, bantam_error *error);
BANTAM_MUST_CHECK bantam_status shipped_tools(struct tool_table *table, bantam_error *error);
BANTAM_MUST_CHECK bantam_status shipped_fixes(struct fixes *fixes, bantam_error *error);

#endif
