// Has each tool's evidence gathered, and makes the few numbers of it that tools.c weighs.
#include "triage/tool_features.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "triage/tool_evidence.h"

static const struct {
    enum tool_feature feature;
    float weight;
} priors[] = {
    {TOOL_SIGN_ANCHOR, 1.2F},     {TOOL_SIGN_INSIDE, 2.0F},        {TOOL_SIGN_LINES, 0.6F},
    {TOOL_SIGN_SHARE, 1.2F},      {TOOL_SIGN_LENGTH, 0.5F},        {TOOL_SIGN_VARIETY, 0.6F},
    {TOOL_SIGN_FIRST, 0.3F},      {TOOL_SIGN_BEFORE, 0.8F},        {TOOL_SIGN_AFTER, 0.8F},
    {TOOL_SIGN_SECTION, 0.7F},    {TOOL_SIGN_SECTION_AFTER, 0.5F}, {TOOL_SIGN_TAIL, 0.1F},
    {TOOL_SIGN_FAR_ONLY, -0.6F},  {TOOL_NAME_INSIDE, 0.5F},        {TOOL_NAME_CLOSE, 0.1F},
    {TOOL_COMMAND_LAST, 1.5F},    {TOOL_COMMAND_SECTION, 1.2F},    {TOOL_COMMAND_INNER, 0.4F},
    {TOOL_COMMAND_PARTLY, -0.6F}, {TOOL_COMMAND_MENTIONED, 0.4F},  {TOOL_COMMAND_OUTER, 0.3F},
    {TOOL_COMMAND_LATER, 0.0F},   {TOOL_UNSIGNED_COMMAND, 1.5F},   {TOOL_SCRIPT_PATH, 0.3F},
    {TOOL_SCRIPT_NAMED, 1.5F},    {TOOL_NAME_ONLY, -2.5F},         {TOOL_OWN_WORDS, 4.0F},
    {TOOL_SPEAKS, 1.5F},          {TOOL_COMMAND_OVERTAKEN, -0.8F}, {TOOL_SCRIPT_INSIDE, 0.5F},
    {TOOL_SCRIPT_SPEAKS, 2.5F},
};

// What kind of program a reader names: the one whose finding it is, rather than what started it.
static const float kind_priors[TOOL_KINDS] = {
    [TOOL_TEST_RUNNER] = 1.4F,
    [TOOL_LINTER] = 0.9F,
    [TOOL_FORMATTER] = 0.9F,
    [TOOL_TYPE_CHECKER] = 0.7F,
    [TOOL_COMPILER] = 0.5F,
    [TOOL_LINKER] = 0.2F,
    [TOOL_BUILDER] = -0.8F,
    [TOOL_PACKAGE_MANAGER] = -0.6F,
    [TOOL_LINK_CHECKER] = 1.0F,
    [TOOL_RUNTIME] = -1.0F,
    [TOOL_INTERPRETER_SHELL] = -0.8F,
    [TOOL_DOC_BUILDER] = 0.5F,
    [TOOL_CI_SYSTEM] = -0.8F,
    [TOOL_VCS] = 0.0F,
    [TOOL_CONTAINER] = -0.1F,
    [TOOL_DEPLOYER] = 0.3F,
    [TOOL_DOWNLOADER] = 0.0F,
    [TOOL_SANITIZER] = 1.2F,
    [TOOL_SCANNER] = 0.7F,
    [TOOL_SERVICE] = -0.2F,
    [TOOL_SYSTEM] = -0.3F,
    [TOOL_SCRIPT] = -1.8F,
};

void tool_prior_weights(float *weights)
{
    memset(weights, 0, TOOL_FEATURES * sizeof *weights);
    for (size_t i = 0; i < sizeof priors / sizeof *priors; i++) {
        weights[priors[i].feature] = priors[i].weight;
    }
    for (size_t kind = 0; kind < TOOL_KINDS; kind++) {
        weights[TOOL_KIND_SIGNED + kind] = kind_priors[kind];
        weights[TOOL_KIND_OTHER + kind] = kind_priors[kind];
    }
}

