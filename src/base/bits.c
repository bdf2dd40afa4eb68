// Bit by bit where it is short, byte by byte where it is not.
#include "base/bits.h"

void bits_append_leb128(bantam_buffer *out, uint64_t number)
{
    for (;; number >>= 7) {
        unsigned char byte = (unsigned char)((number & 0x7F) | (number > 0x7F ? 0x80U : 0));
        bantam_buffer_append(out, &byte, 1);
        if (number <= 0x7F) {
            return;
        }
    }
}

bool bits_read_leb128(const unsigned char **at, const unsigned char *end, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        unsigned char byte = *(*at)++;
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            return true;
        }
    }
    return false;
}

void bit_writer_append(struct bit_writer *writer, uint64_t bits, unsigned n)
{
    writer->bits |= (bits & ((UINT64_C(1) << n) - 1)) << writer->n;
    writer->n += n;
    for (; writer->n >= 8; writer->n -= 8, writer->bits >>= 8) {
        unsigned char byte = (unsigned char)writer->bits;
        bantam_buffer_append(writer->out, &byte, 1);
    }
}

void bit_writer_append_rice(struct bit_writer *writer, uint64_t number, unsigned k)
{
    uint64_t quotient = number >> k;
    if (quotient >= RICE_ESCAPE) {
        bit_writer_append(writer, UINT32_MAX, RICE_ESCAPE);
        bit_writer_append(writer, number & UINT32_MAX, 32);
        bit_writer_append(writer, number >> 32, 32);
        return;
    }
    bit_writer_append(writer, UINT32_MAX, (unsigned)quotient);
    bit_writer_append(writer, 0, 1);
    bit_writer_append(writer, number, k);
}

void bit_writer_finish(struct bit_writer *writer)
{
    if (writer->n) {
        bit_writer_append(writer, 0, 8 - writer->n);
    }
}

bool bit_reader_read(struct bit_reader *reader, unsigned n, uint64_t *bits)
{
    while (reader->n < n) {
        if (reader->at == reader->end) {
            return false;
        }
        reader->bits |= (uint64_t)*reader->at++ << reader->n;
        reader->n += 8;
    }
    *bits = reader->bits & ((UINT64_C(1) << n) - 1);
    reader->bits >>= n;
    reader->n -= n;
    return true;
}

static bool read_escaped(struct bit_reader *reader, uint64_t *number)
{
    uint64_t low, high;
    if (!bit_reader_read(reader, 32, &low) || !bit_reader_read(reader, 32, &high)) {
        return false;
    }
    *number = high << 32 | low;
    return true;
}

bool bit_reader_rice(struct bit_reader *reader, unsigned k, uint64_t *number)
{
    uint64_t quotient = 0, bit = 1, rest;
    while (bit) {
        if (quotient == RICE_ESCAPE) {
            return read_escaped(reader, number);
        }
        if (!bit_reader_read(reader, 1, &bit)) {
            return false;
        }
        quotient += bit;
    }
    if (!bit_reader_read(reader, k, &rest)) {
        return false;
    }
    *number = quotient << k | rest;
    return true;
}

unsigned rice_parameter(double mean)
{
    unsigned k = 0;
    while (k < 32 && (double)(UINT64_C(1) << (k + 1)) <= mean * 0.7 + 1) {
        k++;
    }
    return k;
}
