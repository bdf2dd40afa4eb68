// What to do about a finding, in lines that every plain format shows.
#include "report/finding.h"
#include "report/tests.h"

void finding_append_advice(bantam_buffer *out, const bantam_finding *finding)
{
    if (finding_is_unclear(finding) && finding_n_likely(finding) > 0) {
        bantam_buffer_append_string(out, "Perhaps: ");
        finding_append_likely(out, finding);
        bantam_buffer_append_string(out, "\n");
    }
    if (finding->fix_text) {
        bantam_buffer_append_format(out, "Do first: %s\n", finding->fix_text);
    }
    if (finding->fix_reproduce) {
        bantam_buffer_append_format(out, "Reproduce: %s\n", finding->fix_reproduce);
    }
    struct test_sentences sentences = tests_of_finding(finding, out);
    while (tests_next(&sentences)) {
        bantam_buffer_append_format(out, "Test: %s\n", sentences.text);
    }
    if (sentences.n_left_out > 0) {
        bantam_buffer_append_format(out, "and %zu more tests\n", sentences.n_left_out);
    }
}
