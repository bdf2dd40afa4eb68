// Linear scores → candidates → re-ranked → a diverse list → chunks → findings in their order.
#include "triage/finder.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "triage/baseline.h"
#include "triage/cause_end.h"
#include "triage/chunk.h"
#include "triage/report_row.h"

bantam_status finder_load(struct finder *finder, const bantam_model *file,
                          const struct line_tables *tables, const struct keyword_table *keywords,
                          bantam_error *error)
{
    *finder = (struct finder){.keywords = keywords, .annotator = line_knowledge(tables)};
    bantam_status status = line_model_load(&finder->lines, file, error);
    if (!status) {
        status = tree_model_load(&finder->rank, file, "rank", RANK_FEATURES, error);
    }
    if (!status) {
        status = tree_model_load(&finder->chunk, file, "chunk", CHUNK_FEATURES, error);
    }
    if (!status) {
        status = finding_order_load(&finder->order, file, tables, error);
    }
    if (!status) {
        status = gate_load(finder->gate, file, error);
    }
    if (status) {
        finder_release(finder);
    }
    return status;
}

void finder_release(struct finder *finder)
{
    line_model_release(&finder->lines);
    tree_model_release(&finder->rank);
    tree_model_release(&finder->chunk);
    finder->keywords = NULL;
}

// The sums of the distinct lines.
struct sum_table {
    const struct line_model *model;
    struct line_sums *sums; // (capacity)
    size_t capacity;
    size_t n_lines; // there are at most so many
};

enum {
    SUMS_FIRST =
        2048, // room for so many at first, which most logs don't exceed, then for all lines
};

static bool sum_words(void *context, uint32_t distinct, const uint32_t *hashes, size_t n_hashes)
{
    struct sum_table *table = context;
    if (distinct >= table->capacity) {
        size_t capacity = table->capacity > 0 ? table->n_lines : SUMS_FIRST;
        struct line_sums *grown =
            memory_resize_array(table->sums, capacity, sizeof(struct line_sums));
        if (!grown) {
            return false;
        }
        memory_use_large_pages(grown, capacity * sizeof *grown);
        table->sums = grown;
        table->capacity = capacity;
    }
    line_model_sum(table->model, hashes, n_hashes, &table->sums[distinct]);
    return true;
}

// Whether a is better: by score, then the earlier line. No two are alike, so that any way of sorting gives the same list.
static bool is_before(const struct listed_line *a, const struct listed_line *b)
{
    return a->score > b->score || (!(a->score < b->score) && a->line < b->line);
}

// Merge sort, best first; `n` is at most CANDIDATES_MAXIMUM. qsort's calls to a comparison took a tenth of a small log's time.
void listed_lines_sort(struct listed_line *lines, size_t n)
{
    struct listed_line merged[CANDIDATES_MAXIMUM];
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t from = 0; from + width < n; from += 2 * width) {
            size_t left = from, middle = from + width, right = middle, to = from;
            size_t end = n - middle > width ? middle + width : n;
            while (left < middle && right < end) {
                merged[to++] = lines[is_before(&lines[right], &lines[left]) ? right++ : left++];
            }
            while (left < middle) {
                merged[to++] = lines[left++];
            }
            memcpy(lines + from, merged + from, (to - from) * sizeof *lines);
        }
    }
}

// Which lines can be why the job failed. Of GitHub's jobs that failed in a step it is known what ran before and after.
struct answerable {
    const struct log_features *features;
    int32_t failed_step;    // outermost section, or -1
    uint32_t before_steps;  // lines that set the job up
    bool failed_step_tells; // more than what ran in it and how that ended
};

static bool has_words(const struct document *document, const struct section *section)
{
    for (uint32_t at = section->first_line; at <= section->last_line; at++) {
        const struct line *line = &document->lines[at];
        if (line->size > 0 && !line_tells_exit(line) &&
            !(line->flags & (LINE_COMMAND | LINE_MARKER | LINE_PASSED))) {
            return true;
        }
    }
    return false;
}

