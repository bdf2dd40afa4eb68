// Gathers where each tool's signs stand, and makes the few numbers that tools.c weighs.
#include "triage/tool_features.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "triage/command_words.h"

enum {
    CLOSE = 25,           // lines before and behind a finding
    SECTION_REACH = 400,  // lines of the section that are looked at before and behind
    INSIDE_MAXIMUM = 300, // lines of a finding that are looked at: its head and its tail
    TAIL = 60,            // lines at the log's end
    SIGNS_OF_LINE = 16,
    NAME_MINIMUM = 3, // shorter names are words too often
    SCRIPTS_MAXIMUM = 12,
};

enum place {
    INSIDE,
    BEFORE,
    AFTER,
    SECTION_BEFORE,
    SECTION_AFTER,
    LOG_TAIL,
    PLACES,
};

// What is known of one tool of the table.
struct evidence {
    uint32_t lines[PLACES]; // with a sign
    uint32_t following;     // of those inside: say only that what the tool had started failed
    uint32_t variety;
    uint32_t first_inside; // line, UINT32_MAX: none
    uint32_t sign_line;
    int32_t sign;
    uint16_t longest;
    uint8_t sign_place;
    bool anchor, name_inside, name_close, speaks;
    bool own_words;
    bool command_last, command_section, command_inner, command_partly, mentioned, outer, later;
};

struct script {
    char name[80];
    bool is_path, last, section, outer, inner, named, later;
};

struct gathering {
    const struct tool_table *table;
    const struct document *document;
    struct finding_lines lines;
    struct evidence *tools; // (n_tools)
    uint8_t *seen;          // (n_signs) counted in variety
    struct script scripts[SCRIPTS_MAXIMUM];
    size_t n_scripts;
    uint32_t section_first, section_last; // the lines that belong together with the finding
    int32_t section;                      // innermost with a command, -1
};

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
    {TOOL_SPEAKS, 1.5F},
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

static void note_sign(struct gathering *all, uint32_t sign, uint32_t line, enum place place)
{
    struct evidence *tool = &all->tools[all->table->tool_of_sign[sign]];
    size_t length = phrase_set_literal_size(all->table->signs, sign);
    bool close = place <= AFTER;
    if (close && !all->seen[sign]) {
        all->seen[sign] = 1;
        tool->variety++;
    }
    if (place == INSIDE) {
        tool->anchor = tool->anchor || line == all->lines.anchor;
        tool->first_inside = line < tool->first_inside ? line : tool->first_inside;
        tool->longest = length > tool->longest ? (uint16_t)length : tool->longest;
    }
    if (tool->sign < 0 || place < tool->sign_place) {
        tool->sign = (int32_t)sign;
        tool->sign_line = line;
        tool->sign_place = (uint8_t)place;
    }
}

// "make: *** [Makefile:7: check] Error 1".
static bool only_follows(const struct line *line)
{
    struct span text = span_of(line->text, line->size);
    size_t target = span_find(text, SPAN(": *** ["));
    return target != SIZE_MAX && span_find(span_after(text, target), SPAN("] Error ")) != SIZE_MAX;
}

static void read_signs(struct gathering *all, uint32_t first, uint32_t end, enum place place)
{
    for (uint32_t at = first; at < end && at < all->document->n_lines; at++) {
        const struct line *line = &all->document->lines[at];
        uint32_t signs[SIGNS_OF_LINE];
        size_t n =
            phrase_set_match(all->table->signs, line->text, line->size, signs, SIGNS_OF_LINE);
        for (size_t i = 0; i < n; i++) {
            uint32_t tool = all->table->tool_of_sign[signs[i]];
            bool again = false;
            for (size_t k = 0; k < i; k++) {
                again = again || all->table->tool_of_sign[signs[k]] == tool;
            }
            all->tools[tool].lines[place] += !again;
            all->tools[tool].following += !again && place == INSIDE && only_follows(line);
            note_sign(all, signs[i], at, place);
        }
    }
}

