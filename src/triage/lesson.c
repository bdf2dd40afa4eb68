// From a log and what a person says of it to a lesson, on the path that bantam_triage_run walks; and reading lessons.
#include "triage/lesson.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "features/line_words.h"
#include "triage/cause_tools.h"
#include "triage/triage_models.h"

enum {
    LINES_MAXIMUM = 2000, // of a span that are learned from
    REPEATED = 20,        // lines that a log has more often tell nothing of its failure
    TOKENS_LEAST = 2,     // of a line that tells something
};

// What a lesson is made of, on its way.
struct making {
    const bantam_triage *triage;
    struct document document;
    struct finder_result found;
    struct arena arena;
    struct word_vector words[LESSON_VIEWS];
    float prior[LESSON_VIEWS][CAUSES];
    uint32_t *right, *wrong;
    size_t n_right, n_wrong;
};

static bantam_status view_finding(struct making *making, int view, struct finding_lines lines,
                                  bantam_error *error)
{
    const bantam_triage *triage = making->triage;
    struct tool_ranking ranking;
    struct cause_tool tools[CAUSE_TOOLS];
    bantam_status status = tools_rank(&ranking, triage->tools, &making->document, lines, error);
    if (status) {
        return status;
    }
    struct cause_input input = {.document = &making->document,
                                .first = lines.first,
                                .last = lines.last,
                                .anchor = lines.anchor,
                                .list = making->found.list,
                                .n_list = making->found.n_list,
                                .tools = tools,
                                .n_tools = cause_tools_from(tools, &ranking),
                                .score = 1}; // a person named the lines
    struct cause_features *features = arena_allocate(&making->arena, sizeof *features);
    status = features ? cause_features_init(features, &triage->cause.extractor, &input, NULL,
                                            &making->arena, error)
                      : error_memory(error);
    if (!status && !word_vector_init(&making->words[view], features, &making->arena)) {
        status = error_memory(error);
    }
    if (!status) {
        const struct softmax_input vector = {&features->tied[0][0], features->words,
                                             features->n_words, input.score};
        softmax_model_predict(&triage->cause.model, &vector, making->prior[view]);
    }
    tool_ranking_release(&ranking);
    return status;
}

// Turns numbers of lines into indices; false where they lie outside of the log.
static bool find_span(uint32_t *first, uint32_t *last, const struct document *document,
                      bantam_span span)
{
    uint64_t base = document->first_line_number;
    if (span.first < base || span.last < span.first || span.last >= base + document->n_lines) {
        return false;
    }
    *first = (uint32_t)(span.first - base);
    *last = (uint32_t)(span.last - base);
    return true;
}

// Of the lines that the person named the one that the finder thinks most of.
static uint32_t best_line(const struct finder_result *found, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < found->n_candidates; i++) {
        uint32_t line = found->candidates[i].line;
        if (line >= first && line <= last) {
            return line;
        }
    }
    uint32_t best = first;
    for (uint32_t at = first; at <= last; at++) {
        best = found->linear[at] > found->linear[best] ? at : best;
    }
    return best;
}

// The kinds of the span's lines that tell something, in the arena.
static bool take_lines(uint32_t **kinds, size_t *n_kinds, struct making *making, uint32_t first,
                       uint32_t last)
{
    const struct log_features *features = &making->found.features;
    *kinds = arena_allocate_array(&making->arena, LINES_MAXIMUM, sizeof **kinds);
    for (uint32_t at = first; *kinds && at <= last && *n_kinds < LINES_MAXIMUM; at++) {
        const struct distinct_line *kind = &features->distinct[features->distinct_of_line[at]];
        if (kind->n_tokens >= TOKENS_LEAST && kind->count <= REPEATED) {
            (*kinds)[(*n_kinds)++] = learned_line_key(kind->hash);
        }
    }
    return *kinds != NULL;
}

static bantam_status read_correction(struct making *making, const bantam_correction *correction,
                                     bantam_error *error)
{
    const struct found *found = making->found.n_findings > 0 ? making->found.findings : NULL;
    bantam_status status = BANTAM_OK;
    uint32_t first, last;
    if (found) {
        struct finding_lines lines = {found->first, found->last, found->anchor};
        status = view_finding(making, LESSON_FOUND, lines, error);
    }
    if (!status && correction->lines.first > 0) {
        if (!find_span(&first, &last, &making->document, correction->lines)) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "the lines lie outside of the log");
        }
        struct finding_lines lines = {first, last, best_line(&making->found, first, last)};
        status = view_finding(making, LESSON_TOLD, lines, error);
        if (!status && !take_lines(&making->right, &making->n_right, making, first, last)) {
            status = error_memory(error);
        }
    } else if (!status && correction->cause && !found) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "nothing in the log looks like a failure; name the lines that explain it");
    }
    if (!status && correction->not_lines.first > 0) {
        if (!find_span(&first, &last, &making->document, correction->not_lines)) {
            return error_set(error, BANTAM_ERROR_ARGUMENT, "the lines lie outside of the log");
        }
        if (!take_lines(&making->wrong, &making->n_wrong, making, first, last)) {
            status = error_memory(error);
        }
    }
    return status;
}

static bantam_tensor vector_tensor(const char *name, bantam_dtype dtype, const void *data, size_t n)
{
    return (bantam_tensor){
        .name = name, .dtype = dtype, .n_dimensions = 1, .shape = {n}, .data = data, .size = n * 4};
}

