// Splits at the shell's operators, then peels wrappers off the front of each simple command.
#include "triage/command_words.h"

#include <string.h>

struct walker {
    struct simple_command *out;
    size_t n, capacity;
};

enum {
    WORDS_MAXIMUM = 40,
    QUOTED_PATH_MAXIMUM = 260, // bytes of a path with blanks in it
    DEPTH_MAXIMUM = 6,         // programs that start programs
};

// What stands before the program and is no program one would name.
static const char *const prefixes[] = {
    "sudo",
    "env",
    "time",
    "nice",
    "nohup",
    "exec",
    "command",
    "builtin",
    "eval",
    "stdbuf",
    "unbuffer",
    "ionice",
    "if",
    "then",
    "else",
    "elif",
    "while",
    "do",
    "!",
    "{",
    "(",
    "travis_retry",
    "travis_wait",
    "timeout",
    "gtimeout",
    "xvfb-run",
    "xvfb-run-safe",
    "catchsegv",
    "call",
    "retry",
    "cross-env",
    "dbus-run-session",
    "setarch",
    "&",
    "doas",
    "fakeroot",
    "chronic",
    "setsid",
    "eatmydata",
    "taskset",
};

// Options of prefixes and of a container's start whose value is the next word.
static const char *const prefix_options[] = {
    "-u", "-g", "-s", "-k", "-n", "-C", "-e", "--user", "--group", "--signal", "--kill-after",
};
static const char *const container_options[] = {
    "-e",
    "-v",
    "-w",
    "-u",
    "-p",
    "-h",
    "-m",
    "-l",
    "-f",
    "--env",
    "--volume",
    "--workdir",
    "--user",
    "--publish",
    "--name",
    "--network",
    "--net",
    "--entrypoint",
    "--mount",
    "--platform",
    "--memory",
    "--cpus",
    "--env-file",
    "--add-host",
    "--label",
    "--hostname",
    "--ulimit",
    "--shm-size",
    "--security-opt",
    "--gpus",
};

// Programs that start the one named behind them; two words where the first alone would not.
static const char *const starters[] = {
    "bundle exec",
    "npx",
    "yarn run",
    "poetry run",
    "pipenv run",
    "uv run",
    "pdm run",
    "hatch run",
    "conda run",
    "opam exec",
    "stack exec",
    "cabal exec",
    "mise exec",
    "dotenv",
    "mono",
    "wine",
    "pnpm exec",
    "npm exec",
    "dotnet tool run",
    "yarn",
    "pnpm",
    "xargs",
    "rbenv exec",
    "pyenv exec",
    "asdf exec",
    "rye run",
    "flox activate --",
};

static const char *const interpreters[] = {
    "bash", "sh",   "dash", "zsh", "ksh",  "python",     "python2", "python3",
    "node", "ruby", "perl", "php", "pwsh", "powershell", "source",  "."};

bool script_suffix(struct span name)
{
    static const char *const suffixes[] = {".sh",  ".bash", ".py",  ".rb",  ".pl",
                                           ".php", ".js",   ".ps1", ".bat", ".cmd"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        struct span suffix = span_of(suffixes[i], strlen(suffixes[i]));
        if (name.size > suffix.size && span_ends(name, suffix)) {
            return true;
        }
    }
    return false;
}

struct span command_action(struct span line)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t slash = span_find(line, SPAN("/")), at = span_find(line, SPAN("@"));
    bool is_action = at != SIZE_MAX && slash > 0 && slash < at && !span_contains(line, SPAN(" "));
    for (size_t i = 0; is_action && i < at; i++) {
        is_action = line.data[i] == '/' || (line.data[i] && strchr(allowed, line.data[i]));
    }
    return span_of(line.data, is_action ? at : 0);
}

static struct span base_name(struct span word)
{
    for (size_t at = word.size; at-- > 0;) {
        if (word.data[at] == '/' || word.data[at] == '\\') {
            return span_after(word, at + 1);
        }
    }
    return word;
}

