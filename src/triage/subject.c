// What the tool's own patterns name, where that fits the cause; else what names of the cause's kind there are; else what error
// messages of any program have in common.
#include "triage/subject.h"

#include <string.h>

#include "base/error.h"
#include "text/span.h"
#include "triage/checkout.h"
#include "triage/fuller_path.h"
#include "triage/pattern_search.h"

static const char *const common_patterns[] = {
    "Could not resolve host:? (?<subject>[\\w.-]+)",
    "No module named '?(?<subject>[\\w.]+)",
    "Cannot find module '(?<subject>[^']+)'",
    "fatal error: (?<subject>\\S+): No such file",
    "(?:^|[\\s:])(?<subject>[\\w.+-]+): (?:command )?not found",
    "No rule to make target [`'\"](?<subject>[^'\"]+)",
    "[Ff]ailed to connect to (?<subject>[\\w.-]+)",
    "[Cc]ould not connect to (?:server )?(?<subject>[\\w.:/-]+)",
    // A word that begins a sentence is no test.
    "^\\s*(?:FAIL(?:ED)?|ERROR)[:!]?\\s+(?<subject>[\\w./:$-]*(?:[._/:$]\\w|\\d)[\\w./:$-]*)",
    "^\\s*(?:FAIL(?:ED)?|ERROR)[:!]?\\s+(?<subject>[\\w$-]*\\w\\w)\\s*(?:$|[(\\[])",
    "^\\s*not ok \\d+ -? ?(?<subject>[^#]+)",
    "^\\s*\\d+\\) (?<subject>\\S.*?):?$",
    // Not one side of an assertion, nor what there is to read about it.
    "^(?!\\s*(?:left|right|[Ee]xpected|[Aa]ctual|[Gg]ot|[Rr]eceived)\\b\\W)"
    "(?!.*(?:[Ll]earn more|[Mm]ore (?:info|details|help)|[Dd]ocumentation|[Ss]ee:? |[Vv]isit "
    ")).*?\\b"
    "(?<subject>https?://[^\\s'\"<>)\\]]+)",
    "unable to access '(?<subject>[^']+)'",
    ("(?:No such file or directory|cannot stat|cannot open|ENOENT)"
     "[^'\"`]*['\"`](?<subject>[^'\"`]+)['\"`]"),
    "(?<subject>[\\w./-]+): No such file or directory",
    "undefined reference to [`'](?<subject>[^']+)'",
    "pathspec '(?<subject>[^']+)' did not match",
    "(?:remote ref|[Rr]emote branch) (?<subject>\\S+)",
    "[Mm]odule not found: (?:Error: )?(?:Can't resolve )?'(?<subject>[^']+)'",
    // What a shell says of a command that a signal ended.
    "line \\d+: +\\d+ [A-Z][a-z]+(?: \\w+)* +(?:\\(core dumped\\) +)?"
    "(?<subject>[\\w./-][^\"$&|<>;]*\\w)",
    "(?<subject>(?:unix://)?/[\\w./-]*(?:docker|podman|containerd|buildkitd)[\\w./-]*\\.sock)",
    "unable to find (?:user|group) (?<subject>\\S+?):",
    "gpg: [^\"]*\"(?<subject>[0-9A-F]{8,40})\": ",
    "(?:^|[\\s:])(?<subject>[A-Za-z][\\w-]*) failed to start$",
    "The command \"(?<subject>[^\"]+)\" (?:failed and )?exited with [1-9]",
};

// A function of the C library or of a sanitizer's: the frame on top of a stack, not the one at fault.
static bool is_library_function(const char *text, size_t size)
{
    static const char *const names[] = {"free",   "malloc", "calloc", "realloc", "memcpy",
                                        "memset", "memcmp", "strlen", "strcpy",  "strcmp",
                                        "abort",  "raise",  "printf", "operator"};
    return SPAN_IS_ONE_OF(span_of(text, size), names) ||
           (size > 7 && memcmp(text, "__asan_", 7) == 0) ||
           (size > 6 && memcmp(text, "__mem", 5) == 0) ||
           (size > 6 && memcmp(text, "__str", 5) == 0) ||
           (size > 12 && memcmp(text, "__sanitizer_", 12) == 0) ||
           (size > 14 && memcmp(text, "__interceptor_", 14) == 0);
}

// A file that came with a runtime or a dependency, or a link to it on a test runner's own server: where an error was raised, not what is at
// fault.
static bool is_library_source(const char *text, size_t size)
{
    struct span file = span_of(text, size);
    size_t end =
        span_find(file, SPAN("?")); // "http://localhost:9876/base/node_modules/kit/kit.js?5f2:12:5"
    file.size = end < size ? end : size;
    return name_is_source(file.data, file.size) && location_is_foreign(path_in_checkout(file));
}

// "1h0m0s", "10m", "30s": how long something took is not what it was.
static bool is_duration(const char *text, size_t size)
{
    size_t units = 0;
    for (size_t i = 0; i < size; i++) {
        bool unit = text[i] && strchr("hms", text[i]) != NULL;
        if (!unit && !(text[i] >= '0' && text[i] <= '9') && text[i] != '.') {
            return false;
        }
        units += unit;
    }
    return units > 0 && text[0] >= '0' && text[0] <= '9';
}

