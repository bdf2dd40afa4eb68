// Prints the adder's official pairs, one a line.
#include <inttypes.h>
#include <stdio.h>

#include <bantam/adder.h>

int main(void)
{
    static uint64_t a[BANTAM_OFFICIAL_PAIRS], b[BANTAM_OFFICIAL_PAIRS];
    bantam_official_pairs(a, b);
    for (size_t i = 0; i < BANTAM_OFFICIAL_PAIRS; i++) {
        printf("%" PRIu64 " %" PRIu64 "\n", a[i], b[i]);
    }
    return 0;
}
