// What runs several programs at once and puts before each line who wrote it, alone or inside another CI's log.
//
//   web-1  | FAIL src/cart.test.js          docker compose; Foreman with a clock before it
//   web:build: FAIL src/cart.test.js        turbo
//   packages/web build: FAIL …              pnpm -r, which shows "packages/web build$ jest" first
//   web: FAIL …                             lerna, which shows "web: > web@1.0.0 build" first
//   [web]: FAIL …                           yarn workspaces foreach
//   [1] FAIL …                              concurrently
// Without that name the lines have the form that their tool gave them. Lines of one name are one section. Names that any program
// could write before a colon count once the runner has introduced them.
#include "text/wrapper.h"

#include "base/arena.h"

enum {
    SPEAKERS = 64,
    NAME_MAXIMUM = 100, // bytes
};

struct speaker {
    struct span name;
    int32_t section;
};

static bool is_name_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || (byte != '\0' && strchr("@/._-#:", byte));
}

// Bytes of the name that `text` begins with.
static size_t name_size(struct span text)
{
    size_t size = 0;
    while (size < text.size && size < NAME_MAXIMUM && is_name_byte(text.data[size])) {
        size++;
    }
    return size;
}

static bool is_numbered(struct span name)
{
    size_t at = name.size;
    while (at > 0 && byte_is_digit(name.data[at - 1])) {
        at--;
    }
    return at > 1 && at < name.size && strchr("-_.", name.data[at - 1]);
}

// Before a bar: where the name ends, and the bytes up to the bar and with it. 0: no bar.
static size_t bar_size(struct span text, size_t name)
{
    size_t at = name;
    while (at < text.size && text.data[at] == ' ') {
        at++;
    }
    return name > 0 && at > name && at < text.size && text.data[at] == '|' ? at + 1 : 0;
}

// "[1] " and "[web] ", not "[error] ": its bytes without the blank.
static size_t bracket_size(struct span text)
{
    static const char *const levels[] = {"error", "warn",  "warning", "info",    "debug",
                                         "trace", "fatal", "notice",  "success", "exec"};
    if (text.size < 3 || text.data[0] != '[') {
        return 0;
    }
    size_t size = 1;
    while (size < text.size && size < NAME_MAXIMUM &&
           ((text.data[size] >= 'a' && text.data[size] <= 'z') || byte_is_digit(text.data[size]) ||
            strchr("_-:", text.data[size]))) {
        size++;
    }
    bool ends = size > 1 && size < text.size && text.data[size] == ']' &&
                (size + 1 == text.size || text.data[size + 1] == ' ');
    return ends && !SPAN_IS_ONE_OF(span_of(text.data + 1, size - 1), levels) ? size + 1 : 0;
}

// The name that a line introduces, and the command that it shows.
static struct span introduced(struct span text, struct span *command)
{
    size_t size = name_size(text);
    struct span rest = span_after(text, size), none = span_of("", 0);
    *command = none;
    if (size > 1 && text.data[size - 1] == ':') { // turbo, lerna
        bool turbo = span_starts(rest, SPAN(" cache miss, executing ")) ||
                     span_starts(rest, SPAN(" cache hit, ")) ||
                     span_starts(rest, SPAN(" cache bypass, "));
        bool npm = span_starts(rest, SPAN(" > ")) && span_contains(rest, SPAN("@"));
        bool yarn = span_starts(rest, SPAN(" $ ")) || span_starts(rest, SPAN(" yarn run v"));
        return turbo || npm || yarn ? span_of(text.data, size - 1) : none;
    }
    if (size > 0 && rest.size > 0 && rest.data[0] == ' ') { // pnpm
        size_t script = name_size(span_after(rest, 1));
        struct span end = span_after(rest, 1 + script);
        if (script > 0 && span_starts(end, SPAN("$ "))) {
            *command = span_after(end, 2);
            return span_of(text.data, size + 1 + script);
        }
    }
    size_t bracket =
        text.data[0] == '[' ? span_find(text, SPAN("]: Process started")) : SIZE_MAX; // yarn
    return bracket < NAME_MAXIMUM ? span_of(text.data, bracket + 1) : none;
}

// "web-1 exited with code 1", "[1] npm test exited with code 1", "web:build: ERROR: command finished with error: … exited (1)",
// "[web]: Process exited (exit code 1), …": how what was run ended.
static bool tells_exit(struct span text, int32_t *code)
{
    size_t at = span_find(text, SPAN(" exited with code "));
    if (at != SIZE_MAX) {
        struct span number = span_after(text, at + 18);
        size_t digits = span_digits(number);
        return digits > 0 && digits == number.size && span_number(number, code);
    }
    if (span_contains(text, SPAN(" ERROR: command finished with error: "))) {
        return span_number_after(text, SPAN(" exited ("), code);
    }
    return span_number_after(text, SPAN(" Process exited (exit code "), code);
}

// "10:00:01 " in the log of Foreman.
static size_t clock_size(struct span text)
{
    return clock_length(text) == 8 && text.size > 9 && text.data[8] == ' ' ? 9 : 0;
}

