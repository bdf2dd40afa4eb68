// Reports of tests that a user names, or that lie beside logs: JUnit XML and TRX.
#ifndef BANTAM_CLI_REPORTS_H
#define BANTAM_CLI_REPORTS_H

#include <stdbool.h>
#include <stdint.h>

#include <bantam/bantam.h>

#include "mapping.h"

// Bytes of a report that has to be unpacked or comes from a pipe.
#define REPORT_MAXIMUM ((uint64_t)256 << 20)

// Whether a file of that name may be one: it ends in ".xml" or ".trx". `name` may be NULL.
bool reports_named(const char *name);

// Adds the report, to a set made where `*reports` is NULL. False where it is damaged, which was told; what was read before counts.
bool reports_add(bantam_test_reports **reports, const char *path, const struct mapping *content);

// Adds the file's content to `*reports`, made where it is NULL, if it is a report; damage is told, and what was read before it counts.
// Returns whether it was one.
bool reports_take(bantam_test_reports **reports, const char *path, const struct mapping *content);

// The same of a file of such a name.
bool reports_take_file(bantam_test_reports **reports, const char *path);

// Reports that were found, one set for each folder or archive that has some, until all logs are answered.
struct report_shelf {
    bantam_test_reports **sets; // (n)
    size_t n;
};

// Takes the set over and returns it; NULL where there is none, or where memory is out.
const bantam_test_reports *report_shelf_add(struct report_shelf *shelf,
                                            bantam_test_reports *reports);
void report_shelf_free(struct report_shelf **shelf);

// Adds the files, folders and archives of `paths`, which ends in NULL or is NULL; of a folder or an archive the reports in it. False:
// something of it was not to be read, which was told; the rest is there all the same.
bool reports_read(bantam_test_reports **reports, const char *const *paths);

#endif