static uint32_t minus(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

// Every line once, in the place closest to the finding.
static void read_all_signs(struct gathering *all)
{
    uint32_t first = all->lines.first, end = all->lines.last + 1;
    uint32_t n_lines = (uint32_t)all->document->n_lines;
    if (end - first > INSIDE_MAXIMUM) {
        read_signs(all, first, first + INSIDE_MAXIMUM / 2, INSIDE);
        read_signs(all, end - INSIDE_MAXIMUM / 2, end, INSIDE);
    } else {
        read_signs(all, first, end, INSIDE);
    }
    uint32_t before = minus(first, CLOSE), after = n_lines - end < CLOSE ? n_lines : end + CLOSE;
    read_signs(all, before, first, BEFORE);
    read_signs(all, end, after, AFTER);
    uint32_t start = minus(before, SECTION_REACH);
    read_signs(all, start > all->section_first ? start : all->section_first, before,
               SECTION_BEFORE);
    uint32_t stop = n_lines - after < SECTION_REACH ? n_lines : after + SECTION_REACH;
    stop = stop <= all->section_last ? stop : all->section_last + 1;
    read_signs(all, after, stop, SECTION_AFTER);
    uint32_t tail = minus(n_lines, TAIL);
    stop = stop > after ? stop : after;
    read_signs(all, tail > stop ? tail : stop, n_lines, LOG_TAIL);
}

// Commands with this text; returns how many, from *first on.
static size_t find_commands(const struct tool_table *table, const char *text, size_t size,
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
        if (command_starts(words, everyday[i])) {
            return true;
        }
    }
    return false;
}

static bool is_name_byte(char byte)
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
        if (!is_name_byte(byte) ||
            (i == 0 && (byte == '-' || byte == '.' || byte_is_digit(byte)))) {
            return false;
        }
    }
    return small && name.size >= NAME_MINIMUM && !span_starts(name, SPAN("travis_"));
}

static struct script *note_script(struct gathering *all, const char *name, size_t size)
{
    if (size >= sizeof all->scripts[0].name || !is_script_name(span_of(name, size))) {
        return NULL;
    }
    for (size_t i = 0; i < all->n_scripts; i++) {
        if (strlen(all->scripts[i].name) == size && memcmp(all->scripts[i].name, name, size) == 0) {
            return &all->scripts[i];
        }
    }
    if (all->n_scripts == SCRIPTS_MAXIMUM) {
        return NULL;
    }
    struct script *script = &all->scripts[all->n_scripts++];
    *script = (struct script){0};
    memcpy(script->name, name, size);
    return script;
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
        size_t first, n = find_commands(all->table, command->text, size, &first);
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
        size_t n = size >= NAME_MINIMUM ? find_commands(all->table, at, size, &first) : 0;
        for (size_t i = 0; i < n; i++) {
            all->tools[all->table->commands[first + i].tool].mentioned = true;
        }
    }
}

// The CI system's own start of a step: a shell that runs a file which the system wrote the step's commands to.
static bool is_system_call(struct span line)
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

