// A message's placeholder is closer to the fault than the subject, the subject closer than nothing.
#include "triage/fix_slots.h"

#include <string.h>

#include "base/error.h"
#include "text/section.h"
#include "text/span.h"
#include "triage/checkout.h"
#include "triage/command_words.h"
#include "triage/look_around.h"
#include "triage/names.h"

enum {
    COMMAND_MAXIMUM = 160,
    REMOTE_AWAY = 400, // lines above that may tell where a checkout came from
};

// The command of the innermost section that tells one; "" for none.
static const struct section *section_with_command(const struct document *document, uint32_t anchor)
{
    int32_t at = anchor < document->n_lines ? document->lines[anchor].section : -1;
    while (at >= 0 && document->sections[at].command_size == 0) {
        at = document->sections[at].parent;
    }
    return at >= 0 ? &document->sections[at] : NULL;
}

// Not the first line of one that goes on below: "docker run -v $PWD:/src cart \", "bash -c '", "if make; then".
static bool is_whole(struct span command)
{
    static const char *const ends[] = {"\\", "|", "&&", "(", "{", " then", " do"};
    char quote = '\0';
    for (size_t i = 0; i < command.size; i++) {
        char byte = command.data[i];
        if (byte == '\\' && quote != '\'') {
            i++;
        } else if (byte == quote) {
            quote = '\0';
        } else if (!quote && (byte == '"' || byte == '\'')) {
            quote = byte;
        }
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (span_ends(command, span_of(ends[i], strlen(ends[i])))) {
            return false;
        }
    }
    return !quote;
}

// Whether it only sets up a shell, ends it or looks around.
static bool tells_nothing(struct span command)
{
    return command_sets_up_shell(command) || command_looks_around(command) ||
           span_equal(command, SPAN("exit")) || span_starts(command, SPAN("exit "));
}

// Whether a person can run it on a machine of their own and learns from it: not an action of the CI system's, nor the script that it
// writes for a step.
static bool is_runnable(struct span command)
{
    bool goes_on = span_contains(command, SPAN("&")) || span_contains(command, SPAN(";")) ||
                   span_contains(command, SPAN("|"));
    return command_action(command).size == 0 && is_whole(command) &&
           (goes_on || !tells_nothing(command)) && !name_is_step_script(command.data, command.size);
}

static const char *package_or_null(const char *text)
{
    return text && name_is_package(text, strlen(text)) ? text : NULL;
}

// Bytes of the name in what a registry takes: "cart_kit" of "cart_kit-0.3.0-py3-none-any.whl"; 0: the text is no such archive.
static size_t name_of_archive(struct span text)
{
    static const char *const suffixes[] = {".whl", ".tar.gz", ".tgz", ".gem", ".crate"};
    bool is_archive = false;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        is_archive |= span_ends(text, span_of(suffixes[i], strlen(suffixes[i])));
    }
    for (size_t at = 1; is_archive && at + 1 < text.size; at++) {
        if (text.data[at] == '-' && byte_is_digit(text.data[at + 1])) {
            return at;
        }
    }
    return 0;
}

// As an index lists the project of a wheel, whose name has '_' for each '-'.
static void name_as_listed(char *name, struct span archive)
{
    for (; span_ends(archive, SPAN(".whl")) && *name; name++) {
        *name = *name == '_' ? '-' : *name;
    }
}

// The package that a subject names, without its version: "left-pad" of "left-pad@1.3.0", of "left-pad==1.3.0" and of an archive of it.
static bantam_status package_of_subject(const char **package, const char *subject,
                                        struct arena *arena, bantam_error *error)
{
    *package = NULL;
    if (!package_or_null(subject)) {
        return BANTAM_OK;
    }
    struct span whole = span_of(subject, strlen(subject));
    size_t size = name_of_archive(whole);
    char *name = arena_copy(arena, subject, size ? size : 1 + strcspn(subject + 1, "@=<>~^ "));
    if (!name) {
        return error_memory(error);
    }
    name_as_listed(name, whole);
    *package = name;
    return BANTAM_OK;
}

// Where a Makefile has the recipe that failed, not what failed: "make: *** [Makefile:9: check] Error 1".
static bool is_failed_recipe(struct span file, const struct document *document,
                             struct finding_lines lines)
{
    bool makefile = span_ends(file, SPAN("Makefile"));
    for (uint32_t at = lines.first; makefile && at <= lines.last && at < document->n_lines; at++) {
        struct span text = line_span(&document->lines[at]);
        size_t recipe = span_find(text, SPAN("*** ["));
        if ((recipe != SIZE_MAX && span_starts(span_after(text, recipe + 5), file)) ||
            (span_starts(text, file) && span_contains(text, SPAN(": recipe for target ")))) {
            return true;
        }
    }
    return false;
}

