// Any bytes may be given as a file of rules: taken and obeyed, or refused with a reason and a line.
#include "fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#include <bantam/bantam.h>

static const char log_text[] = "$ make\nmain.c:3:1: error: expected ';'\nmake: *** [all] Error 1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bantam_error error = {0};
    bantam_triage *triage;
    bantam_diagnosis *diagnosis;
    if (bantam_triage_new(&triage, &error)) {
        return 0;
    }
    bantam_status status = bantam_triage_use_rules(triage, (const char *)data, size, &error);
    if (status && status != BANTAM_ERROR_MEMORY && (!error.message[0] || error.line == 0)) {
        abort(); // refused without saying why and where
    }
    if (!status && bantam_triage_run(&diagnosis, triage, log_text, sizeof log_text - 1, NULL,
                                     &error) == BANTAM_OK) {
        bantam_diagnosis_free(&diagnosis);
    }
    bantam_triage_free(&triage);
    return 0;
}
