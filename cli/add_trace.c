// One row a step, one column a token that was read.
#include "add_trace.h"

enum {
    N_SHADES = 6,
};

// A shade is for weights from this one on.
static const double shade_from[N_SHADES] = {0, 0.01, 0.05, 0.15, 0.3, 0.6};

static size_t shade_of(double weight)
{
    size_t shade = 0;
    while (shade + 1 < N_SHADES && weight >= shade_from[shade + 1]) {
        shade++;
    }
    return shade;
}

static void append_cell(bantam_buffer *out, double weight, unsigned token, bool color, bool utf8)
{
    static const char *const unicode[N_SHADES] = {" ", "·", "░", "▒", "▓", "█"};
    static const char *const ascii[N_SHADES] = {" ", ".", ":", "+", "#", "@"};
    // Of the 256 colours: black, then violet to yellow; dark ink on the bright ones.
    static const char *const sgr[N_SHADES] = {"38;5;240",         "48;5;53;38;5;252",
                                              "48;5;90;38;5;255", "48;5;161;38;5;255",
                                              "48;5;208;38;5;16", "48;5;226;38;5;16"};
    size_t shade = shade_of(weight);
    if (color) {
        bantam_buffer_append_format(out, "\033[%sm%u\033[0m", sgr[shade], token);
    } else {
        bantam_buffer_append_string(out, (utf8 ? unicode : ascii)[shade]);
    }
}

static void append_legend(bantam_buffer *out, bool color, bool utf8)
{
    bantam_buffer_append_string(out, "attention from");
    for (size_t shade = 1; shade < N_SHADES; shade++) {
        bantam_buffer_append_string(out, " ");
        append_cell(out, shade_from[shade], 0, color, utf8);
        bantam_buffer_append_format(out, " %g %%", 100 * shade_from[shade]);
    }
    bantam_buffer_append_string(out, "\n");
}

// The likeliest token and the next likely one.
static void find_likeliest(const double *probabilities, size_t best[2])
{
    best[0] = probabilities[1] > probabilities[0];
    best[1] = !best[0];
    for (size_t token = 2; token < 10; token++) {
        if (probabilities[token] > probabilities[best[0]]) {
            best[1] = best[0];
            best[0] = token;
        } else if (probabilities[token] > probabilities[best[1]]) {
            best[1] = token;
        }
    }
}

static void append_step(bantam_buffer *out, const bantam_adder_trace *trace, size_t head,
                        size_t step, bool color, bool utf8)
{
    const double *probabilities = trace->probabilities + 10 * step;
    const double *weights = trace->attention + (step * trace->n_heads + head) * trace->n_read;
    size_t best[2];
    find_likeliest(probabilities, best);
    bantam_buffer_append_format(out, "%4zu    %zu  %7.3f %%  %zu %7.3f %%  ", step, best[0],
                                100 * probabilities[best[0]], best[1],
                                100 * probabilities[best[1]]);
    for (size_t token = 0; token < trace->n_prompt + step; token++) {
        append_cell(out, weights[token], trace->tokens[token], color, utf8);
    }
    bantam_buffer_append_string(out, "\n");
}

void add_trace_render(bantam_buffer *out, const bantam_adder_trace *trace, bool color, bool utf8)
{
    for (size_t head = 0; head < trace->n_heads; head++) {
        if (trace->n_heads > 1) {
            bantam_buffer_append_format(out, "head %zu\n", head + 1);
        }
        bantam_buffer_append_string(out, "step  digit   sure     else             ");
        for (size_t token = 0; token < trace->n_read; token++) {
            bantam_buffer_append_format(out, "%u", trace->tokens[token]);
        }
        bantam_buffer_append_string(out, "\n");
        for (size_t step = 0; step < trace->n_steps; step++) {
            append_step(out, trace, head, step, color, utf8);
        }
    }
    append_legend(out, color, utf8);
}
