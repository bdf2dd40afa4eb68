// The table of sizes and accuracies that bantam shrink, and bantam train --max-size, print.
#ifndef BANTAM_CLI_SHRINK_TABLE_H
#define BANTAM_CLI_SHRINK_TABLE_H

#include <bantam/bantam.h>

// Appends the report's lines, and on what rows they were measured.
void shrink_table(bantam_buffer *out, const bantam_shrink_report *report);

#endif
