// The parts of an exported C file that are the same for every classifier.
#ifndef BANTAM_REPORT_EXPORT_SOURCE_H
#define BANTAM_REPORT_EXPORT_SOURCE_H

#include <stddef.h>

// How to use it, and its declarations; a format that takes the numbers of labels, features and outputs, each a size_t.
extern const char export_source_head[];

// Types of the tables.
extern const char export_source_types[];

extern const char export_source_tail[];

// The files of src/report/export_runtime as one, without their first comments.
extern const char export_runtime[];
extern const size_t export_runtime_size;

#endif