static void find_section(struct gathering *all)
{
    const struct document *document = all->document;
    int32_t at = document->lines[all->lines.anchor].section, innermost = at;
    while (at >= 0 && document->sections[at].command_size == 0) {
        at = document->sections[at].parent;
    }
    all->section = at >= 0 ? at : innermost;
    all->section_first = 0;
    all->section_last = (uint32_t)document->n_lines - 1;
    if (tool_line_cleans_up(&document->lines[all->lines.anchor])) {
        all->section = -1; // what failed ran before the system's own cleaning up
    } else if (all->section >= 0) {
        all->section_first = document->sections[all->section].first_line;
        all->section_last = document->sections[all->section].last_line;
    }
}

static void fill_tool(struct tool_candidate *out, const struct gathering *all,
                      const struct evidence *tool, const struct tool *of_table, uint32_t all_lines,
                      uint32_t first_inside, bool anyone_signed)
{
    const uint32_t *lines = tool->lines;
    bool close = lines[INSIDE] + lines[BEFORE] + lines[AFTER] > 0;
    bool far = lines[SECTION_BEFORE] + lines[SECTION_AFTER] + lines[LOG_TAIL] > 0;
    float *f = out->features;
    f[TOOL_SIGN_ANCHOR] = tool->anchor;
    f[TOOL_SIGN_INSIDE] = lines[INSIDE] > 0;
    f[TOOL_SIGN_LINES] = logf(1 + (float)lines[INSIDE]) / 3;
    f[TOOL_SIGN_SHARE] = all_lines ? (float)lines[INSIDE] / (float)all_lines : 0;
    f[TOOL_SIGN_LENGTH] = tool->longest < 32 ? (float)tool->longest / 32 : 1;
    f[TOOL_SIGN_VARIETY] = logf(1 + (float)tool->variety);
    f[TOOL_SIGN_FIRST] = lines[INSIDE] && tool->first_inside == first_inside;
    f[TOOL_SIGN_BEFORE] = lines[BEFORE] > 0;
    f[TOOL_SIGN_AFTER] = lines[AFTER] > 0;
    f[TOOL_SIGN_SECTION] = lines[SECTION_BEFORE] > 0;
    f[TOOL_SIGN_SECTION_AFTER] = lines[SECTION_AFTER] > 0;
    f[TOOL_SIGN_TAIL] = lines[LOG_TAIL] > 0;
    f[TOOL_SIGN_FAR_ONLY] = far && !close;
    f[TOOL_NAME_INSIDE] = tool->name_inside;
    f[TOOL_NAME_CLOSE] = tool->name_close;
    f[TOOL_OWN_WORDS] = tool->own_words;
    f[TOOL_SPEAKS] = tool->speaks;
    f[TOOL_NAME_ONLY] = !close && !far && !tool->speaks && !tool->command_last &&
                        !tool->command_section && !tool->outer;
    f[TOOL_COMMAND_LAST] = tool->command_last;
    f[TOOL_COMMAND_SECTION] = tool->command_section;
    f[TOOL_COMMAND_INNER] = tool->command_inner;
    f[TOOL_COMMAND_PARTLY] = tool->command_partly;
    f[TOOL_COMMAND_MENTIONED] = tool->mentioned;
    f[TOOL_COMMAND_OUTER] = tool->outer;
    f[TOOL_COMMAND_OVERTAKEN] =
        all->has_last_command && !tool->command_last && (tool->command_section || tool->outer);
    f[TOOL_COMMAND_LATER] = tool->later;
    f[TOOL_UNSIGNED_COMMAND] =
        !anyone_signed && (tool->command_last || tool->command_section || tool->outer);
    f[(close ? TOOL_KIND_SIGNED : TOOL_KIND_OTHER) + (int)of_table->kind] = f[TOOL_NAME_ONLY] == 0;
    out->name = of_table->shown;
    out->tool = of_table;
    out->sign = tool->sign;
    out->sign_line = tool->sign_line;
}

static void fill_script(struct tool_candidate *out, const struct gathering *all,
                        const struct script *script, const char *name, bool anyone_signed)
{
    float *f = out->features;
    f[TOOL_COMMAND_LAST] = script->last;
    f[TOOL_COMMAND_SECTION] = script->section;
    f[TOOL_COMMAND_INNER] = script->inner;
    f[TOOL_COMMAND_OUTER] = script->outer;
    f[TOOL_COMMAND_OVERTAKEN] =
        all->has_last_command && !script->last && (script->section || script->outer);
    f[TOOL_COMMAND_LATER] = script->later;
    f[TOOL_UNSIGNED_COMMAND] = !anyone_signed && (script->last || script->section || script->outer);
    f[TOOL_SCRIPT_PATH] = script->is_path;
    f[TOOL_SCRIPT_NAMED] = script->named;
    f[TOOL_SCRIPT_INSIDE] = script->named_inside;
    f[TOOL_SCRIPT_SPEAKS] = script->speaks;
    f[TOOL_KIND_OTHER + (int)TOOL_SCRIPT] = 1;
    out->name = name;
    out->sign = TOOL_SIGN_NONE;
}

