// What a call returned, and what to tell a person about it.
//
// Every function that can fail returns a bantam_status and fills a bantam_error that the caller may pass as NULL. A
// message is one sentence for a person: what happened, where, and what to do next. Nothing here allocates.
#ifndef BANTAM_STATUS_H
#define BANTAM_STATUS_H

#include <stdint.h>

#if defined(__GNUC__)
#define BANTAM_MUST_CHECK __attribute__((warn_unused_result))
#define BANTAM_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))
#define BANTAM_API __attribute__((visibility("default")))
#else
#define BANTAM_MUST_CHECK
#define BANTAM_PRINTF(format_at, first_at)
#define BANTAM_API
#endif

// Append only: the numbers are part of the ABI.
typedef enum bantam_status {
    BANTAM_OK = 0,
    BANTAM_ERROR_MEMORY = 1,   // an allocation failed, or a declared maximum was reached
    BANTAM_ERROR_ARGUMENT = 2, // the caller's argument or option is out of its range
    BANTAM_ERROR_INPUT =
        3, // bytes that should be a log, a label file or a table are not readable as one
    BANTAM_ERROR_MODEL = 4, // a model file is damaged or is not a model
    BANTAM_ERROR_VERSION =
        5, // a model file comes from another version of the format or of the features
    BANTAM_ERROR_CANCELLED = 6, // the progress callback asked to stop
} bantam_status;

typedef struct bantam_error {
    bantam_status code;
    char message[400]; // a sentence for a person, always terminated
    uint64_t position; // byte offset in the input that is at fault, or 0
    uint64_t line;     // 1-based line in the input that is at fault, or 0
} bantam_error;

#endif