static struct answerable answerable_of(const struct log_features *features)
{
    const struct document *document = features->document;
    struct answerable answerable = {.features = features, .failed_step = -1};
    int32_t failed = features->last_failed_section, first = 0;
    if (document->format != LOG_GITHUB || failed < 0) {
        return answerable;
    }
    while (first < failed && document->sections[first].command_size == 0) {
        first++;
    }
    answerable.failed_step = document_outermost(document, failed);
    answerable.before_steps = document->sections[first].first_line;
    answerable.failed_step_tells = has_words(document, &document->sections[failed]);
    return answerable;
}

// GitHub runs what cleans up after a job that failed, and what is to run always, in steps of their own behind the step that failed: not
// in the commands that this one echoes. Neither did what came before all steps fail the job, unless the step that failed only tells of it.
static bool has_no_part(const struct answerable *answerable, size_t at)
{
    const struct document *document = answerable->features->document;
    if (answerable->failed_step < 0) {
        return false;
    }
    return document_outermost(document, document->lines[at].section) > answerable->failed_step ||
           (answerable->failed_step_tells && at < answerable->before_steps);
}

static bool can_answer(const struct answerable *answerable, size_t at)
{
    const struct log_features *features = answerable->features;
    const struct line *line = &features->document->lines[at];
    return features->distinct[features->distinct_of_line[at]].n_tokens > 0 &&
           !(line->flags & (LINE_MARKER | LINE_PASSED)) &&
           !row_counts(features->document, (uint32_t)at) && !row_helps(line_span(line)) &&
           !has_no_part(answerable, at);
}

// The best lines by score, best first: a buffer of twice as many, cut back whenever it is full.
static size_t best_lines(struct listed_line *best, const struct answerable *answerable,
                         const float *scores)
{
    size_t n_best = 0, n_lines = answerable->features->document->n_lines;
    float worst = -INFINITY;
    for (size_t at = 0; at < n_lines; at++) {
        if (scores[at] > worst && can_answer(answerable, at)) {
            best[n_best++] = (struct listed_line){(uint32_t)at, scores[at]};
            if (n_best == (size_t)2 * CANDIDATES_BY_SCORE) {
                listed_lines_sort(best, n_best);
                n_best = CANDIDATES_BY_SCORE;
                worst = best[n_best - 1].score;
            }
        }
    }
    listed_lines_sort(best, n_best);
    return n_best < CANDIDATES_BY_SCORE ? n_best : CANDIDATES_BY_SCORE;
}

static bool is_candidate(const struct listed_line *candidates, size_t n, uint32_t line)
{
    for (size_t i = 0; i < n; i++) {
        if (candidates[i].line == line) {
            return true;
        }
    }
    return false;
}

size_t finder_candidates(struct listed_line *candidates, const struct log_features *features,
                         const float *linear)
{
    struct answerable answerable = answerable_of(features);
    size_t n = best_lines(candidates, &answerable, linear), n_lines = features->document->n_lines;
    size_t n_centers = n < CANDIDATE_CENTERS ? n : CANDIDATE_CENTERS;
    for (size_t center = 0; center < n_centers; center++) {
        size_t middle = candidates[center].line;
        size_t from = middle > CANDIDATE_REACH ? middle - CANDIDATE_REACH : 0;
        for (size_t at = from; at <= middle + CANDIDATE_REACH && at < n_lines; at++) {
            if (n < CANDIDATES_MAXIMUM && can_answer(&answerable, at) &&
                !is_candidate(candidates, n, (uint32_t)at)) {
                candidates[n++] = (struct listed_line){(uint32_t)at, linear[at]};
            }
        }
    }
    listed_lines_sort(candidates, n);
    return n;
}

static void rerank(struct finder_result *result, const struct tree_model *rank,
                   const struct line_scores *of_log)
{
    for (size_t from = 0; from < result->n_candidates; from += TREE_ROWS) {
        uint8_t rows[TREE_ROWS][RANK_FEATURES];
        float scores[TREE_ROWS];
        size_t left = result->n_candidates - from, n = left < TREE_ROWS ? left : TREE_ROWS;
        for (size_t i = 0; i < n; i++) {
            rank_row(of_log, result->candidates[from + i].line, from + i, rows[i]);
        }
        tree_model_score_rows(rank, rows[0], n, scores);
        for (size_t i = 0; i < n; i++) {
            result->candidates[from + i].score += scores[i];
        }
    }
}

