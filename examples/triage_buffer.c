// Triages a log that stands in memory: the smallest whole use of libbantam.
//
//     cc triage_buffer.c $(pkg-config --cflags --libs bantam) -o triage_buffer
#include <stdio.h>
#include <string.h>

#include <bantam/bantam.h>

static const char log_text[] =
    "$ python -m pytest\n"
    "collected 2 items\n"
    "test_cart.py .F                                             [100%]\n"
    "=================================== FAILURES ===================================\n"
    "________________________________ test_discount _________________________________\n"
    "    def test_discount():\n"
    ">       assert total([10, 20], discount=0.5) == 15\n"
    "E       assert 30 == 15\n"
    "test_cart.py:9: AssertionError\n"
    "=========================== short test summary info ============================\n"
    "FAILED test_cart.py::test_discount - assert 30 == 15\n"
    "========================= 1 failed, 1 passed in 0.02s =========================\n";

int main(void)
{
    bantam_error error;
    bantam_triage *triage; // one serves any number of logs, from any number of threads
    if (bantam_triage_new(&triage, &error)) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    bantam_diagnosis *diagnosis; // owns its own copy of all that it shows
    if (bantam_triage_run(&diagnosis, triage, log_text, strlen(log_text), NULL, &error)) {
        fprintf(stderr, "%s\n", error.message);
        bantam_triage_free(&triage);
        return 1;
    }

    for (size_t at = 0; at < diagnosis->n_failures; at++) {
        const bantam_finding *finding = &diagnosis->findings[at];
        printf("lines %lu to %lu, cause %s (%.0f%%)\n", (unsigned long)finding->first_line,
               (unsigned long)finding->last_line, finding->cause, 100 * finding->cause_probability);
    }

    // The same answer as the command's, as text or as JSON.
    bantam_buffer report;
    bantam_buffer_init(&report, 1 << 20);
    bantam_report_json(&report, diagnosis, NULL);
    int exit_code = report.failed || fwrite(report.data, 1, report.size, stdout) != report.size;
    bantam_buffer_release(&report);
    bantam_diagnosis_free(&diagnosis);
    bantam_triage_free(&triage);
    return exit_code;
}
