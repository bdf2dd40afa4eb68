// The table of fixes: read with every entry checked; and its way into a bundle and back.
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/json_scan.h"
#include "triage/fix.h"

enum {
    FIXES_MAXIMUM = 4000,
    SENTENCE_MAXIMUM = 300, // bytes of a template
};

static const char *const slot_names[FIX_SLOTS] = {
    [FIX_SUBJECT] = "subject", [FIX_FILE] = "file",      [FIX_LINE] = "line",
    [FIX_PACKAGE] = "package", [FIX_HOST] = "host",      [FIX_COMMAND] = "command",
    [FIX_TOOL] = "tool",       [FIX_LIMIT] = "limit",    [FIX_VARIABLE] = "variable",
    [FIX_ADDRESS] = "address", [FIX_ARCHIVE] = "archive"};

int fix_slot_at(const char *at, size_t *size)
{
    const char *end = *at == '{' ? strchr(at, '}') : NULL;
    if (!end) {
        return -1;
    }
    size_t name = (size_t)(end - at) - 1;
    for (int i = 0; i < FIX_SLOTS; i++) {
        if (strlen(slot_names[i]) == name && memcmp(slot_names[i], at + 1, name) == 0) {
            *size = name + 2;
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
        if (*end == '}' && fix_slot_at(at, &size) < 0) {
            *wrong = at;
            return false;
        }
    }
    return true;
}

// Brackets come in pairs, none within another, with something between.
static bool brackets_match(const char *template)
{
    const char *open = NULL;
    for (const char *at = template; *at; at++) {
        if (*at == '[' ? open != NULL : *at == ']' && (!open || at == open + 1)) {
            return false;
        }
        open = *at == '[' ? at : *at == ']' ? NULL : open;
    }
    return !open;
}

static bantam_status check_template(const char *template, const char *key, bantam_error *error)
{
    const char *wrong;
    if (strlen(template) > SENTENCE_MAXIMUM) {
        return error_set(error, BANTAM_ERROR_INPUT, "has a \"%s\" of more than %d bytes", key,
                         SENTENCE_MAXIMUM);
    }
    if (strcmp(key, "text") == 0 && !brackets_match(template)) {
        return error_set(error, BANTAM_ERROR_INPUT,
                         "has brackets in \"%s\" that are not closed, empty or within others", key);
    }
    if (!slots_are_known(template, &wrong)) {
        return error_set(error, BANTAM_ERROR_INPUT, "has an unknown slot in \"%s\": %.30s", key,
                         wrong);
    }
    return BANTAM_OK;
}

static const char *const keys[] = {"id", "cause", "tool", "kind", "says", "text", "reproduce"};

enum {
    KEY_ID,
    KEY_CAUSE,
    KEY_TOOL,
    KEY_KIND,
    KEY_SAYS,
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
        *fix = (struct fix){texts[KEY_ID],
                            texts[KEY_TOOL],
                            texts[KEY_KIND],
                            texts[KEY_SAYS],
                            texts[KEY_TEXT],
                            texts[KEY_REPRODUCE],
                            cause ? cause_of_name(cause, strlen(cause)) : CAUSE_UNKNOWN};
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

// A fix with the places of its texts, 0 for none.
struct frozen_fix {
    uint32_t id, tool, kind, says, text, reproduce, cause;
};

bool fixes_freeze(const struct fixes *fixes, struct bundle_writer *writer, bantam_buffer *texts,
                  struct arena *arena)
{
    struct frozen_fix *frozen = arena_allocate_array(arena, fixes->n_entries, sizeof *frozen);
    for (size_t i = 0; frozen && i < fixes->n_entries; i++) {
        const struct fix *fix = &fixes->entries[i];
        frozen[i] = (struct frozen_fix){.id = bundle_add_text(texts, fix->id),
                                        .tool = bundle_add_text(texts, fix->tool),
                                        .kind = bundle_add_text(texts, fix->kind),
                                        .says = bundle_add_text(texts, fix->says),
                                        .text = bundle_add_text(texts, fix->text),
                                        .reproduce = bundle_add_text(texts, fix->reproduce),
                                        .cause = (uint32_t)fix->cause};
    }
    bundle_add(writer, "fixes", "fixes", frozen, fixes->n_entries, sizeof *frozen);
    bundle_add(writer, "fixes", "texts", texts->data, texts->size, 1);
    return frozen && !texts->failed;
}

bantam_status fixes_thaw(struct fixes *fixes, struct bundle *bundle, bantam_error *error)
{
    *fixes = (struct fixes){0};
    size_t n, size;
    const struct frozen_fix *frozen = bundle_array(bundle, "fixes", "fixes", sizeof *frozen, &n);
    const char *texts = bundle_array(bundle, "fixes", "texts", 1, &size);
    bantam_status status = bundle_check(bundle, error);
    if (status) {
        return status;
    }
    fixes->entries = arena_allocate_array(&fixes->arena, n, sizeof *fixes->entries);
    if (!fixes->entries) {
        return error_memory(error);
    }
    fixes->n_entries = n;
    for (size_t i = 0; i < n; i++) {
        fixes->entries[i] = (struct fix){bundle_text(texts, size, frozen[i].id),
                                         bundle_text(texts, size, frozen[i].tool),
                                         bundle_text(texts, size, frozen[i].kind),
                                         bundle_text(texts, size, frozen[i].says),
                                         bundle_text(texts, size, frozen[i].text),
                                         bundle_text(texts, size, frozen[i].reproduce),
                                         (enum cause)frozen[i].cause};
    }
    return BANTAM_OK;
}