// "2019/08/01", "2019-08-01"
static bool is_date(const char *text, size_t size)
{
    static const char form[] = "0000/00/00";
    bool fits = size == sizeof form - 1;
    for (size_t i = 0; fits && i < size; i++) {
        fits = form[i] == '/' ? text[i] == '/' || text[i] == '-' : byte_is_digit(text[i]);
    }
    return fits;
}

// Numbers alone, times, words of the sentence and links to a manual say nothing of what is at fault.
static bool is_telling(const char *text, size_t size)
{
    static const char *const words[] = {
        "the",   "The",   "a",    "an",  "While",   "STOP",   "server", "-r",      "Cannot",
        "stdin", "No",    "Job",  "for", "loading", "Error",  "error",  "Failure", "acceptable",
        "bash",  "tests", "HEAD", "sh",  "STDIN",   "stdout", "suite",  "remote"};
    size_t digits = 0;
    for (size_t i = 0; i < size; i++) {
        digits += text[i] >= '0' && text[i] <= '9';
    }
    return !SPAN_IS_ONE_OF(span_of(text, size), words) && !(digits == size && size <= 3) &&
           !is_duration(text, size) && !is_date(text, size) && !is_library_function(text, size) &&
           !is_library_source(text, size) && !name_is_for_reading(text, size) &&
           !name_is_step_script(text, size);
}

// The kinds of names that failures of a cause are about, surest first, up to NAME_NONE. Some come before the tool's own words, which name
// the package that was asked for where the registry does not answer; others where these name nothing that fits.
struct kinds {
    enum name_kind before[3], behind[5];
};

static const struct kinds kinds_of[CAUSES + 1] = {
    [CAUSE_TEST] = {.behind = {NAME_TEST}},
    [CAUSE_DEPENDENCY] = {.behind = {NAME_PACKAGE, NAME_PROGRAM, NAME_LOCK}},
    [CAUSE_BUILD_CONFIG] = {.behind = {NAME_FILE, NAME_CONFIG, NAME_OPTION}},
    [CAUSE_CI_CONFIG] = {.behind = {NAME_OPTION, NAME_FILE, NAME_CONFIG}},
    [CAUSE_ENVIRONMENT] = {.before = {NAME_PROGRAM, NAME_UNSET},
                           .behind = {NAME_PACKAGE, NAME_RUNTIME, NAME_VARIABLE}},
    [CAUSE_AUTH] = {.before = {NAME_DENIED, NAME_HOST}, .behind = {NAME_VARIABLE}},
    [CAUSE_NETWORK] = {.before = {NAME_HOST}},
    [CAUSE_RATE_LIMIT] = {.before = {NAME_HOST}},
    [CAUSE_ARTIFACT] = {.behind = {NAME_ARCHIVE, NAME_FILE}},
    [CAUSE_TIMEOUT] = {.behind = {NAME_TEST}},
    [CAUSE_DEPLOY] = {.before = {NAME_TAKEN}, .behind = {NAME_ADDRESS, NAME_HOST}},
};

// "django.db.utils.OperationalError": what was raised is not what it is about.
static bool is_exception(const char *subject)
{
    struct span name = span_of(subject, strlen(subject));
    return !memchr(name.data, ' ', name.size) && !memchr(name.data, '/', name.size) &&
           (span_ends(name, SPAN("Error")) || span_ends(name, SPAN("Exception")) ||
            span_contains(name, SPAN(".exceptions.")));
}

// Where a service shows what a test did, which is no test.
static bool is_results_link(enum cause cause, const char *subject)
{
    return cause == CAUSE_TEST && strstr(subject, "://") != NULL;
}

// Whether it is a failure of code that a tool tells of which names projects, targets or tests in its own words.
static bool is_of_code(enum cause cause, const struct tool *tool)
{
    bool names_others = tool && (tool->kind == TOOL_BUILDER || tool->kind == TOOL_TEST_RUNNER);
    return names_others && (cause == CAUSE_COMPILE || cause == CAUSE_LINT);
}

// Whether a failure of the cause may be about it: where there are names of the cause's kind, a place in code is none, but for the
// code of a build and the scripts of a job.
static bool fits(enum cause cause, const struct tool *tool, const char *subject)
{
    bool builds = is_of_code(cause, tool);
    bool is_source = name_is_source(subject, strlen(subject));
    bool of_scripts = cause == CAUSE_BUILD_CONFIG || cause == CAUSE_CI_CONFIG;
    bool of_any = !kinds_of[cause].before[0] && !kinds_of[cause].behind[0];
    if (is_results_link(cause, subject) ||
        ((cause == CAUSE_DEPENDENCY || cause == CAUSE_ARTIFACT) && strstr(subject, "://"))) {
        return false;
    }
    return builds ? is_source : of_any || ((of_scripts || !is_source) && !is_exception(subject));
}

