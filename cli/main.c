// Walking skeleton: triages one file.
#include <stdio.h>
#include <stdlib.h>

#include <bantam/bantam.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        return 2;
    }
    FILE *file = fopen(argv[1], "rb");
    if (!file) {
        return 3;
    }
    char *bytes = malloc(1 << 28);
    size_t size = fread(bytes, 1, 1 << 28, file);
    fclose(file);
    bantam_error error;
    bantam_triage *triage;
    bantam_diagnosis *diagnosis;
    if (bantam_triage_new(&triage, &error) ||
        bantam_triage_run(&diagnosis, triage, bytes, size, NULL, &error)) {
        fprintf(stderr, "bantam: %s\n", error.message);
        return 3;
    }
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        printf("%lu: %s\n", (unsigned long)diagnosis->findings[i].anchor_line,
               diagnosis->findings[i].excerpt->text);
    }
    bantam_diagnosis_free(&diagnosis);
    bantam_triage_free(&triage);
    free(bytes);
    return 0;
}
