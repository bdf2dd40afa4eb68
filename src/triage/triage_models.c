// Loading: tables first, then the models, which borrow the tables.
#include "triage/triage_models.h"
#include "triage/shipped_tables.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/embedded.h"

static bantam_status use_lines(bantam_triage *triage, const bantam_model *file, bantam_error *error)
{
    struct finder finder;
    bantam_status status =
        finder_load(&finder, file, &triage->tables, triage->words.keywords, error);
    if (!status) {
        finder_release(&triage->finder);
        triage->finder = finder;
    }
    return status;
}

static bantam_status use_tools(bantam_triage *triage, const bantam_model *file, bantam_error *error)
{
    return tools_use(triage->tools, file, error);
}

static bantam_status use_cause(bantam_triage *triage, const bantam_model *file, bantam_error *error)
{
    struct cause_classifier cause;
    bantam_status status = cause_load(&cause, file, &triage->words, error);
    if (!status) {
        cause.learned = triage->learned;
        cause_release(&triage->cause);
        triage->cause = cause;
    }
    return status;
}

static bantam_status use_fixes(bantam_triage *triage, const bantam_model *file, bantam_error *error)
{
    return fix_ranker_use(&triage->fix_ranker, file, error);
}

static const struct {
    const char *kind, *embedded;
    bantam_status (*use)(bantam_triage *, const bantam_model *, bantam_error *);
} kinds[TRIAGE_MODELS] = {
    [MODEL_LINES] = {"ci-lines", "ci-lines/model.safetensors", use_lines},
    [MODEL_TOOLS] = {"ci-tools", "ci-tools/model.safetensors", use_tools},
    [MODEL_CAUSE] = {"ci-cause", "ci-cause/model.safetensors", use_cause},
    [MODEL_FIXES] = {"ci-fixes", "ci-fixes/model.safetensors", use_fixes},
};

const char *triage_model_kind(enum triage_model model)
{
    return kinds[model].kind;
}

// Lays what was learned over the models, in the place of what was learned before.
static bantam_status use_learned(bantam_triage *triage, bantam_model *file, bantam_error *error)
{
    struct learned *learned;
    bantam_status status = learned_load(&learned, file, error);
    if (!status) {
        learned_free(&triage->learned);
        triage->learned = learned;
        triage->cause.learned = learned;
    }
    return status;
}

// Puts the file in the place of the one of its kind; takes it over where that succeeds.
static bantam_status take_model(bantam_triage *triage, bantam_model *file, bantam_error *error)
{
    const char *kind = bantam_model_metadata(file, "kind");
    if (kind && strcmp(kind, "learned") == 0) {
        return use_learned(triage, file, error);
    }
    for (size_t i = 0; kind && i < TRIAGE_MODELS; i++) {
        if (strcmp(kind, kinds[i].kind) != 0) {
            continue;
        }
        bantam_status status = kinds[i].use(triage, file, error);
        if (!status) {
            bantam_model_free(&triage->files[i]);
            triage->files[i] = file;
        }
        return status;
    }
    return error_set(error, BANTAM_ERROR_MODEL,
                     "a model of kind \"%s\" is of no use to triage, which has ci-lines, ci-tools, "
                     "ci-cause and ci-fixes",
                     kind ? kind : "(none)");
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

bantam_status bantam_triage_use_rules(bantam_triage *triage, const char *toml, size_t size,
                                      bantam_error *error)
{
    if (!triage->rules) {
        triage->rules = own_rules_new();
    }
    return triage->rules ? own_rules_add(triage->rules, toml, size, error) : error_memory(error);
}

static bantam_status missing(const char *name, bantam_error *error)
{
    return error_set(error, BANTAM_ERROR_MODEL, "the library was built without \"%s\"", name);
}

static bantam_status load_tables(bantam_triage *triage, bantam_error *error)
{
    bantam_status status = shipped_messages(&triage->messages, error);
    if (!status) {
        status = tools_new(&triage->tools, error);
    }
    if (!status) {
        triage->tables = (struct line_tables){&triage->messages, tools_table(triage->tools)};
        triage->words =
            (struct cause_extractor){&triage->messages, keyword_table_new(&triage->arena),
                                     concept_table_new(&triage->arena)};
        status = triage->words.keywords && triage->words.concepts ? BANTAM_OK : error_memory(error);
    }
    if (!status) {
        status = shipped_fixes(&triage->fixes, error);
        fix_ranker_init(&triage->fix_ranker, &triage->fixes);
    }
    return status;
}

bantam_status triage_new_without(bantam_triage **out, enum triage_model without,
                                 bantam_error *error)
{
    bantam_triage *triage = *out = memory_allocate_array(1, sizeof *triage);
    bantam_status status = triage ? load_tables(triage, error) : error_memory(error);
    for (size_t i = 0; !status && i < TRIAGE_MODELS; i++) {
        if (i == (size_t)without) {
            continue;
        }
        const struct embedded_file *file = embedded_find(kinds[i].embedded);
        status = file ? bantam_triage_use(triage, file->bytes, file->size, error)
                      : missing(kinds[i].embedded, error);
    }
    if (status) {
        bantam_triage_free(out);
    }
    return status;
}

bantam_status bantam_triage_new(bantam_triage **out, bantam_error *error)
{
    return triage_new_without(out, TRIAGE_MODELS, error);
}

void bantam_triage_free(bantam_triage **out)
{
    bantam_triage *triage = *out;
    if (triage) {
        own_rules_free(&triage->rules);
        learned_free(&triage->learned);
        cause_release(&triage->cause);
        finder_release(&triage->finder);
        fix_ranker_release(&triage->fix_ranker);
        fixes_release(&triage->fixes);
        tools_free(&triage->tools);
        messages_release(&triage->messages);
        arena_release(&triage->arena);
        for (size_t i = 0; i < TRIAGE_MODELS; i++) {
            bantam_model_free(&triage->files[i]);
        }
        memory_free(triage);
        *out = NULL;
    }
}
