// One log's way through the triage: lines → finder → findings with tool, cause and fix → diagnosis.
#include "bantam/triage.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/embedded.h"
#include "triage/diagnosis.h"
#include "triage/finder.h"
#include "triage/tools.h"

enum {
    MODEL_LINES,
    MODELS,
};

struct bantam_triage {
    struct messages messages;
    struct tools *tools;
    struct line_tables tables; // borrows the two above
    struct finder finder;
    bantam_model *files[MODELS]; // kept for their names; NULL where none is loaded
};

static const struct {
    const char *kind, *embedded;
} models[MODELS] = {
    [MODEL_LINES] = {"ci-lines", "ci-lines/model.safetensors"},
};

// Loads a model of a known kind in the place of the one before; takes the file over where it succeeds.
static bantam_status take_model(bantam_triage *triage, bantam_model *file, bantam_error *error)
{
    const char *kind = bantam_model_metadata(file, "kind");
    if (!kind || strcmp(kind, models[MODEL_LINES].kind) != 0) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "a model of kind \"%s\" is of no use to triage; expected \"%s\"",
                         kind ? kind : "(none)", models[MODEL_LINES].kind);
    }
    struct finder finder;
    bantam_status status = finder_load(&finder, file, &triage->tables, error);
    if (!status) {
        finder_release(&triage->finder);
        triage->finder = finder;
        bantam_model_free(&triage->files[MODEL_LINES]);
        triage->files[MODEL_LINES] = file;
    }
    return status;
}

bantam_status bantam_triage_use(bantam_triage *triage, const void *model_bytes, size_t size,
                                bantam_error *error)
{
    bantam_model *file;
    bantam_status status = bantam_model_load(&file, model_bytes, size, error);
    if (!status) {
        status = take_model(triage, file, error);
        if (status) {
            bantam_model_free(&file);
        }
    }
    return status;
}

bantam_status bantam_triage_new(bantam_triage **out, bantam_error *error)
{
    bantam_triage *triage = *out = memory_allocate_array(1, sizeof *triage);
    bantam_status status =
        triage ? messages_load_embedded(&triage->messages, error) : error_memory(error);
    if (!status) {
        status = tools_load(&triage->tools, error);
    }
    if (!status) {
        triage->tables = (struct line_tables){&triage->messages, tools_table(triage->tools)};
    }
    for (size_t i = 0; !status && i < MODELS; i++) {
        const struct embedded_file *file = embedded_find(models[i].embedded);
        status = file ? bantam_triage_use(triage, file->bytes, file->size, error)
                      : error_set(error, BANTAM_ERROR_MODEL, "the library carries no model \"%s\"",
                                  models[i].kind);
    }
    if (status) {
        bantam_triage_free(out);
    }
    return status;
}

void bantam_triage_free(bantam_triage **triage)
{
    if (*triage) {
        finder_release(&(*triage)->finder);
        messages_release(&(*triage)->messages);
        tools_free(&(*triage)->tools);
        for (size_t i = 0; i < MODELS; i++) {
            bantam_model_free(&(*triage)->files[i]);
        }
        memory_free(*triage);
        *triage = NULL;
    }
}

bantam_triage_options bantam_triage_options_default(void)
{
    return (bantam_triage_options){
        .n_lines = 10, .max_findings = 3, .excerpt_lines = 12, .cause_threshold = -1};
}

static bantam_status check_options(const bantam_triage_options *options, bantam_error *error)
{
    if (options->n_lines > 1000 || options->max_findings < 1 || options->max_findings > 100 ||
        options->context > 100 || options->excerpt_lines < 1 || options->excerpt_lines > 100000 ||
        !(options->cause_threshold <= 1)) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "an option of the triage is out of its range; see bantam/triage.h");
    }
    return BANTAM_OK;
}

// One log on its way.
struct run {
    const bantam_triage *triage;
    const bantam_triage_options *options;
    struct document document;
    struct finder_result found;
    struct diagnosis *diagnosis;
    double mass; // Σ exp(score − highest) over the candidates
};

static double share(const struct run *run, float score)
{
    return exp((double)score - (double)run->found.candidates[0].score) / run->mass;
}

// The share of the candidates' weight that lies within the finding.
static double finding_score(const struct run *run, const struct found *found)
{
    double sum = 0;
    for (size_t i = 0; i < run->found.n_candidates; i++) {
        const struct listed_line *candidate = &run->found.candidates[i];
        if (candidate->line >= found->first && candidate->line <= found->last) {
            sum += share(run, candidate->score);
        }
    }
    return sum < 1 ? sum : 1;
}

