// Adding two numbers with a tiny transformer, and proving that it adds every pair rightly.
//
// The model reads "0, a's digits from the ones up, zeros, b's digits, 0" and answers the digits of a + b, the ones first. How
// many digits and zeros there are follows from its description: with p = prompt and l = length it has d = l − p − 1 digits and
// p − 2 − 2d zeros between the numbers. Decoding is the generic loop over any bantam_neural: the likeliest token is appended.
#ifndef BANTAM_ADDER_H
#define BANTAM_ADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neural.h"
#include "status.h"

#define BANTAM_OFFICIAL_PAIRS 10010
#define BANTAM_ADDER_DIGITS 18 // most digits of a number

// The pairs that AdderBoard's verifier adds: its 10 edge cases (two of them alike), then 10,000 of Python's
// random.Random(2025), randint(0, 9999999999), a before b. `a` and `b` are (BANTAM_OFFICIAL_PAIRS).
BANTAM_API void bantam_official_pairs(uint64_t *a, uint64_t *b);

typedef struct bantam_adder bantam_adder;

// The names of the adders that the library carries, the default one first; NULL beyond the last.
BANTAM_API const char *bantam_adder_shipped(size_t index);

// Opens the shipped adder of that name; NULL: the default one. Errors: BANTAM_ERROR_ARGUMENT (no such name), BANTAM_ERROR_MEMORY.
// An adder is for one thread at a time. `precision` is that of the forward pass.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_adder_open(bantam_adder **out, const char *name,
                                                             bantam_precision precision,
                                                             bantam_error *error);

// Opens an adder from the bytes of a model file (copied). Errors: BANTAM_ERROR_MODEL (damaged, of another kind, or not of an
// adder's sizes: its tokens are not the ten digits, or its lengths don't fit), BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_adder_load(bantam_adder **out, const void *bytes,
                                                             size_t size,
                                                             bantam_precision precision,
                                                             bantam_error *error);

BANTAM_API void bantam_adder_free(bantam_adder **adder);

// The model behind it. Borrowed: it dies with the adder.
BANTAM_API const bantam_neural *bantam_adder_neural(const bantam_adder *adder);

// The model file's metadata string of that key, or NULL. Borrowed.
BANTAM_API const char *bantam_adder_metadata(const bantam_adder *adder, const char *key);

// Digits of a number that it adds, 1 to BANTAM_ADDER_DIGITS; the sum has one more.
BANTAM_API size_t bantam_adder_digits(const bantam_adder *adder);

// What the model says a + b is, right or wrong, for n pairs. Errors: BANTAM_ERROR_ARGUMENT (a number has too many digits).
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_adder_add(bantam_adder *adder, const uint64_t *a,
                                                            const uint64_t *b, uint64_t *sums,
                                                            size_t n, bantam_error *error);

// How one sum came about. All is owned by the trace.
typedef struct bantam_adder_trace {
    size_t n_tokens;         // of prompt and answer: the model's length
    size_t n_prompt, n_read; // n_read = n_tokens − 1: the last token is not read again
    size_t n_steps;          // answer digits
    size_t n_heads;          // of all layers
    uint8_t *tokens;         // (n_tokens) digits
    double *probabilities;   // (n_steps, 10) of the next digit
    double *attention; // (n_steps, n_heads, n_read) weights; 0 where there is nothing to see yet
} bantam_adder_trace;

// Errors: BANTAM_ERROR_ARGUMENT, BANTAM_ERROR_MEMORY; the trace is then empty.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_adder_trace_run(bantam_adder_trace *trace,
                                                                  bantam_adder *adder, uint64_t a,
                                                                  uint64_t b, bantam_error *error);
BANTAM_API void bantam_adder_trace_release(bantam_adder_trace *trace);

typedef enum bantam_verdict {
    BANTAM_PROVED = 0,    // every pair is answered rightly
    BANTAM_REFUTED = 1,   // `a` + `b` is answered wrongly; the model was run on it
    BANTAM_UNDECIDED = 2, // the search took more cells than it was allowed
} bantam_verdict;

typedef struct bantam_proof {
    bantam_verdict verdict;
    uint64_t a, b, answer; // of a pair that fails
    size_t step;           // the answer digit, 0 the ones, at which it fails or was undecided
    uint64_t n_cells;      // sets of pairs that were looked at
    double
        least_margin; // proved: the right digit's logit is above every other's by at least this much
} bantam_proof;

typedef struct bantam_proof_options {
    uint64_t cells_maximum; // default 20,000,000
    // Told before each answer step; returning false cancels. May be NULL.
    bool (*progress)(void *context, size_t step, size_t n_steps, uint64_t n_cells);
    void *progress_context;
} bantam_proof_options;

BANTAM_API bantam_proof_options bantam_proof_options_default(void);

// Shows for an adder of one layer that all pairs are added rightly, or finds one that is not (src/neural/proof.h tells how, and
// what the proof says of rounding). Errors: BANTAM_ERROR_ARGUMENT (more than one layer), BANTAM_ERROR_MEMORY,
// BANTAM_ERROR_CANCELLED. Thread-safe.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_adder_prove(bantam_proof *proof,
                                                              bantam_adder *adder,
                                                              const bantam_proof_options *options,
                                                              bantam_error *error);

#endif
