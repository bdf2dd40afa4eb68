// Which programs the commands around a finding start: those of its sections and the last one that was echoed before it.
//
// In: a gathering with its lines and section. Out: its evidence of commands, and scripts that the table does not know.
#include "triage/tool_evidence.h"

#include <string.h>

#include "triage/command_words.h"

size_t tool_commands_find(const struct tool_table *table, const char *text, size_t size,
                          size_t *first)
{
    size_t low = 0, high = table->n_commands;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *at = table->commands[middle].text;
        int order = strncmp(at, text, size);
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low < table->n_commands && strncmp(table->commands[low].text, text, size) == 0 &&
           table->commands[low].text[size] != '\0') {
        low++; // "cargo-audit" sorts between "cargo" and "cargo x"
    }
    *first = low;
    size_t n = 0;
    while (low + n < table->n_commands && strlen(table->commands[low + n].text) == size &&
           memcmp(table->commands[low + n].text, text, size) == 0) {
        n++;
    }
    return n;
}

enum command_place {
    COMMAND_OF_SECTION,
    COMMAND_LAST,
    COMMAND_OUTER,
};

static void note_command(struct evidence *tool, enum command_place place, bool inner, bool partly,
                         bool later)
{
    tool->command_partly = tool->command_partly || partly;
    if (partly) {
        return;
    }
    tool->command_section = tool->command_section || place == COMMAND_OF_SECTION;
    tool->command_last = tool->command_last || place == COMMAND_LAST;
    tool->outer = tool->outer || place == COMMAND_OUTER;
    tool->command_inner = tool->command_inner || inner;
    tool->later = tool->later || later;
}

// Is a shell's own word or so small a program that nobody names it for a failure.
static bool is_everyday(const char *words)
{
    static const char *const everyday[] = {
        "cd",
        "echo",
        "export",
        "set",
        "test",
        "[",
        "[[",
        "true",
        "false",
        "mkdir",
        "cp",
        "mv",
        "rm",
        "ls",
        "cat",
        "pwd",
        "fi",
        "done",
        "esac",
        "case",
        "for",
        "printf",
        "touch",
        "chmod",
        "chown",
        "ln",
        "head",
        "tail",
        "sort",
        "grep",
        "sed",
        "awk",
        "tee",
        "wc",
        "find",
        "which",
        "exit",
        "return",
        "unset",
        "alias",
        "shopt",
        "ulimit",
        "umask",
        "sleep",
        "date",
        "uname",
        "whoami",
        "pushd",
        "popd",
        "function",
        "trap",
        "wait",
        "kill",
        "read",
        "local",
        "declare",
        "type",
        "yes",
        "xargs",
        "travis_fold",
        "travis_time_start",
        "travis_time_end",
        "travis_cmd",
        "source",
        "lsb_release",
        "gunzip",
        "nproc",
        "sysctl",
        "arch",
        "clear",
        "history",
        "hash",
        "id",
        "hostname",
        "basename",
        "dirname",
        "readlink",
        "realpath",
        "cut",
        "tr",
        "uniq",
        "ps",
        "df",
        "du",
        "free",
        "stat",
        "file",
        "less",
        "more",
        "top",
        ".",
    };
    for (size_t i = 0; i < sizeof everyday / sizeof *everyday; i++) {
        if (command_starts(words, span_of(everyday[i], strlen(everyday[i])))) {
            return true;
        }
    }
    return false;
}

bool tool_name_byte(char byte)
{
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '-' || byte == '.';
}

// Could be a file's name: begins with a letter, has a small one, and is no variable, pattern or function of the CI system's shell.
static bool is_script_name(struct span name)
{
    bool small = false;
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.data[i];
        small = small || (byte >= 'a' && byte <= 'z');
        if (!tool_name_byte(byte) ||
            (i == 0 && (byte == '-' || byte == '.' || byte_is_digit(byte)))) {
            return false;
        }
    }
    return small && name.size >= TOOL_NAME_MINIMUM && !span_starts(name, SPAN("travis_"));
}

static struct script *note_script(struct gathering *all, struct span name)
{
    if (name.size >= sizeof all->scripts[0].name) {
        return NULL;
    }
    for (size_t i = 0; i < all->n_scripts; i++) {
        if (span_equal(name, span_of(all->scripts[i].name, strlen(all->scripts[i].name)))) {
            return &all->scripts[i];
        }
    }
    if (all->n_scripts == SCRIPTS_MAXIMUM) {
        return NULL;
    }
    struct script *script = &all->scripts[all->n_scripts++];
    *script = (struct script){0};
    memcpy(script->name, name.data, name.size);
    return script;
}

