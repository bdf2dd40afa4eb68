// Patterns of a kind are tried in the order of how surely they name it, each from the anchor outwards.
#include "triage/names.h"

#include <string.h>

#include "text/span.h"
#include "triage/pattern_search.h"

// A name between any quotes, or bare: what follows must end it.
#define QUOTE "[`'\"\xE2\x80\x98]+"

static const char *const host_patterns[] = {
    "[Cc]ould ?n[o']t resolve (?:host|proxy|hostname)(?:name)?:? " QUOTE "?(?<subject>[\\w.-]+)",
    "(?:ENOTFOUND|EAI_AGAIN) (?<subject>[\\w.-]+)",
    "lookup (?<subject>[\\w.-]+)(?: on |:)",
    "(?:[Uu]nknown ?[Hh]ost(?:Exception)?|[Nn]ot known|[Nn]o such host|resolv(?:e|ing)(?: "
    "host(?:name| name)?| address(?: "
    "of)?)?):? " QUOTE "?(?<subject>[\\w.-]+)",
    "host='(?<subject>[^']+)'",
    "dial tcp (?<subject>[\\w.-]+):\\d",
    "(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT) (?<subject>[\\w.-]+):\\d",
    "[Cc]onnect(?:ion)?(?: to| with)?(?: host| server| address| database server at)? " QUOTE
    "?(?<subject>[\\w-]+(?:\\.[\\w-]+)+|localhost)",
    "(?:[a-z+]{2,10}://)(?:[^\\s/@'\"]*@)?(?<subject>[A-Za-z0-9][\\w.-]*)",
    "\\b[\\w.-]+@(?<subject>[\\w-]+(?:\\.[\\w-]+)+):",
    "(?<![\\w./"
    "@-])(?<subject>(?:[a-z0-9-]+\\.)+(?:com|org|net|io|dev|test|local|internal|cloud|app|"
    "example|invalid))(?![\\w-]|\\.\\w)",
    "(?<![\\w./@-])(?<subject>localhost|[\\w-]+(?:\\.[\\w-]+)+):\\d{2,5}\\b(?!:)",
};

static const char *const package_patterns[] = {
    "No module named " QUOTE "?(?<subject>[\\w.]+)",
    "install the (?<subject>[\\w:.-]+) module",
    "^(?<subject>[A-Z]\\w*(?:::\\w+)+) version \\S+ required",
    "(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to) (?:find|load|locate|resolve|import)(?: a| "
    "the|)(?: module| package| "
    "plugin| config| dependency| import| crate| gem| library)?(?: for)?:? " QUOTE
    "(?<subject>[\\w@+.:/-]+)",
    "[Uu]nable to locate package (?<subject>\\S+)",
    "Package " QUOTE "?(?<subject>[\\w.+-]+)\\S? has no installation candidate",
    "Depends: (?<subject>[\\w.+-]+)",
    "(?:distribution found for|satisfies the requirement) (?<subject>[\\w.@/-]+)",
    "cannot find -l(?<subject>[\\w+.-]+)",
    "library not found for -l(?<subject>[\\w+.-]+)",
    "provides package (?<subject>[\\w./-]+)",
    "cannot find package " QUOTE "?(?<subject>[\\w./@-]+)",
    "no matching package named " QUOTE "(?<subject>[\\w-]+)",
    "failed to (?:select a version for|get|download|resolve|fetch|verify)(?: the "
    "requirement)? " QUOTE "(?<subject>[\\w.@/-]+)",
    "(?:unresolved import|undeclared crate or module|can't find crate for) " QUOTE
    "(?<subject>[\\w]+)",
    "no package called " QUOTE "(?<subject>[\\w.]+)",
    "ependenc(?:y|ies) " QUOTE "(?<subject>[\\w.@/+-]+)",
    "Could not find gem " QUOTE "(?<subject>[\\w.-]+)",
    "Could not find (?<subject>[a-z][\\w-]*?)-\\d[\\w.]* in ",
    "cannot load such file -- (?<subject>[\\w./-]+)",
    "(?:[Cc]ould not (?:find|resolve|transfer) artifact|Failure to find) "
    "(?<subject>[\\w.-]+:[\\w.-]+)",
    "[Nn]o package " QUOTE "(?<subject>[\\w.+-]+)",
    "Package (?<subject>[\\w.+-]+) was not found",
    "Package " QUOTE "(?<subject>[\\w.+-]+)\\W+required by",
    "Could NOT find (?<subject>\\w+)",
    "configuration file provided by " QUOTE "(?<subject>[\\w-]+)",
    "[Cc]ould(?:n't| not) find (?<subject>[\\w+-]+\\.h\\w*)",
    "error: (?<subject>[\\w.+-]+) (?:is|was) (?:required|needed|missing|not found)",
    "(?:fatal error: |error: |: )(?<subject>[\\w./+-]+\\.h\\w*)(?:: No such file| file not found|' "
    "file not found)",
    "No matching version found for (?<subject>@?[\\w./-]+)",
    "'(?<subject>@?[\\w./-]+)@[^']*' is not in",
    "[Mm]odule " QUOTE "(?<subject>[\\w@./-]+)\\W{1,4} ?not found",
    "[Mm]odule not found:? (?:Error: )?(?:Can't resolve )?" QUOTE "(?<subject>[\\w@./-]+)",
    "(?:hidden|unknown) package " QUOTE "(?<subject>[\\w.-]+?)(?:-\\d[\\d.]*)?[^\\w.-]",
    "loading shared libraries: (?<subject>[\\w.+-]+)",
    "[Pp]ackage:? " QUOTE "(?<subject>[\\w@./:+-]+)",
    "[Pp]ackage (?<subject>[\\w@./:+-]+) (?:is not|not|does not|doesn't|could not|cannot|has no)",
    "nor an? (?<subject>[\\w-]+)\\.wrap",
    "(?:plugin|module|extension|library|gem|crate|requirement) " QUOTE "(?<subject>[\\w@./:+-]+)",
};

