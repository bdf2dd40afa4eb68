// A linear model of texts: vectorizer, weights, intercepts → one raw score for each output.
//
//   score_o = intercept_o + Σ_f x_f · W[f][o],  x the text's row (features/vectorizer.h)
//
// An output is a class of a multinomial or one-vs-rest model; a binary model has one, the second class's. What the scores
// mean (softmax, sigmoid, calibration) is decided above. A scorer goes from the bytes to the scores in one pass, without the
// row, and remembers what words it has seen contribute; its scores don't hang on what it has seen.
#ifndef BANTAM_MODEL_TEXT_MODEL_H
#define BANTAM_MODEL_TEXT_MODEL_H

#include "features/vectorizer.h"

// How weights are stored, in a file and in memory. Quantised ones have a scale for each output: weight = scale[o] · q. Where at
// most a third of the weights are other than 0, only those are kept.
enum weight_format {
    WEIGHTS_F32,
    WEIGHTS_INT8, // q in -127 … 127
    WEIGHTS_INT4, // q in -7 … 7
};

struct text_model;

// Takes the vectorizer (*vectorizer becomes NULL, also on failure) and copies weights (n_features, n_outputs) and intercepts
// (n_outputs); rounds the weights to `format`. Errors: BANTAM_ERROR_ARGUMENT (a weight that is no finite number, more outputs than
// TEXT_OUTPUTS_MAXIMUM), BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status text_model_new_take(struct text_model **out,
                                                    struct vectorizer **vectorizer,
                                                    const float *weights, const float *intercepts,
                                                    size_t n_outputs, enum weight_format format,
                                                    bantam_error *error);

enum {
    TEXT_OUTPUTS_MAXIMUM = 1 << 16
};

// Where a learner puts weights that a model then takes as they are: a large model has no second copy of them.
struct weights_room {
    float *weights; // (n_features, n_outputs), zero at first
    void *memory;
};

// False when memory is out.
bool weights_room_init(struct weights_room *room, size_t n_features, size_t n_outputs);
void weights_room_release(struct weights_room *room);

// As text_model_new_take, with WEIGHTS_F32; takes the room as well, also on failure.
BANTAM_MUST_CHECK bantam_status text_model_new_take_room(struct text_model **out,
                                                         struct vectorizer **vectorizer,
                                                         struct weights_room *room,
                                                         const float *intercepts, size_t n_outputs,
                                                         bantam_error *error);

// The same model with the features that `keep` (n_features) marks, with or without names (vectorizer_select), and weights rounded to
// `format`. `weights` (n_features, n_outputs) of the old features take the place of the old ones unless NULL. Errors: as
// text_model_new_take and vectorizer_select; *out is then NULL.
BANTAM_MUST_CHECK bantam_status text_model_select(struct text_model **out,
                                                  const struct text_model *model, const bool *keep,
                                                  bool with_names, const float *weights,
                                                  enum weight_format format, bantam_error *error);

void text_model_free(struct text_model **model);

// Tells that of so many texts more only the largest score is sought. Once there were as many as it takes to make good for it, weights
// of a quarter of the size are made beside the others (coarse_weights.h), where they pay, for scorers that seek. Any thread may tell it
// at any time; what a model answers stays the same.
void text_model_coarsen(struct text_model *model, size_t n_texts);

const struct vectorizer *text_model_vectorizer(const struct text_model *model);
size_t text_model_n_outputs(const struct text_model *model);
enum weight_format text_model_format(const struct text_model *model);
const float *text_model_intercepts(const struct text_model *model); // (n_outputs)

// Writes the feature's weights (n_outputs), as the model has them after rounding.
void text_model_weights(const struct text_model *model, size_t feature, float *weights);

enum {
    TEXT_MODEL_TENSORS = VECTORIZER_TENSORS + 6 // at most
};

// What of a model file is the text model's: the vectorizer's tensors and metadata, metadata "weights" ("f32", "int8" or "int4"), and
// tensors: "intercepts" F32 (n_outputs); quantised, "weights.scales" F32 (n_outputs). All weights: "weights" F32 or I8 (n_features,
// n_outputs), or U8 with two to a byte, the first in the lower half, plus 8. Only those other than 0: "weights.places" U8, bits as
// base/bits.h writes them (5 bits k; for each feature how many, in Rice code of k = 2, then the gaps between the outputs in Rice
// code of k), and "weights.values" F32, I8 or U8 (two to a byte) of each.
struct text_model_file {
    struct arena arena;
    struct vectorizer_file vectorizer;
    bantam_tensor tensors[TEXT_MODEL_TENSORS];
    size_t row_strides[TEXT_MODEL_TENSORS]; // for model_write_rows (model_rows.h)
    size_t n_tensors;
    bantam_metadata metadata[2];
    size_t n_metadata;
};

// The tensors borrow from the model. Errors: BANTAM_ERROR_MEMORY; *file is then empty.
BANTAM_MUST_CHECK bantam_status text_model_write(struct text_model_file *file,
                                                 const struct text_model *model,
                                                 bantam_error *error);
void text_model_file_release(struct text_model_file *file);

// Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status text_model_load(struct text_model **out, const bantam_model *file,
                                                bantam_error *error);

// Memory of one thread that scores texts; the model must outlive it.
struct text_scorer;

// Errors: BANTAM_ERROR_MEMORY; *out is then NULL.
BANTAM_MUST_CHECK bantam_status text_scorer_new(struct text_scorer **out,
                                                const struct text_model *model,
                                                bantam_error *error);
void text_scorer_free(struct text_scorer **scorer);

// Writes the raw scores (n_outputs) of a text. Errors: BANTAM_ERROR_ARGUMENT (beyond VECTORIZER_TEXT_MAXIMUM),
// BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status text_scorer_score(struct text_scorer *scorer, const char *text,
                                                  size_t size, float *scores, bantam_error *error);

// The same in two steps. Whoever has many texts begins the next before the last is ended: while that one is read, the weights of
// this one come from memory. At most two are begun; they end in their order. Errors: as text_scorer_score; the text is then not begun.
BANTAM_MUST_CHECK bantam_status text_scorer_begin(struct text_scorer *scorer, const char *text,
                                                  size_t size, bantam_error *error);

// The scores (n_outputs) of the text that was begun first; until another is begun.
const float *text_scorer_end(struct text_scorer *scorer);

// From now on only the output of the largest score is asked for, if it is ahead of all others by more than `ahead`, which is not negative;
// below 0: all scores are, as at first. No text may be begun and not ended.
void text_scorer_seek(struct text_scorer *scorer, float ahead);

// Of a scorer that seeks, in place of text_scorer_end: that output, or SIZE_MAX where none is so far ahead or it cannot be said without
// the scores; *scores are these then.
size_t text_scorer_end_sought(struct text_scorer *scorer, const float **scores);

// What one occurrence of an n-gram brings: the scores are the intercepts and the sum of value · weights[feature] over all
// occurrences. Contributions against the mean x − E[x] are the caller's, who knows the means.
struct text_contribution {
    uint32_t feature;
    size_t start, end; // bytes of the text
    float value;       // the row's x_feature, shared evenly among its occurrences
};

struct text_contributions {
    struct text_contribution *entries; // (n) in the order of the text, part after part
    size_t n;
};

// Errors: as text_scorer_score; *contributions is then empty.
BANTAM_MUST_CHECK bantam_status text_scorer_explain(struct text_contributions *contributions,
                                                    struct text_scorer *scorer, const char *text,
                                                    size_t size, bantam_error *error);
void text_contributions_release(struct text_contributions *contributions);

#endif