static bool is_assignment(struct span word)
{
    size_t at = 0;
    while (at < word.size && (byte_is_digit(word.data[at]) || word.data[at] == '_' ||
                              (word.data[at] >= 'A' && word.data[at] <= 'Z') ||
                              (word.data[at] >= 'a' && word.data[at] <= 'z'))) {
        at++;
    }
    return at > 0 && at < word.size && word.data[at] == '=';
}

static struct span unquote(struct span word)
{
    while (word.size > 0 && strchr("\"'`({", word.data[0]) && word.data[0]) {
        word = span_after(word, 1);
    }
    while (word.size > 0 && word.data[word.size - 1] &&
           strchr("\"'`)};,", word.data[word.size - 1])) {
        word.size--;
    }
    return word;
}

// Options, numbers such as 30m and assignments between a prefix and the program.
static bool is_argument_of_prefix(struct span word)
{
    return word.size == 0 || word.data[0] == '-' || word.data[0] == '\\' || is_assignment(word) ||
           (byte_is_digit(word.data[0]) && word.size <= 6 && !span_starts(word, SPAN("7z")));
}

static void emit(struct walker *walker, const struct span *words, size_t n_words, bool inner)
{
    struct span base = base_name(words[0]);
    base.size -= span_ends(base, SPAN(".exe")) ? 4 : 0;
    if (walker->n == walker->capacity || base.size == 0 || base.size >= 80) {
        return;
    }
    struct simple_command *command = &walker->out[walker->n++];
    command->is_inner = inner;
    command->is_path = base.size < words[0].size || script_suffix(base);
    size_t size = 0;
    for (size_t i = 0; i < n_words && i < 12; i++) {
        struct span word = i == 0 ? base : words[i];
        if (size + word.size + 2 > COMMAND_TEXT_MAXIMUM) {
            break;
        }
        if (i > 0) {
            command->text[size++] = ' ';
        }
        memcpy(command->text + size, word.data, word.size);
        size += word.size;
    }
    command->text[size] = '\0';
}

// How many words the starter at the beginning takes; 0: none.
static size_t starter_size(const char *text)
{
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++) {
        if (command_starts(text, span_of(starters[i], strlen(starters[i])))) {
            size_t n = 1;
            for (const char *at = starters[i]; *at; at++) {
                n += *at == ' ';
            }
            return n;
        }
    }
    return 0;
}

// How many words stand before the program that a container is started for: "docker run --rm -v x:y image pytest"; 0: it is none.
static size_t container_size(const struct span *words, size_t n_words)
{
    static const char *const clients[] = {"docker", "podman", "nerdctl", "docker-compose"};
    static const char *const verbs[] = {"run", "exec"};
    static const char *const groups[] = {"compose", "container"};
    size_t at = 1;
    if (n_words < 3 || !SPAN_IS_ONE_OF(base_name(words[0]), clients)) {
        return 0;
    }
    at += SPAN_IS_ONE_OF(words[at], groups);
    if (!SPAN_IS_ONE_OF(words[at], verbs)) {
        return 0;
    }
    at++;
    while (at < n_words && words[at].data[0] == '-') {
        at += SPAN_IS_ONE_OF(words[at], container_options) ? 2 : 1;
    }
    return at + 1; // behind the image, service or container
}

static void skip_prefixes(const struct span **words, size_t *n_words)
{
    bool prefixed = false;
    while (*n_words > 0) {
        bool prefix = SPAN_IS_ONE_OF(base_name(**words), prefixes);
        if (!prefix && !is_argument_of_prefix(**words)) {
            return;
        }
        if (!prefixed && span_digits(**words) > 0) {
            *n_words = 0; // "+ 3m 20s with an old library": a time, and no command
            return;
        }
        size_t taken = prefixed && *n_words > 2 && SPAN_IS_ONE_OF(**words, prefix_options) ? 2 : 1;
        prefixed = prefixed || prefix;
        *words += taken;
        *n_words -= taken;
    }
}

