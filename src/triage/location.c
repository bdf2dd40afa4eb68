// Places in files, as compilers, interpreters, test runners and linters write them.
//
// In: a finding's lines, hostile. Out: file, line, column. A small scanner by hand, one pass a line: an anchor such as ":12",
// "(12" or " line 12" is found and the file name is read backwards from it. A name without a folder is completed from the log.
#include "triage/names.h"
#include "triage/tools.h"

#include <string.h>

#include "text/span.h"
#include "text/visible.h"
#include "triage/checkout.h"
#include "triage/fuller_path.h"
#include "triage/location_rows.h"
#include "triage/names.h"
#include "triage/report_row.h"
#include "triage/stack_trace.h"

enum {
    LINES_LIMIT = 400, // of a finding
    HEAD_REACH = 40,   // lines before a finding that may tell which file its rows are of,
    TAIL_REACH = 8,    // and after it that may tell where it is: the rest of a report's entry
    TYPESET_REACH =
        2000,          // lines before a finding in which TeX may have opened the file that it is in
    LINE_LIMIT = 1024, // bytes of a line
    FOUND_MAXIMUM = 64,
};

struct place {
    struct span file;
    int64_t line, column;
    bool foreign; // of a library or the system
    bool warns;   // of a line that only warns
};

struct places {
    struct place items[FOUND_MAXIMUM];
    size_t count;
    struct span carried; // a line that was a file name alone, for "12:5 error …" below it
    struct span typeset; // the file that TeX opened last, for "l.12 …" below it
    bool warns;          // the line at hand
    const struct document *document;
    uint32_t first; // line of the finding
};

static struct span line_text(const struct document *document, uint32_t at)
{
    const struct line *line = &document->lines[at];
    return span_of(line->text, line->size < LINE_LIMIT ? line->size : LINE_LIMIT);
}

static bool is_path_byte(char byte)
{
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (unsigned char)byte >= 0x80 || (byte && strchr("_-./\\@+~$", byte));
}

// "CartTest.addsRow": a word that goes on with a capital letter is a method's, and no suffix.
static bool is_method(struct span suffix)
{
    for (size_t i = 1; i < suffix.size; i++) {
        if (byte_is_lower(suffix.data[i - 1]) && byte_is_upper(suffix.data[i])) {
            return true;
        }
    }
    return false;
}

// Has a suffix of letters or is called as build files are; hosts and version numbers are none.
static bool looks_like_file(struct span file)
{
    static const char *const names[] = {"Makefile",    "Dockerfile",  "Gemfile",
                                        "Rakefile",    "Podfile",     "Fastfile",
                                        "Jenkinsfile", "Vagrantfile", ".env"};
    static const char *const hosts[] = {".com", ".org",   ".net",  ".io",      ".local",
                                        ".dev", ".cloud", ".test", ".internal"};
    bool has_folder = memchr(file.data, '/', file.size) || memchr(file.data, '\\', file.size);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (span_ends(file, span_of(names[i], strlen(names[i])))) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        if (!has_folder && span_ends(file, span_of(hosts[i], strlen(hosts[i])))) {
            return false;
        }
    }
    size_t dot = file.size;
    while (dot > 0 && file.data[dot - 1] != '.' && file.data[dot - 1] != '/' &&
           file.data[dot - 1] != '\\') {
        dot--;
    }
    size_t suffix = file.size - dot;
    return dot >= 2 && file.data[dot - 1] == '.' && suffix >= 1 && suffix <= 10 &&
           byte_is_letter(file.data[dot]) && file.data[dot - 2] != '.' &&
           file.data[dot - 2] != '/' && !is_method(span_after(file, dot));
}

static bool is_bracket(char byte)
{
    return byte == '[' || byte == ']' || byte == '(' || byte == ')';
}

// Where a folder's name in brackets begins that ends before `end`, as routes have them: "app/[slug]", "app/(shop)", "app/[[...slug]]".
// `end` itself where none does.
static size_t before_brackets(struct span text, size_t end)
{
    size_t start = end;
    while (start > 0 && text.data[start - 1] != '/' &&
           (is_path_byte(text.data[start - 1]) || is_bracket(text.data[start - 1]))) {
        start--;
    }
    bool encloses = start > 0 && start + 2 < end && text.data[start - 1] == '/' &&
                    (text.data[start] == '[' || text.data[start] == '(');
    return encloses ? start : end;
}