// Of the project's own places the first in the file that is known to be at fault; `any`: else the first.
static const bantam_location *choose_place(const bantam_location *locations, size_t n,
                                           const struct document *document,
                                           struct finding_lines lines, const char *known, bool any)
{
    const bantam_location *first = NULL;
    for (size_t i = 0; i < n; i++) {
        struct span file = span_of(locations[i].file, strlen(locations[i].file));
        if (location_is_foreign(file) || is_failed_recipe(file, document, lines)) {
            continue;
        }
        if (known && strstr(known, locations[i].file)) {
            return &locations[i];
        }
        first = first ? first : &locations[i];
    }
    return any ? first : NULL;
}

// The subject as reports head it: "test_empty" of "tests/test_cart.py::test_empty".
static struct span title_of(const char *subject)
{
    struct span whole = span_of(subject, strlen(subject)), title = whole;
    for (size_t at; (at = span_find(title, SPAN("::"))) != SIZE_MAX;) {
        title = span_after(title, at + 2);
    }
    return title.size > 0 ? title : whole;
}

// The finding from the line on that heads the subject, where that stands above the line to read first: of several failed tests each has
// places of its own.
static struct finding_lines lines_of_subject(const struct document *document,
                                             struct finding_lines lines, const char *subject)
{
    struct span title = title_of(subject);
    for (uint32_t at = lines.anchor + 1; at-- > lines.first;) {
        struct span text = line_span(&document->lines[at]);
        if (span_contains(text, title)) {
            lines.first = at;
            return lines;
        }
    }
    return lines;
}

// Bytes of the file's name, without folders and what it ends in, where the subject holds it: 8 of "tests/CartTest.php" for "CartTest::testTotal".
static size_t named_in(const char *subject, const char *file)
{
    const char *slash = strrchr(file, '/'), *stem = slash ? slash + 1 : file;
    struct span name = span_of(stem, strcspn(stem, "."));
    return span_contains(span_of(subject, strlen(subject)), name) ? name.size : 0;
}

// "test/cart_test.rb", "spec/cart.js", "src/CartTest.java"
static bool is_of_tests(const char *file)
{
    return strcasestr(file, "test") || strcasestr(file, "spec");
}

// The place whose file the subject names, which is the test's own and not where an error was raised; else the first, of tests where the
// program runs some.
static const bantam_location *place_of_test(const bantam_location *locations, size_t n,
                                            const bantam_location *first, const char *subject,
                                            bool runs_tests)
{
    const bantam_location *named = NULL, *of_tests = NULL;
    size_t most = 0;
    for (size_t i = 0; first && i < n; i++) {
        const char *file = locations[i].file;
        size_t size = named_in(subject, file);
        if (location_is_foreign(span_of(file, strlen(file)))) {
            continue;
        }
        if (size > most) {
            most = size;
            named = &locations[i];
        }
        of_tests = !of_tests && runs_tests && is_of_tests(file) ? &locations[i] : of_tests;
    }
    return named ? named : of_tests ? of_tests : first;
}

static bool runs_tests(const struct fix_input *input)
{
    const struct fix_tool *tool = input->tools;
    return input->n_tools > 0 && tool->kind && strcmp(tool->kind, "test_runner") == 0;
}

// Of the finding, or of the lines just above it: some compilers print the place first and the message lines below. Else of those
// below, where a report goes on.
static bantam_status fill_place(struct fix_input *input, const struct fix_finding *finding,
                                struct arena *arena, bantam_error *error)
{
    enum {
        AWAY = 8
    };
    const struct document *document = finding->names->document;
    const struct finding_lines own = finding->names->lines;
    struct finding_lines around[] = {own, own};
    around[0].last = own.anchor;
    around[0].first -= own.first < AWAY ? own.first : AWAY;
    around[1].last += AWAY;
    const char **slots = input->slots;
    bool is_id = finding->subject && strstr(finding->subject, "::");
    const char *known = is_id ? finding->subject : slots[FIX_FILE];
    bantam_location others[LOCATIONS_MAXIMUM];
    const bantam_location *place = NULL;
    if (finding->subject && !slots[FIX_FILE]) {
        struct finding_lines from = lines_of_subject(document, own, finding->subject);
        size_t n = locations_find(others, arena, document, from);
        place = place_of_test(others, n, choose_place(others, n, document, own, known, true),
                              finding->subject, runs_tests(input));
    }
    place =
        place ? place
              : choose_place(finding->locations, finding->n_locations, document, own, known, true);
    for (size_t i = 0; i < 2 && !place; i++) {
        size_t n = locations_find(others, arena, document, around[i]);
        place = choose_place(others, n, document, around[i], known, !known);
    }
    if (!place) {
        return BANTAM_OK;
    }
    slots[FIX_FILE] = place->file;
    if (place->line > 0 &&
        !(slots[FIX_LINE] = arena_format(arena, "%lld", (long long)place->line))) {
        return error_memory(error);
    }
    return BANTAM_OK;
}

// "../*.deb" stands for files, and none of them is known.
static bool is_glob(const char *file)
{
    return strpbrk(file, "*?") != NULL;
}

// Whether a subject is a file rather than a test, a package or a sentence.
static bool is_file(const char *subject)
{
    const char *dot = subject ? strrchr(subject, '.') : NULL;
    return dot && dot > subject && dot[1] >= 'a' && dot[1] <= 'z' && strlen(dot) <= 7 &&
           !strpbrk(subject, " :") && !strchr(dot, '/') && !is_glob(subject);
}