static const char *const program_patterns[] = {
    "no such command: " QUOTE "(?<subject>[\\w-]+)",
    "exec: " QUOTE "(?<subject>[^\"]+)\": executable file not found",
    "(?:^|[\\s:])(?<subject>[\\w.+-]+): (?:command )?not found",
    "spawn (?<subject>[\\w./-]+) ENOENT",
    "Cannot run program " QUOTE "(?<subject>[^\"]+)",
    "[Cc]ommand " QUOTE "?(?<subject>[\\w.+-]+)\\W{0,3} ?not found",
    QUOTE "(?<subject>[\\w.+-]+)['\"] is not recognized",
    "env: " QUOTE "(?<subject>[^/'\x80-\xFF]+)",
    "[Pp]rogram(?: or command)? " QUOTE "(?<subject>[\\w.+-]+)",
    "(?<subject>[\\w+-]+) is (?:missing on your system|not installed|required but)",
    "No such file or directory: '(?<subject>[\\w.+-]+)'",
    "checking for (?<subject>[\\w+-]+)\\.\\.\\. no$",
};

static const char *const variable_patterns[] = {
    "(?<subject>[A-Za-z_]\\w*): (?:unbound variable|parameter (?:not set|null))",
    "KeyError: '(?<subject>[A-Z][A-Z0-9_]+)'",
    "key not found: \"(?<subject>[A-Z][A-Z0-9_]+)\"",
    "nvironment variables?:? " QUOTE "?\\$?(?<subject>[A-Z_][A-Z0-9_]+)",
    "\\b(?<subject>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\\b",
    "\\$\\{?(?<subject>[A-Z][A-Z0-9_]+)",
};

static const char *const address_patterns[] = {
    "(?:EADDRINUSE|ddress (?:already )?in use)\\W*? (?<subject>[\\w.:\\[\\]-]*:\\d{2,5})",
    "(?<subject>(?:\\d+\\.\\d+\\.\\d+\\.\\d+|localhost|\\[::\\d?\\]|::):\\d{2,5})",
    "[Pp]ort:? (?<subject>\\d{2,5})",
    "(?<subject>:\\d{4,5})\\b",
    "\\('[\\w.]*', (?<subject>\\d{2,5})\\)",
};

static const char *const file_patterns[] = {
    "(?<subject>[\\w./@+~-]+): No such file or directory",
    QUOTE "(?<subject>[\\w./@+~-]*[\\w-]\\.[A-Za-z]\\w{0,6})['`\"\xE2]",
    "(?:^|: )(?<subject>[\\w./@+~-]*[\\w-]\\.[a-z]\\w{0,6}): ",
    QUOTE "(?<subject>[\\w.@+~-]*/[\\w./@+~-]+)['`\"\xE2]",
    "(?:load|copy|copying|upload|put|read|open|write|extract)\\w* (?:failed: "
    ")?(?<subject>[\\w.-]+(?:/[\\w.-]+)*\\.[a-z]\\w{0,5}) ",
    "(?<![\\w./:@-])(?<subject>[\\w.-]+/[\\w./-]*\\.[a-z]\\w{0,5})\\b",
    "(?<![\\w./"
    ":@-])(?<subject>[\\w.-]+\\.(?:tar|tgz|zip|gz|xz|zst|whl|jar|deb|rpm|gem|iso|bin|bz2)(?:\\.\\w+"
    ")?)\\b",
};

#undef QUOTE

// The piece behind the last dot; empty where there is none.
static struct span last_label(const char *text, size_t size)
{
    size_t at = size;
    while (at > 0 && text[at - 1] != '.') {
        at--;
    }
    return at > 0 ? span_of(text + at, size - at) : span_of(text, 0);
}