// The path that ends before `end`; empty where none does.
static struct span path_before(struct span text, size_t end)
{
    size_t start = end;
    while (start > 0) {
        char before = text.data[start - 1];
        size_t next = is_path_byte(before)             ? start - 1
                      : before == ']' || before == ')' ? before_brackets(text, start)
                                                       : start;
        if (next == start) {
            break;
        }
        start = next;
    }
    if (start >= 2 && text.data[start - 1] == ':' && byte_is_letter(text.data[start - 2]) &&
        start < end && (text.data[start] == '\\' || text.data[start] == '/') &&
        (start == 2 || !is_path_byte(text.data[start - 3]))) {
        start -= 2; // a drive
    } else if (start >= 1 && text.data[start - 1] == ':' && start + 1 < end &&
               text.data[start] == '/' && text.data[start + 1] == '/') {
        struct span scheme = span_of(text.data, start),
                    path = span_of(text.data + start, end - start);
        size_t root = span_find(path, SPAN("/./")); // webpack://project/./src/cart.js
        if (span_ends(scheme, SPAN("file:"))) {
            start += 2;
        } else if (root < path.size && (span_ends(scheme, SPAN("webpack:")) ||
                                        span_ends(scheme, SPAN("webpack-internal:")))) {
            start += root + 3;
        } else {
            return span_of(text.data, 0); // a URL
        }
    }
    while (start < end &&
           (text.data[start] == '-' || text.data[start] == '+' ||
            (text.data[start] == '@' && start + 1 < end && text.data[start + 1] != '/'))) {
        start++;
    }
    struct span file = span_of(text.data + start, end - start);
    return file.size >= 3 && looks_like_file(file) ? file : span_of(text.data, 0);
}

bool location_is_foreign(struct span file)
{
    static const char *const parts[] = {"node_modules/",
                                        "site-packages/",
                                        "dist-packages/",
                                        "/usr/",
                                        "CMakeFiles/",
                                        ".cargo/registry",
                                        "/rustc/",
                                        "src/libstd/",
                                        "src/libcore/",
                                        "src/liballoc/",
                                        "src/libpanic_unwind/",
                                        "src/libtest/",
                                        "libcore/result.rs",
                                        "libcore/option.rs",
                                        "vendor/",
                                        "/lib/python",
                                        "/gems/",
                                        "/opt/",
                                        "/go/pkg/mod/",
                                        "/usr/local/go",
                                        "/.rvm/",
                                        "/site_perl/",
                                        "/rbenv/",
                                        "java/lang/",
                                        "node:",
                                        "/root/.cache",
                                        "/hostedtoolcache/",
                                        "/Cellar/",
                                        "crypto/bio/",
                                        "go/src/testing/",
                                        "bootstrap_node.js",
                                        "module.js",
                                        "loader.js",
                                        "/libsanitizer/",
                                        "../sysdeps/",
                                        "\\MSBuild\\",
                                        "../csu/",
                                        "stdlib/./",
                                        "ice-9/",
                                        "__main__.py",
                                        "container_linux.go",
                                        "process_linux.go",
                                        "standard_init_linux.go",
                                        "nptl/"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (span_contains(file, span_of(parts[i], strlen(parts[i])))) {
            return true;
        }
    }
    bool of_node = span_starts(file, SPAN("internal/")) && span_ends(file, SPAN(".js"));
    return of_node || name_is_step_script(file.data, file.size);
}

// Where a Makefile has the recipe that failed, not what failed: "make: *** [Makefile:9: check] Error 1".
static bool is_wrapped_failure(struct span text)
{
    return span_contains(text, span_of("*** [", 5));
}

