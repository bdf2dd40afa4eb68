#include <stddef.h>

unsigned crc(const unsigned char *bytes, size_t n)
{
    unsigned value = ~0u;
    for (size_t i = 0; i <= n; i++) {
        value ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    }
    return ~value;
}
