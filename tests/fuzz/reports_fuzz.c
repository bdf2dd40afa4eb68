// Any bytes may be given as a report of tests: read, or refused with a reason; what was read is joined to a log.
#include "fuzz_target.h"

#include <stdlib.h>

#include <bantam/bantam.h>

static const char log_text[] =
    "$ make test\nFAILED tests/test_cart.py::test_discount - assert 1 == 2\n"
    "tests/test_cart.py:12: AssertionError\nmake: *** [test] Error 1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bantam_triage *triage; // holds nothing of a report
    bantam_error error = {0};
    bantam_test_reports *reports;
    bantam_diagnosis *diagnosis;
    if ((!triage && bantam_triage_new(&triage, &error)) ||
        bantam_test_reports_new(&reports, &error)) {
        return 0;
    }
    bantam_status status = bantam_test_reports_add(reports, "report.xml", data, size, &error);
    if (status && !error.message[0]) {
        abort(); // refused without a reason
    }
    if (!status && !bantam_is_test_report(data, size)) {
        abort(); // read, but not recognised
    }
    bantam_triage_options options = bantam_triage_options_default();
    options.reports = reports;
    if (bantam_test_reports_count(reports) > 0 &&
        bantam_triage_run(&diagnosis, triage, log_text, sizeof log_text - 1, &options, &error) ==
            BANTAM_OK) {
        bantam_diagnosis_free(&diagnosis);
    }
    bantam_test_reports_free(&reports);
    return 0;
}
