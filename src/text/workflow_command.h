// What GitHub Actions and Azure Pipelines share: a timestamp on every line and commands in brackets behind it.
#ifndef BANTAM_TEXT_WORKFLOW_COMMAND_H
#define BANTAM_TEXT_WORKFLOW_COMMAND_H

#include "text/reader.h"

enum workflow_command {
    WORKFLOW_NONE,
    WORKFLOW_GROUP,
    WORKFLOW_END_GROUP,
    WORKFLOW_ERROR,
    WORKFLOW_WARNING,
    WORKFLOW_NOTICE,
    WORKFLOW_COMMAND,
    WORKFLOW_SECTION,
    WORKFLOW_DEBUG,
};

// Drops a byte order mark and a timestamp from the start of *text.
void workflow_skip_timestamp(struct span *text);

// Reads "##[name]text", "[name]text" for "command" alone, and "::name properties::text" (what a step prints, where the
// runner did not turn it into the first form). *text is left at the command's text.
enum workflow_command workflow_read(struct span *text);

#endif
