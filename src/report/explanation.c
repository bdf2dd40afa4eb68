// An explanation as text, coloured where wanted, or as JSON.
#include <math.h>
#include <string.h>

#include "bantam/classifier_report.h"
#include "base/memory.h"
#include "report/json_writer.h"
#include "report/utf8.h"

bantam_explanation_options bantam_explanation_options_default(void)
{
    return (bantam_explanation_options){.n_contributions = 10};
}

static void append_label(bantam_buffer *out, const bantam_classifier *classifier, uint32_t label)
{
    const char *name = bantam_classifier_label(classifier, label);
    utf8_append_visible(out, name, strlen(name));
}

// ---- the coloured text ------------------------------------------------------------------------

enum {
    HEAT_LEVELS = 2 // strong and slight, for and against
};

// What each byte of the text adds: a contribution is shared evenly among the bytes of its places. NULL when memory is out.
static float *find_heat(const bantam_explanation *explanation, size_t text_size)
{
    float *heat = memory_allocate_array(text_size + 1, sizeof *heat);
    for (size_t i = 0; heat && i < explanation->n_contributions; i++) {
        const bantam_contribution *contribution = &explanation->contributions[i];
        size_t n_bytes = 0;
        for (size_t j = 0; j < contribution->n_places; j++) {
            n_bytes += contribution->places[j].end - contribution->places[j].start;
        }
        for (size_t j = 0; j < contribution->n_places; j++) {
            for (size_t at = contribution->places[j].start; at < contribution->places[j].end;
                 at++) {
                heat[at] += (float)(contribution->value / (double)n_bytes);
            }
        }
    }
    return heat;
}

// From -HEAT_LEVELS (speaks strongly against) to HEAT_LEVELS (speaks strongly for).
static int level_of(float heat, float hottest)
{
    float share = hottest > 0 ? heat / hottest : 0;
    int level = fabsf(share) < 0.1F ? 0 : fabsf(share) < 0.5F ? 1 : HEAT_LEVELS;
    return share < 0 ? -level : level;
}

static void append_level(bantam_buffer *out, int level)
{
    static const char *const colors[] = {"\033[1;31m", "\033[31m", "\033[0m", "\033[32m",
                                         "\033[1;32m"};
    bantam_buffer_append_string(out, "\033[0m");
    if (level != 0) {
        bantam_buffer_append_string(out, colors[level + HEAT_LEVELS]);
    }
}

static void append_heated(bantam_buffer *out, const bantam_explanation *explanation,
                          bantam_text text)
{
    float *heat = find_heat(explanation, text.size), hottest = 0;
    if (!heat) {
        out->failed = true;
        return;
    }
    for (size_t at = 0; at < text.size; at++) {
        hottest = fabsf(heat[at]) > hottest ? fabsf(heat[at]) : hottest;
    }
    int current = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t character;
        size_t step = utf8_decode(text.bytes + at, text.size - at, &character);
        int level = level_of(heat[at], hottest);
        if (level != current) {
            append_level(out, level);
            current = level;
        }
        utf8_append_visible(out, text.bytes + at, step);
        at += step;
    }
    if (current != 0) {
        append_level(out, 0);
    }
    memory_free(heat);
}

// ---- the lists --------------------------------------------------------------------------------

static void append_amount(bantam_buffer *out, double value, const char *color_for,
                          const char *color_against)
{
    bool colored = color_for != NULL;
    bantam_buffer_append_format(out, "  %s%+8.3f%s  ",
                                colored ? (value < 0 ? color_against : color_for) : "", value,
                                colored ? "\033[0m" : "");
}

static void append_ngram(bantam_buffer *out, const bantam_contribution *contribution, bool color)
{
    enum {
        PLACES_SHOWN = 3
    };
    append_amount(out, contribution->value, color ? "\033[32m" : NULL, "\033[31m");
    bantam_buffer_append_string(out, "\"");
    utf8_append_visible(out, contribution->ngram, contribution->ngram_size);
    bantam_buffer_append_string(out, "\"  bytes ");
    for (size_t i = 0; i < contribution->n_places && i < PLACES_SHOWN; i++) {
        bantam_buffer_append_format(out, "%s%zu-%zu", i ? ", " : "", contribution->places[i].start,
                                    contribution->places[i].end);
    }
    if (contribution->n_places > PLACES_SHOWN) {
        bantam_buffer_append_format(out, " and %zu more", contribution->n_places - PLACES_SHOWN);
    }
    bantam_buffer_append_string(out, "\n");
}

static void append_contributions(bantam_buffer *out, const bantam_explanation *explanation,
                                 const bantam_explanation_options *options)
{
    size_t n = explanation->n_contributions, n_shown = n;
    if (options->n_contributions > 0 && options->n_contributions < n) {
        n_shown = options->n_contributions;
    }
    for (size_t i = 0; i < n_shown; i++) {
        append_ngram(out, &explanation->contributions[i], options->color);
    }
    double rest = 0;
    for (size_t i = n_shown; i < n; i++) {
        rest += explanation->contributions[i].value;
    }
    if (n_shown < n) {
        append_amount(out, rest, NULL, NULL);
        bantam_buffer_append_format(out, "%zu other n-grams of the text\n", n - n_shown);
    }
    append_amount(out, explanation->absent, NULL, NULL);
    bantam_buffer_append_string(out, "n-grams that are not in the text\n");
    append_amount(out, explanation->base, NULL, NULL);
    bantam_buffer_append_string(out, "what an average training text scores\n");
    append_amount(out, explanation->score, NULL, NULL);
    bantam_buffer_append_string(out, "= the score\n");
}

