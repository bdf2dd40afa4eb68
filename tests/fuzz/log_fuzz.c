// Any bytes are a log: the whole path from bytes to both reports must hold, and the JSON must parse.
#include "fuzz_target.h"

#include <jansson.h>
#include <stdlib.h>

#include <bantam/bantam.h>

static bantam_triage *triage;

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check_reports(const bantam_diagnosis *diagnosis, unsigned choice)
{
    bantam_report_options options = bantam_report_options_default();
    options.path = choice & 1 ? NULL : "a\tlog\x1b[31m\xff.log";
    options.color = choice & 2;
    options.ascii = choice & 4;
    options.all = choice & 8;
    options.pretty = choice & 16;
    options.width = choice & 32 ? 40 : 0;
    bantam_buffer out;
    bantam_buffer_init(&out, (size_t)1 << 28);
    bantam_report_json(&out, diagnosis, &options);
    check(!out.failed);
    json_t *parsed = json_loadb(out.data, out.size, 0, NULL);
    check(parsed != NULL);
    json_decref(parsed);
    bantam_buffer_release(&out);
    bantam_report_text(&out, diagnosis, &options);
    check(!out.failed && out.size && out.data[out.size - 1] == '\n');
    for (size_t at = 0; at < out.size; at++) {
        unsigned char byte = (unsigned char)out.data[at];
        check(byte >= 32 || byte == '\n' || (byte == 27 && options.color));
    }
    bantam_buffer_release(&out);
}

// The page with the log in it: nothing but its own markup, no control character.
static void check_page(const bantam_diagnosis *diagnosis, const uint8_t *data, size_t size)
{
    bantam_report_options options = bantam_report_options_default();
    options.log = data;
    options.log_size = size;
    bantam_report_document document;
    bantam_buffer out;
    bantam_buffer_init(&out, (size_t)1 << 28);
    bantam_report_begin(&document, BANTAM_REPORT_HTML);
    bantam_report_add(&document, &out, diagnosis, &options);
    bantam_report_end(&document, &out);
    check(!out.failed);
    for (size_t at = 0; at < out.size; at++) {
        unsigned char byte = (unsigned char)out.data[at];
        check(byte >= 32 || byte == '\n');
    }
    bantam_buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!triage) {
        check(bantam_triage_new(&triage, NULL) == BANTAM_OK);
    }
    // The last byte chooses how the answer is shown.
    unsigned choice = size ? data[size - 1] : 0;
    bantam_triage_options options = bantam_triage_options_default();
    options.context = choice & 3;
    options.max_findings = 1 + (choice >> 4);
    bantam_diagnosis *diagnosis;
    check(bantam_triage_run(&diagnosis, triage, data, size, &options, NULL) == BANTAM_OK);
    for (size_t at = 0; at < diagnosis->n_findings; at++) {
        const bantam_finding *finding = &diagnosis->findings[at];
        check(finding->first_line >= 1 && finding->first_line <= finding->anchor_line);
        check(finding->anchor_line <= finding->last_line &&
              finding->last_line <= diagnosis->n_lines);
    }
    check_reports(diagnosis, choice);
    check_page(diagnosis, data, size);
    bantam_diagnosis_free(&diagnosis);
    return 0;
}