// `titled`: what may be a section's title rather than a command; only programs of the table are looked for in it.
static bool read_command(struct gathering *all, struct span line, enum command_place place,
                         bool titled)
{
    if (is_system_call(line)) {
        return false;
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
                                        ? note_script(all, command->text, size)
                                        : NULL; // "yarn lint" runs no program of that name
            if (script) {
                script->is_path = script->is_path || command->is_path;
                script->section = script->section || place == COMMAND_OF_SECTION;
                script->last = script->last || place == COMMAND_LAST;
                script->outer = script->outer || place == COMMAND_OUTER;
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

// The command that a line echoes: of npm's "> jest", yarn's "$ jest", a shell's "+ jest", tox's "commands[0] | jest", cargo's
// "Running `target/debug/x`".
static bool echoed_command(const struct line *line, struct span *command)
{
    struct span text = span_trim(span_of(line->text, line->size));
    if (line->flags & LINE_COMMAND) {
        if (!span_skip(&text, SPAN("$ "))) {
            (void)span_skip(&text, SPAN("+ "));
        }
        *command = text;
        return text.size > 0;
    }
    size_t bar = span_find(text, SPAN("commands["));
    if (bar != SIZE_MAX) {
        size_t at = span_find(text, SPAN("| "));
        *command = at == SIZE_MAX ? span_of(NULL, 0) : span_after(text, at + 2);
        return command->size > 0;
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
    bool marked = span_skip(&text, SPAN("> ")) || span_skip(&text, SPAN("$ ")) ||
                  span_skip(&text, SPAN("+ "));
    *command = text;
    bool package = span_find(text, SPAN("@")) < span_find(text, SPAN(" "));
    return marked && text.size >= 2 && !package && text.data[0] != ' ' && text.data[0] != '-';
}

static void read_commands(struct gathering *all)
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
    uint32_t stop = minus(all->lines.anchor, SECTION_REACH);
    stop = stop > all->section_first ? stop : all->section_first;
    for (uint32_t at = all->lines.anchor + 1; at-- > stop;) {
        struct span command;
        if (echoed_command(&document->lines[at], &command) &&
            read_command(all, command, COMMAND_LAST, false)) {
            break;
        }
    }
}

// A line that a program says of itself begins with its name, often as it was called: "cabal.exe: …", "/usr/bin/ld: …".
static void read_speaker(struct gathering *all, const struct line *line)
{
    struct span text = span_trim(span_of(line->text, line->size));
    size_t start = 0, end = 0;
    while (end < text.size && (is_name_byte(text.data[end]) || text.data[end] == '/')) {
        start = text.data[end] == '/' ? end + 1 : start;
        end++;
    }
    struct span name = span_of(text.data + start, end - start);
    if (end + 1 >= text.size || text.data[end] != ':' || text.data[end + 1] != ' ' ||
        name.size < 2 || name.size >= COMMAND_TEXT_MAXIMUM) {
        return;
    }
    if (span_ends(name, SPAN(".exe"))) {
        name.size -= 4;
    }
    size_t first, n = find_commands(all->table, name.data, name.size, &first);
    for (size_t k = 0; k < n; k++) {
        all->tools[all->table->commands[first + k].tool].speaks = true;
    }
}

static void read_words(struct gathering *all, uint32_t at, bool inside)
{
    const struct line *line = &all->document->lines[at];
    size_t size = line->size < PHRASE_LINE_MAXIMUM ? line->size : PHRASE_LINE_MAXIMUM;
    if (is_system_call(span_of(line->text, size))) {
        return;
    }
    for (size_t i = 0; i < size;) {
        size_t start = i;
        while (i < size && is_name_byte(line->text[i])) {
            i++;
        }
        size_t end = i;
        i += i == start;
        while (end > start && (line->text[end - 1] == '.' || line->text[end - 1] == '-')) {
            end--;
        }
        struct span word = span_of(line->text + start, end - start);
        size_t first, n = word.size >= NAME_MINIMUM && word.size < COMMAND_TEXT_MAXIMUM
                              ? find_commands(all->table, word.data, word.size, &first)
                              : 0;
        for (size_t k = 0; k < n; k++) {
            struct evidence *tool = &all->tools[all->table->commands[first + k].tool];
            tool->name_inside = tool->name_inside || inside;
            tool->name_close = true;
        }
        if (n == 0 && word.size > NAME_MINIMUM && span_ends(word, SPAN(".sh"))) {
            struct script *script = note_script(all, word.data, word.size);
            if (script) {
                script->named = true;
            }
        }
    }
}

static void read_names(struct gathering *all)
{
    enum {
        REACH = 6,
        HEAD = 40,
    };
    uint32_t last =
        all->lines.last - all->lines.first > HEAD ? all->lines.first + HEAD : all->lines.last;
    uint32_t n_lines = (uint32_t)all->document->n_lines;
    for (uint32_t at = minus(all->lines.first, REACH); at < n_lines && at <= last + REACH; at++) {
        read_words(all, at, at >= all->lines.first && at <= last);
        if (at >= all->lines.first && at <= last) {
            read_speaker(all, &all->document->lines[at]);
        }
    }
}

// A finding that holds nothing of a tool is the CI system's: an exit status, the end of the job.
static void read_own_words(struct gathering *all)
{
    static const char *const systems[LOG_FORMATS] = {
        [LOG_TRAVIS] = "travis",
        [LOG_GITHUB] = "github-actions",
        [LOG_GITLAB] = "gitlab-runner",
        [LOG_JENKINS] = "jenkins",
        [LOG_AZURE] = "azure-pipelines",
        [LOG_CIRCLECI] = "circleci",
        [LOG_BUILDKITE] = "buildkite-agent",
    };
    bool told = false;
    for (uint32_t at = all->lines.first; at <= all->lines.last; at++) {
        const struct line *line = &all->document->lines[at];
        told = told || (line->flags & (LINE_EXIT_FAILED | LINE_JOB_END)) != 0;
        if (line->size > 0 && !(line->flags & (LINE_EXIT | LINE_JOB_END | LINE_MARKER))) {
            return;
        }
    }
    const char *name = systems[all->document->format];
    const struct tool *tool = told && name ? tool_table_find(all->table, name) : NULL;
    if (tool) {
        all->tools[tool - all->table->tools].own_words = true;
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
    if (all->section >= 0) {
        all->section_first = document->sections[all->section].first_line;
        all->section_last = document->sections[all->section].last_line;
    }
}

static void fill_tool(struct tool_candidate *out, const struct evidence *tool,
                      const struct tool *of_table, uint32_t all_lines, uint32_t first_inside,
                      bool anyone_signed)
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
    f[TOOL_COMMAND_LATER] = tool->later;
    f[TOOL_UNSIGNED_COMMAND] =
        !anyone_signed && (tool->command_last || tool->command_section || tool->outer);
    f[(close ? TOOL_KIND_SIGNED : TOOL_KIND_OTHER) + (int)of_table->kind] = 1;
    out->name = of_table->shown;
    out->tool = of_table;
    out->sign = tool->sign;
    out->sign_line = tool->sign_line;
}

static void fill_script(struct tool_candidate *out, const struct script *script, const char *name,
                        bool anyone_signed)
{
    float *f = out->features;
    f[TOOL_COMMAND_LAST] = script->last;
    f[TOOL_COMMAND_SECTION] = script->section;
    f[TOOL_COMMAND_INNER] = script->inner;
    f[TOOL_COMMAND_OUTER] = script->outer;
    f[TOOL_COMMAND_LATER] = script->later;
    f[TOOL_UNSIGNED_COMMAND] = !anyone_signed && (script->last || script->section || script->outer);
    f[TOOL_SCRIPT_PATH] = script->is_path;
    f[TOOL_SCRIPT_NAMED] = script->named;
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

// Did a program speak inside the finding that a builder, a runtime or a shell would have started?
static bool is_explained(const struct gathering *all)
{
    for (size_t i = 0; i < all->table->n_tools; i++) {
        switch (all->table->tools[i].kind) {
        case TOOL_BUILDER:
        case TOOL_RUNTIME:
        case TOOL_INTERPRETER_SHELL:
        case TOOL_CI_SYSTEM:
            break;
        default:
            if (all->tools[i].lines[INSIDE] > all->tools[i].following) {
                return true;
            }
        }
    }
    return false;
}

// A builder that only tells that a step failed has not spoken where the step itself is heard.
static void silence_followers(struct gathering *all)
{
    bool explained = is_explained(all);
    for (size_t i = 0; explained && i < all->table->n_tools; i++) {
        struct evidence *tool = &all->tools[i];
        if (tool->following > 0 && tool->following == tool->lines[INSIDE]) {
            tool->lines[INSIDE] = tool->variety = tool->longest = 0;
            tool->first_inside = UINT32_MAX;
            tool->anchor = tool->speaks = tool->name_inside = false;
        }
    }
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
            fill_tool(&out->items[out->count++], &all->tools[i], &all->table->tools[i], lines,
                      first, anyone_signed);
        }
    }
    for (size_t i = 0; i < all->n_scripts; i++) {
        const char *name = arena_copy_string(&out->arena, all->scripts[i].name);
        if (!name) {
            return error_memory(error);
        }
        fill_script(&out->items[out->count++], &all->scripts[i], name, anyone_signed);
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
        read_all_signs(all);
        read_commands(all);
        read_names(all);
        read_own_words(all);
        silence_followers(all);
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
