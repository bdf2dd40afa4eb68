// Reads texts from standard input, each as its size (32 bits) and its bytes, and prints the probabilities that the exported
// classifier NAME gives them, a text a line. Compiled together with what bantam export wrote.
#include <stdio.h>
#include <stdlib.h>

#define CLASSIFIER_DECLARATIONS
#include "classifier.c"

int main(void)
{
    static classifier_workspace workspace;
    uint32_t size;
    while (fread(&size, sizeof size, 1, stdin) == 1) {
        float probabilities[CLASSIFIER_LABELS];
        char *text = malloc(size + 1u);
        int label, best;
        if (!text || fread(text, 1, size, stdin) != size) {
            return 1;
        }
        best = classifier_predict(&workspace, text, size, probabilities);
        printf("%s", classifier_label(best));
        for (label = 0; label < CLASSIFIER_LABELS; label++) {
            printf("\t%s\t%.9g", classifier_label(label), (double)probabilities[label]);
        }
        puts("");
        free(text);
    }
    return 0;
}
