// Which pairs of neighbouring bytes some texts hold: a word of which one pair is missing stands in none of them.
//
// In: texts, then words to look for. Out: a sure no, or a maybe. Much cheaper than a search where many words are looked for in few
// lines. Nothing is allocated; a set takes 8 KB.
#ifndef BANTAM_TEXT_BYTE_PAIRS_H
#define BANTAM_TEXT_BYTE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_pairs {
    uint64_t bits[65536 / 64]; // one a pair
};

static inline unsigned byte_pair_at(const char *text)
{
    return (unsigned)(unsigned char)text[0] << 8 | (unsigned char)text[1];
}

static inline void byte_pairs_add(struct byte_pairs *pairs, const char *text, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned pair = byte_pair_at(text + i);
        pairs->bits[pair / 64] |= UINT64_C(1) << pair % 64;
    }
}

// False: the word stands in none of the texts. A word of one byte always may.
static inline bool byte_pairs_may_hold(const struct byte_pairs *pairs, const char *word,
                                       size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        unsigned pair = byte_pair_at(word + i);
        if (!(pairs->bits[pair / 64] >> pair % 64 & 1)) {
            return false;
        }
    }
    return true;
}

#endif
