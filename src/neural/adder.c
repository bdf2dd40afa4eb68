// Numbers to tokens, tokens to numbers, and between them the generic decoding loop. Nothing here adds.
#include "neural/adder.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/embedded.h"

// The default one first.
static const struct {
    const char *name, *path; // below models/
} shipped[] = {
    {"eight", "adder/eight/model.safetensors"},         {"six", "adder/six/model.safetensors"},
    {"five", "adder/five/model.safetensors"},           {"plain", "adder/model.safetensors"},
    {"hand-made", "adder/hand-made/model.safetensors"},
};

const char *bantam_adder_shipped(size_t index)
{
    return index < sizeof shipped / sizeof *shipped ? shipped[index].name : NULL;
}

void bantam_adder_free(bantam_adder **adder)
{
    if (!*adder) {
        return;
    }
    bantam_decoder_free(&(*adder)->decoder);
    memory_free((*adder)->scratch.next);
    memory_free((*adder)->scratch.logits);
    memory_free((*adder)->tokens);
    bantam_neural_free(&(*adder)->neural);
    bantam_model_free(&(*adder)->file);
    memory_free(*adder);
    *adder = NULL;
}

// prompt = 1 + d + gap + d + 1, length = prompt + d + 1.
static bantam_status find_places(bantam_adder *adder, bantam_error *error)
{
    const bantam_neural_info *info = bantam_neural_inform(adder->neural);
    size_t n_answers = info->length - info->prompt;
    adder->n_digits = n_answers - 1;
    if (n_answers < 2 || adder->n_digits > BANTAM_ADDER_DIGITS ||
        info->prompt < 2 + 2 * adder->n_digits || strcmp(info->symbols, "0123456789") != 0) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the model is no adder: it needs the symbols 0123456789, d + 1 answers "
                         "and a prompt of at least 2d + 2 tokens, d being 1 to %d",
                         BANTAM_ADDER_DIGITS);
    }
    adder->first_a = 1;
    adder->first_b = info->prompt - 1 - adder->n_digits;
    return BANTAM_OK;
}

bantam_status adder_new(bantam_adder **out, bantam_neural **neural, bantam_precision precision,
                        bantam_error *error)
{
    *out = NULL;
    bantam_adder *adder = memory_allocate_array(1, sizeof *adder);
    if (!adder) {
        bantam_neural_free(neural);
        return error_memory(error);
    }
    adder->neural = *neural;
    *neural = NULL;
    adder->precision = precision;
    const bantam_neural_info *info = bantam_neural_inform(adder->neural);
    adder->scratch.next = memory_allocate_array(ADDER_BATCH, info->prompt);
    adder->scratch.logits =
        memory_allocate_array(ADDER_BATCH * info->vocabulary, sizeof *adder->scratch.logits);
    adder->tokens = memory_allocate_array(ADDER_BATCH, info->length);
    bantam_status status = find_places(adder, error);
    if (!status && (!adder->scratch.next || !adder->scratch.logits || !adder->tokens)) {
        status = error_memory(error);
    }
    if (!status) {
        status = bantam_decoder_new(&adder->decoder, adder->neural, precision, ADDER_BATCH, error);
    }
    if (status) {
        bantam_adder_free(&adder);
    }
    *out = adder;
    return status;
}

bantam_status bantam_adder_load(bantam_adder **out, const void *bytes, size_t size,
                                bantam_precision precision, bantam_error *error)
{
    *out = NULL;
    bantam_model *file = NULL;
    bantam_neural *neural = NULL;
    bantam_status status = bantam_model_load(&file, bytes, size, error);
    status = status ? status : bantam_neural_load(&neural, file, error);
    status = status ? status : adder_new(out, &neural, precision, error);
    if (status) {
        bantam_model_free(&file);
        return status;
    }
    (*out)->file = file;
    return BANTAM_OK;
}

bantam_status bantam_adder_open(bantam_adder **out, const char *name, bantam_precision precision,
                                bantam_error *error)
{
    *out = NULL;
    name = name ? name : shipped[0].name;
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        const struct embedded_file *file = NULL;
        if (strcmp(name, shipped[i].name) == 0) {
            file = embedded_find(shipped[i].path);
        }
        if (file) {
            return bantam_adder_load(out, file->bytes, file->size, precision, error);
        }
    }
    return error_set(error, BANTAM_ERROR_ARGUMENT, "there is no adder \"%.40s\"", name);
}

const bantam_neural *bantam_adder_neural(const bantam_adder *adder)
{
    return adder->neural;
}

const char *bantam_adder_metadata(const bantam_adder *adder, const char *key)
{
    return adder->file ? bantam_model_metadata(adder->file, key) : NULL;
}

size_t bantam_adder_digits(const bantam_adder *adder)
{
    return adder->n_digits;
}

static void write_digits(uint8_t *tokens, size_t n_digits, uint64_t number)
{
    for (size_t i = 0; i < n_digits; i++) {
        tokens[i] = (uint8_t)(number % 10);
        number /= 10;
    }
}

void adder_encode(const bantam_adder *adder, uint64_t a, uint64_t b, uint8_t *tokens)
{
    memset(tokens, 0, bantam_neural_inform(adder->neural)->length);
    write_digits(tokens + adder->first_a, adder->n_digits, a);
    write_digits(tokens + adder->first_b, adder->n_digits, b);
}

uint64_t adder_answer(const bantam_adder *adder, const uint8_t *tokens)
{
    const uint8_t *answer = tokens + bantam_neural_inform(adder->neural)->prompt;
    uint64_t number = 0;
    for (size_t i = adder->n_digits + 1; i > 0; i--) {
        number = number * 10 + answer[i - 1];
    }
    return number;
}

static bantam_status check_numbers(const bantam_adder *adder, const uint64_t *numbers, size_t n,
                                   bantam_error *error)
{
    uint64_t limit = 1;
    for (size_t i = 0; i < adder->n_digits; i++) {
        limit *= 10;
    }
    for (size_t i = 0; i < n; i++) {
        if (numbers[i] >= limit) {
            return error_set(error, BANTAM_ERROR_ARGUMENT,
                             "%llu has more digits than this adder's %zu",
                             (unsigned long long)numbers[i], adder->n_digits);
        }
    }
    return BANTAM_OK;
}

bantam_status bantam_adder_add(bantam_adder *adder, const uint64_t *a, const uint64_t *b,
                               uint64_t *sums, size_t n, bantam_error *error)
{
    const bantam_neural_info *info = bantam_neural_inform(adder->neural);
    bantam_status status = check_numbers(adder, a, n, error);
    status = status ? status : check_numbers(adder, b, n, error);
    for (size_t from = 0; !status && from < n; from += ADDER_BATCH) {
        size_t n_pairs = n - from < ADDER_BATCH ? n - from : ADDER_BATCH;
        for (size_t i = 0; i < ADDER_BATCH; i++) {
            size_t pair = from + (i < n_pairs ? i : n_pairs - 1);
            adder_encode(adder, a[pair], b[pair], adder->tokens + i * info->length);
        }
        status = decode_greedily(adder->decoder, info, ADDER_BATCH, adder->tokens, adder->scratch,
                                 NULL, NULL, error);
        for (size_t i = 0; !status && i < n_pairs; i++) {
            sums[from + i] = adder_answer(adder, adder->tokens + i * info->length);
        }
    }
    return status;
}