// What speaks for a part of a report's entry speaks for the line that tells it: the better of the two scores goes there.
static void lift_what_tells(struct finder_result *result)
{
    struct listed_line *candidates = result->candidates;
    for (size_t i = 0; i < result->n_candidates; i++) {
        uint32_t told_by = row_told_by(result->features.document, candidates[i].line);
        for (size_t k = 0; told_by != candidates[i].line && k < result->n_candidates; k++) {
            if (candidates[k].line == told_by && candidates[k].score < candidates[i].score) {
                float better = candidates[i].score;
                candidates[i].score = candidates[k].score;
                candidates[k].score = better;
            }
        }
    }
    listed_lines_sort(candidates, result->n_candidates);
}

// The line's place among the candidates, of which there are some; of one that is none, the last candidate's, whose place it may take.
static size_t place_among(const struct finder_result *result, uint32_t line)
{
    size_t k = 0;
    while (k + 1 < result->n_candidates && result->candidates[k].line != line) {
        k++;
    }
    return k;
}

// Where the time was over, the line that tells it is the best, however loud the warnings before.
static void lift_time_limit(struct finder_result *result)
{
    struct listed_line *candidates = result->candidates;
    uint32_t line;
    if (result->n_candidates == 0 || !ends_in_time_limit(result->features.document, &line)) {
        return;
    }
    candidates[place_among(result, line)] = (struct listed_line){line, candidates[0].score + 1};
    result->out_of_time = true;
    listed_lines_sort(candidates, result->n_candidates);
}

// Rows of one report are as good as each other: the first one stands for them, as a reader meets it.
static void lift_first_row(struct finder_result *result)
{
    struct listed_line *candidates = result->candidates;
    if (result->n_candidates == 0) {
        return;
    }
    uint32_t first = row_first_alike(&result->features, candidates[0].line);
    candidates[place_among(result, first)].line = candidates[0].line;
    candidates[0].line = first;
}

enum {
    PENALTY_LINES =
        521, // a line loses nothing by one that is so many away: the exponential below is 0
};
static const struct {
    float near;  // score that a line loses beside one that is listed already …
    float range; // … falling off over so many lines
    float alike; // score that a line loses when one that masks alike is listed
} list_penalty = {2.5F, 5, 2};

// Best line, then less for its neighbourhood and for lines that mask alike; repeat. `pool` is the caller's to spend.
static void list_lines(struct finder_result *result, struct listed_line *pool, size_t n_pool,
                       size_t n_wanted)
{
    const uint32_t *distinct = result->features.distinct_of_line;
    float near[PENALTY_LINES]; // by lines between
    for (size_t lines = 0; lines < PENALTY_LINES; lines++) {
        near[lines] = list_penalty.near * expf(-(float)lines / list_penalty.range);
    }
    while (result->n_list < n_wanted && n_pool > 0) {
        size_t top = 0;
        for (size_t i = 1; i < n_pool; i++) {
            top = is_before(&pool[i], &pool[top]) ? i : top;
        }
        struct listed_line taken = pool[top];
        pool[top] = pool[--n_pool];
        result->list[result->n_list++] = taken;
        for (size_t i = 0; i < n_pool; i++) {
            uint32_t line = pool[i].line;
            uint32_t lines = line > taken.line ? line - taken.line : taken.line - line;
            pool[i].score -= lines < PENALTY_LINES ? near[lines] : 0;
            pool[i].score -=
                distinct[pool[i].line] == distinct[taken.line] ? list_penalty.alike : 0;
        }
    }
}

