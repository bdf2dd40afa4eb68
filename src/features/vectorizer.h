// Texts → sparse rows of n-grams, as scikit-learn's TfidfVectorizer (and FeatureUnion of them) defines them.
//
// A vectorizer has one to four parts, each with its own analyzer, limits and weighting; a row is the parts' rows side by
// side. A part counts n-grams from a vocabulary that it learned (features in the order of their code points), or hashes
// them (`hash_bits`) as HashingVectorizer does: MurmurHash3 of the n-gram, so that the columns are scikit-learn's too.
// Deliberate difference: where max_features cuts among n-grams of one frequency, the first by name stay (scikit-learn's
// choice hangs on the machine's sort). Unicode is version 15.0 (text/unicode.h), whatever the machine has.
#ifndef BANTAM_FEATURES_VECTORIZER_H
#define BANTAM_FEATURES_VECTORIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/model.h"
#include "base/arena.h"
#include "features/sparse_matrix.h"
#include "text/fold.h"

#define VECTORIZER_VERSION "1" // of what features mean; a model made for another version is refused

enum {
    VECTORIZER_PARTS = 4,      // at most
    VECTORIZER_N_MAXIMUM = 16, // longest n-gram, in words or characters
    VECTORIZER_HASH_BITS_LEAST = 8,
    VECTORIZER_HASH_BITS_MOST = 24,
    VECTORIZER_FEATURES_MAXIMUM = 1 << 28, // of a vectorizer
    VECTORIZER_TEXT_MAXIMUM = 1 << 28,     // bytes of a text
};

enum analyzer {
    ANALYZER_WORD,    // words of two or more letters, digits or '_': (?u)\b\w\w+\b
    ANALYZER_CHAR,    // characters; runs of blanks count as one blank
    ANALYZER_CHAR_WB, // characters inside words, each word with a blank on either side
};

enum row_norm {
    NORM_NONE,
    NORM_L1,
    NORM_L2,
};

// A number of documents, or a share of them (0 to 1).
struct document_limit {
    double value;
    bool is_share;
};

struct vectorizer_part_options {
    enum analyzer analyzer;
    unsigned n_min, n_max;                // lengths of n-grams, 1 to VECTORIZER_N_MAXIMUM
    bool lowercase;                       // as Python's str.lower()
    enum accents accents;                 // after lowercasing
    struct document_limit min_df, max_df; // n-grams in fewer or more documents are left out
    size_t max_features;                  // only the most frequent; 0: no limit
    bool binary;                          // counts above 1 are 1
    bool sublinear_tf;                    // 1 + ln(count) in place of the count
    bool use_idf, smooth_idf;             // ln((1 + n) / (1 + df)) + 1, or ln(n / df) + 1
    enum row_norm norm;
    const char *const
        *stop_words; // (n_stop_words) terminated, compared after lowercasing; ANALYZER_WORD only
    size_t n_stop_words;
    unsigned hash_bits;  // 0: learn a vocabulary; else 2^hash_bits columns
    bool alternate_sign; // of hashed n-grams: a bit of the hash decides whether it counts +1 or -1
};

struct vectorizer_options {
    size_t n_parts;
    struct vectorizer_part_options parts[VECTORIZER_PARTS];
};

// scikit-learn's defaults: words of one, lowercase, every document frequency, smooth idf, l2.
struct vectorizer_part_options vectorizer_part_options_default(void);

// One part with the defaults.
struct vectorizer_options vectorizer_options_default(void);

// A borrowed text: any bytes; what is not UTF-8 counts as U+FFFD.
struct text_piece {
    const char *text;
    size_t size;
};

struct vectorizer; // immutable once fitted; any number of threads may use it

// Learns vocabulary and idf from the texts and, where `matrix` is not NULL, gives their rows in the same pass: the same
// as vectorizer_transform gives, on any number of threads. With nothing to learn (all parts hashed, without idf), `n_texts`
// may be 0.
//
// Errors: BANTAM_ERROR_ARGUMENT (an option out of its range, more than the maxima above), BANTAM_ERROR_INPUT (no n-gram in
// the texts, or none left by the limits), BANTAM_ERROR_MEMORY; *out is then NULL and *matrix empty.
BANTAM_MUST_CHECK bantam_status vectorizer_fit(struct vectorizer **out,
                                               struct sparse_matrix *matrix,
                                               const struct text_piece *texts, size_t n_texts,
                                               const struct vectorizer_options *options,
                                               int n_threads, bantam_error *error);

void vectorizer_free(struct vectorizer **vectorizer);

