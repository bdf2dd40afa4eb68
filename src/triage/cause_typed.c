// A complaint is known by a few words of any program's; what it is about, by a word that line and command share.
#include "triage/cause_typed.h"

#include <math.h>
#include <string.h>

enum {
    COMMAND_READ = 400, // bytes of a command that are read
    LINE_READ = 400,    // and of a line
    WORD_MINIMUM = 3,
};

static const float word_share = 0.5F;       // a plain word may be in both by chance,
static const float quoted_share = 0.8F;     // less so where the line quotes it
static const float definition_share = 0.7F; // of a command that reads the CI definition

// Programs whose complaints of a path are told as what they are for: a checkout, an archive.
static const char *const other_programs[] = {"git",    "hg",   "svn", "tar", "unzip", "gzip",
                                             "gunzip", "zstd", "xz",  "zip", "curl",  "wget"};

static const char *const complaints[] = {
    "no such ",       "not exist",        "not found",      "cannot find",    "can't find",
    "can’t find",     "couldn't find",    "couldn’t find",  "could not find", "unable to find",
    "not locate",     "unable to locate", "can't read",     "cannot read",    "could not read",
    "unable to read", "can't open",       "cannot open",    "could not open", "unable to open",
    "cannot access",  "unable to access", "cannot stat",    "cannot detect",  "failed to load",
    "not resolve",    "cannot resolve",   "can't resolve",  "not match",      "no match",
    "0 matches",      "matched",          "no files",       "no file ",       "no tests ",
    "no test ",       "not a dir",        "be a directory", "nonexist",       "not importable",
    "unknown",        "unrecogni",        "not recogni",    "invalid",        "not a valid",
    "not supported",  "unsupported",      "illegal option", "bad option",     "ambiguous option",
    "unexpected arg"};

static bool holds(struct span text, const char *words)
{
    return span_contains(text, span_of(words, strlen(words)));
}

// A program that is not there is the machine's fault, and a module or a plugin is the project's.
static const char *const others_faults[] = {"command not found", "executable",
                                            "install",           "no module",
                                            "package",           "not recognized as an internal"};

// `line` is in lower case.
static bool complains(struct span line)
{
    for (size_t i = 0; i < sizeof others_faults / sizeof *others_faults; i++) {
        if (holds(line, others_faults[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof complaints / sizeof *complaints; i++) {
        if (holds(line, complaints[i])) {
            return true;
        }
    }
    return false;
}

static bool parts_words(char byte)
{
    switch (byte) {
    case '\0':
    case '\t':
    case '\n':
    case ' ':
    case '\'':
    case '"':
    case '`':
    case '=':
    case ',':
    case ';':
    case '(':
    case ')':
    case '<':
    case '>':
    case '[':
    case ']':
    case '{':
    case '}':
    case '|':
    case '&':
        return true;
    default:
        return false;
    }
}

// The next word, without marks that end a sentence or a path; empty at the end.
static struct span next_word(struct span *rest)
{
    while (rest->size > 0 && parts_words(*rest->data)) {
        *rest = span_after(*rest, 1);
    }
    size_t size = 0;
    while (size < rest->size && !parts_words(rest->data[size])) {
        size++;
    }
    struct span word = span_of(rest->data, size);
    *rest = span_after(*rest, size);
    while (word.size > 1 && strchr(":./!", word.data[word.size - 1])) {
        word.size--;
    }
    return word;
}

static struct span without_dashes(struct span word)
{
    while (word.size > 0 && *word.data == '-') {
        word = span_after(word, 1);
    }
    return word;
}

static bool is_path(struct span word)
{
    for (size_t i = 1; i < word.size; i++) {
        if (word.data[i] == '/' || (word.data[i] == '.' && i + 1 < word.size &&
                                    word.data[i + 1] >= 'a' && word.data[i + 1] <= 'z')) {
            return true;
        }
    }
    return false;
}

// The same word, or a path of the machine that ends with it: "/builds/acme/docs" and "docs".
static bool names(struct span told, struct span typed)
{
    if (span_equal(told, typed)) {
        return true;
    }
    return typed.size > WORD_MINIMUM && told.size > typed.size && span_ends(told, typed) &&
           told.data[told.size - typed.size - 1] == '/';
}

// 0: not; word_share or quoted_share.
static float line_names(struct span line, struct span typed)
{
    const char *start = line.data;
    for (struct span word = next_word(&line); word.size > 0; word = next_word(&line)) {
        if (names(without_dashes(word), typed)) {
            return word.data > start && strchr("'\"`", word.data[-1]) ? quoted_share : word_share;
        }
    }
    return 0;
}

// "-Dname" and "-Pname" set what is called "name".
static struct span without_definer(struct span word, struct span bare)
{
    bool defines = bare.size < word.size && bare.size > WORD_MINIMUM && strchr("DP", *bare.data);
    return defines ? span_after(bare, 1) : bare;
}

// Files that define what a CI system does, and programs that read nothing else.
static const char *const definitions[] = {
    ".gitlab-ci.y",       ".github/workflows", ".circleci/",
    "circleci config",    "azure-pipelines.y", ".travis.y",
    "jenkinsfile",        "buildspec.y",       "bitbucket-pipelines.y",
    "cloudbuild.y",       ".cirrus.y",         ".drone.y",
    "appveyor.y",         ".woodpecker",       ".semaphore/",
    "buildkite/pipeline", "actionlint",        ".tekton/"};

// `text` is in lower case.
static bool names_definition(struct span text)
{
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++) {
        if (holds(text, definitions[i])) {
            return true;
        }
    }
    return false;
}

static struct span lowered(char *room, struct span text)
{
    return span_of(room, span_lower(room, text.size, text));
}

struct typed cause_typed(struct span line, struct span command)
{
    line.size = line.size < LINE_READ ? line.size : LINE_READ;
    command.size = command.size < COMMAND_READ ? command.size : COMMAND_READ;
    struct typed typed = {0};
    char of_line[LINE_READ], of_command[COMMAND_READ];
    struct span low_line = lowered(of_line, line);
    typed.option = names_definition(low_line)                       ? 1
                   : names_definition(lowered(of_command, command)) ? definition_share
                                                                    : 0;
    struct span program = next_word(&command);
    if (program.size == 0 || SPAN_IS_ONE_OF(program, other_programs) || !complains(low_line)) {
        return typed;
    }
    for (struct span word = next_word(&command); word.size > 0; word = next_word(&command)) {
        struct span bare = without_dashes(word), name = without_definer(word, bare);
        if (bare.size < WORD_MINIMUM || span_digits(bare) == bare.size ||
            span_contains(word, SPAN("://"))) {
            continue;
        }
        float named = fmaxf(line_names(line, bare), line_names(line, name));
        if (named > 0 && bare.size < word.size) {
            typed.option = 1;
        } else {
            typed.word = fmaxf(typed.word, named > 0 && is_path(word) ? 1 : named);
        }
    }
    return typed;
}