static void append_neighbours(bantam_buffer *out, const bantam_classifier *classifier,
                              const bantam_explanation *explanation)
{
    if (explanation->n_neighbours > 0) {
        bantam_buffer_append_string(out, "\nnearest training texts\n");
    }
    for (size_t i = 0; i < explanation->n_neighbours; i++) {
        const bantam_neighbour *neighbour = &explanation->neighbours[i];
        bantam_buffer_append_format(out, "  %8.3f  ", neighbour->similarity);
        for (size_t j = 0; j < neighbour->n_labels; j++) {
            bantam_buffer_append_string(out, j ? ", " : "");
            append_label(out, classifier, neighbour->labels[j]);
        }
        bantam_buffer_append_string(out, "  ");
        utf8_append_visible(out, neighbour->text.bytes, neighbour->text.size);
        bantam_buffer_append_string(out, "\n");
    }
}

void bantam_explanation_text(bantam_buffer *out, const bantam_classifier *classifier,
                             const bantam_explanation *explanation, bantam_text text,
                             const bantam_explanation_options *options)
{
    const char *bold = options->color ? "\033[1m" : "", *plain = options->color ? "\033[0m" : "";
    bantam_buffer_append_string(out, bold);
    append_label(out, classifier, explanation->label);
    bantam_buffer_append_format(out, "%s  %.6f", plain,
                                (double)explanation->probabilities[explanation->label]);
    if (explanation->has_against) {
        bantam_buffer_append_string(out, "  against ");
        append_label(out, classifier, explanation->against);
        bantam_buffer_append_format(out, "  %.6f",
                                    (double)explanation->probabilities[explanation->against]);
    }
    bantam_buffer_append_string(out, "\n\n  ");
    if (options->color) {
        append_heated(out, explanation, text);
    } else {
        utf8_append_visible(out, text.bytes, text.size);
    }
    bantam_buffer_append_string(out, "\n\n");
    append_contributions(out, explanation, options);
    append_neighbours(out, classifier, explanation);
}

// ---- JSON -------------------------------------------------------------------------------------

static void json_write_label(struct json_writer *writer, const char *key,
                             const bantam_classifier *classifier, uint32_t label)
{
    json_write_key(writer, key);
    json_write_string(writer, bantam_classifier_label(classifier, label));
}

static void json_write_amount(struct json_writer *writer, const char *key, double value)
{
    json_write_key(writer, key);
    json_write_number(writer, value);
}

static void json_write_contributions(struct json_writer *writer,
                                     const bantam_explanation *explanation)
{
    json_write_key(writer, "contributions");
    json_write_open(writer, '[', false);
    for (size_t i = 0; i < explanation->n_contributions; i++) {
        const bantam_contribution *contribution = &explanation->contributions[i];
        json_write_open(writer, '{', false);
        json_write_key(writer, "ngram");
        json_write_text(writer, contribution->ngram, contribution->ngram_size);
        json_write_amount(writer, "value", contribution->value);
        json_write_key(writer, "places");
        json_write_open(writer, '[', false);
        for (size_t j = 0; j < contribution->n_places; j++) {
            json_write_open(writer, '[', false);
            json_write_unsigned(writer, contribution->places[j].start);
            json_write_unsigned(writer, contribution->places[j].end);
            json_write_close(writer, ']');
        }
        json_write_close(writer, ']');
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void json_write_neighbours(struct json_writer *writer, const bantam_classifier *classifier,
                                  const bantam_explanation *explanation)
{
    json_write_key(writer, "neighbours");
    json_write_open(writer, '[', false);
    for (size_t i = 0; i < explanation->n_neighbours; i++) {
        const bantam_neighbour *neighbour = &explanation->neighbours[i];
        json_write_open(writer, '{', false);
        json_write_key(writer, "text");
        json_write_text(writer, neighbour->text.bytes, neighbour->text.size);
        json_write_key(writer, "labels");
        json_write_open(writer, '[', false);
        for (size_t j = 0; j < neighbour->n_labels; j++) {
            json_write_string(writer, bantam_classifier_label(classifier, neighbour->labels[j]));
        }
        json_write_close(writer, ']');
        json_write_amount(writer, "similarity", neighbour->similarity);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

void bantam_explanation_json(bantam_buffer *out, const bantam_classifier *classifier,
                             const bantam_explanation *explanation, bantam_text text)
{
    struct json_writer writer;
    json_writer_init(&writer, out, false);
    json_write_open(&writer, '{', false);
    json_write_label(&writer, "label", classifier, explanation->label);
    if (explanation->has_against) {
        json_write_label(&writer, "against", classifier, explanation->against);
    }
    json_write_key(&writer, "probability");
    json_write_probability(&writer, (double)explanation->probabilities[explanation->label]);
    json_write_amount(&writer, "score", explanation->score);
    json_write_amount(&writer, "base", explanation->base);
    json_write_amount(&writer, "absent", explanation->absent);
    json_write_contributions(&writer, explanation);
    json_write_neighbours(&writer, classifier, explanation);
    json_write_key(&writer, "text");
    json_write_text(&writer, text.bytes, text.size);
    json_write_close(&writer, '}');
    bantam_buffer_append_string(out, "\n");
}
