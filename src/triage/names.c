// Patterns of a kind are tried in the order of how surely they name it, each from the anchor outwards.
#include "triage/names.h"

#include <string.h>

#include "text/span.h"
#include "triage/checkout.h"
#include "triage/name_needs.h"
#include "triage/pattern_search.h"

// The piece behind the last dot; empty where there is none.
static struct span last_label(const char *text, size_t size)
{
    size_t at = size;
    while (at > 0 && text[at - 1] != '.') {
        at--;
    }
    return at > 0 ? span_of(text + at, size - at) : span_of(text, 0);
}

bool name_is_step_script(const char *text, size_t size)
{
    struct span whole = span_of(text, size);
    return span_contains(whole, SPAN("/_temp/")) || span_contains(whole, SPAN("@tmp/durable-"));
}

// Of a host's name, so that "vuln.go.dev" is not go.dev.
static bool is_label_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '.' || byte == '-';
}

bool name_is_for_reading(const char *text, size_t size)
{
    static const char *const hosts[] = {"curl.se",
                                        "cwiki.apache.org",
                                        "go.dev",
                                        "pkg.go.dev",
                                        "docs.",
                                        "aka.ms",
                                        "pip.pypa.io",
                                        "doc.rust-lang",
                                        "packaging.python.org",
                                        "nodejs.org",
                                        "bundler.io",
                                        "getcomposer.org",
                                        "schemastore.org",
                                        "www.w3.org",
                                        "pydantic.dev",
                                        "errors.pydantic.dev",
                                        "www.docker.com",
                                        "git-scm.com",
                                        "//help.",
                                        "security.snyk.io",
                                        "on.cypress.io",
                                        "/dashboard",
                                        "/docs/",
                                        "/wiki/",
                                        "/issues",
                                        "www.gnu.org",
                                        "pre-commit.com",
                                        "reactjs.org",
                                        "stackoverflow.com",
                                        "typescript-eslint.io",
                                        "sqlalche.me"};
    struct span whole = span_of(text, size);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t at = span_find(whole, span_of(hosts[i], strlen(hosts[i])));
        bool is_whole =
            at == 0 || (at < size && !(byte_is_letter(*hosts[i]) && is_label_byte(text[at - 1])));
        if (at < size && is_whole) {
            return true;
        }
    }
    return false;
}

struct span name_server_of(struct span text)
{
    size_t scheme = span_find(text, SPAN("://")), size = 0;
    if (scheme == SIZE_MAX) {
        return span_of(NULL, 0);
    }
    struct span server = span_after(text, scheme + 3);
    while (size < server.size && server.data[size] != '/' && !byte_is_blank(server.data[size])) {
        size++;
    }
    const char *user = memrchr(server.data, '@', size); // a password may hold one, too
    server = user ? span_after(server, (size_t)(user + 1 - server.data)) : server;
    for (size = 0; size < server.size && is_label_byte(server.data[size]);) {
        size++;
    }
    return span_of(server.data, size);
}

// A name with a dot that is neither a file, a version nor a link that messages point to for reading; or localhost.
static bool is_host(const char *text, size_t size)
{
    static const char *const suffixes[] = {
        "zip", "whl", "gz",  "tgz", "xz", "json", "yml", "js",   "yaml", "tar", "rb", "toml",
        "xml", "txt", "go",  "py",  "rs", "c",    "h",   "java", "lock", "cfg", "sh", "deb",
        "ts",  "md",  "log", "mod", "cc", "cpp",  "hpp", "kt",   "php",  "pl",  "ini"};
    struct span label = last_label(text, size);
    if (label.size == 0 || SPAN_IS_ONE_OF(label, suffixes) || name_is_for_reading(text, size)) {
        return false;
    }
    return !byte_is_digit(*label.data);
}

// A machine without a name: what a server of a test, a proxy or a mirror of one's own listens on.
static bool is_bare_host(const char *text, size_t size)
{
    size_t dots = 0, digits = 0;
    for (size_t i = 0; i < size; i++) {
        dots += text[i] == '.';
        digits += byte_is_digit(text[i]);
    }
    return (dots == 3 && digits + dots == size) ||
           span_equal(span_of(text, size), SPAN("localhost"));
}