static bantam_status write_lesson(bantam_buffer *out, const struct making *making,
                                  const bantam_correction *correction, bantam_error *error)
{
    const struct word_vector *found = &making->words[LESSON_FOUND],
                             *told = &making->words[LESSON_TOLD];
    const bantam_tensor tensors[] = {
        vector_tensor("found_words", BANTAM_U32, found->hashes, found->n),
        vector_tensor("found_values", BANTAM_F32, found->values, found->n),
        vector_tensor("found_prior", BANTAM_F32, making->prior[LESSON_FOUND], CAUSES),
        vector_tensor("told_words", BANTAM_U32, told->hashes, told->n),
        vector_tensor("told_values", BANTAM_F32, told->values, told->n),
        vector_tensor("told_prior", BANTAM_F32, making->prior[LESSON_TOLD], CAUSES),
        vector_tensor("right", BANTAM_U32, making->right, making->n_right),
        vector_tensor("wrong", BANTAM_U32, making->wrong, making->n_wrong),
    };
    const bantam_metadata metadata[] = {
        {"kind", "lesson"},
        {"cause_features", CAUSE_FEATURES_VERSION},
        {"line_features", LINE_FEATURES_VERSION},
        {"cause", correction->cause ? correction->cause : ""},
        {"fix", correction->fix ? correction->fix : ""},
    };
    return bantam_model_write(out, tensors, sizeof tensors / sizeof *tensors, metadata,
                              sizeof metadata / sizeof *metadata, error);
}

bantam_status bantam_lesson_make(bantam_buffer *out, const bantam_triage *triage, const void *log,
                                 size_t size, const bantam_correction *correction,
                                 bantam_error *error)
{
    if (correction->cause && (!own_cause_name(correction->cause) ||
                              strcmp(correction->cause, cause_name(CAUSE_UNKNOWN)) == 0)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "a cause is a name of small letters, digits, _ and -, as in pool-quota");
    }
    if (!correction->cause && correction->lines.first == 0 && correction->not_lines.first == 0) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "nothing is told; name the lines, the cause or both");
    }
    struct making making = {.triage = triage};
    struct finder_options options = {.n_lines = 10, .max_findings = 6};
    bantam_status status = document_init(&making.document, log, size, error);
    if (!status) {
        status = finder_run(&making.found, &triage->finder, &making.document, &options, error);
    }
    if (!status) {
        status = read_correction(&making, correction, error);
    }
    if (!status) {
        status = write_lesson(out, &making, correction, error);
    }
    finder_result_release(&making.found);
    document_release(&making.document);
    arena_release(&making.arena);
    return status;
}

static const void *vector_of(const bantam_model *file, const char *name, bantam_dtype dtype,
                             size_t *n)
{
    const bantam_tensor *tensor = bantam_model_tensor(file, name);
    bool fits = tensor && tensor->dtype == dtype && tensor->n_dimensions == 1 &&
                tensor->shape[0] <= CAUSE_FEATURES_MAXIMUM &&
                (*n == SIZE_MAX || tensor->shape[0] == *n);
    if (fits) {
        *n = (size_t)tensor->shape[0];
    }
    return fits ? tensor->data ? tensor->data : "" : NULL;
}

static bool read_view(struct lesson *lesson, int view, const char *words, const char *values,
                      const char *prior)
{
    size_t n = SIZE_MAX, n_causes = CAUSES;
    struct word_vector *vector = &lesson->words[view];
    vector->hashes = vector_of(lesson->file, words, BANTAM_U32, &n);
    vector->values = vector_of(lesson->file, values, BANTAM_F32, &n);
    vector->n = n;
    lesson->prior[view] = vector_of(lesson->file, prior, BANTAM_F32, &n_causes);
    return vector->hashes && vector->values && lesson->prior[view];
}

static const char *text_or_null(const bantam_model *file, const char *key)
{
    const char *text = bantam_model_metadata(file, key);
    return text && *text ? text : NULL;
}

bantam_status lesson_load(struct lesson *lesson, const bantam_lesson *bytes, bantam_error *error)
{
    *lesson = (struct lesson){.n_right = SIZE_MAX, .n_wrong = SIZE_MAX};
    bantam_status status = bantam_model_load(&lesson->file, bytes->bytes, bytes->size, error);
    if (status) {
        return status;
    }
    const char *kind = bantam_model_metadata(lesson->file, "kind");
    const char *causes = bantam_model_metadata(lesson->file, "cause_features");
    const char *lines = bantam_model_metadata(lesson->file, "line_features");
    bool current = causes && strcmp(causes, CAUSE_FEATURES_VERSION) == 0 && lines &&
                   strcmp(lines, LINE_FEATURES_VERSION) == 0;
    if (!kind || strcmp(kind, "lesson") != 0 || !current) {
        lesson_release(lesson);
        return error_set(error, kind && !current ? BANTAM_ERROR_VERSION : BANTAM_ERROR_MODEL,
                         "a lesson comes from another version, or is none; teach it again");
    }
    lesson->cause = text_or_null(lesson->file, "cause");
    lesson->fix = text_or_null(lesson->file, "fix");
    lesson->right = vector_of(lesson->file, "right", BANTAM_U32, &lesson->n_right);
    lesson->wrong = vector_of(lesson->file, "wrong", BANTAM_U32, &lesson->n_wrong);
    if (!read_view(lesson, LESSON_FOUND, "found_words", "found_values", "found_prior") ||
        !read_view(lesson, LESSON_TOLD, "told_words", "told_values", "told_prior") ||
        !lesson->right || !lesson->wrong || (lesson->cause && !own_cause_name(lesson->cause))) {
        lesson_release(lesson);
        return error_set(error, BANTAM_ERROR_MODEL, "a lesson is damaged; teach it again");
    }
    return BANTAM_OK;
}

void lesson_release(struct lesson *lesson)
{
    bantam_model_free(&lesson->file);
    *lesson = (struct lesson){.file = NULL};
}