// Of what runs tests, a name with a dot is a class and its method: "org.example.RateTest.adds".
static bool is_test(const struct fix_input *input, const char *subject)
{
    return runs_tests(input) && !strchr(subject, '/') && !name_is_source(subject, strlen(subject));
}

// What is known beside what the lines name, which is found when a fix asks for it.
static bantam_status fill_known(struct fix_input *input, const char *const *told,
                                const struct fix_finding *finding, struct arena *arena,
                                bantam_error *error)
{
    const char **slots = input->slots;
    const char *of_subject, *package = package_or_null(told[SLOT_PACKAGE]);
    bantam_status status = package_of_subject(&of_subject, finding->subject, arena, error);
    slots[FIX_SUBJECT] = finding->subject;
    slots[FIX_PACKAGE] = package ? package : of_subject;
    input->program = told[SLOT_COMMAND] ? told[SLOT_COMMAND] : package;
    slots[FIX_LIMIT] = told[SLOT_LIMIT];
    const char *file = told[SLOT_FILE] && !is_glob(told[SLOT_FILE]) ? told[SLOT_FILE] : NULL;
    slots[FIX_FILE] = file ? path_in_checkout(span_of(file, strlen(file))).data
                      : is_file(finding->subject) && !is_test(input, finding->subject)
                          ? finding->subject
                          : NULL;
    return status;
}

// The host behind "://" of a command of the tool's: "example.org" of "$ hg clone https://me@example.org/pad"; empty where there is none.
static struct span remote_of(struct span text, struct span tool)
{
    size_t at = span_find(text, tool), scheme = span_find(text, SPAN("://"));
    struct span behind = at == SIZE_MAX ? span_of(NULL, 0) : span_after(text, at + tool.size);
    bool opens = at == 0 || (at != SIZE_MAX && at >= 2 && text.data[at - 1] == ' ' &&
                             strchr("$+", text.data[at - 2]));
    if (!opens || scheme == SIZE_MAX || scheme < at || !span_starts(behind, SPAN(" "))) {
        return span_of(NULL, 0);
    }
    return name_server_of(text);
}

// Where a checkout came from, in which a later step fails without a word of it. Git's is what the CI system itself checks out.
static bantam_status fill_remote(struct fix_input *input, const struct document *document,
                                 uint32_t anchor, struct arena *arena, bantam_error *error)
{
    const struct fix_tool *tool = input->tools;
    bool has_remote = input->n_tools > 0 && tool->kind && strcmp(tool->kind, "vcs") == 0 &&
                      strcmp(tool->name, "git") != 0;
    for (uint32_t at = anchor + 1; has_remote && at-- > 0 && anchor - at < REMOTE_AWAY;) {
        struct span text = line_span(&document->lines[at]);
        struct span host = remote_of(text, span_of(tool->name, strlen(tool->name)));
        if (host.size > 0) {
            input->slots[FIX_HOST] = arena_copy(arena, host.data, host.size);
            return input->slots[FIX_HOST] ? BANTAM_OK : error_memory(error);
        }
    }
    return BANTAM_OK;
}

static bantam_status take_tools(struct fix_input *input, const struct tool_ranking *ranking,
                                struct arena *arena, bantam_error *error)
{
    for (; input->n_tools < FIX_TOOLS && input->n_tools < ranking->count; input->n_tools++) {
        const struct ranked_tool *tool = &ranking->items[input->n_tools];
        const char *name = arena_copy_string(arena, tool->name);
        if (!name) {
            return error_memory(error);
        }
        input->tools[input->n_tools] =
            (struct fix_tool){name, tool_kind_name(tool->kind), tool->probability};
    }
    return BANTAM_OK;
}

bantam_status fix_slots_fill(struct fix_input *input, const struct cause_answer *cause,
                             const struct fix_finding *finding, struct arena *arena,
                             bantam_error *error)
{
    const struct document *document = finding->names->document;
    const struct finding_lines lines = finding->names->lines;
    *input = (struct fix_input){.lines = document->lines + lines.first,
                                .n_lines = lines.last - lines.first + 1,
                                .anchor = lines.anchor - lines.first,
                                .names = finding->names};
    memcpy(input->probabilities, cause->probabilities, sizeof input->probabilities);
    const char **slots = input->slots;
    bantam_status status = take_tools(input, finding->tools, arena, error);
    slots[FIX_TOOL] = input->n_tools > 0 ? input->tools[0].name : NULL;
    status = status ? status : fill_known(input, cause->slots, finding, arena, error);
    status = status ? status : fill_place(input, finding, arena, error);
    status = status ? status : fill_remote(input, document, lines.anchor, arena, error);
    const struct section *section = section_with_command(document, lines.anchor);
    if (!status && section && section->command_size <= COMMAND_MAXIMUM &&
        is_runnable(section_command(section))) {
        slots[FIX_COMMAND] = arena_copy(arena, section->command, section->command_size);
        status = slots[FIX_COMMAND] ? BANTAM_OK : error_memory(error);
    }
    return status;
}
