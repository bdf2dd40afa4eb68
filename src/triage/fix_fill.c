// Slot values come from a hostile log: only printable text enters a sentence, and only what a shell takes as one harmless
// word enters a command. {command} is the job's own echoed command and is shown as it stands.
#include "triage/fix_fill.h"

#include <string.h>

#include "triage/names.h"
#include "triage/runner_name.h"

enum {
    VALUE_MAXIMUM = 160, // bytes of a slot's value; a longer one does not fill it
    PORT_REACH = 32,     // bytes from a host to its port
};

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

static bool append(struct fix_filling *filling, const char *bytes, size_t size)
{
    if (size >= FIX_FILLED_MAXIMUM - filling->size) {
        return false;
    }
    memcpy(filling->text + filling->size, bytes, size);
    filling->size += size;
    filling->text[filling->size] = '\0';
    return true;
}

// The port of the host that the finding tells, as digits; empty where it tells none or the one that everybody expects.
static struct span port_of(const struct fix_input *input, struct span host)
{
    static const char *const usual[] = {"22", "80", "443"};
    for (size_t i = 0; i < input->n_lines; i++) {
        struct span text = line_span(&input->lines[i]);
        for (size_t at; (at = span_find(text, host)) != SIZE_MAX;) {
            text = span_after(text, at + host.size);
            size_t words =
                span_find(span_of(text.data, text.size < PORT_REACH ? text.size : PORT_REACH),
                          SPAN(" port "));
            size_t before = span_starts(text, SPAN(":")) ? 1 : words == SIZE_MAX ? 0 : words + 6;
            struct span port = span_after(text, before);
            port.size = before > 0 ? span_digits(port) : 0;
            struct span behind = span_after(text, before + port.size);
            bool goes_on = behind.size > 0 &&
                           (byte_is_letter(*behind.data) || (before == 1 && *behind.data == ':'));
            if (port.size >= 2 && port.size <= 5 && !goes_on && !SPAN_IS_ONE_OF(port, usual)) {
                return port;
            }
        }
    }
    return span_of("", 0);
}

// A host that is asked by its address is asked as the finding did: on its port, without TLS where that was so.
static bool append_host(struct fix_filling *filling, const struct fix_input *input,
                        const char *value, bool is_command)
{
    struct span host = span_of(value, strlen(value)), port = port_of(input, host);
    struct span told = span_of(filling->text, filling->size);
    bool is_link = span_ends(told, SPAN("://"));
    for (size_t i = 0; i < input->n_lines && span_ends(told, SPAN("https://")); i++) {
        struct span text = line_span(&input->lines[i]);
        size_t at = span_find(text, SPAN("http://"));
        if (at != SIZE_MAX && span_starts(span_after(text, at + 7), host)) {
            filling->size -= 4;
            told.size = 0;
            append(filling, "://", 3);
        }
    }
    return append(filling, value, host.size) &&
           (port.size == 0 || (is_command && !is_link) ||
            (append(filling, ":", 1) && append(filling, port.data, port.size)));
}

static bool append_word(struct fix_filling *filling, const char *value, enum quoting quoting)
{
    if (is_harmless(value, quoting)) {
        return append(filling, value, strlen(value));
    }
    return quoting == UNQUOTED && *value != '-' && is_harmless(value, IN_SINGLE) &&
           append(filling, "'", 1) && append(filling, value, strlen(value)) &&
           append(filling, "'", 1);
}

// What the lines name, or else what is known.
static const char *named_or(const struct fix_input *input, enum name_kind kind, const char *known)
{
    const char *name = input->names ? name_finder_get(input->names, kind) : NULL;
    return name ? name : known;
}

// What is to be corrected about a build or a job is what defines it.
static const char *named_file(const struct fix_input *input, enum cause cause)
{
    const char *config = cause == CAUSE_BUILD_CONFIG ? named_or(input, NAME_CONFIG, NULL) : NULL;
    return config ? config : named_or(input, NAME_FILE, NULL);
}

// {package} of what to do about an environment is the program that is not there. A file that is known is better than one named.
static const char *value_of(const struct fix_input *input, const struct fix *fix,
                            enum fix_slot slot)
{
    const char *known = input->slots[slot];
    switch (slot) {
    case FIX_HOST:
        return named_or(input, NAME_HOST, known);
    case FIX_PACKAGE:
        return fix->cause == CAUSE_ENVIRONMENT ? named_or(input, NAME_PROGRAM, input->program)
                                               : named_or(input, NAME_PACKAGE, known);
    case FIX_VARIABLE:
        return named_or(input, NAME_VARIABLE, known);
    case FIX_ADDRESS:
        return named_or(input, NAME_ADDRESS, known);
    case FIX_FILE:
        return known ? known : named_file(input, fix->cause);
    case FIX_ARCHIVE:
        return named_or(input, NAME_ARCHIVE, input->slots[FIX_FILE]);
    case FIX_TOOL: {
        size_t named = fix_named_tool(fix, input);
        return named < input->n_tools ? input->tools[named].name : known;
    }
    default:
        return known;
    }
}

