// Looks on while one sum is decoded: probabilities and attention of each step.
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/softmax_model.h"
#include "neural/adder.h"

void bantam_adder_trace_release(bantam_adder_trace *trace)
{
    memory_free(trace->tokens);
    memory_free(trace->probabilities);
    memory_free(trace->attention);
    *trace = (bantam_adder_trace){0};
}

struct watched {
    bantam_adder_trace *trace;
    const bantam_neural_info *info;
};

static void watch_step(void *context, const bantam_decoder *decoder, size_t step,
                       const double *logits)
{
    const struct watched *watched = context;
    bantam_adder_trace *trace = watched->trace;
    const bantam_neural_info *info = watched->info;
    double *probabilities = trace->probabilities + step * info->vocabulary;
    memcpy(probabilities, logits, info->vocabulary * sizeof *probabilities);
    softmax_of_logits(probabilities, info->vocabulary);
    for (size_t head = 0; head < trace->n_heads; head++) {
        bantam_decoder_attention(decoder, 0, head / info->n_heads, head % info->n_heads,
                                 trace->attention + (step * trace->n_heads + head) * trace->n_read);
    }
}

static bantam_status allocate(bantam_adder_trace *trace, const bantam_neural_info *info,
                              bantam_error *error)
{
    *trace = (bantam_adder_trace){
        .n_tokens = info->length,
        .n_prompt = info->prompt,
        .n_read = info->length - 1,
        .n_steps = info->length - info->prompt,
        .n_heads = info->n_layers * info->n_heads,
    };
    trace->tokens = memory_allocate_array(ADDER_BATCH, info->length);
    trace->probabilities =
        memory_allocate_array(trace->n_steps * info->vocabulary, sizeof *trace->probabilities);
    trace->attention = memory_allocate_array(trace->n_steps * trace->n_heads * trace->n_read,
                                             sizeof *trace->attention);
    if (!trace->tokens || !trace->probabilities || !trace->attention) {
        bantam_adder_trace_release(trace);
        return error_memory(error);
    }
    return BANTAM_OK;
}

bantam_status bantam_adder_trace_run(bantam_adder_trace *trace, bantam_adder *adder, uint64_t a,
                                     uint64_t b, bantam_error *error)
{
    const bantam_neural_info *info = bantam_neural_inform(adder->neural);
    bantam_status status = allocate(trace, info, error);
    uint64_t sum;
    status = status ? status : bantam_adder_add(adder, &a, &b, &sum, 1, error);
    if (!status) { // the numbers are in range: once more, watched
        struct watched watched = {trace, info};
        for (size_t i = 0; i < ADDER_BATCH; i++) {
            adder_encode(adder, a, b, trace->tokens + i * info->length);
        }
        status = decode_greedily(adder->decoder, info, ADDER_BATCH, trace->tokens, adder->scratch,
                                 watch_step, &watched, error);
    }
    if (status) {
        bantam_adder_trace_release(trace);
    }
    return status;
}
