#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned crc(const unsigned char *bytes, size_t n);

int main(void)
{
    for (size_t n = 1; n <= 24; n++) {
        static const unsigned char table[64] = {1, 2, 3};
        printf("ok %zu - table of %zu bytes: %08x\n", n, n, crc(table, n));
    }
    unsigned char *bytes = malloc(24);
    memset(bytes, 7, 24);
    fflush(stdout);
    unsigned value = crc(bytes, 24);
    free(bytes);
    return value == 0;
}