// The rows of any texts. Errors: BANTAM_ERROR_ARGUMENT (a text beyond VECTORIZER_TEXT_MAXIMUM), BANTAM_ERROR_MEMORY;
// *matrix is then empty.
BANTAM_MUST_CHECK bantam_status vectorizer_transform(struct sparse_matrix *matrix,
                                                     const struct vectorizer *vectorizer,
                                                     const struct text_piece *texts, size_t n_texts,
                                                     int n_threads, bantam_error *error);

size_t vectorizer_n_features(const struct vectorizer *vectorizer);

// The options it was fitted with; stop words are owned by the vectorizer.
const struct vectorizer_options *vectorizer_fitted_options(const struct vectorizer *vectorizer);

// The part that a feature belongs to.
size_t vectorizer_part_of(const struct vectorizer *vectorizer, size_t feature);

// The feature's idf, 1 where the part does not weigh by it.
float vectorizer_idf(const struct vectorizer *vectorizer, size_t feature);

// Writes the n-gram, UTF-8, not terminated, cut to `capacity` bytes, and returns its whole size. Hashed features and those of a
// vocabulary without names have none: 0.
size_t vectorizer_feature_name(const struct vectorizer *vectorizer, size_t feature, char *name,
                               size_t capacity);

// A vectorizer with the features that `keep` (n_features) marks; the others count for nothing any more, not even for the norm.
// Feature i of the new one is feature order[i] of the old one; order has room for n_features. With names they stay in their
// order. Without, only a part of each n-gram's hash is kept: two or three bytes in a file, but no names, and an unknown n-gram is
// taken for a known one about once in 16,000. Hashed parts are kept whole. Errors: BANTAM_ERROR_ARGUMENT (a part without any
// feature; names are asked of a vectorizer that has none), BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status vectorizer_select(struct vectorizer **out, uint32_t *order,
                                                  const struct vectorizer *vectorizer,
                                                  const bool *keep, bool with_names,
                                                  bantam_error *error);

// Whether features have names: not those of hashed parts, and not after vectorizer_select without.
bool vectorizer_has_names(const struct vectorizer *vectorizer);

// One text at a time, for streams: memory that is used again. Not shared by threads.
struct vectorizer_workspace;

struct sparse_row {
    size_t n;
    const uint32_t *columns; // (n) rising; borrowed until the workspace is used again
    const float *values;     // (n)
};

// The vectorizer must outlive the workspace. Errors: BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status vectorizer_workspace_new(struct vectorizer_workspace **out,
                                                         const struct vectorizer *vectorizer,
                                                         bantam_error *error);
void vectorizer_workspace_free(struct vectorizer_workspace **workspace);

// Errors: as vectorizer_transform.
BANTAM_MUST_CHECK bantam_status vectorizer_row(struct sparse_row *row,
                                               struct vectorizer_workspace *workspace,
                                               const char *text, size_t size, bantam_error *error);

// Where an n-gram of the vocabulary stands in a text: bytes [start, end) of what the caller gave. The blank that
// ANALYZER_CHAR_WB sets before a text has no bytes.
struct ngram_place {
    uint32_t feature;
    size_t start, end;
};

struct ngram_places {
    struct ngram_place *places; // (n) in the order of the text, part after part
    size_t n, capacity;
};

// Every occurrence of every feature in the text. Errors: as vectorizer_transform; *places is then empty.
BANTAM_MUST_CHECK bantam_status vectorizer_places(struct ngram_places *places,
                                                  struct vectorizer_workspace *workspace,
                                                  const char *text, size_t size,
                                                  bantam_error *error);
void ngram_places_release(struct ngram_places *places);

enum {
    VECTORIZER_TENSORS = 2 * VECTORIZER_PARTS // at most, in a model file
};

// What of a model file is the vectorizer's. Of part i the tensors "vectorizer.i.names" (front-coded, see vocabulary.c) or
// "vectorizer.i.hashes" (Rice codes of the gaps between them), and "vectorizer.i.documents" where it weighs by idf (LEB128: in
// how many documents each feature is); and the metadata string of key "vectorizer".
struct vectorizer_file {
    struct arena arena; // owns the rest
    bantam_tensor tensors[VECTORIZER_TENSORS];
    size_t n_tensors;
    const char *metadata; // JSON: version, options of each part
};

// Errors: BANTAM_ERROR_MEMORY; *file is then empty.
BANTAM_MUST_CHECK bantam_status vectorizer_write(struct vectorizer_file *file,
                                                 const struct vectorizer *vectorizer,
                                                 bantam_error *error);
void vectorizer_file_release(struct vectorizer_file *file);

// Errors: BANTAM_ERROR_MODEL (tensors or metadata are missing, damaged or beyond the maxima), BANTAM_ERROR_VERSION,
// BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status vectorizer_load(struct vectorizer **out, const bantam_model *file,
                                                bantam_error *error);

#endif
