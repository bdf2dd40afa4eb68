// Slot values come from a hostile log: only printable text enters a sentence, and only what a shell takes as one harmless
// word enters a command. {command} is the job's own echoed command and is shown as it stands.
#include "triage/fix.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

enum {
    VALUE_MAXIMUM = 160, // bytes of a slot's value; a longer one does not fill it
    FILLED_MAXIMUM = 2000,
};

static const char *const slot_names[FIX_SLOTS] = {
    [FIX_SUBJECT] = "subject", [FIX_FILE] = "file",  [FIX_LINE] = "line",
    [FIX_PACKAGE] = "package", [FIX_HOST] = "host",  [FIX_COMMAND] = "command",
    [FIX_TOOL] = "tool",       [FIX_LIMIT] = "limit"};

int fix_slot_at(const char *at, size_t *size)
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
        int slot = fix_slot_at(at, &size);
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