static void try_patterns(struct pattern_search *search, const char *const *patterns, size_t n,
                         enum pattern_reach reach)
{
    for (size_t i = 0; i < n && !search->found; i++) {
        pattern_search_lines(search, patterns[i], NULL, reach);
    }
}

// The finding's first name of the kinds.
static const char *named(struct name_finder *names, const enum name_kind *kinds)
{
    const char *name = NULL;
    for (const enum name_kind *kind = kinds; !name && *kind; kind++) {
        name = name_finder_get(names, *kind);
        name = name && is_telling(name, strlen(name)) ? name : NULL;
    }
    return name;
}

// The first place in a file of the project's own. What make says of its rule's is no place of what is at fault.
static const char *first_file(const struct name_finder *names)
{
    bantam_location locations[LOCATIONS_MAXIMUM];
    size_t n = locations_find(locations, names->arena, names->document, names->lines);
    const char *file = n > 0 ? locations[0].file : NULL;
    struct span name = span_of(file, file ? strlen(file) : 0);
    return file && !location_is_foreign(name) && !span_ends(name, SPAN("Makefile")) ? file : NULL;
}

// In the order of preference; what does not fit the cause is better than nothing.
static const char *choose(struct pattern_search *search, struct name_finder *names,
                          const struct tool *tool, enum cause cause)
{
    size_t n_common = sizeof common_patterns / sizeof *common_patterns;
    const char *const *own = tool ? tool->subjects : NULL;
    size_t n_own = tool ? tool->n_subjects : 0;
    const char *option = cause == CAUSE_CI_CONFIG ? name_finder_get(names, NAME_OPTION) : NULL;
    if (option && *option == '-') {
        return option; // what a command does not take, whatever it was run for
    }
    try_patterns(search, own, n_own, REACH_FINDING);
    if (search->found && fits(cause, tool, search->found)) {
        return search->found;
    }
    const char *unfit = search->found;
    search->found = NULL;
    try_patterns(search, own, n_own, REACH_CLOSE);
    if (search->found && fits(cause, tool, search->found)) {
        return search->found;
    }
    const char *name = named(names, kinds_of[cause].behind);
    unfit = unfit ? unfit : search->found;
    if (!name && is_of_code(cause, tool)) {
        name = first_file(names);
    }
    if (name) {
        return name;
    }
    search->found = NULL;
    try_patterns(search, common_patterns, n_common, REACH_FINDING);
    if (search->found && (!unfit || fits(cause, tool, search->found))) {
        return search->found;
    }
    name = unfit ? unfit : first_file(names);
    const char *file = !name && cause == CAUSE_CHECK ? name_finder_get(names, NAME_FILE) : NULL;
    return file && strchr(file, '/') ? file : name;
}

// The file without the full stop of the sentence that it ends.
static struct span without_full_stop(const char *name)
{
    size_t size = strlen(name);
    bool ends_sentence = size > 1 && name[size - 1] == '.' && name_is_source(name, size - 1);
    return span_of(name, size - ends_sentence);
}

// Whether it is about a server that did not do what was asked of it.
static bool is_of_server(enum cause cause)
{
    return cause == CAUSE_NETWORK || cause == CAUSE_AUTH || cause == CAUSE_RATE_LIMIT;
}

// As it is shown: within the checkout, and of a test all that other lines know of it.
static const char *shown(struct name_finder *names, const char *name)
{
    struct span span = path_in_checkout(without_full_stop(name));
    span = fuller_test(names->document, names->lines.anchor, span);
    const char *copy = arena_copy(names->arena, span.data, span.size);
    names->out_of_memory |= !copy;
    return copy;
}

static void find(struct subject *subject, struct pattern_search *search, struct name_finder *names,
                 const struct tool *tool, enum cause cause)
{
    const char *surest = named(names, kinds_of[cause].before);
    const char *own = surest && !is_of_server(cause) ? NULL : choose(search, names, tool, cause);
    own = own && !is_results_link(cause, own) ? shown(names, own) : NULL;
    struct span server =
        own && is_of_server(cause) ? name_server_of(span_of(own, strlen(own))) : span_of(NULL, 0);
    if (!surest && server.size > 0) {
        surest = arena_copy(names->arena, server.data, server.size);
        names->out_of_memory |= !surest;
    }
    subject->name = surest ? shown(names, surest) : own;
    subject->asked = surest ? own : NULL;
}

bantam_status subject_find(struct subject *subject, struct name_finder *names,
                           const struct tool *tool, enum cause cause, bantam_error *error)
{
    *subject = (struct subject){0};
    if (names->document->n_lines == 0) {
        return BANTAM_OK;
    }
    struct pattern_search search;
    bantam_status status =
        pattern_search_init(&search, names->arena, names->document, names->lines, error);
    if (status) {
        return status;
    }
    search.pairs = names->pairs;
    search.accepts = is_telling;
    find(subject, &search, names, tool, cause);
    pattern_search_release(&search);
    return search.out_of_memory || names->out_of_memory ? error_memory(error) : BANTAM_OK;
}