// A frame of the JDK or of a runner for it, whose source nobody has at hand: "at org.junit.Assert.fail(Assert.java:88)".
static bool is_foreign_frame(struct span text)
{
    static const char *const packages[] = {"at java.",
                                           "at javax.",
                                           "at sun.",
                                           "at jdk.",
                                           "at org.junit.",
                                           "at org.testng.",
                                           "at scala.",
                                           "at org.apache.maven.",
                                           "at org.gradle.",
                                           "at java.base/",
                                           "at clojure.",
                                           "at groovy.",
                                           "at kotlin.",
                                           "at org.mockito.",
                                           "at sbt.",
                                           "at org.scalatest.",
                                           "at kotlinx.",
                                           "at junit.",
                                           "at worker.org.gradle.",
                                           "at org.assertj.",
                                           "at org.springframework.",
                                           "at org.hamcrest.",
                                           "at org.codehaus.plexus.classworlds.",
                                           "at com.sun.",
                                           "at com.intellij.rt."};
    text = without_level(text);
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        if (span_starts(text, span_of(packages[i], strlen(packages[i])))) {
            return true;
        }
    }
    return false;
}

static void add_place(struct places *places, struct span file, int64_t line, int64_t column,
                      bool foreign)
{
    if (file.size == 0 || line < 1 || places->count == FOUND_MAXIMUM) {
        return;
    }
    for (size_t i = 0; i < places->count; i++) {
        const struct place *known = &places->items[i];
        if (span_equal(known->file, file) && known->line == line &&
            (known->column == column || column < 0)) {
            return;
        }
    }
    // A checkout may itself lie where systems keep what is theirs: below /opt, below /usr/src.
    places->items[places->count++] =
        (struct place){file, line, column > 0 ? column : -1,
                       foreign || location_is_foreign(path_in_checkout(file)), places->warns};
}

// A number of 1 to 7 digits at *at, which moves behind it; -1 where there is none.
static int64_t read_number(struct span text, size_t *at)
{
    int32_t value;
    struct span rest = span_after(text, *at);
    size_t digits = span_digits(rest);
    if (digits == 0 || digits > 7 || !span_number(rest, &value)) {
        return -1;
    }
    *at += digits;
    return value;
}

// A path that needs no suffix to be one, for what stands around it: 'File "src/dune", line', "in /w/bin/tool on line", and "bin/tool:12:in"
// of Ruby's. Empty where there is none.
static struct span plain_file(struct span text, size_t end)
{
    size_t start = end;
    while (start > 0 && is_path_byte(text.data[start - 1])) {
        start--;
    }
    struct span path = span_of(text.data + start, end - start), before = span_of(text.data, start);
    struct span behind = span_after(text, end);
    size_t digits = behind.size > 0 ? span_digits(span_after(behind, 1)) : 0;
    bool has_folder = path.size > 2 && memchr(path.data, '/', path.size);
    bool ruby = digits > 0 && *behind.data == ':' &&
                span_starts(span_after(behind, 1 + digits), SPAN(":in "));
    bool fits =
        (span_ends(before, SPAN("File \"")) && span_starts(behind, SPAN("\""))) ||
        (has_folder &&
         (ruby || (span_ends(before, SPAN(" in ")) &&
                   (span_starts(behind, SPAN(" on line ")) || span_starts(behind, SPAN(":"))))));
    return fits && path.size > 0 ? path : span_of(text.data, 0);
}

// "base.box(3px)" and "io.read(9)" call something; "Cart.java(88)" is a place.
static bool is_call(struct span file)
{
    static const char *const others[] = {".h", ".hpp", ".vb", ".fs", ".css", ".scss", "proj"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (span_ends(file, span_of(others[i], strlen(others[i])))) {
            return false;
        }
    }
    return !memchr(file.data, '/', file.size) && !memchr(file.data, '\\', file.size) &&
           !name_is_source(file.data, file.size);
}

// ":1.6" behind "com.example.gradle.plugin" is the version of a package; behind "parse.y", and of "parse.y:12.5-8:", a place.
static bool is_version(struct span file, struct span behind)
{
    size_t whole = span_digits(behind), part = span_digits(span_after(behind, whole + 1));
    struct span rest = span_after(behind, whole + 1 + part);
    bool dotted = whole > 0 && part > 0 && behind.data[whole] == '.';
    return dotted && !memchr(file.data, '/', file.size) && !name_is_source(file.data, file.size) &&
           !span_starts(rest, SPAN("-")) && !span_starts(rest, SPAN(":"));
}