// Where the source was checked out from, or a manual stands, is no host that a later step failed to reach.
static bool names_no_host(const char *line, size_t size)
{
    struct span text = span_of(line, size);
    return name_is_for_reading(line, size) || span_contains(text, span_of("git clone", 9)) ||
           span_contains(text, span_of("git fetch", 9)) ||
           span_contains(text, span_of("git remote", 10)) ||
           span_contains(text, span_of("Cloning ", 8));
}

bool name_is_source(const char *text, size_t size)
{
    static const char *const suffixes[] = {
        "py",  "js",  "ts",  "rb",    "c",   "cpp", "rs",  "go",   "java",  "php",  "lua",
        "hs",  "cc",  "tsx", "jsx",   "mjs", "cjs", "cs",  "kt",   "swift", "f90",  "pl",
        "pm",  "m",   "cxx", "scala", "erl", "ex",  "exs", "ml",   "R",     "sh",   "build",
        "pas", "adb", "ads", "d",     "nim", "tf",  "clj", "lisp", "scm",   "cmake"};
    static const char *const names[] = {"Makefile", "CMakeLists.txt", "build.xml"};
    struct span whole = span_of(text, size);
    const char *colon = memchr(text, ':', size);
    if (colon && colon + 1 < text + size && byte_is_digit(colon[1])) {
        whole.size = (size_t)(colon - text); // a place in it
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (span_ends(whole, span_of(names[i], strlen(names[i])))) {
            return true;
        }
    }
    struct span label = last_label(whole.data, whole.size);
    return label.size > 0 && label.size < whole.size && !memchr(text, ' ', size) &&
           SPAN_IS_ONE_OF(label, suffixes);
}

// Of a message: "CS0006".
static bool is_code(const char *text, size_t size)
{
    size_t letters = 0;
    while (letters < size && byte_is_upper(text[letters])) {
        letters++;
    }
    size_t digits = span_digits(span_of(text + letters, size - letters));
    return letters > 0 && digits >= 3 && letters + digits == size;
}

bool name_is_package(const char *text, size_t size)
{
    static const char *const words[] = {
        "the", "a",   "an",    "not", "found", "is", "with", "for", "in", "it",     "this",
        "404", "was", "error", "and", "of",    "to", "or",   "any", "no", "Cannot", "does"};
    static const char *const sources[] = {"py",  "js",   "ts",  "rb",   "c",   "cpp", "rs",
                                          "go",  "java", "php", "lua",  "hs",  "cc",  "tsx",
                                          "jsx", "txt",  "mjs", "toml", "lock"};
    struct span label = last_label(text, size);
    if (size == 0 || *text == '-' || *text == '.' || *text == '/' || memchr(text, ' ', size) ||
        memmem(text, size, "://", 3) || SPAN_IS_ONE_OF(span_of(text, size), words)) {
        return false;
    }
    return !is_code(text, size) && (label.size == 0 || !SPAN_IS_ONE_OF(label, sources));
}

static bool is_program(const char *text, size_t size)
{
    static const char *const shells[] = {"sh", "bash", "dash", "line", "env", "zsh"};
    return name_is_package(text, size) && !SPAN_IS_ONE_OF(span_of(text, size), shells) &&
           !byte_is_digit(*text);
}

// The system call that failed stands where others have the file; Python names in quotes, too, where a library raised an error.
static bool is_file(const char *text, size_t size)
{
    static const char *const words[] = {"stat",  "open",  "access", "read", "error",
                                        "ERROR", "Error", "sh",     "exec"};
    struct span file = span_of(text, size);
    bool raises = span_contains(file, SPAN("-packages/")) || span_contains(file, SPAN("/python3"));
    return !raises && !SPAN_IS_ONE_OF(file, words);
}

static bool is_option(const char *text, size_t size)
{
    static const char *const words[] = {
        "in",   "is",  "of",   "to",   "on",   "at",    "by",  "and", "or", "was", "were",
        "with", "for", "from", "type", "name", "value", "the", "a",   "an", "not", "given"};
    return size > 1 && !SPAN_IS_ONE_OF(span_of(text, size), words);
}

// Not what a build system calls its own choice of a tool, nor what a message says can be set for more of it.
static bool is_variable(const char *text, size_t size)
{
    static const char *const tools[] = {"CC",      "CXX", "CFLAGS", "CXXFLAGS",
                                        "LDFLAGS", "FC",  "PATH",   "RUST_BACKTRACE"};
    struct span name = span_of(text, size);
    return !SPAN_IS_ONE_OF(name, tools) && !span_starts(name, SPAN("CMAKE_"));
}

