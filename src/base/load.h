// Bytes of text as numbers whose low bits are the first byte, on any machine: to compare or hash several at a time.
#ifndef BANTAM_BASE_LOAD_H
#define BANTAM_BASE_LOAD_H

#include <stdint.h>
#include <string.h>

static inline uint32_t load_four(const char *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap32(word);
#endif
    return word;
}

static inline uint64_t load_eight(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

#endif