static unsigned evidence(struct span line, size_t stamp)
{
    line = span_after(line, stamp);
    line = span_after(line, clock_size(line));
    struct span command;
    int32_t code;
    size_t name = name_size(line);
    if (span_starts(line, SPAN("Attaching to ")) ||
        span_starts(line, SPAN("--> Sending SIGTERM to other processes")) ||
        span_starts(line, SPAN("lerna info Executing command in ")) ||
        span_starts(line, SPAN(" Lerna (powered by Nx) ")) ||
        (span_starts(line, SPAN("Scope: ")) && span_contains(line, SPAN(" workspace projects")))) {
        return EVIDENCE_SURE;
    }
    bool may_introduce = span_starts(span_after(line, name), SPAN(" cache ")) ||
                         (line.size > 0 && line.data[0] == '[');
    if (may_introduce && introduced(line, &command).size > 0) {
        return EVIDENCE_SURE;
    }
    bool numbered = is_numbered(span_of(line.data, name)) && bar_size(line, name) > 0;
    bool ends = bracket_size(line) > 0 && tells_exit(line, &code);
    return numbered || ends ? EVIDENCE_LIKELY : EVIDENCE_NONE;
}

static struct speaker *find_speaker(struct log_reader *reader, struct span name)
{
    for (size_t i = 0; i < reader->interleaved.n_speakers; i++) {
        if (span_equal(reader->interleaved.speakers[i].name, name)) {
            return &reader->interleaved.speakers[i];
        }
    }
    return NULL;
}

static struct speaker *add_speaker(struct log_reader *reader, struct span name)
{
    struct speaker *known = find_speaker(reader, name);
    if (!reader->interleaved.speakers) {
        reader->interleaved.speakers =
            arena_allocate_array(&reader->document->arena, SPEAKERS, sizeof(struct speaker));
        reader->out_of_memory |= !reader->interleaved.speakers;
    }
    if (known || !reader->interleaved.speakers || reader->interleaved.n_speakers == SPEAKERS) {
        return known;
    }
    struct speaker *added = &reader->interleaved.speakers[reader->interleaved.n_speakers++];
    *added = (struct speaker){.name = name, .section = -1};
    return added;
}

// "Attaching to db-1, web-1"
static void attach(struct log_reader *reader, struct span names)
{
    while (names.size > 0) {
        size_t end = span_find(names, SPAN(", "));
        end = end < names.size ? end : names.size;
        add_speaker(reader, span_of(names.data, end));
        names = span_after(names, end + 2);
    }
}

// Who wrote the line, and the bytes before what was written.
static struct speaker *speaker_of(struct log_reader *reader, struct span text, size_t *prefix)
{
    size_t clock = clock_size(text);
    struct span rest = span_after(text, clock);
    size_t name = name_size(rest), bar = bar_size(rest, name), bracket = bracket_size(text);
    if (bar > 0) {
        struct span named = span_of(rest.data, name);
        *prefix = clock + bar;
        return is_numbered(named) ? add_speaker(reader, named) : find_speaker(reader, named);
    }
    if (bracket > 0) {
        *prefix = bracket;
        return add_speaker(reader, span_of(text.data, bracket));
    }
    for (size_t i = 0; i < reader->interleaved.n_speakers; i++) {
        struct span known = reader->interleaved.speakers[i].name;
        struct span behind = span_after(text, known.size);
        if (span_starts(text, known) && span_starts(behind, SPAN(":")) &&
            (behind.size == 1 || behind.data[1] == ' ')) {
            *prefix = known.size + 1;
            return &reader->interleaved.speakers[i];
        }
    }
    return NULL;
}

// The runner stops the others when the first one fails, whose status counts.
static void read_exit(struct log_reader *reader, struct line *line, int32_t section)
{
    int32_t code;
    if (!tells_exit(line_span(line), &code)) {
        return;
    }
    if (reader->interleaved.stopping) { // "db-1 exited with code 137": it was told to
        line->flags |= LINE_MARKER;
    }
    if (reader->interleaved.stopping || reader->interleaved.failed) {
        return;
    }
    reader->interleaved.failed = code != 0;
    line->flags |= LINE_EXIT;
    line->flags |= code != 0 ? LINE_EXIT_FAILED : 0;
    section_exit(&reader->sections, section, code, reader->index);
}

static void read(struct log_reader *reader, struct line *line)
{
    struct span text = line_span(line), command, names = text;
    if (text.size < 2) {
        return;
    }
    if (span_starts(text, SPAN("Aborting on container exit")) ||
        span_starts(text, SPAN("Gracefully stopping"))) {
        reader->interleaved.stopping = true;
        return;
    }
    if (span_skip(&names, SPAN("Attaching to "))) {
        attach(reader, names);
        return;
    }
    size_t prefix = 0;
    struct span name = introduced(text, &command);
    struct speaker *speaker = name.size > 0 ? add_speaker(reader, name) : NULL;
    if (command.size > 0) {
        line->flags |= LINE_COMMAND;
    } else {
        speaker = speaker_of(reader, text, &prefix);
    }
    if (!speaker) { // "web-1 exited with code 1"
        speaker = find_speaker(reader, span_of(text.data, name_size(text)));
    }
    if (!speaker) {
        return;
    }
    if (speaker->section < 0) {
        speaker->section = section_add(&reader->sections, speaker->name, command, reader->index);
    }
    reader->section = speaker->section;
    read_exit(reader, line, speaker->section);
    if (speaker->section >= 0) {
        reader->sections.items[speaker->section].last_line = reader->index;
    }
    if (prefix < text.size && text.data[prefix] == ' ') {
        prefix++;
    }
    line_set(line, span_after(text, prefix));
}

const struct wrapper wrapper_interleaved = {
    .format = LOG_INTERLEAVED,
    .name = "interleaved",
    .is_tool = true,
    .evidence = evidence,
    .read = read,
};
