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
    [FIX_SUBJECT] = "subject", [FIX_FILE] = "file",   [FIX_LINE] = "line",
    [FIX_PACKAGE] = "package", [FIX_HOST] = "host",   [FIX_COMMAND] = "command",
    [FIX_TOOL] = "tool",       [FIX_LIMIT] = "limit", [FIX_VARIABLE] = "variable",
    [FIX_ADDRESS] = "address"};

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

static bool append_slot(struct filling *filling, enum fix_slot slot, const struct fix_input *input,
                        bool is_command, enum quoting quoting)
{
    const char *value = input->slots[slot];
    bool plain = !is_command || slot == FIX_COMMAND;
    return is_presentable(value) &&
           (plain ? append(filling, value, strlen(value)) : append_word(filling, value, quoting));
}

static enum quoting quoting_after(enum quoting quoting, char byte)
{
    if (byte == '\'' && quoting != IN_DOUBLE) {
        return quoting == IN_SINGLE ? UNQUOTED : IN_SINGLE;
    }
    if (byte == '"' && quoting != IN_SINGLE) {
        return quoting == IN_DOUBLE ? UNQUOTED : IN_DOUBLE;
    }
    return quoting;
}

// Fills the template; false where a slot has no value that may stand there. A piece in brackets is left out instead.
static bool fill(struct filling *filling, const char *template, const struct fix_input *input,
                 bool is_command)
{
    enum quoting quoting = UNQUOTED;
    const char *rest = NULL; // behind the brackets at hand
    size_t before = 0;       // what was filled when they began
    filling->size = 0;
    filling->text[0] = '\0';
    for (const char *at = template; *at;) {
        size_t size = 1;
        int slot = fix_slot_at(at, &size);
        bool ends = rest && at + 1 == rest;
        if (!is_command && !rest && *at == '[') {
            rest = strchr(at, ']') + 1;
            before = filling->size;
            at++;
            continue;
        }
        quoting = quoting_after(quoting, *at);
        bool told = slot >= 0 && rest && input->slots[slot] &&
                    strstr(filling->text, input->slots[slot]); // the sentence has it already
        bool fits = ends   ? true
                    : told ? false
                    : slot < 0
                        ? append(filling, at, 1)
                        : append_slot(filling, (enum fix_slot)slot, input, is_command, quoting);
        if (!fits && !rest) {
            return false;
        }
        if (!fits) {
            filling->size = before;
            filling->text[before] = '\0';
        }
        at = fits ? at + size : rest;
        rest = fits && !ends ? rest : NULL;
    }
    return true;
}

static bool holds(const struct line *line, const char *phrase, size_t size)
{
    return line->size >= size && memmem(line->text, line->size, phrase, size);
}

// The first of the phrases between '|' that a line holds, its size in `size`; NULL for none.
static const char *said(const char *says, const struct fix_input *input, size_t *size)
{
    for (const char *phrase = says; *phrase;) {
        *size = strcspn(phrase, "|");
        for (size_t i = 0; *size > 0 && i < input->n_lines; i++) {
            if (holds(&input->lines[i], phrase, *size)) {
                return phrase;
            }
        }
        phrase += *size + (phrase[*size] == '|');
    }
    return NULL;
}

// How closely an entry speaks of the finding; 0: not at all.
enum closeness {
    CLOSE_CAUSE = 1,
    CLOSE_KIND = 2,
    CLOSE_TOOL = 3,
    CLOSE_SAYS = 4, // and more, by the above
};

static int closeness(const struct fix *fix, const struct fix_input *input)
{
    size_t size;
    if (fix->cause != input->cause || (fix->says && !said(fix->says, input, &size))) {
        return 0;
    }
    int close = fix->says ? CLOSE_SAYS : 0;
    if (fix->tool) {
        return input->tool && strcmp(fix->tool, input->tool) == 0 ? close + CLOSE_TOOL : 0;
    }
    if (fix->kind) {
        return input->kind && strcmp(fix->kind, input->kind) == 0 ? close + CLOSE_KIND : 0;
    }
    return close + CLOSE_CAUSE;
}

static const char *tell_reason(const struct fix *fix, const struct fix_input *input,
                               struct arena *arena)
{
    size_t size;
    const char *phrase = fix->says ? said(fix->says, input, &size) : NULL;
    if (phrase) {
        return arena_format(arena, "says \"%.*s\"", (int)size, phrase);
    }
    return fix->tool   ? arena_format(arena, "tool %s", fix->tool)
           : fix->kind ? arena_format(arena, "kind %s", fix->kind)
                       : arena_format(arena, "cause %s", cause_name(fix->cause));
}

static const struct fix *choose(const struct fixes *fixes, const struct fix_input *input)
{
    struct filling filling;
    const struct fix *best = NULL;
    int most = 0;
    for (size_t i = 0; i < fixes->n_entries; i++) {
        const struct fix *fix = &fixes->entries[i];
        int close = closeness(fix, input);
        if (close > most && fill(&filling, fix->text, input, false)) {
            best = fix;
            most = close;
        }
    }
    return best;
}

bantam_status fix_find(struct fix_answer *answer, const struct fixes *fixes,
                       const struct fix_input *input, struct arena *arena, bantam_error *error)
{
    *answer = (struct fix_answer){0};
    struct filling filling;
    const struct fix *best = choose(fixes, input);
    if (!best || !fill(&filling, best->text, input, false)) {
        return BANTAM_OK;
    }
    answer->id = best->id;
    answer->text = arena_copy(arena, filling.text, filling.size);
    answer->reason = tell_reason(best, input, arena);
    bool reproducible = best->reproduce && fill(&filling, best->reproduce, input, true);
    answer->reproduce = reproducible ? arena_copy(arena, filling.text, filling.size) : NULL;
    if (!answer->text || !answer->reason || (reproducible && !answer->reproduce)) {
        *answer = (struct fix_answer){0};
        return error_memory(error);
    }
    return BANTAM_OK;
}