// ":12", ":12:5", ":[12,5]", ":(12,5)", "(12", "(12,5", "[12, 5" behind a path that ends at `at`.
static void read_punctuated(struct places *places, struct span text, size_t at, bool foreign)
{
    struct span file = path_before(text, at);
    file = file.size ? file : plain_file(text, at);
    if (file.size == 0 || (text.data[at] == '(' && is_call(file)) ||
        is_version(file, span_after(text, at + 1))) {
        return;
    }
    size_t next = at + 1;
    next += next < text.size && (text.data[next] == '[' || text.data[next] == '(');
    int64_t line = read_number(text, &next), column = -1;
    if (text.data[at] == '[') {
        struct span rest = span_after(text, next);
        if (!span_skip(&rest, SPAN(", "))) {
            return; // "cart.server[4711]: …" is a process
        }
        next = (size_t)(rest.data - text.data);
        column = read_number(text, &next);
    } else if (next + 1 < text.size && (text.data[next] == ':' || text.data[next] == ',' ||
                                        (text.data[at] == ':' && text.data[next] == '.'))) {
        next++;
        column = read_number(text, &next);
    }
    add_place(places, file, line, column, foreign);
}

// The path behind "line 3 of " or "line 3 in "; empty where there is none.
static struct span file_behind(struct span text, size_t at)
{
    struct span rest = span_after(text, at);
    if (!span_skip(&rest, SPAN(" of ")) && !span_skip(&rest, SPAN(" in "))) {
        return span_of(text.data, 0);
    }
    size_t end = (size_t)(rest.data - text.data);
    while (end < text.size && is_path_byte(text.data[end])) {
        end++;
    }
    end -= end > 0 && text.data[end - 1] == '.';
    return path_before(text, end);
}

// "manifests/init.pp - ERROR: …": the path that the row begins with; empty where there is none.
static struct span file_of_row(struct span text)
{
    struct span row = span_trim(text);
    size_t end = span_find(row, SPAN(" - "));
    return end == SIZE_MAX ? span_of(row.data, 0) : path_before(row, end);
}

// "line 12" before or behind a path: 'File "x", line 12', "x, line 12", "in x on line 12", "x: line 12", "at x line 12"; "lines 12-14".
static void read_worded(struct places *places, struct span text, size_t at, bool foreign)
{
    size_t number = at + (text.data[at + 4] == 's' ? 6 : 5), end = at;
    int64_t line = read_number(text, &number);
    for (int drop = 0; drop < 2; drop++) {
        while (end > 0 &&
               (byte_is_blank(text.data[end - 1]) || strchr("\",:'(", text.data[end - 1]))) {
            end--;
        }
        if (drop == 0 && end >= 3 && memcmp(text.data + end - 3, " on", 3) == 0) {
            end -= 3;
        }
    }
    struct span file = path_before(text, end);
    file = file.size ? file : plain_file(text, end);
    file = file.size ? file : file_behind(text, number);
    add_place(places, file.size ? file : file_of_row(text), line, -1, foreign);
}

// "scss/cart.scss 5:26  root stylesheet".
static void read_spaced(struct places *places, struct span whole, bool foreign)
{
    size_t end = 0, at;
    while (end < whole.size && is_path_byte(whole.data[end])) {
        end++;
    }
    at = end;
    while (at < whole.size && byte_is_blank(whole.data[at])) {
        at++;
    }
    struct span file = path_before(whole, end);
    int64_t line = at > end && file.size > 0 ? read_number(whole, &at) : -1;
    if (line > 0 && at < whole.size && whole.data[at++] == ':') {
        int64_t column = read_number(whole, &at);
        if (column >= 0 && (at == whole.size || byte_is_blank(whole.data[at]))) {
            add_place(places, file, line, column, foreign);
        }
    }
}