static bool append_value(struct fix_filling *filling, const char *value, bool plain,
                         enum quoting quoting)
{
    return is_presentable(value) &&
           (plain ? append(filling, value, strlen(value)) : append_word(filling, value, quoting));
}

// pytest takes ids and files; a method alone, as its reports head it, is looked for: "TestCart.test_total".
static const char *looked_for(struct fix_filling *filling, const struct fix *fix, const char *name)
{
    bool pytest = strcmp(fix->reproduce, "pytest {subject}") == 0;
    if (!pytest || strpbrk(name, ":/ ") || name_is_source(name, strlen(name)) ||
        !append(filling, "-k ", 3)) {
        return name;
    }
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

// A slot of a command; a test's name as its runner takes it.
static bool append_argument(struct fix_filling *filling, const struct fix *fix, enum fix_slot slot,
                            const char *value, enum quoting quoting)
{
    char name[RUNNER_NAME_MAXIMUM];
    if (value && slot == FIX_SUBJECT) {
        value = runner_name(name, fix->reproduce, value) ? looked_for(filling, fix, name) : NULL;
    }
    return append_value(filling, value, slot == FIX_COMMAND, quoting);
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

// A slot of a piece in brackets that says nothing new; a link to a host that is named already says nothing but that.
static bool is_told(const struct fix_filling *filling, const char *value)
{
    if (!value) {
        return false;
    }
    const char *scheme = strstr(value, "://"), *place = scheme ? scheme + 3 : value;
    size_t size = strlen(place);
    size -= scheme && size > 0 && place[size - 1] == '/';
    return memmem(filling->text, filling->size, place, size);
}

// "src/a.c" becomes "src/a.c:12" where a piece with the place in it would only say the file again. False: the sentence ends otherwise.
static bool add_line(struct fix_filling *filling, const struct fix_input *input,
                     const char *template, enum fix_slot slot, const char *value)
{
    const char *line = input->slots[FIX_LINE];
    size_t size = value ? strlen(value) : 0;
    bool is_place = slot == FIX_FILE && strncmp(template, "{file}:{line}", 13) == 0;
    return is_place && size > 0 && size <= filling->size && is_presentable(line) &&
           memcmp(filling->text + filling->size - size, value, size) == 0 &&
           append(filling, ":", 1) && append(filling, line, strlen(line));
}

// Bytes of the template up to the next one that may mean something else.
static size_t plain_run(const char *template)
{
    size_t size = 0;
    while (template[size] && template[size] != '{' && template[size] != '[' &&
           template[size] != ']' && template[size] != '\'' && template[size] != '"') {
        size++;
    }
    return size;
}

bool fix_fill(struct fix_filling *filling, const struct fix *fix, const char *template,
              const struct fix_input *input)
{
    bool is_command = template == fix->reproduce;
    enum quoting quoting = UNQUOTED;
    const char *rest = NULL; // behind the brackets at hand
    size_t before = 0;       // what was filled when they began
    filling->size = 0;
    filling->text[0] = '\0';
    filling->filled = filling->empty = 0;
    for (const char *at = template; *at;) {
        size_t plain = plain_run(at), size = plain ? plain : 1;
        int slot = plain ? -1 : fix_slot_at(at, &size);
        const char *value = slot < 0 ? NULL : value_of(input, fix, (enum fix_slot)slot);
        bool ends = rest && at + 1 == rest, fits = true;
        if (!is_command && !rest && *at == '[') {
            rest = strchr(at, ']') + 1;
            before = filling->size;
            at++;
            continue;
        }
        quoting = quoting_after(quoting, *at);
        if (slot == FIX_HOST && is_presentable(value) &&
            (!is_command || is_harmless(value, quoting))) {
            fits = !(rest && is_told(filling, value)) &&
                   append_host(filling, input, value, is_command);
            *(fits ? &filling->filled : &filling->empty) |= 1U << slot;
        } else if (slot >= 0) {
            fits = !(rest && slot != FIX_LINE && is_told(filling, value)) &&
                   (is_command ? append_argument(filling, fix, (enum fix_slot)slot, value, quoting)
                               : append_value(filling, value, true, quoting));
            *(fits ? &filling->filled : &filling->empty) |= 1U << slot;
        } else if (!ends) {
            fits = append(filling, at, size);
        }
        if (!fits && !rest) {
            return false;
        }
        if (!fits) {
            filling->size = before;
            filling->text[before] = '\0';
            if (slot >= 0 && add_line(filling, input, at, (enum fix_slot)slot, value)) {
                filling->filled |= 1U << FIX_LINE;
            }
        }
        at = fits ? at + size : rest;
        rest = fits && !ends ? rest : NULL;
    }
    return true;
}