static bool has_evidence(const struct evidence *tool)
{
    uint32_t lines = 0;
    for (size_t place = 0; place < PLACES; place++) {
        lines += tool->lines[place];
    }
    return lines > 0 || tool->own_words || tool->speaks || tool->name_inside || tool->name_close ||
           tool->command_last || tool->command_section || tool->command_partly || tool->mentioned ||
           tool->outer;
}

static bantam_status list_candidates(struct tool_candidates *out, const struct gathering *all,
                                     bantam_error *error)
{
    size_t n = 0;
    uint32_t lines = 0, first = UINT32_MAX;
    bool anyone_signed = false;
    for (size_t i = 0; i < all->table->n_tools; i++) {
        const struct evidence *tool = &all->tools[i];
        n += has_evidence(tool);
        lines += tool->lines[INSIDE];
        first = tool->first_inside < first ? tool->first_inside : first;
        anyone_signed = anyone_signed || // a CI system's frame speaks for no tool inside it
                        (all->table->tools[i].kind != TOOL_CI_SYSTEM &&
                         tool->lines[INSIDE] + tool->lines[BEFORE] + tool->lines[AFTER] > 0);
    }
    out->items = arena_allocate_array(&out->arena, n + all->n_scripts + 1, sizeof *out->items);
    if (!out->items) {
        return error_memory(error);
    }
    for (size_t i = 0; i < all->table->n_tools; i++) {
        if (has_evidence(&all->tools[i])) {
            fill_tool(&out->items[out->count++], all, &all->tools[i], &all->table->tools[i], lines,
                      first, anyone_signed);
        }
    }
    for (size_t i = 0; i < all->n_scripts; i++) {
        const char *name = arena_copy_string(&out->arena, all->scripts[i].name);
        if (!name) {
            return error_memory(error);
        }
        fill_script(&out->items[out->count++], all, &all->scripts[i], name, anyone_signed);
    }
    return BANTAM_OK;
}

bantam_status tool_candidates_init(struct tool_candidates *candidates,
                                   const struct tool_table *table, const struct document *document,
                                   struct finding_lines lines, bantam_error *error)
{
    *candidates = (struct tool_candidates){0};
    if (document->n_lines == 0) {
        return BANTAM_OK;
    }
    uint32_t end = (uint32_t)document->n_lines - 1;
    lines.last = lines.last < end ? lines.last : end;
    lines.first = lines.first < lines.last ? lines.first : lines.last;
    lines.anchor = lines.anchor < lines.first  ? lines.first
                   : lines.anchor > lines.last ? lines.last
                                               : lines.anchor;
    struct gathering *all = memory_allocate_array(1, sizeof *all);
    if (!all) {
        return error_memory(error);
    }
    *all = (struct gathering){.table = table, .document = document, .lines = lines};
    all->tools = memory_allocate_array(table->n_tools + 1, sizeof *all->tools);
    all->seen = memory_allocate_array(table->n_signs + 1, 1);
    bantam_status status = BANTAM_OK;
    if (!all->tools || !all->seen) {
        status = error_memory(error);
    } else {
        for (size_t i = 0; i < table->n_tools; i++) {
            all->tools[i].first_inside = UINT32_MAX;
            all->tools[i].sign = TOOL_SIGN_NONE;
        }
        find_section(all);
        tool_evidence_read_commands(all);
        tool_evidence_read_signs(all);
        tool_evidence_read_names(all);
        tool_evidence_read_own_words(all);
        tool_evidence_silence_followers(all);
        status = list_candidates(candidates, all, error);
    }
    memory_free(all->tools);
    memory_free(all->seen);
    memory_free(all);
    if (status) {
        tool_candidates_release(candidates);
    }
    return status;
}

void tool_candidates_release(struct tool_candidates *candidates)
{
    arena_release(&candidates->arena);
    *candidates = (struct tool_candidates){0};
}
