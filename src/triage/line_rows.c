// Scores are differences to the log's highest (or the anchor's), in steps of 1/12, so that rows compare across logs.
#include "triage/line_rows.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "triage/report_row.h"

bantam_status line_scores_init(struct line_scores *of_log, const struct log_features *features,
                               const float *scores, bantam_error *error)
{
    size_t n_lines = features->document->n_lines;
    *of_log = (struct line_scores){.features = features, .scores = scores, .most = -INFINITY};
    of_log->most_before = memory_allocate_array(n_lines, sizeof(float));
    of_log->most_after = memory_allocate_array(n_lines, sizeof(float));
    of_log->shares = memory_allocate_array(n_lines, sizeof(float));
    if (!of_log->most_before || !of_log->most_after || !of_log->shares) {
        line_scores_release(of_log);
        return error_memory(error);
    }
    for (size_t at = 0; at < n_lines; at++) {
        of_log->most_before[at] = of_log->most;
        if (scores[at] > of_log->most) {
            of_log->most = scores[at];
            of_log->top = at;
        }
    }
    float most = -INFINITY;
    of_log->second = -INFINITY;
    for (size_t at = n_lines; at-- > 0;) {
        of_log->most_after[at] = most;
        most = fmaxf(most, scores[at]);
        of_log->shares[at] = expf(scores[at] - of_log->most);
        of_log->mass += of_log->shares[at];
        of_log->n_close += scores[at] > of_log->most - 1;
        size_t distance = at > of_log->top ? at - of_log->top : of_log->top - at;
        if (distance > SECOND_DISTANCE) {
            of_log->second = fmaxf(of_log->second, scores[at]);
        }
    }
    return BANTAM_OK;
}

void line_scores_release(struct line_scores *of_log)
{
    memory_free(of_log->most_before);
    memory_free(of_log->most_after);
    memory_free(of_log->shares);
    *of_log = (struct line_scores){0};
}

// A difference of scores as a byte: 160 is none, 12 a unit.
static uint8_t difference(float value)
{
    float steps = 160 + 12 * value;
    return (uint8_t)(steps > 255 ? 255 : steps > 0 ? steps : 0); // NaN and −∞ fall to 0
}

static uint8_t logarithm(size_t count)
{
    float steps = 8 * log2f((float)count + 1);
    return (uint8_t)(steps > 255 ? 255 : steps);
}

static uint8_t byte(size_t count)
{
    return (uint8_t)(count < 255 ? count : 255);
}

static size_t distinct_at(const struct log_features *features, size_t line)
{
    return features->distinct_of_line[line];
}

static void dense_features(const struct log_features *features, size_t line, uint8_t *row)
{
    log_features_own(&features->distinct[distinct_at(features, line)], row);
    log_features_context(features, line, row + OWN_FEATURES);
}

void rank_row(const struct line_scores *of_log, size_t line, size_t rank,
              uint8_t row[RANK_FEATURES])
{
    const struct log_features *features = of_log->features;
    const float *scores = of_log->scores;
    size_t n_lines = features->document->n_lines;
    dense_features(features, line, row);
    uint8_t *out = row + OWN_FEATURES + CONTEXT_FEATURES;
    float own = scores[line], near_before = -INFINITY, near_after = -INFINITY, mass = 0, sum = 0;
    size_t n_near = 0, n_summed = 0;
    for (size_t step = 1; step <= 10; step++) {
        float before = line >= step ? scores[line - step] : -INFINITY;
        float after = line + step < n_lines ? scores[line + step] : -INFINITY;
        near_before = fmaxf(near_before, before);
        near_after = fmaxf(near_after, after);
        n_near += (size_t)(before > own - 2.5F) + (size_t)(after > own - 2.5F);
        mass += (line >= step ? of_log->shares[line - step] : 0) +
                (line + step < n_lines ? of_log->shares[line + step] : 0);
        if (step <= 3) {
            *out++ = difference(before - of_log->most);
            *out++ = difference(after - of_log->most);
        }
        if (step <= 5) {
            sum += (before > -INFINITY ? before : 0) + (after > -INFINITY ? after : 0);
            n_summed += (size_t)(before > -INFINITY) + (size_t)(after > -INFINITY);
        }
    }
    *out++ = difference(own - of_log->most);
    *out++ = difference(near_before - own);
    *out++ = difference(near_after - own);
    *out++ = difference(of_log->most_before[line] - own);
    *out++ = difference(of_log->most_after[line] - own);
    *out++ = difference(n_summed ? sum / (float)n_summed - own : 0);
    *out++ = logarithm(rank);
    *out++ = byte(n_near);
    *out++ = logarithm(of_log->n_close);
    *out++ = logarithm(line > of_log->top ? line - of_log->top : 0);
    *out++ = logarithm(of_log->top > line ? of_log->top - line : 0);
    *out++ = difference(of_log->second - of_log->most);
    *out++ = (uint8_t)(255 * sqrtf((mass + of_log->shares[line]) / (of_log->mass + mass)));
    *out++ = (uint8_t)(255 * sqrtf(of_log->shares[line] / of_log->mass));
    *out++ = logarithm(n_lines);
    *out++ = features->last_failed_section >= 0;
}