static void make_findings(struct finder_result *result, const struct tree_model *chunk,
                          const struct line_scores *of_log, size_t most)
{
    for (size_t i = 0; i < result->n_list && result->n_findings < most; i++) {
        uint32_t anchor = result->list[i].line;
        bool inside = false;
        for (size_t f = 0; f < result->n_findings; f++) {
            inside |= anchor >= result->findings[f].first && anchor <= result->findings[f].last;
        }
        if (!inside) {
            struct found found = chunk_around(chunk, of_log, anchor);
            for (size_t f = 0; f < result->n_findings; f++) { // chunks never overlap
                const struct found *other = &result->findings[f];
                if (other->last < anchor && found.first <= other->last) {
                    found.first = other->last + 1;
                }
                if (other->first > anchor && found.last >= other->first) {
                    found.last = other->first - 1;
                }
            }
            found.score = result->list[i].score;
            found.place = (uint32_t)result->n_findings;
            result->findings[result->n_findings++] = found;
        }
    }
}

// Each finding's share of the candidates' weight.
static void weigh_findings(struct finder_result *result)
{
    float all = 0;
    for (size_t i = 0; i < result->n_candidates; i++) {
        const struct listed_line *candidate = &result->candidates[i];
        float weight = expf(candidate->score - result->candidates[0].score);
        all += weight;
        for (size_t k = 0; k < result->n_findings; k++) {
            struct found *finding = &result->findings[k];
            if (candidate->line >= finding->first && candidate->line <= finding->last) {
                finding->share += weight;
            }
        }
    }
    for (size_t k = 0; k < result->n_findings; k++) {
        result->findings[k].share /= all;
    }
}

bool finder_decide(struct finder_result *result, const struct tree_model *rank,
                   const struct tree_model *chunk, const struct line_scores *of_log,
                   const struct finder_options *options)
{
    struct arena *arena = &result->arena;
    size_t n_wanted = options->n_lines > 40 ? options->n_lines : 40;
    n_wanted = n_wanted < CANDIDATES_MAXIMUM ? n_wanted : CANDIDATES_MAXIMUM;
    result->candidates =
        arena_allocate_array(arena, CANDIDATES_MAXIMUM, sizeof *result->candidates);
    struct listed_line *pool = arena_allocate_array(arena, CANDIDATES_MAXIMUM, sizeof *pool);
    result->list = arena_allocate_array(arena, n_wanted, sizeof *result->list);
    result->findings = arena_allocate_array(arena, options->max_findings, sizeof(struct found));
    if (!result->candidates || !pool || !result->list || !result->findings) {
        return false;
    }
    result->n_candidates = finder_candidates(result->candidates, &result->features, result->linear);
    rerank(result, rank, of_log);
    lift_what_tells(result);
    lift_first_row(result);
    lift_time_limit(result);
    memcpy(pool, result->candidates, result->n_candidates * sizeof *pool);
    list_lines(result, pool, result->n_candidates, n_wanted);
    make_findings(result, chunk, of_log, options->max_findings);
    weigh_findings(result);
    return true;
}

// Score that a line loses which a green log has too: chosen on the development cases of CiDiff among round numbers, of which the
// neighbours do within .03 of F1 as well (bench/results/triage.md).
static const float baseline_known = 8;

static bool score_lines(struct finder_result *result, const struct finder *finder,
                        struct line_sums *sums)
{
    const struct log_features *features = &result->features;
    result->linear = arena_allocate_uncleared(&result->arena, features->document->n_lines,
                                              sizeof *result->linear);
    if (!result->linear) {
        return false;
    }
    for (size_t i = 0; i < features->n_distinct; i++) {
        sums[i].own = line_model_own(&finder->lines, &features->distinct[i]);
    }
    line_model_score(&finder->lines, features, sums, result->linear);
    return true;
}

// Lines that green logs have too lose score. False when memory is out.
static bool compare_with_baseline(struct finder_result *result, const bantam_baseline *baseline)
{
    const struct log_features *features = &result->features;
    bool *known = arena_allocate_array(&result->arena, features->n_distinct + 1, sizeof *known);
    if (!known) {
        return false;
    }
    for (size_t i = 0; i < features->n_distinct; i++) {
        known[i] = baseline_knows(baseline, features->distinct[i].hash);
    }
    for (size_t at = 0; at < features->document->n_lines; at++) {
        result->linear[at] -= known[features->distinct_of_line[at]] ? baseline_known : 0;
    }
    result->known = known;
    return true;
}