// Ruby tells first which line loads the file that has the error: "test/a.rb:2:in `require': lib/b.rb:16: syntax error".
static void put_loaded_first(struct places *places, struct span text, size_t before)
{
    if (places->count < before + 2 || !span_contains(text, SPAN(":in `require"))) {
        return;
    }
    struct place loading = places->items[before];
    places->items[before] = places->items[before + 1];
    places->items[before + 1] = loading;
}

// The file that TeX tells it opens, "(./chapters/one.tex", and does not close on the line; empty where there is none.
static struct span typeset_file(struct span text)
{
    struct span opened = span_of(text.data, 0);
    for (size_t at = 0; at + 1 < text.size; at++) {
        size_t end = at + 1;
        while (text.data[at] == '(' && end < text.size && is_path_byte(text.data[end])) {
            end++;
        }
        struct span file = span_of(text.data + at + 1, end - at - 1);
        bool closes = end < text.size && text.data[end] == ')';
        if (span_ends(file, SPAN(".tex")) && !closes) {
            (void)span_skip(&file, SPAN("./"));
            opened = file;
        }
    }
    return opened;
}

// The file that TeX opened last before a finding, above what its packages tell of themselves; empty where there is none.
static struct span typeset_before(const struct document *document, uint32_t first)
{
    for (uint32_t at = first; at-- > 0 && first - at <= TYPESET_REACH;) {
        struct span file = typeset_file(line_text(document, at));
        if (file.size > 0 || document->lines[at].section != document->lines[first].section) {
            return file;
        }
    }
    return span_of("", 0);
}

// Where TeX stands in the file that it opened last: "l.12 \\undefined".
static void read_typeset(struct places *places, struct span text)
{
    struct span file = typeset_file(text), rest = text;
    size_t next = 0;
    places->typeset = file.size > 0 ? file : places->typeset;
    if (!span_skip(&rest, SPAN("l."))) {
        return;
    }
    int64_t line = read_number(rest, &next);
    if (line > 0 && (next == rest.size || byte_is_blank(rest.data[next]))) {
        file = places->typeset.size > 0 ? places->typeset
                                        : typeset_before(places->document, places->first);
        add_place(places, file, line, -1, false);
    }
}

// Whether a line says of itself that it only warns: "a.c:3: warning: x", "12:5  warning  x", "a.py:5:1 - warning: x".
static bool only_warns(struct span text)
{
    static const char *const words[] = {": warning", "[WARNING]", " - warning", "| WARNING"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (span_contains(text, span_of(words[i], strlen(words[i])))) {
            return true;
        }
    }
    return row_tells(text, SPAN("warning "));
}

// The file that a heading's rows are of; empty where the line is none.
static struct span heading_file(struct span whole)
{
    struct span heading = location_heading(whole);
    size_t end = (size_t)(heading.data - whole.data) + heading.size;
    return heading.size > 0 && path_before(whole, end).size == heading.size
               ? heading
               : span_of(whole.data, 0);
}

static void read_line(struct places *places, struct span text)
{
    if (is_foreign_frame(text)) {
        return;
    }
    bool foreign = is_wrapped_failure(text);
    struct span whole = span_trim(text);
    size_t before = places->count;
    places->warns = only_warns(text);
    read_typeset(places, text);
    int64_t line, column;
    if (places->carried.size > 0 && location_row(whole, &line, &column)) {
        add_place(places, places->carried, line, column, foreign);
        return;
    }
    struct span heading = heading_file(whole);
    if (heading.size > 0) {
        places->carried = heading;
        return;
    }
    read_spaced(places, whole, foreign);
    for (size_t at = 1; at + 1 < text.size; at++) {
        char byte = text.data[at], next = text.data[at + 1];
        if ((byte == ':' || byte == '(' || (byte == '[' && byte_is_digit(next))) &&
            (byte_is_digit(next) || next == '[' || (next == '(' && byte == ':'))) {
            read_punctuated(places, text, at, foreign);
        } else if (byte == 'l' && (span_starts(span_after(text, at), SPAN("line ")) ||
                                   span_starts(span_after(text, at), SPAN("lines ")))) {
            read_worded(places, text, at, foreign);
        }
    }
    put_loaded_first(places, text, before);
}