bool name_is_for_reading(const char *text, size_t size)
{
    static const char *const hosts[] = {"curl.se",
                                        "cwiki.apache.org",
                                        "go.dev",
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
                                        "git-scm.com",
                                        "//help.",
                                        "/docs/",
                                        "/wiki/",
                                        "/issues",
                                        "www.gnu.org",
                                        "pre-commit.com",
                                        "reactjs.org",
                                        "stackoverflow.com",
                                        "typescript-eslint.io"};
    struct span whole = span_of(text, size);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        if (span_contains(whole, span_of(hosts[i], strlen(hosts[i])))) {
            return true;
        }
    }
    return false;
}

// A name with a dot that is neither a file, a version nor a link that messages point to for reading; or localhost.
static bool is_host(const char *text, size_t size)
{
    static const char *const suffixes[] = {"zip", "whl",  "gz",  "tgz", "xz",   "json", "yml",
                                           "js",  "yaml", "tar", "rb",  "toml", "xml",  "txt",
                                           "go",  "py",   "rs",  "c",   "h",    "java", "lock",
                                           "cfg", "sh",   "deb", "ts",  "md",   "log",  "mod"};
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

bool name_is_package(const char *text, size_t size)
{
    static const char *const words[] = {
        "the", "a",   "an",    "not", "found", "is", "with", "for", "in", "it",     "this",
        "404", "was", "error", "and", "of",    "to", "or",   "any", "no", "Cannot", "does"};
    static const char *const sources[] = {"py",  "js",    "ts",  "rb",  "c",    "cpp", "rs",
                                          "go",  "java",  "php", "lua", "hs",   "cc",  "tsx",
                                          "jsx", "build", "txt", "mjs", "toml", "lock"};
    struct span label = last_label(text, size);
    if (size == 0 || *text == '-' || *text == '.' || *text == '/' || memchr(text, ' ', size) ||
        memmem(text, size, "://", 3) || SPAN_IS_ONE_OF(span_of(text, size), words)) {
        return false;
    }
    return label.size == 0 || !SPAN_IS_ONE_OF(label, sources);
}

static bool is_program(const char *text, size_t size)
{
    static const char *const shells[] = {"sh", "bash", "dash", "line", "env", "zsh"};
    return name_is_package(text, size) && !SPAN_IS_ONE_OF(span_of(text, size), shells) &&
           !byte_is_digit(*text);
}

#define PATTERNS(list) list, sizeof(list) / sizeof *(list)
static const struct {
    const char *const *patterns; // (n)
    size_t n;
    bool (*accepts)(const char *text, size_t size);
} kinds[NAME_KINDS] = {
    [NAME_HOST] = {PATTERNS(host_patterns), is_host},
    [NAME_PACKAGE] = {PATTERNS(package_patterns), name_is_package},
    [NAME_PROGRAM] = {PATTERNS(program_patterns), is_program},
    [NAME_VARIABLE] = {PATTERNS(variable_patterns), NULL},
    [NAME_ADDRESS] = {PATTERNS(address_patterns), NULL},
    [NAME_FILE] = {PATTERNS(file_patterns), NULL},
};
#undef PATTERNS

// The sections' commands, from the innermost outwards: a link that a step fetches stands there when the error names none.
static void search_commands(struct pattern_search *search, enum name_kind kind)
{
    const struct document *document = search->document;
    int32_t at = document->lines[search->lines.anchor].section;
    for (; at >= 0; at = document->sections[at].parent) {
        const struct section *section = &document->sections[at];
        for (size_t i = 0;
             i < kinds[kind].n && !names_no_host(section->command, section->command_size); i++) {
            pattern_search_text(search, kinds[kind].patterns[i], section->command,
                                section->command_size);
        }
    }
}

static void search_lines(struct pattern_search *search, enum name_kind kind,
                         enum pattern_reach reach)
{
    for (size_t i = 0; i < kinds[kind].n; i++) {
        pattern_search_lines(search, kinds[kind].patterns[i], reach);
    }
}

// A host by name is looked for beyond the finding before one without a name is taken.
static void search_host(struct pattern_search *search)
{
    search_commands(search, NAME_HOST);
    search->avoids = names_no_host;
    search_lines(search, NAME_HOST, REACH_SECTION);
    search_lines(search, NAME_HOST, REACH_CLOSE);
    search->avoids = NULL;
    search->accepts = is_bare_host;
    search_lines(search, NAME_HOST, REACH_FINDING);
}

static const char *find(struct name_finder *finder, enum name_kind kind)
{
    struct pattern_search search;
    if (pattern_search_init(&search, finder->arena, finder->document, finder->lines, NULL)) {
        finder->out_of_memory = true;
        return NULL;
    }
    search.accepts = kinds[kind].accepts;
    search.avoids = kind == NAME_HOST ? name_is_for_reading : NULL;
    search_lines(&search, kind, REACH_FINDING);
    if (kind == NAME_HOST) {
        search_host(&search);
    } else if (kind == NAME_FILE) {
        search_commands(&search, kind);
    }
    pattern_search_release(&search);
    finder->out_of_memory |= search.out_of_memory;
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
