// Slot values come from a hostile log: only printable text enters a sentence, and only what a shell takes as one harmless
// word enters a command. {command} is the job's own echoed command and is shown as it stands.
#include "triage/fix.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/json_scan.h"

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

static const char *const keys[] = {"id", "cause", "tool", "kind", "text", "reproduce"};

enum {
    KEY_ID,
    KEY_CAUSE,
    KEY_TOOL,
    KEY_KIND,
    KEY_TEXT,
    KEY_REPRODUCE,
    KEYS,
};

// Reads the texts of one entry, NULL for those it lacks; false with `error` set, or after a fault of the JSON without.
static bool read_texts(struct json_scan *scan, const char *texts[KEYS], bantam_error *error)
{
    bool first = true;
    if (!json_scan_expect(scan, '{')) {
        return false;
    }
    while (json_scan_next(scan, '}', &first)) {
        const char *key = json_scan_key(scan);
        const char *text = key && json_scan_peek(scan) == '"' ? json_scan_string(scan) : NULL;
        if (!key || scan->problem) {
            return false;
        }
        size_t at = 0;
        while (at < KEYS && strcmp(key, keys[at]) != 0) {
            at++;
        }
        if (at == KEYS || !text || !*text) {
            (void)error_set(error, BANTAM_ERROR_INPUT,
                            "has a key \"%.40s\" that is unknown or whose value is no text", key);
            return false;
        }
        if (texts[at]) {
            (void)error_set(error, BANTAM_ERROR_INPUT, "has the key \"%.40s\" twice", key);
            return false;
        }
        texts[at] = text;
    }
    return !scan->problem;
}

static bantam_status check_fix(const struct fixes *fixes, const struct fix *fix,
                               bantam_error *error)
{
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
    bantam_status status = check_template(fix->text, "text", error);
    if (!status && fix->reproduce) {
        status = check_template(fix->reproduce, "reproduce", error);
    }
    return status;
}

static bool reserve_fix(struct fixes *fixes, size_t *capacity)
{
    if (fixes->n_entries < *capacity) {
        return true;
    }
    size_t larger = *capacity ? *capacity * 2 : 256;
    struct fix *grown = arena_allocate_array(&fixes->arena, larger, sizeof *grown);
    if (!grown) {
        return false;
    }
    if (fixes->n_entries > 0) {
        memcpy(grown, fixes->entries, fixes->n_entries * sizeof *grown);
    }
    fixes->entries = grown;
    *capacity = larger;
    return true;
}

static bantam_status tell_fault(const struct json_scan *scan, bantam_error *error)
{
    size_t line = json_scan_line(scan);
    return scan->out_of_memory
               ? error_memory(error)
               : error_set_at(error, BANTAM_ERROR_INPUT, scan->at, line, "fixes: line %zu: %.200s",
                              line, scan->problem ? scan->problem : "is no JSON");
}

static bantam_status read_list(struct fixes *fixes, struct json_scan *scan, bantam_error *error)
{
    bool first = true;
    size_t capacity = 0;
    if (!json_scan_expect(scan, '[')) {
        return tell_fault(scan, error);
    }
    while (json_scan_next(scan, ']', &first)) {
        bantam_error own = {0};
        const char *texts[KEYS] = {0};
        if (fixes->n_entries == FIXES_MAXIMUM || !reserve_fix(fixes, &capacity)) {
            return fixes->n_entries == FIXES_MAXIMUM
                       ? error_set(error, BANTAM_ERROR_INPUT, "fixes: more than %d entries",
                                   FIXES_MAXIMUM)
                       : error_memory(error);
        }
        struct fix *fix = &fixes->entries[fixes->n_entries];
        if (!read_texts(scan, texts, &own) && !own.code) {
            return tell_fault(scan, error);
        }
        const char *cause = texts[KEY_CAUSE];
        *fix = (struct fix){
            texts[KEY_ID],        texts[KEY_TOOL],
            texts[KEY_KIND],      texts[KEY_TEXT],
            texts[KEY_REPRODUCE], cause ? cause_of_name(cause, strlen(cause)) : CAUSE_UNKNOWN};
        if (own.code || check_fix(fixes, fix, &own)) {
            return error_set(error, BANTAM_ERROR_INPUT, "fixes: entry %zu (%.60s) %.250s",
                             fixes->n_entries + 1, fix->id ? fix->id : "?", own.message);
        }
        fixes->n_entries++;
    }
    return scan->problem ? tell_fault(scan, error) : BANTAM_OK;
}

static bantam_status read_root(struct fixes *fixes, struct json_scan *scan, bantam_error *error)
{
    bool first = true, known_format = false, found = false;
    bantam_status status = BANTAM_OK;
    (void)json_scan_expect(scan, '{');
    while (!status && json_scan_next(scan, '}', &first)) {
        const char *key = json_scan_key(scan);
        if (key && strcmp(key, "format") == 0) {
            const char *format = json_scan_string(scan);
            known_format = format && strcmp(format, "bantam-fixes/1") == 0;
        } else if (key && strcmp(key, "fixes") == 0 && !found) {
            found = true;
            status = read_list(fixes, scan, error);
        } else {
            (void)json_scan_skip(scan);
        }
    }
    if (!status && (scan->problem || json_scan_peek(scan))) {
        return tell_fault(scan, error);
    }
    if (!status && !(known_format && found)) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "fixes: needs \"format\": \"bantam-fixes/1\" and \"fixes\", a list of at "
                         "most %d entries",
                         FIXES_MAXIMUM);
    }
    return status;
}

bantam_status fixes_load(struct fixes *fixes, const char *json, size_t size, bantam_error *error)
{
    *fixes = (struct fixes){0};
    struct json_scan scan = {.text = json, .size = size, .arena = &fixes->arena};
    bantam_status status = read_root(fixes, &scan, error);
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
