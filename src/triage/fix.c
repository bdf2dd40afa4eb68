// Slot values come from a hostile log: only printable text enters a sentence, and only what a shell takes as one harmless
// word enters a command. {command} is the job's own echoed command and is shown as it stands.
#include "triage/fix.h"

#include <stdbool.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"

enum {
    FIXES_MAXIMUM = 4000,
    VALUE_MAXIMUM = 160,    // bytes of a slot's value; a longer one does not fill it
    SENTENCE_MAXIMUM = 300, // bytes of a template
    FILLED_MAXIMUM = 2000,
};

static const char *const slot_names[FIX_SLOTS] = {
    [FIX_SUBJECT] = "subject", [FIX_FILE] = "file",  [FIX_LINE] = "line",
    [FIX_PACKAGE] = "package", [FIX_HOST] = "host",  [FIX_COMMAND] = "command",
    [FIX_TOOL] = "tool",       [FIX_LIMIT] = "limit"};

// The slot that begins at `at`: its number, or -1 where '{' is no slot of ours. `*size` counts its bytes with braces.
static int slot_at(const char *at, size_t *size)
{
    const char *end = strchr(at, '}');
    if (*at != '{' || !end) {
        return -1;
    }
    *size = (size_t)(end - at) + 1;
    for (int i = 0; i < FIX_SLOTS; i++) {
        if (strlen(slot_names[i]) == *size - 2 && memcmp(slot_names[i], at + 1, *size - 2) == 0) {
            return i;
        }
    }
    return -1;
}

static bool is_small(char byte)
{
    return byte >= 'a' && byte <= 'z';
}

// Whether each '{word}' of the template is a slot: a misspelt one would be shown.
static bool slots_are_known(const char *template, const char **wrong)
{
    for (const char *at = template; *at; at++) {
        size_t size;
        if (*at != '{' || !is_small(at[1])) {
            continue;
        }
        const char *end = at + 1;
        while (is_small(*end) || *end == '_') {
            end++;
        }
        if (*end == '}' && slot_at(at, &size) < 0) {
            *wrong = at;
            return false;
        }
    }
    return true;
}

static bantam_status check_template(const char *template, const char *key, bantam_error *error)
{
    const char *wrong;
    if (strlen(template) > SENTENCE_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_INPUT, "has a \"%s\" of more than %d bytes", key,
                         SENTENCE_MAXIMUM);
    }
    if (!slots_are_known(template, &wrong)) {
        return error_set(error, BANTAM_ERROR_INPUT, "has an unknown slot in \"%s\": %.30s", key,
                         wrong);
    }
    return BANTAM_OK;
}

static bantam_status check_keys(const json_t *entry, bantam_error *error)
{
    static const char *const known[] = {"id", "cause", "tool", "kind", "text", "reproduce"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)entry, key, value)
    {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            found |= strcmp(key, known[i]) == 0;
        }
        if (!found || !json_is_string(value) || !*json_string_value(value)) {
            return error_set(error, BANTAM_ERROR_INPUT,
                             "has a key \"%.40s\" that is unknown or whose value is no text", key);
        }
    }
    return BANTAM_OK;
}

static bool copy_key(const char **out, struct arena *arena, const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));
    *out = text ? arena_copy_string(arena, text) : NULL;
    return !text || *out;
}

static bantam_status read_fix(struct fixes *fixes, const json_t *entry, bantam_error *error)
{
    struct fix *fix = &fixes->entries[fixes->n_entries];
    struct arena *arena = &fixes->arena;
    if (!json_is_object(entry)) {
        return error_set(error, BANTAM_ERROR_INPUT, "is no object");
    }
    bantam_status status = check_keys(entry, error);
    if (status) {
        return status;
    }
    if (!copy_key(&fix->id, arena, entry, "id") || !copy_key(&fix->tool, arena, entry, "tool") ||
        !copy_key(&fix->kind, arena, entry, "kind") ||
        !copy_key(&fix->text, arena, entry, "text") ||
        !copy_key(&fix->reproduce, arena, entry, "reproduce")) {
        return error_memory(error);
    }
    const char *cause = json_string_value(json_object_get(entry, "cause"));
    fix->cause = cause ? cause_of_name(cause, strlen(cause)) : CAUSE_UNKNOWN;
    if (!fix->id || !fix->text || fix->cause == CAUSE_UNKNOWN || (fix->tool && fix->kind)) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "needs \"id\", \"text\", a \"cause\" of the 20, and not both \"tool\" and "
                         "\"kind\"");
    }
    for (size_t i = 0; i < fixes->n_entries; i++) {
        if (strcmp(fixes->entries[i].id, fix->id) == 0) {
            return error_set(error, BANTAM_ERROR_INPUT, "has the id of entry %zu", i + 1);
        }
    }
    status = check_template(fix->text, "text", error);
    if (!status && fix->reproduce) {
        status = check_template(fix->reproduce, "reproduce", error);
    }
    fixes->n_entries += !status;
    return status;
}

static bantam_status read_root(struct fixes *fixes, const json_t *root, bantam_error *error)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *list = json_object_get(root, "fixes");
    if (!format || strcmp(format, "bantam-fixes/1") != 0 || !json_is_array(list) ||
        json_array_size(list) > FIXES_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "fixes: needs \"format\": \"bantam-fixes/1\" and \"fixes\", a list of at "
                         "most %d entries",
                         FIXES_MAXIMUM);
    }
    size_t n = json_array_size(list);
    fixes->entries = arena_allocate_array(&fixes->arena, n + 1, sizeof *fixes->entries);
    if (!fixes->entries) {
        return error_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        bantam_error own;
        bantam_status status = read_fix(fixes, json_array_get(list, i), &own);
        if (status == BANTAM_ERROR_INPUT) {
            const char *id = json_string_value(json_object_get(json_array_get(list, i), "id"));
            return error_set(error, status, "fixes: entry %zu (%.60s) %.250s", i + 1, id ? id : "?",
                             own.message);
        }
        if (status) {
            return error_memory(error);
        }
    }
    return BANTAM_OK;
}