struct chunk_walk chunk_walk_start(const struct line_scores *of_log, size_t anchor, int step)
{
    return (struct chunk_walk){.anchor = anchor, .step = step, .least = of_log->scores[anchor]};
}

void chunk_row(const struct line_scores *of_log, struct chunk_walk *walk, size_t line,
               uint8_t row[CHUNK_FEATURES])
{
    const struct log_features *features = of_log->features;
    const struct document *document = features->document;
    const float *scores = of_log->scores;
    size_t n_lines = document->n_lines;
    dense_features(features, line, row);
    uint8_t *out = row + OWN_FEATURES + CONTEXT_FEATURES;
    const struct distinct_line *own = &features->distinct[distinct_at(features, line)];
    const struct distinct_line *anchor = &features->distinct[distinct_at(features, walk->anchor)];
    float score = scores[line], of_anchor = scores[walk->anchor];
    size_t distance = line > walk->anchor ? line - walk->anchor : walk->anchor - line;
    *out++ = walk->step > 0;
    *out++ = byte(distance);
    *out++ = difference(score - of_anchor);
    *out++ = difference(of_anchor - of_log->most);
    *out++ = difference(walk->least - of_anchor);
    *out++ = difference(walk->n_lines ? walk->sum / (float)walk->n_lines - of_anchor : 0);
    *out++ = byte(walk->n_blank);
    *out++ = byte(walk->n_errors);
    *out++ = byte(walk->n_strong);
    *out++ = (uint8_t)(walk->n_lines ? 255 * walk->n_strong / walk->n_lines : 255);
    for (size_t ahead = 1; ahead <= 4; ahead++) {
        size_t next = line + (size_t)walk->step * ahead; // wraps below zero to above n_lines
        *out++ = difference(next < n_lines ? scores[next] - of_anchor : -INFINITY);
    }
    *out++ = byte((size_t)(128 + (int)own->indent - (int)anchor->indent > 0
                               ? 128 + (int)own->indent - (int)anchor->indent
                               : 0));
    *out++ = own->prefix == anchor->prefix;
    *out++ = own == anchor;
    *out++ = document->lines[line].section == document->lines[walk->anchor].section;
    *out++ = (uint8_t)(document->lines[line].flags & 31);
    *out++ = (uint8_t)(document->lines[walk->anchor].flags & 31);
    *out++ = byte((size_t)__builtin_popcount(anchor->kind.keywords & own->kind.keywords));
    *out++ = (uint8_t)(anchor->kind.keywords & 255);
    *out++ = (uint8_t)(anchor->kind.shape & 255);
    *out++ = anchor->indent;
    *out++ = anchor->n_tokens;
    *out++ = logarithm(anchor->count);

    walk->least = fminf(walk->least, score);
    walk->sum += score;
    walk->n_lines++;
    walk->n_blank += own->n_tokens == 0;
    walk->n_errors += features->counts[line + 1].errors != features->counts[line].errors;
    walk->n_strong += score > of_anchor - 2.5F;
}

bool chunk_border(const struct log_features *features, size_t line)
{
    const struct line *border = &features->document->lines[line];
    return (border->flags & (LINE_COMMAND | LINE_OF_WRAPPER | LINE_PASSED)) ||
           row_helps(line_span(border));
}