// Not of a library or the system: those are not the job's to correct.
static bool is_own_file(const char *text, size_t size)
{
    return !location_is_foreign(span_of(text, size));
}

static bool is_test(const char *text, size_t size)
{
    return size > 2 && !name_is_source(text, size);
}

static bool (*const accepts[NAME_KINDS])(const char *text, size_t size) = {
    [NAME_HOST] = is_host,        [NAME_PACKAGE] = name_is_package,
    [NAME_PROGRAM] = is_program,  [NAME_VARIABLE] = is_variable,
    [NAME_FILE] = is_file,        [NAME_OPTION] = is_option,
    [NAME_TEST] = is_test,        [NAME_CONFIG] = is_own_file,
    [NAME_ARCHIVE] = is_own_file, [NAME_UNSET] = is_variable,
};

// The sections' commands, from the innermost outwards: a link that a step fetches stands there when the error names none.
static void search_commands(struct pattern_search *search, enum name_kind kind)
{
    const struct document *document = search->document;
    const struct name_patterns *patterns = name_patterns_of(kind);
    const char *const *needs = name_needs_of(kind);
    int32_t own = document->lines[search->lines.anchor].section, at = own;
    bool is_step = document->format == LOG_GITHUB; // whose script goes on behind its first command
    for (; at >= 0; at = document->sections[at].parent) {
        struct span command =
            span_of(document->sections[at].command, document->sections[at].command_size);
        bool names_none = (at != own || is_step) && names_no_host(command.data, command.size);
        for (size_t i = 0; i < patterns->n && !names_none; i++) {
            pattern_search_text(search, patterns->items[i], needs[i], command);
        }
    }
}

static void search_lines(struct pattern_search *search, enum name_kind kind,
                         enum pattern_reach reach)
{
    const struct name_patterns *patterns = name_patterns_of(kind);
    const char *const *needs = name_needs_of(kind);
    for (size_t i = 0; i < patterns->n && !search->found; i++) {
        pattern_search_lines(search, patterns->items[i], needs[i], reach);
    }
}

// What the job's own commands name comes first, then what the finding tells without a name, and only then a name told further off.
static void search_host(struct pattern_search *search)
{
    search_commands(search, NAME_HOST);
    search->accepts = is_bare_host;
    search_lines(search, NAME_HOST, REACH_FINDING);
    search->accepts = is_host;
    search->avoids = names_no_host;
    search_lines(search, NAME_HOST, REACH_SECTION);
    search_lines(search, NAME_HOST, REACH_CLOSE);
}

static const char *find(struct name_finder *finder, enum name_kind kind)
{
    struct pattern_search search;
    if (pattern_search_init(&search, finder->arena, finder->document, finder->lines, NULL)) {
        finder->out_of_memory = true;
        return NULL;
    }
    search.pairs = finder->pairs;
    search.accepts = accepts[kind];
    search.avoids = kind == NAME_HOST ? name_is_for_reading : NULL;
    search_lines(&search, kind, REACH_FINDING);
    if (kind == NAME_HOST) {
        search_host(&search);
    } else if (kind == NAME_FILE) {
        search_commands(&search, kind);
    } else if (kind == NAME_ARCHIVE) {
        search_commands(&search, kind);
        search_lines(&search, kind, REACH_CLOSE);
    } else if (kind == NAME_PACKAGE) {
        search_lines(&search, NAME_DOWNLOAD, REACH_CLOSE);
    } else if (kind == NAME_TEST) {
        search_lines(&search, kind, REACH_CLOSE);
    }
    pattern_search_release(&search);
    finder->out_of_memory |= search.out_of_memory;
    bool is_path = kind == NAME_FILE || kind == NAME_CONFIG || kind == NAME_ARCHIVE;
    if (is_path && search.found) {
        return path_in_checkout(span_of(search.found, strlen(search.found))).data;
    }
    return search.found;
}

const char *name_finder_get(struct name_finder *finder, enum name_kind kind)
{
    if (!finder->asked[kind] && finder->document->n_lines > 0) {
        finder->names[kind] = find(finder, kind);
    }
    finder->asked[kind] = true;
    return finder->names[kind];
}
