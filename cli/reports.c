// The one loop over logs reads reports too: a report is known by how it begins.
#include "reports.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "message.h"

#define REPORT_MAXIMUM                                                                             \
    ((uint64_t)256 << 20) // bytes of one that has to be unpacked or comes from a pipe

bool reports_named(const char *name)
{
    size_t size = name ? strlen(name) : 0;
    return size > 4 &&
           (strcmp(name + size - 4, ".xml") == 0 || strcmp(name + size - 4, ".trx") == 0);
}

// False where the report is damaged, which was told.
static bool add(bantam_test_reports **reports, const char *path, const struct mapping *content)
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
        add(reports, path, content);
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

static bool read_path(bantam_test_reports **reports, const char *path)
{
    struct log_limits limits = log_limits_default();
    limits.log_maximum = REPORT_MAXIMUM;
    const char *const paths[] = {path};
    struct log_reader *reader = log_reader_new(paths, 1, &limits);
    struct log log;
    bool read = reader != NULL;
    size_t n = 0;
    while (reader && log_reader_next(reader, &log)) {
        log_open(&log, &limits);
        if (!log.path || log.problem.text[0]) {
            message("%s: %s", log.path ? log.path : path, log.problem.text);
            read = false;
        } else if (!log.member || bantam_is_test_report(log.content.bytes, log.content.size)) {
            read = add(reports, log.path, &log.content) && read;
            n++;
        }
        log_close(&log);
    }
    log_reader_free(&reader);
    if (read && n == 0) {
        message("%s: there is no report of tests in it; JUnit XML and TRX are read", path);
        read = false;
    }
    return read;
}

bool reports_read(bantam_test_reports **reports, const char *const *paths)
{
    bool read = true;
    for (size_t i = 0; paths && paths[i]; i++) {
        read = read_path(reports, paths[i]) && read;
    }
    return read;
}
