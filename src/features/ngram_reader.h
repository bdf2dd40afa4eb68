// One thread's reader of texts for a fitted vectorizer: a text in, the features of its n-grams out, one for each occurrence.
//
// Behind it the row is made (vectorizer_rows.h) or scored at once (model/text_model.h).
#ifndef BANTAM_FEATURES_NGRAM_READER_H
#define BANTAM_FEATURES_NGRAM_READER_H

#include "features/ngram_walk.h"
#include "features/vectorizer_parts.h"
#include "features/word_memo.h"

// A feature of the part (not of the vectorizer) and a sign, in one number that sorts by feature.
static inline uint32_t signed_feature(uint32_t feature, bool negative)
{
    return feature << 1 | negative;
}

struct ngram_reader {
    const struct vectorizer *vectorizer;
    struct ngram_text text;
    struct word_memo memos[VECTORIZER_PARTS]; // of ANALYZER_CHAR_WB
    uint32_t *features;                       // (n_features) signed, in the order of the walk
    size_t n_features, features_capacity;
    uint64_t *hashes; // (n_hashes) of the n-grams that are to be looked up
    size_t n_hashes, hashes_capacity;
    char *joined;        // of hashed words: the text's words with one blank between them
    uint32_t *joined_at; // (n_words) where each begins
    size_t joined_capacity, joined_at_capacity;
};

void ngram_reader_init(struct ngram_reader *reader, const struct vectorizer *vectorizer);
void ngram_reader_release(struct ngram_reader *reader);

// Reads a text for a part: fills reader->features. Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status ngram_reader_features(struct ngram_reader *reader, size_t part,
                                                      const char *raw, size_t size,
                                                      bantam_error *error);

// The same for a part without hash_bits whose analyzer is not ANALYZER_CHAR_WB, and without looking the n-grams up: fills reader->hashes.
// Errors: as above.
BANTAM_MUST_CHECK bantam_status ngram_reader_hashes(struct ngram_reader *reader, size_t part,
                                                    const char *raw, size_t size,
                                                    bantam_error *error);

// The features with the place of each in the raw text, appended.
BANTAM_MUST_CHECK bantam_status ngram_reader_places(struct ngram_reader *reader, size_t part,
                                                    const char *raw, size_t size,
                                                    struct ngram_places *places,
                                                    bantam_error *error);

// For ANALYZER_CHAR_WB, word by word: reads the text; its words are the edges of reader->text.folded.
BANTAM_MUST_CHECK bantam_status ngram_reader_start(struct ngram_reader *reader, size_t part,
                                                   const char *raw, size_t size,
                                                   bantam_error *error);

struct reader_word {
    const uint32_t *features; // (n) signed; until the next new word
    size_t n;
    int32_t index; // in the part's memo, or MEMO_NONE
};

// The key of the folded bytes [start, end) between two blanks.
static inline struct memo_key ngram_reader_key(const struct ngram_reader *reader, uint32_t start,
                                               uint32_t end)
{
    return word_memo_key(reader->text.folded.bytes + start, end - start);
}

// Whether a word was seen before; fills *word then.
static inline bool ngram_reader_known_word(const struct ngram_reader *reader, size_t part,
                                           const struct memo_key *key, struct reader_word *word)
{
    const struct word_memo *memo = &reader->memos[part];
    word->index = word_memo_find(memo, key);
    if (word->index == MEMO_NONE) {
        return false;
    }
    const struct memo_word *known = &memo->words[word->index];
    word->features = memo->features + known->first;
    word->n = known->n;
    return true;
}

// The features of a word that is not known; what had its index before is forgotten. False when memory is out.
bool ngram_reader_new_word(struct ngram_reader *reader, size_t part, const struct memo_key *key,
                           struct reader_word *word);

#endif