bantam_status fixes_load(struct fixes *fixes, const char *json, size_t size, bantam_error *error)
{
    *fixes = (struct fixes){0};
    json_error_t fault;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        return error_set_at(error, BANTAM_ERROR_INPUT, (uint64_t)fault.position,
                            (uint64_t)fault.line, "fixes: line %d: %.200s", fault.line, fault.text);
    }
    bantam_status status = read_root(fixes, root, error);
    json_decref(root);
    if (status) {
        fixes_release(fixes);
    }
    return status;
}

void fixes_release(struct fixes *fixes)
{
    arena_release(&fixes->arena);
    *fixes = (struct fixes){0};
}

// Printable, on one line, not too long, and with something in it. Bytes from 0x80 on are left to the report's check of UTF-8.
static bool is_presentable(const char *value)
{
    if (!value || !*value || strlen(value) > VALUE_MAXIMUM) {
        return false;
    }
    bool ink = false;
    for (const char *at = value; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7F) {
            return false;
        }
        ink |= *at != ' ';
    }
    return ink;
}

enum quoting {
    UNQUOTED,
    IN_SINGLE,
    IN_DOUBLE,
};

// Whether a shell reads the value as plain text where it stands.
static bool is_harmless(const char *value, enum quoting quoting)
{
    static const char always[] = "_./:@=+,%#-";
    if (quoting == UNQUOTED && (*value == '-' || *value == '#')) {
        return false; // would be an option or a comment
    }
    for (const char *at = value; *at; at++) {
        bool letter = is_small(*at) || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
                      (unsigned char)*at >= 0x80;
        bool quoted = quoting == IN_SINGLE   ? *at != '\''
                      : quoting == IN_DOUBLE ? !strchr("\"$`\\!", *at)
                                             : false;
        if (!letter && !strchr(always, *at) && !quoted) {
            return false;
        }
    }
    return true;
}

struct filling {
    char text[FILLED_MAXIMUM];
    size_t size;
};

static bool append(struct filling *filling, const char *bytes, size_t size)
{
    if (size >= FILLED_MAXIMUM - filling->size) {
        return false;
    }
    memcpy(filling->text + filling->size, bytes, size);
    filling->size += size;
    filling->text[filling->size] = '\0';
    return true;
}

static bool append_word(struct filling *filling, const char *value, enum quoting quoting)
{
    if (is_harmless(value, quoting)) {
        return append(filling, value, strlen(value));
    }
    return quoting == UNQUOTED && *value != '-' && is_harmless(value, IN_SINGLE) &&
           append(filling, "'", 1) && append(filling, value, strlen(value)) &&
           append(filling, "'", 1);
}

// Fills the template; false where a slot has no value that may stand there.
static bool fill(struct filling *filling, const char *template, const struct fix_input *input,
                 bool is_command)
{
    enum quoting quoting = UNQUOTED;
    filling->size = 0;
    for (const char *at = template; *at;) {
        size_t size = 1;
        int slot = slot_at(at, &size);
        if (slot < 0) {
            if (*at == '\'' && quoting != IN_DOUBLE) {
                quoting = quoting == IN_SINGLE ? UNQUOTED : IN_SINGLE;
            } else if (*at == '"' && quoting != IN_SINGLE) {
                quoting = quoting == IN_DOUBLE ? UNQUOTED : IN_DOUBLE;
            }
            if (!append(filling, at++, 1)) {
                return false;
            }
            continue;
        }
        const char *value = input->slots[slot];
        bool plain = !is_command || slot == FIX_COMMAND;
        if (!is_presentable(value) || !(plain ? append(filling, value, strlen(value))
                                              : append_word(filling, value, quoting))) {
            return false;
        }
        at += size;
    }
    return true;
}

// How closely the entry speaks of the finding: 3 its tool, 2 its kind, 1 its cause, 0 not at all.
static int specificity(const struct fix *fix, const struct fix_input *input)
{
    if (fix->cause != input->cause) {
        return 0;
    }
    if (fix->tool) {
        return input->tool && strcmp(fix->tool, input->tool) == 0 ? 3 : 0;
    }
    if (fix->kind) {
        return input->kind && strcmp(fix->kind, input->kind) == 0 ? 2 : 0;
    }
    return 1;
}

bantam_status fix_find(struct fix_answer *answer, const struct fixes *fixes,
                       const struct fix_input *input, struct arena *arena, bantam_error *error)
{
    *answer = (struct fix_answer){0};
    struct filling filling;
    const struct fix *best = NULL;
    for (size_t i = 0; i < fixes->n_entries; i++) {
        const struct fix *fix = &fixes->entries[i];
        int closeness = specificity(fix, input);
        if (closeness > (best ? specificity(best, input) : 0) &&
            fill(&filling, fix->text, input, false)) {
            best = fix;
        }
    }
    if (!best || !fill(&filling, best->text, input, false)) {
        return BANTAM_OK;
    }
    answer->id = best->id;
    answer->text = arena_copy(arena, filling.text, filling.size);
    bool reproducible = best->reproduce && fill(&filling, best->reproduce, input, true);
    answer->reproduce = reproducible ? arena_copy(arena, filling.text, filling.size) : NULL;
    if (!answer->text || (reproducible && !answer->reproduce)) {
        *answer = (struct fix_answer){0};
        return error_memory(error);
    }
    return BANTAM_OK;
}
