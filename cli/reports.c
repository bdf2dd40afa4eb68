// A report is known by its name and by how it begins.
#include "reports.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "message.h"

bool reports_named(const char *name)
{
    size_t size = name ? strlen(name) : 0;
    return size > 4 &&
           (strcmp(name + size - 4, ".xml") == 0 || strcmp(name + size - 4, ".trx") == 0);
}

bool reports_add(bantam_test_reports **reports, const char *path, const struct mapping *content)
{
    bantam_error error;
    bool added = *reports || bantam_test_reports_new(reports, &error) == BANTAM_OK;
    added = added && bantam_test_reports_add(*reports, path, content->bytes, content->size,
                                             &error) == BANTAM_OK;
    if (!added) {
        message("%s: %s", path, error.message);
    }
    return added;
}

bool reports_take(bantam_test_reports **reports, const char *path, const struct mapping *content)
{
    bool taken = bantam_is_test_report(content->bytes, content->size);
    if (taken) {
        reports_add(reports, path, content);
    }
    return taken;
}

bool reports_take_file(bantam_test_reports **reports, const char *path)
{
    struct mapping content;
    struct problem problem;
    bool taken = reports_named(path) && access(path, F_OK) == 0 &&
                 mapping_open(&content, path, REPORT_MAXIMUM, &problem);
    if (taken) {
        taken = reports_take(reports, path, &content);
        mapping_release(&content);
    }
    return taken;
}

const bantam_test_reports *report_shelf_add(struct report_shelf *shelf,
                                            bantam_test_reports *reports)
{
    bantam_test_reports **sets =
        reports ? realloc(shelf->sets, (shelf->n + 1) * sizeof *sets) : NULL;
    if (!sets) {
        bantam_test_reports_free(&reports);
        return NULL;
    }
    shelf->sets = sets;
    shelf->sets[shelf->n++] = reports;
    return reports;
}

void report_shelf_free(struct report_shelf **shelf)
{
    for (size_t i = 0; *shelf && i < (*shelf)->n; i++) {
        bantam_test_reports_free(&(*shelf)->sets[i]);
    }
    free(*shelf ? (*shelf)->sets : NULL);
    free(*shelf);
    *shelf = NULL;
}