struct script *tool_evidence_note_script(struct gathering *all, const char *name, size_t size)
{
    return is_script_name(span_of(name, size)) ? note_script(all, span_of(name, size)) : NULL;
}

// Notes the tools that a simple command starts, the longest match apart from shorter ones. Returns whether there is one.
static bool match_command(struct gathering *all, const struct simple_command *command,
                          enum command_place place, bool later)
{
    bool found = false;
    for (size_t size = strlen(command->text); size > 0; size--) {
        if (command->text[size] != '\0' && command->text[size] != ' ') {
            continue;
        }
        size_t first, n = tool_commands_find(all->table, command->text, size, &first);
        for (size_t i = 0; i < n; i++) {
            note_command(&all->tools[all->table->commands[first + i].tool], place,
                         command->is_inner, found, later);
        }
        found = found || n > 0;
    }
    return found;
}

// Words behind the program that are programs themselves: "docker run image pytest", "make lint".
static void match_mentions(struct gathering *all, const char *words)
{
    for (const char *at = strchr(words, ' '); at; at = strchr(at, ' ')) {
        at++;
        size_t size = strcspn(at, " "), first;
        size_t n = size >= TOOL_NAME_MINIMUM ? tool_commands_find(all->table, at, size, &first) : 0;
        for (size_t i = 0; i < n; i++) {
            all->tools[all->table->commands[first + i].tool].mentioned = true;
        }
    }
}

bool tool_command_is_systems(struct span line)
{
    static const char *const folders[] = {"/_temp/", "\\_temp\\", "@tmp/durable-"};
    static const char *const endings[] = {".sh", ".ps1", ".cmd"};
    size_t folder = SIZE_MAX;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && folder == SIZE_MAX; i++) {
        folder = span_find(line, span_of(folders[i], strlen(folders[i])));
    }
    for (size_t i = 0; folder != SIZE_MAX && i < sizeof endings / sizeof *endings; i++) {
        if (span_find(span_after(line, folder), span_of(endings[i], strlen(endings[i]))) !=
            SIZE_MAX) {
            return true;
        }
    }
    return false;
}

static void note_place(struct script *script, enum command_place place)
{
    script->section = script->section || place == COMMAND_OF_SECTION;
    script->last = script->last || place == COMMAND_LAST;
    script->outer = script->outer || place == COMMAND_OUTER;
}

static bool read_action(struct gathering *all, struct span name, enum command_place place)
{
    size_t first, n = tool_commands_find(all->table, name.data, name.size, &first);
    for (size_t i = 0; i < n; i++) {
        note_command(&all->tools[all->table->commands[first + i].tool], place, false, false, false);
    }
    struct script *script = n == 0 ? note_script(all, name) : NULL;
    if (script) {
        note_place(script, place);
    }
    return n > 0 || script;
}

// `titled`: what may be a section's title rather than a command; only programs of the table are looked for in it.
static bool read_command(struct gathering *all, struct span line, enum command_place place,
                         bool titled)
{
    if (tool_command_is_systems(line)) {
        return false;
    }
    struct span action = command_action(line);
    if (action.size > 0) {
        return read_action(all, action, place);
    }

    struct simple_command commands[COMMANDS_MAXIMUM];
    size_t n = command_words(commands, COMMANDS_MAXIMUM, line);
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        const struct simple_command *command = &commands[i];
        if (is_everyday(command->text)) {
            continue;
        }
        bool later = found && !command->is_inner;
        if (match_command(all, command, place, later)) {
            found = true;
        } else {
            size_t size = strcspn(command->text, " ");
            struct script *script = (!command->is_inner && !titled) || command->is_path
                                        ? tool_evidence_note_script(all, command->text, size)
                                        : NULL; // "yarn lint" runs no program of that name
            if (script) {
                script->is_path = script->is_path || command->is_path;
                note_place(script, place);
                script->inner = script->inner || command->is_inner;
                script->later = script->later || later;
                found = true;
            }
        }
        if (place == COMMAND_OF_SECTION) {
            match_mentions(all, command->text);
        }
    }
    return found;
}

// A step of GitHub's as its page shows it: "Run actions/cache@v4", or "Run make" and the script below, "make".
static bool copied_step(const struct document *document, uint32_t at, struct span text,
                        struct span *command)
{
    *command = text;
    if (!span_skip(command, SPAN("Run "))) {
        return false;
    }
    const struct line *below = at + 1 < document->n_lines ? &document->lines[at + 1] : NULL;
    return command_action(*command).size > 0 ||
           (below && span_equal(span_trim(line_span(below)), *command));
}

