// What is worth keeping of a diagnosed log: a fingerprint that knows the same failure again, a line of text, where the log
// comes from. Who keeps it, and where, is the caller's affair: nothing here writes a file.
#ifndef BANTAM_HISTORY_H
#define BANTAM_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "status.h"
#include "triage.h"

enum {
    BANTAM_FINGERPRINT_SIZE = 17, // bytes of a fingerprint: 16 hexadecimal digits and the end
};

// Writes the finding's fingerprint: of its cause, tool, subject, the line to read first and the file it points to. The same for the
// same failure in other runs: digits, hexadecimal numbers, secrets, temporary names, letter case, the folders of paths and
// the order of words do not count. Errors: BANTAM_ERROR_MEMORY; the fingerprint is then "".
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_fingerprint(
    char fingerprint[BANTAM_FINGERPRINT_SIZE], const bantam_finding *finding, bantam_error *error);

// Appends the finding's line to read first, for keeping: visible, without secrets whatever the diagnosis shows, at most 200 bytes.
BANTAM_API void bantam_headline(bantam_buffer *out, const bantam_finding *finding);

// Appends the finding's title, for keeping likewise: "test failed · pytest · tests/test_cart.py::test_discount".
BANTAM_API void bantam_title(bantam_buffer *out, const bantam_finding *finding);

// Where a log comes from, as far as it tells; "" and 0 where it does not.
typedef struct bantam_origin {
    char repository[160]; // "owner/name"
    char job[160];        // the job's name
    char commit[65];      // hexadecimal digits, at least 7
    char branch[160];     // or the tag or pull request that was checked out
    int64_t time;         // of its first time stamp, in milliseconds since 1970
} bantam_origin;

// Reads the beginning of a log: what GitHub Actions, GitLab, Travis, Jenkins and Azure print when they check out. Names hold no
// control characters and no secrets. Any bytes are a log.
BANTAM_API void bantam_origin_find(bantam_origin *origin, const void *log, size_t size);

// Writes 32 hexadecimal digits that name the log's exact bytes.
BANTAM_API void bantam_log_digest(char digits[33], const void *log, size_t size);

// What was known of a failure before: for bantam_report_options.
typedef struct bantam_past {
    uint64_t n_times;       // logs with the same failure, this one left out
    uint64_t n_commits;     // different ones among them, as far as known
    int64_t first, last;    // when, in milliseconds since 1970
    const char *commit;     // of the last; "" where not known
    const char *resolution; // what the user said that resolved it, or NULL
    int64_t resolved;       // when the user said so
} bantam_past;

#endif
