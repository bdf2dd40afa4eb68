// The one loop over logs reads reports, too: of a folder or an archive those members that begin as a report does.
#include "io.h"
#include "message.h"
#include "reports.h"

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
            read = reports_add(reports, log.path, &log.content) && read;
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