// The command that a line echoes: of npm's "> jest", yarn's "$ jest", a shell's "+ jest", tox's "commands[0] | jest", cargo's
// "Running `target/debug/x`".
static bool echoed_command(const struct document *document, uint32_t at, struct span *command)
{
    const struct line *line = &document->lines[at];
    struct span text = span_trim(line_span(line));
    if (line->flags & LINE_COMMAND) {
        if (!span_skip(&text, SPAN("$ ")) && !span_skip(&text, SPAN("+ "))) {
            (void)span_skip(&text, SPAN("Run ")); // a step of GitHub's
        }
        *command = text;
        return text.size > 0;
    }
    size_t bar = span_find(text, SPAN("commands["));
    if (bar != SIZE_MAX) {
        size_t mark = span_find(text, SPAN("| "));
        *command = mark == SIZE_MAX ? span_of(NULL, 0) : span_after(text, mark + 2);
        return command->size > 0;
    }
    if (copied_step(document, at, text, command)) {
        return true;
    }
    if (span_skip(&text, SPAN("Running `"))) {
        text.size -= text.size > 0 && text.data[text.size - 1] == '`';
        *command = text;
        return text.size > 0;
    }
    if (text.size > 1 && text.data[0] == '+' && text.data[1] != '+' && text.data[1] != ' ') {
        // A shell whose PS4 is a bare '+': "+t/run --all". A diff's added line hardly begins with a path and an option.
        size_t word = span_find(text, SPAN(" ")), slash = span_find(text, SPAN("/"));
        *command = span_after(text, 1);
        return slash < word && word + 1 < text.size && text.data[word + 1] == '-';
    }
    bool quoted = span_skip(&text, SPAN("> "));
    bool marked = quoted || span_skip(&text, SPAN("$ ")) || span_skip(&text, SPAN("+ "));
    *command = text;
    if (quoted && text.size > 1 && byte_is_upper(text.data[0]) && byte_is_lower(text.data[1])) {
        return false; // Gradle's "> Could not find org.acme:kit:1.2."; npm's scripts hardly begin with a capital
    }
    bool package = span_find(text, SPAN("@")) < span_find(text, SPAN(" "));
    return marked && text.size >= 2 && !package && text.data[0] != ' ' && text.data[0] != '-';
}

// The command that the anchor says failed: its program speaks, whoever passes that on.
static bool read_failed(struct gathering *all)
{
    const struct line *line = &all->document->lines[all->lines.anchor];
    struct span command = command_that_failed(line_span(line));
    struct simple_command program;
    if (command.size == 0 || command_words(&program, 1, command) == 0 ||
        !read_command(all, command, COMMAND_LAST, false)) {
        return false;
    }
    all->has_last_command = true;
    size_t first,
        n = tool_commands_find(all->table, program.text, strcspn(program.text, " "), &first);
    for (size_t k = 0; k < n; k++) {
        all->tools[all->table->commands[first + k].tool].speaks = true;
    }
    all->names_failed = n > 0;
    return true;
}

void tool_evidence_read_commands(struct gathering *all)
{
    const struct document *document = all->document;
    for (int32_t at = all->section, depth = 0; at >= 0 && depth < 16; depth++) {
        const struct section *section = &document->sections[at];
        struct span command = span_of(section->command, section->command_size);
        bool titled = command.size == 0;
        if (titled) {
            command = span_of(section->name, section->name_size);
            titled = !span_skip(&command, SPAN("Run "));
        }
        read_command(all, command, at == all->section ? COMMAND_OF_SECTION : COMMAND_OUTER, titled);
        at = section->parent;
    }
    all->own_first = all->section_first;
    all->own_last = all->section_last;
    uint32_t stop = lines_before(all->lines.anchor, TOOL_SECTION_REACH);
    stop = stop > all->section_first ? stop : all->section_first;
    struct span command;
    if (read_failed(all)) {
        stop = all->lines.anchor + 1;
    }
    for (uint32_t at = all->lines.anchor + 1; at-- > stop;) {
        if (echoed_command(document, at, &command) &&
            read_command(all, command, COMMAND_LAST, false)) {
            all->own_first = at;
            all->has_last_command = true;
            break;
        }
    }
    for (uint32_t at = all->lines.last + 1;
         at <= all->section_last && at - all->lines.last <= TOOL_SECTION_REACH; at++) {
        if (echoed_command(document, at, &command)) {
            all->own_last = at - 1;
            break;
        }
    }
}
