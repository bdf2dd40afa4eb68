// Scores → a diverse list → chunks.
#include "triage/finder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

bantam_status finder_load(struct finder *finder, const bantam_model *file, bantam_error *error)
{
    *finder = (struct finder){0};
    bantam_status status = line_model_load(&finder->lines, file, error);
    if (!status) {
        finder->keywords = keyword_table_new(&finder->arena);
        status = finder->keywords ? BANTAM_OK : error_memory(error);
    }
    if (status) {
        finder_release(finder);
    }
    return status;
}

void finder_release(struct finder *finder)
{
    line_model_release(&finder->lines);
    arena_release(&finder->arena);
    finder->keywords = NULL;
}

// The sums of the distinct lines, grown as they are found.
struct sum_table {
    const struct line_model *model;
    struct line_sums *sums;
    size_t capacity;
};

static bool sum_words(void *context, uint32_t distinct, const uint32_t *hashes, size_t n_hashes)
{
    struct sum_table *table = context;
    if (distinct >= table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 1024;
        void *larger = memory_resize_array(table->sums, capacity, sizeof *table->sums);
        if (!larger) {
            return false;
        }
        table->sums = larger;
        table->capacity = capacity;
    }
    line_model_sum(table->model, hashes, n_hashes, &table->sums[distinct]);
    return true;
}

enum {
    CANDIDATES = 600
}; // lines that can be listed or anchor a finding

static int compare_listed(const void *left, const void *right)
{
    const struct listed_line *a = left, *b = right;
    if (a->score != b->score) {
        return a->score < b->score ? 1 : -1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

// The best CANDIDATES lines with text, best first: a bounded heap with the worst on top.
static size_t best_lines(struct listed_line *best, const struct finder_result *result)
{
    const struct log_features *features = &result->features;
    size_t n_best = 0, n_lines = features->document->n_lines;
    float worst = -INFINITY;
    for (size_t at = 0; at < n_lines; at++) {
        const struct distinct_line *distinct = &features->distinct[features->distinct_of_line[at]];
        if (result->scores[at] <= worst || distinct->n_tokens == 0 ||
            (features->document->lines[at].flags & LINE_MARKER)) {
            continue;
        }
        best[n_best++] = (struct listed_line){(uint32_t)at, result->scores[at]};
        if (n_best == 2 * CANDIDATES) {
            qsort(best, n_best, sizeof *best, compare_listed);
            n_best = CANDIDATES;
            worst = best[n_best - 1].score;
        }
    }
    qsort(best, n_best, sizeof *best, compare_listed);
    return n_best < CANDIDATES ? n_best : CANDIDATES;
}

// Best line, then less for its neighbourhood and for lines that mask alike; repeat.
static void list_lines(struct finder_result *result, struct listed_line *best, size_t n_best,
                       size_t n_wanted)
{
    const uint32_t *distinct = result->features.distinct_of_line;
    while (result->n_list < n_wanted && result->n_list < n_best) {
        size_t top = result->n_list;
        for (size_t i = top + 1; i < n_best; i++) {
            if (compare_listed(&best[i], &best[top]) < 0) {
                top = i;
            }
        }
        struct listed_line taken = best[top];
        best[top] = best[result->n_list];
        best[result->n_list] = taken;
        result->list[result->n_list++] =
            (struct listed_line){taken.line, result->scores[taken.line]};
        for (size_t i = result->n_list; i < n_best; i++) {
            float distance = fabsf((float)best[i].line - (float)taken.line);
            best[i].score -= 4 * expf(-distance / 5);
            best[i].score -= distinct[best[i].line] == distinct[taken.line] ? 2 : 0;
        }
    }
}

// A chunk never runs over a command or the wrapper's own lines.
static bool is_border(const struct log_features *features, size_t at)
{
    return features->document->lines[at].flags &
           (LINE_COMMAND | LINE_MARKER | LINE_EXIT | LINE_JOB_END);
}

static uint32_t grow(const struct finder_result *result, uint32_t anchor, int step)
{
    const struct log_features *features = &result->features;
    float least = result->scores[anchor] - 2.5F;
    uint32_t edge = anchor;
    unsigned misses = 0;
    for (int64_t at = (int64_t)anchor + step;
         at >= 0 && (size_t)at < features->document->n_lines && misses < 5; at += step) {
        if (is_border(features, (size_t)at)) {
            break;
        }
        if (features->distinct[features->distinct_of_line[at]].n_tokens == 0) {
            continue;
        }
        if (result->scores[at] > least) {
            edge = (uint32_t)at;
            misses = 0;
        } else {
            misses++;
        }
    }
    return edge;
}

static void make_findings(struct finder_result *result, size_t most)
{
    for (size_t i = 0; i < result->n_list && result->n_findings < most; i++) {
        uint32_t anchor = result->list[i].line;
        bool inside = false;
        for (size_t f = 0; f < result->n_findings; f++) {
            inside |= anchor >= result->findings[f].first && anchor <= result->findings[f].last;
        }
        if (!inside) {
            result->findings[result->n_findings++] =
                (struct found){.first = grow(result, anchor, -1),
                               .last = grow(result, anchor, 1),
                               .anchor = anchor,
                               .score = result->scores[anchor]};
        }
    }
}

static bool decide(struct finder_result *result, const struct finder_options *options)
{
    size_t n_wanted = options->n_lines > 40 ? options->n_lines : 40;
    struct listed_line *best = memory_allocate_array((size_t)2 * CANDIDATES, sizeof *best);
    result->list = arena_allocate_array(&result->arena, n_wanted, sizeof *result->list);
    result->findings =
        arena_allocate_array(&result->arena, options->max_findings, sizeof *result->findings);
    bool allocated = best && result->list && result->findings;
    if (allocated) {
        size_t n_best = best_lines(best, result);
        list_lines(result, best, n_best, n_wanted);
        make_findings(result, options->max_findings);
        result->n_list = result->n_list < options->n_lines ? result->n_list : options->n_lines;
    }
    memory_free(best);
    return allocated;
}

bantam_status finder_run(struct finder_result *result, const struct finder *finder,
                         const struct document *document, const struct finder_options *options,
                         bantam_error *error)
{
    *result = (struct finder_result){0};
    struct sum_table table = {.model = &finder->lines};
    bantam_status status =
        log_features_init(&result->features, document, finder->keywords, sum_words, &table, error);
    if (!status) {
        const struct log_features *features = &result->features;
        for (size_t i = 0; i < features->n_distinct; i++) {
            table.sums[i].own = line_model_own(&finder->lines, &features->distinct[i]);
        }
        result->scores =
            arena_allocate_array(&result->arena, document->n_lines, sizeof *result->scores);
        if (result->scores) {
            line_model_score(&finder->lines, features, table.sums, result->scores);
        }
        status = result->scores && decide(result, options) ? BANTAM_OK : error_memory(error);
    }
    memory_free(table.sums);
    if (status) {
        finder_result_release(result);
    }
    return status;
}

void finder_result_release(struct finder_result *result)
{
    log_features_release(&result->features);
    arena_release(&result->arena);
    *result = (struct finder_result){0};
}