static bool give(bantam_location *out, struct arena *arena, const struct place *place,
                 const struct document *document, uint32_t near)
{
    char shown[LINE_LIMIT * 3];
    struct span file = path_in_checkout(place->file);
    file = place->foreign ? file : fuller_path(document, near, file);
    span_skip(&file, SPAN("./"));
    size_t n = text_visible_utf8(shown, sizeof shown, file.data, file.size);
    *out = (bantam_location){arena_copy(arena, shown, n), place->line, place->column};
    return out->file != NULL;
}

// "src/lib.rs" and "./src/lib.rs" are one file: whether the last one stands among the `n` before.
static bool is_repeated(const bantam_location *locations, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (locations[i].line == locations[n].line && locations[i].column == locations[n].column &&
            strcmp(locations[i].file, locations[n].file) == 0) {
            return true;
        }
    }
    return false;
}

// The same place as one of a library that is told with its folders: "In JsonFile.php line 347:".
static bool is_short_for_foreign(const struct places *places, const struct place *place)
{
    for (size_t i = 0; i < places->count && !memchr(place->file.data, '/', place->file.size); i++) {
        const struct place *other = &places->items[i];
        size_t longer = other->file.size;
        if (other->foreign && other->line == place->line && longer > place->file.size &&
            other->file.data[longer - place->file.size - 1] == '/' &&
            span_ends(other->file, place->file)) {
            return true;
        }
    }
    return false;
}

// A finding may begin inside the rows of a file: its heading stands above them, with no empty
// line between. Empty where there is none.
static struct span heading_before(const struct document *document, uint32_t first)
{
    for (uint32_t at = first; at-- > 0 && first - at <= HEAD_REACH;) {
        struct span whole = span_trim(line_text(document, at));
        if (whole.size == 0 || document->lines[at].section != document->lines[first].section ||
            document->lines[at].flags & LINE_MARKER) {
            break;
        }
        struct span heading = heading_file(whole);
        if (heading.size > 0) {
            return heading;
        }
    }
    return span_of("", 0);
}

// Where a finding's own lines name no place, the indented or framed rest of its paragraph may: "Severity: High" and, two lines on,
// "   Location: a.py:6:11". Where make was told to run the tool is none.
static void read_tail(struct places *places, const struct document *document, uint32_t last)
{
    for (uint32_t at = last + 1;
         places->count == 0 && at < document->n_lines && at - last <= TAIL_REACH; at++) {
        struct span text = line_text(document, at);
        bool goes_on =
            text.size > 0 && (byte_is_blank(*text.data) || (unsigned char)*text.data >= 0x80);
        if (!goes_on || document->lines[at].section != document->lines[last].section ||
            document->lines[at].flags & LINE_MARKER) {
            return;
        }
        read_line(places, text);
        if (places->count > 0 && places->items[0].foreign) {
            places->count = 0;
        }
    }
}

size_t locations_find(bantam_location locations[LOCATIONS_MAXIMUM], struct arena *arena,
                      const struct document *document, struct finding_lines lines)
{
    struct places places = {.document = document, .first = lines.first};
    places.carried = heading_before(document, lines.first);
    for (uint32_t at = lines.first;
         at <= lines.last && at < document->n_lines && at - lines.first < LINES_LIMIT; at++) {
        read_line(&places, line_text(document, at));
    }
    read_tail(&places, document, lines.last);
    for (size_t i = 0; i < places.count; i++) {
        places.items[i].foreign |= is_short_for_foreign(&places, &places.items[i]);
    }
    size_t n = 0;
    for (int rank = 0; rank < 3; rank++) {
        for (size_t i = 0; i < places.count && n < LOCATIONS_MAXIMUM; i++) {
            const struct place *place = &places.items[i];
            if (rank == (place->foreign ? 2 : place->warns)) {
                n += give(&locations[n], arena, place, document, lines.anchor) &&
                     !is_repeated(locations, n);
            }
        }
    }
    return n;
}