static void walk(struct walker *walker, const struct span *words, size_t n_words)
{
    bool inner = false;
    for (int depth = 0; depth < DEPTH_MAXIMUM; depth++) {
        skip_prefixes(&words, &n_words);
        if (n_words == 0) {
            return;
        }
        size_t before = walker->n;
        emit(walker, words, n_words, inner);
        if (walker->n == before) {
            return;
        }
        size_t skip = starter_size(walker->out[before].text);
        if (skip == 0) {
            skip = container_size(words, n_words);
        }
        if (skip == 0 && SPAN_IS_ONE_OF(base_name(words[0]), interpreters)) {
            skip = 1;
            while (skip < n_words && words[skip].size > 0 && words[skip].data[0] == '-' &&
                   !span_equal(words[skip], SPAN("-m"))) {
                skip++;
            }
            if (skip < n_words && span_equal(words[skip], SPAN("-m"))) {
                skip++;
            }
        }
        if (skip == 0 || skip >= n_words) {
            return;
        }
        words += skip;
        n_words -= skip;
        inner = true;
    }
}

static bool ends_command(struct span word)
{
    static const char *const ends[] = {"&&", "||", ";", "|", "|&", "&"};
    return SPAN_IS_ONE_OF(word, ends);
}

// How far a word goes: to the next blank, or to the closing mark of a path such as "C:\\Program Files\\Git\\bin\\git.exe".
static size_t word_end(struct span line, size_t at)
{
    struct span rest = span_after(line, at);
    if (rest.size > 4 && rest.data[0] == '"' && rest.data[2] == ':' && rest.data[3] == '\\') {
        size_t size = span_find(span_after(rest, 1), SPAN("\""));
        if (size < QUOTED_PATH_MAXIMUM) {
            return at + size + 2;
        }
    }
    while (at < line.size && !byte_is_blank(line.data[at]) && line.data[at] != '\n') {
        at++;
    }
    return at;
}

size_t command_words(struct simple_command *commands, size_t capacity, struct span line)
{
    struct walker walker = {.out = commands, .capacity = capacity};
    struct span words[WORDS_MAXIMUM];
    size_t n = 0, at = 0;
    while (at < line.size && walker.n < capacity) {
        bool newline = false;
        while (at < line.size && (byte_is_blank(line.data[at]) || line.data[at] == '\n')) {
            newline = newline || line.data[at] == '\n';
            at++;
        }
        size_t start = at;
        at = word_end(line, at);
        struct span word = span_of(line.data + start, at - start);
        if (newline || (word.size > 0 && ends_command(word))) {
            walk(&walker, words, n);
            n = 0;
        }
        if (word.size == 0 || ends_command(word)) {
            continue;
        }
        bool last = word.data[word.size - 1] == ';';
        word = unquote(word);
        if (n < WORDS_MAXIMUM && word.size > 0) {
            words[n++] = word;
        }
        if (last) {
            walk(&walker, words, n);
            n = 0;
        }
    }
    walk(&walker, words, n);
    return walker.n;
}

struct span command_that_failed(struct span line)
{
    static const struct {
        const char *before, *after; // NULL: the rest of the line
    } forms[] = {
        {"Command '[", "]' returned non-zero"},
        {"Command '", "' returned non-zero"},
        {"Command failed: ", NULL},
        {"Command failed with exit code ", NULL},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t size = strlen(forms[i].before);
        size_t at = span_find(line, span_of(forms[i].before, size));
        if (at == SIZE_MAX) {
            continue;
        }
        struct span command = span_after(line, at + size);
        size_t digits = span_digits(command);
        if (digits > 0) {
            command = span_after(command, digits);
            return span_skip(&command, SPAN(": ")) ? command : span_of(NULL, 0);
        }
        if (!forms[i].after) {
            return command;
        }
        size_t end = span_find(command, span_of(forms[i].after, strlen(forms[i].after)));
        if (end != SIZE_MAX) {
            return span_of(command.data, end);
        }
        if (i == 0 && span_find(command, SPAN("]'")) == SIZE_MAX) {
            return command; // a list that was folded goes on below
        }
    }
    return span_of(NULL, 0);
}

bool command_starts(const char *words, struct span prefix)
{
    size_t size = prefix.size;
    return strncmp(words, prefix.data, size) == 0 && (words[size] == '\0' || words[size] == ' ');
}
