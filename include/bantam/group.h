// Many logs by what failed in them: one entry for each distinct failure, with how many logs have it and which.
//
// Two logs have the same failure where their first findings have the same fingerprint (history.h).
#ifndef BANTAM_GROUP_H
#define BANTAM_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "report.h"
#include "status.h"
#include "triage.h"

typedef struct bantam_groups bantam_groups;

// `*out` is NULL on failure. Errors: BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_groups_new(bantam_groups **out,
                                                             bantam_error *error);
BANTAM_API void bantam_groups_free(bantam_groups **groups);

// Adds a log; copies what it needs. Errors: BANTAM_ERROR_MEMORY; the groups may then only be freed.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_groups_add(bantam_groups *groups,
                                                             const char *path,
                                                             const bantam_diagnosis *diagnosis,
                                                             bantam_error *error);

// Whether groups can be told in that format: text, JSON, NDJSON and Markdown.
BANTAM_API bool bantam_groups_format(bantam_report_format format);

// Appends the groups, those of most logs first, those of equally many in the order of their first logs. JSON is one object of
// schema "bantam-groups/1"; NDJSON has a line for each group. Of `options`, which may be NULL, those about colour, characters and
// width count, `brief` for text of a line each, and `all` for text and Markdown that names every log.
BANTAM_API void bantam_groups_report(bantam_buffer *out, const bantam_groups *groups,
                                     bantam_report_format format,
                                     const bantam_report_options *options);

#endif