// Lines of a kind that a person named gain or lose score. False when memory is out.
static bool apply_learned(struct finder_result *result, const struct learned *learned)
{
    const struct log_features *features = &result->features;
    float *weights =
        arena_allocate_array(&result->arena, features->n_distinct + 1, sizeof *weights);
    for (size_t i = 0; weights && i < features->n_distinct; i++) {
        weights[i] = learned_line(learned, features->distinct[i].hash);
    }
    for (size_t at = 0; weights && at < features->document->n_lines; at++) {
        result->linear[at] += weights[features->distinct_of_line[at]];
    }
    return weights != NULL;
}

static const struct {
    float cause;  // score that a line gains which a person's rule gives a cause …
    float ignore; // … or loses that one says to ignore: more than any line has of itself
} rule_weight = {30, 30};

static bantam_status apply_rules(struct finder_result *result, const struct own_rules *rules,
                                 bantam_error *error)
{
    bantam_status status =
        own_rules_match(&result->hits, rules, result->features.document, &result->arena, error);
    for (size_t i = 0; !status && i < result->hits.n_hits; i++) {
        const struct rule_hit *hit = &result->hits.hits[i];
        bool ignore = own_rules_at(rules, hit->rule)->ignore;
        result->linear[hit->line] += ignore ? -rule_weight.ignore : rule_weight.cause;
    }
    return status;
}

bantam_status finder_run(struct finder_result *result, const struct finder *finder,
                         const struct document *document, const struct finder_options *options,
                         bantam_error *error)
{
    *result = (struct finder_result){0};
    struct sum_table table = {.model = &finder->lines, .n_lines = document->n_lines};
    bantam_status status = log_features_init(&result->features, document, finder->keywords,
                                             &finder->annotator, sum_words, &table, error);
    if (!status && !score_lines(result, finder, table.sums)) {
        status = error_memory(error);
    }
    memory_free(table.sums);
    if (!status && options->baseline && !compare_with_baseline(result, options->baseline)) {
        status = error_memory(error);
    }
    if (!status && options->learned && !apply_learned(result, options->learned)) {
        status = error_memory(error);
    }
    if (!status && options->rules) {
        status = apply_rules(result, options->rules, error);
    }
    struct line_scores of_log = {0};
    if (!status) {
        status = line_scores_init(&of_log, &result->features, result->linear, error);
        of_log.known = result->known;
    }
    if (!status && !finder_decide(result, &finder->rank, &finder->chunk, &of_log, options)) {
        status = error_memory(error);
    }
    line_scores_release(&of_log);
    if (status) {
        finder_result_release(result);
        return status;
    }
    // A green log to compare with says more than the order.
    if (!options->baseline) {
        finding_order_apply(&finder->order, result);
    }
    for (size_t i = 0; i < result->n_candidates; i++) {
        result->mass +=
            exp((double)result->candidates[i].score - (double)result->candidates[0].score);
    }
    result->n_list = result->n_list < options->n_lines ? result->n_list : options->n_lines;
    return status;
}

double finder_line_share(const struct finder_result *result, float score)
{
    return exp((double)score - (double)result->candidates[0].score) / result->mass;
}

double finder_score(const struct finder_result *result, const struct found *found)
{
    double sum = 0;
    for (size_t i = 0; i < result->n_candidates; i++) {
        const struct listed_line *candidate = &result->candidates[i];
        if (candidate->line >= found->first && candidate->line <= found->last) {
            sum += finder_line_share(result, candidate->score);
        }
    }
    return sum < 1 ? sum : 1;
}

void finder_result_release(struct finder_result *result)
{
    log_features_release(&result->features);
    arena_release(&result->arena);
    *result = (struct finder_result){0};
}