static bool add_lines(struct run *run)
{
    struct arena *arena = &run->diagnosis->arena;
    bantam_log_line *lines = arena_allocate_array(arena, run->found.n_list, sizeof *lines);
    for (size_t i = 0; lines && i < run->found.n_list; i++) {
        const struct listed_line *listed = &run->found.list[i];
        if (!diagnosis_line(&lines[i], arena, &run->document, listed->line,
                            share(run, listed->score))) {
            return false;
        }
    }
    run->diagnosis->public.lines = lines;
    run->diagnosis->public.n_lines_listed = run->found.n_list;
    return lines != NULL;
}

static bool add_finding(struct run *run, bantam_finding *finding, const struct found *found)
{
    uint64_t first_number = run->document.first_line_number;
    *finding = (bantam_finding){
        .rank = run->diagnosis->public.n_findings + 1,
        .score = finding_score(run, found),
        .first_line = first_number + found->first,
        .last_line = first_number + found->last,
        .anchor_line = first_number + found->anchor,
        .cause = "unknown",
        .transient = "maybe",
    };
    run->diagnosis->public.n_findings++;
    return diagnosis_excerpt(finding, &run->diagnosis->arena, &run->document, found, run->options);
}

static bool add_findings(struct run *run)
{
    bantam_finding *findings =
        arena_allocate_array(&run->diagnosis->arena, run->found.n_findings, sizeof *findings);
    for (size_t i = 0; findings && i < run->found.n_findings; i++) {
        if (!add_finding(run, &findings[i], &run->found.findings[i])) {
            return false;
        }
    }
    run->diagnosis->public.findings = findings;
    return findings != NULL;
}

static bool add_models(struct run *run)
{
    struct arena *arena = &run->diagnosis->arena;
    bantam_model_name *names = arena_allocate_array(arena, MODELS, sizeof *names);
    for (size_t i = 0; names && i < MODELS; i++) {
        const bantam_model *file = run->triage->files[i];
        const char *version = bantam_model_metadata(file, "version");
        names[i].name = models[i].kind;
        names[i].version = arena_copy_string(arena, version ? version : "");
        names[i].digest = arena_copy_string(arena, bantam_model_digest(file));
        if (!names[i].version || !names[i].digest) {
            return false;
        }
    }
    run->diagnosis->public.models = names;
    run->diagnosis->public.n_models = MODELS;
    return names != NULL;
}

static bool fill(struct run *run)
{
    bantam_diagnosis *public = &run->diagnosis->public;
    public->n_bytes = run->document.raw_size;
    public->n_lines = run->document.n_lines_total;
    public->format = log_format_name(run->document.format);
    public->status = BANTAM_NO_FAILURE_FOUND;
    if (!add_models(run)) {
        return false;
    }
    if (run->found.n_candidates == 0 || run->document.job_exit_code == 0) {
        return true;
    }
    public->status = BANTAM_UNKNOWN;
    for (size_t i = 0; i < run->found.n_candidates; i++) {
        run->mass +=
            exp((double)run->found.candidates[i].score - (double)run->found.candidates[0].score);
    }
    return add_lines(run) && add_findings(run);
}

bantam_status bantam_triage_run(bantam_diagnosis **out, const bantam_triage *triage,
                                const void *log, size_t size, const bantam_triage_options *options,
                                bantam_error *error)
{
    *out = NULL;
    bantam_triage_options defaults = bantam_triage_options_default();
    struct run run = {.triage = triage, .options = options ? options : &defaults};
    bantam_status status = check_options(run.options, error);
    if (!status) {
        status = document_init(&run.document, log, size, error);
    }
    if (!status) {
        struct finder_options wanted = {.n_lines = run.options->n_lines,
                                        .max_findings = run.options->max_findings};
        status = finder_run(&run.found, &triage->finder, &run.document, &wanted, error);
    }
    if (!status) {
        run.diagnosis = memory_allocate_array(1, sizeof *run.diagnosis);
        if (!run.diagnosis || !fill(&run)) {
            status = error_memory(error);
        }
    }
    bantam_diagnosis *diagnosis = run.diagnosis ? &run.diagnosis->public : NULL;
    finder_result_release(&run.found);
    document_release(&run.document);
    if (status && diagnosis) {
        bantam_diagnosis_free(&diagnosis);
    }
    *out = diagnosis;
    return status;
}

void bantam_diagnosis_free(bantam_diagnosis **diagnosis)
{
    if (*diagnosis) {
        struct diagnosis *whole = (struct diagnosis *)*diagnosis;
        arena_release(&whole->arena);
        memory_free(whole);
        *diagnosis = NULL;
    }
}
