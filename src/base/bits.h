// Whole numbers as runs of bits: LEB128 for bytes, Rice codes for gaps between sorted numbers.
//
// Rice (1979): n is its quotient by 2^k in unary (ones, then a zero) and its lowest k bits; from a quotient of RICE_ESCAPE on, that
// many ones and the whole n in 64 bits. Bits fill bytes from the lowest.
#ifndef BANTAM_BASE_BITS_H
#define BANTAM_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/buffer.h"

enum {
    RICE_ESCAPE = 24
};

// 7 bits a byte, the lowest first; the highest bit says that more follow.
void bits_append_leb128(bantam_buffer *out, uint64_t number);

// Reads one and moves *at behind it; false where there is none below `end` or it has more than 64 bits.
bool bits_read_leb128(const unsigned char **at, const unsigned char *end, uint64_t *number);

struct bit_writer {
    bantam_buffer *out;
    uint64_t bits; // not yet written
    unsigned n;    // of them, below 8 between calls
};

void bit_writer_append(struct bit_writer *writer, uint64_t bits, unsigned n); // n ≤ 32
void bit_writer_append_rice(struct bit_writer *writer, uint64_t number, unsigned k);
void bit_writer_finish(struct bit_writer *writer); // fills the last byte with zeros

struct bit_reader {
    const unsigned char *at, *end;
    uint64_t bits;
    unsigned n;
};

// False where no more bits are left.
bool bit_reader_read(struct bit_reader *reader, unsigned n, uint64_t *bits); // n ≤ 32
bool bit_reader_rice(struct bit_reader *reader, unsigned k, uint64_t *number);

// The k that suits numbers of that mean.
unsigned rice_parameter(double mean);

#endif
