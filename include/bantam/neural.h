// Tiny transformers: a model of a few dozen numbers, described in JSON, that reads tokens and gives logits.
//
// A description names the sizes and says of each tensor where its numbers come from: learned, given, or derived from other
// tensors (docs/user/neural.md has all of it). A decoder runs the forward pass over a key-value cache, one token or more at a
// time, for many sequences side by side; choosing the next token is the caller's.
#ifndef BANTAM_NEURAL_H
#define BANTAM_NEURAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "model.h"
#include "status.h"

#define BANTAM_NEURAL_KIND "neural" // __metadata__["kind"] of a model file

typedef struct bantam_neural bantam_neural;   // a described model and its numbers
typedef struct bantam_decoder bantam_decoder; // a forward pass under way

typedef enum bantam_precision {
    BANTAM_FLOAT32 = 0,
    BANTAM_FLOAT64 = 1,
} bantam_precision;

typedef struct bantam_neural_info {
    size_t vocabulary; // tokens are numbers below it
    size_t length;     // tokens of a whole sequence, prompt and answer
    size_t prompt;     // tokens that are given; the others are answered
    size_t width;      // of the residual stream
    size_t n_layers;   // one attention and one feed-forward block each
    size_t n_heads;    // attention heads a layer
    size_t head_width; // of query, key and value of one head
    size_t hidden;     // width of the feed-forward block, 0: there is none
    size_t
        n_parameters; // numbers that training changes, each counted once however often it is used
    size_t
        n_given; // numbers of tensors that a person chose ("values"), other than encodings marked as free
    size_t
        n_board; // by the rule of the AdderBoard challenge: learned and given ones, encodings free
    const char *symbols;     // (vocabulary) one character a token, terminated
    const char *description; // the JSON that the model was made from, terminated
} bantam_neural_info;

// Makes a model from its description; learned numbers stand at their starting values without any noise.
//
// Errors: BANTAM_ERROR_ARGUMENT (the description; the message names the key), BANTAM_ERROR_MEMORY. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_neural_new(bantam_neural **out,
                                                             const char *description, size_t size,
                                                             bantam_error *error);

// The same from a model file. Errors: BANTAM_ERROR_MODEL (not of this kind, or damaged), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_neural_load(bantam_neural **out,
                                                              const bantam_model *file,
                                                              bantam_error *error);

// Appends the model file: one F64 tensor "parameters", the description and `metadata` (n_metadata).
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_neural_write(bantam_buffer *out,
                                                               const bantam_neural *neural,
                                                               const bantam_metadata *metadata,
                                                               size_t n_metadata,
                                                               bantam_error *error);

BANTAM_API void bantam_neural_free(bantam_neural **neural);

// Borrowed: it dies with the model.
BANTAM_API const bantam_neural_info *bantam_neural_inform(const bantam_neural *neural);

// The learned numbers (n_parameters), in the order of their tensors. Borrowed.
BANTAM_API const double *bantam_neural_parameters(const bantam_neural *neural);

// Sets all learned numbers (n_parameters). Not while a decoder of the model is in use.
BANTAM_API void bantam_neural_set_parameters(bantam_neural *neural, const double *parameters);

// Draws all learned numbers anew, each from the normal distribution that the description gives it. The same seed gives the
// same numbers everywhere.
BANTAM_API void bantam_neural_draw(bantam_neural *neural, uint64_t seed);

// One tensor after derivation, by its name ("embedding", "layer0.query"; docs/user/neural.md lists them): (rows, columns),
// row-major. NULL where the model has none of that name. Borrowed.
BANTAM_API const double *bantam_neural_tensor(const bantam_neural *neural, const char *name,
                                              size_t *n_rows, size_t *n_columns);

// Starts decoding `n_sequences` side by side. The model must outlive the decoder and stay as it is; a decoder is for one
// thread at a time. Errors: BANTAM_ERROR_ARGUMENT (n_sequences is 0 or above 65,536), BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_decoder_new(bantam_decoder **out,
                                                              const bantam_neural *neural,
                                                              bantam_precision precision,
                                                              size_t n_sequences,
                                                              bantam_error *error);

BANTAM_API void bantam_decoder_free(bantam_decoder **decoder);

// Forgets all tokens: the next one is the first of its sequence.
BANTAM_API void bantam_decoder_reset(bantam_decoder *decoder);

// Reads the next `n_tokens` of every sequence, (n_sequences, n_tokens), and writes the logits of the token that comes after
// them, (n_sequences, vocabulary). Errors: BANTAM_ERROR_ARGUMENT (no tokens, one not below the vocabulary, more than
// length − 1 in all; nothing was then read).
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_decoder_append(bantam_decoder *decoder,
                                                                 const uint8_t *tokens,
                                                                 size_t n_tokens, double *logits,
                                                                 bantam_error *error);

// What the newest token of one sequence attended to: a weight for each token read so far, (n_tokens), summing to 1.
// Returns how many there are; `weights` has room for length − 1. Errors: 0 where an index is out of range or nothing was read.
BANTAM_API size_t bantam_decoder_attention(const bantam_decoder *decoder, size_t sequence,
                                           size_t layer, size_t head, double *weights);

// Answers `n_sequences` prompts: `tokens` is (n_sequences, length) with the prompts in place, and the answers are filled in by
// appending the likeliest token, again and again. Errors: BANTAM_ERROR_ARGUMENT (a token not below the vocabulary),
// BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_neural_complete(const bantam_neural *neural,
                                                                  bantam_precision precision,
                                                                  uint8_t *tokens,
                                                                  size_t n_sequences,
                                                                  bantam_error *error);

#endif
