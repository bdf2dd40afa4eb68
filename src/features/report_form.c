// A rule is looked for where reports put it: as the last word, behind the place, or as a word of its own with a category.
#include "features/report_form.h"

enum {
    LINE_READ = 400, // bytes of a line that are read
    NAME_MAXIMUM = 80,
    CODE_LETTERS = 5,
    CODE_DIGITS = 5,
    COUNTING_REACH = 3, // words between a number and what it counts
    ROW_MARGIN = 3,     // blanks that set off a column
    SEVERITY_END = 20,  // bytes from a severity to the end of its line
    LINK_REACH = 60,    // bytes from the start of a row to the link that it tells of
    STATUS_DIGITS = 3,  // of HTTP
};

#define BIT(form) (1U << (form))

typedef bool span_question(struct span text, struct span part);

static bool any_of(span_question *question, struct span text, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (question(text, span_of(parts[i], strlen(parts[i])))) {
            return true;
        }
    }
    return false;
}

#define ANY_OF(question, text, parts) any_of(question, text, parts, sizeof(parts) / sizeof *(parts))

static bool is_name_byte(char byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '-' || byte == '_' ||
           byte == '/' || byte == '@' || byte == '.';
}

// The bytes up to the first blank.
static struct span first_word(struct span text)
{
    size_t size = 0;
    while (size < text.size && !byte_is_blank(text.data[size])) {
        size++;
    }
    return span_of(text.data, size);
}

// Size of "E501" or "SC2086" at the start of `text`: capitals and two or more digits, with nothing of a name behind; 0 where there is
// none.
static size_t code_size(struct span text)
{
    size_t letters = 0;
    while (letters < text.size && byte_is_upper(text.data[letters])) {
        letters++;
    }
    size_t digits = span_digits(span_after(text, letters)), size = letters + digits;
    if (letters < 1 || letters > CODE_LETTERS || digits < 2 || digits > CODE_DIGITS ||
        (size < text.size && is_name_byte(text.data[size]) && text.data[size] != '.')) {
        return 0;
    }
    return size;
}

// The form of a rule's name, whole and without brackets: of several words joined by hyphens, slashes or capitals, or of one.
static uint32_t name_form(struct span name)
{
    if (name.size < 3 || name.size > NAME_MAXIMUM) {
        return 0;
    }
    if (span_starts(name, SPAN("-W"))) {
        return BIT(FORM_RULE_FLAG);
    }
    size_t joints = 0, small = 0;
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.data[i];
        if (!is_name_byte(byte)) {
            return 0;
        }
        bool inside = i > 0 && i + 1 < name.size;
        bool capital = inside && byte_is_upper(byte) && byte_is_lower(name.data[i - 1]);
        joints += (inside && (byte == '-' || byte == '/')) || capital;
        small += byte_is_lower(byte);
    }
    bool starts = byte_is_letter(*name.data) || *name.data == '@';
    if (!starts || small * 2 < name.size || span_contains(name, SPAN("--"))) {
        return 0;
    }
    return joints > 0 ? BIT(FORM_RULE_NAME) : BIT(FORM_RULE_WORD);
}

// How far a place at the start of `text` reaches: "12:3", "src/a.c:12:3:", "a.cs(14,18):", "a.js:632"; 0 where there is none. A time of
// day is none.
static size_t place_size(struct span text)
{
    bool file = false; // a byte of a file's name came before
    for (size_t at = 0; at < text.size && !byte_is_blank(text.data[at]); at++) {
        bool mark = text.data[at] == ':' || text.data[at] == '(';
        size_t digits = mark ? span_digits(span_after(text, at + 1)) : 0;
        bool bare = at > 0 && text.data[at] == ':' && span_digits(text) == at;
        if (digits > 0 && digits < 6 && (file || bare)) {
            at += 1 + digits;
            size_t more = at < text.size && (text.data[at] == ':' || text.data[at] == ',')
                              ? span_digits(span_after(text, at + 1))
                              : 0;
            at += more ? 1 + more : 0;
            while (at < text.size && (text.data[at] == ':' || text.data[at] == ')')) {
                at++;
            }
            bool ends = at == text.size || byte_is_blank(text.data[at]);
            return ends && !(bare && more) ? at : 0;
        }
        file = file || text.data[at] == '.' || text.data[at] == '/';
    }
    return 0;
}

// The word at the end, without brackets and what ends a sentence. *set_off: it stands in brackets or in a column of its own.
static struct span last_word(struct span text, bool *set_off)
{
    while (text.size > 0 && strchr(".,;", text.data[text.size - 1])) {
        text.size--;
    }
    *set_off = false;
    if (text.size < 3) {
        return span_of(text.data, 0);
    }
    char close = text.data[text.size - 1], open = close == ']' ? '[' : close == ')' ? '(' : '\0';
    size_t end = open ? text.size - 1 : text.size, start = end;
    while (start > 0 && !byte_is_blank(text.data[start - 1]) &&
           (!open || text.data[start - 1] != open)) {
        start--;
    }
    if (open) {
        *set_off = start > 1 && text.data[start - 1] == open && byte_is_blank(text.data[start - 2]);
    } else {
        *set_off =
            start > 2 && byte_is_blank(text.data[start - 1]) && byte_is_blank(text.data[start - 2]);
    }
    return span_of(text.data + start, end - start);
}

static uint32_t end_forms(struct span text, bool placed)
{
    bool set_off;
    struct span word = last_word(text, &set_off);
    size_t severity = span_find(text, SPAN("everity: "));
    if (severity != SIZE_MAX && text.size - severity < SEVERITY_END) {
        return BIT(FORM_SEVERITY);
    }
    if (!set_off) {
        return 0;
    }
    if (code_size(word) == word.size && word.size > 0) {
        return BIT(FORM_RULE_CODE);
    }
    uint32_t form = name_form(word);
    return form == BIT(FORM_RULE_WORD) && !placed ? 0 : form;
}

// "Style/StringLiterals": capitalised names joined by a slash.
static bool is_category(struct span word)
{
    while (word.size > 0 && strchr(":,]", word.data[word.size - 1])) {
        word.size--;
    }
    size_t parts = 1;
    for (size_t i = 0; i < word.size; i++) {
        bool starts = i == 0 || word.data[i - 1] == '/';
        bool end = i + 1 == word.size || word.data[i + 1] == '/';
        char byte = word.data[i];
        if (byte == '/' ? starts || end : !byte_is_letter(byte)) {
            return false;
        }
        if (byte != '/' && starts && (!byte_is_upper(byte) || end)) {
            return false;
        }
        parts += byte == '/';
    }
    return word.size > 6 && parts > 1 && parts < 4;
}

// What stands behind the place: a severity, a code, a category.
static uint32_t label_forms(struct span rest, bool placed)
{
    static const char *const severities[] = {"error", "warning", "warn",       "info",
                                             "style", "note",    "convention", "refactor"};
    static const char *const letters[] = {"C:", "W:", "E:", "R:", "F:", "I:", "[W]", "[C]", "[E]"};
    uint32_t forms = 0;
    for (int i = 0; i < 3; i++) {
        rest = span_trim_start(rest);
        struct span word = first_word(rest);
        struct span bare = word.size > 2 && *word.data == '[' ? span_after(word, 1) : word;
        if (code_size(bare) > 0) {
            forms |= BIT(FORM_RULE_CODE);
        } else if (is_category(bare)) {
            forms |= BIT(FORM_RULE_CATEGORY);
        } else if (placed && i == 0 &&
                   (SPAN_IS_ONE_OF(word, severities) || SPAN_IS_ONE_OF(word, letters))) {
            forms |= BIT(FORM_SEVERITY);
        }
        rest = span_after(rest, word.size);
    }
    return forms;
}

static bool names_error_code(struct span text)
{
    for (size_t at; (at = span_find(text, SPAN("error"))) != SIZE_MAX;) {
        text = span_after(text, at + 5);
        if (text.size > 1 && strchr(" [", *text.data) && code_size(span_after(text, 1)) > 0) {
            return true;
        }
    }
    return false;
}

static bool counts_problems(struct span text)
{
    static const char *const nouns[] = {"problem", "problems",   "offense", "offenses",
                                        "offence", "violation",  "issue",   "violations",
                                        "issues",  "finding",    "alert",   "findings",
                                        "alerts",  "suggestion", "defect",  "defects"};
    for (size_t at = 0; at < text.size; at++) {
        struct span rest = span_after(text, at);
        size_t digits = at == 0 || !is_name_byte(text.data[at - 1]) ? span_digits(rest) : 0;
        if (digits == 0 || (digits == 1 && *rest.data == '0')) {
            continue;
        }
        rest = span_after(rest, digits);
        for (int i = 0; i < COUNTING_REACH && rest.size > 0 && byte_is_blank(*rest.data); i++) {
            rest = span_trim_start(rest);
            struct span word = first_word(rest);
            rest = span_after(rest, word.size);
            while (word.size > 0 && strchr(":,.;()", word.data[word.size - 1])) {
                word.size--;
            }
            if (SPAN_IS_ONE_OF(word, nouns)) {
                return true;
            }
        }
    }
    return false;
}

// "E   x", ">   x", "    a_test.go:12: x", "001+ x", "Failure/Error: x".
static bool is_test_row(struct span text)
{
    struct span bare = span_trim_start(text);
    size_t margin = text.size - bare.size;
    if (margin == 0 && bare.size > ROW_MARGIN + 1 && (*bare.data == 'E' || *bare.data == '>')) {
        struct span rest = span_after(bare, 1);
        return rest.size - span_trim_start(rest).size >= ROW_MARGIN;
    }
    if (margin == 0 && span_digits(bare) == 3 && bare.size > 4) {
        return (bare.data[3] == '+' || bare.data[3] == '-') && bare.data[4] == ' ';
    }
    bool go = margin >= ROW_MARGIN && span_contains(first_word(bare), SPAN("_test.go:"));
    return go || span_starts(bare, SPAN("Failure/Error:"));
}

// "1) adds": a number of one to four digits, a bracket and a name.
static bool is_numbered(struct span bare)
{
    size_t digits = span_digits(bare);
    return digits > 0 && digits < 5 && bare.size > digits + 2 && bare.data[digits] == ')' &&
           bare.data[digits + 1] == ' ' &&
           (is_name_byte(bare.data[digits + 2]) || bare.data[digits + 2] == '[');
}

// "11. x", "- x", "* x".
static bool is_item(struct span bare)
{
    static const char *const marks[] = {"* ", "- ", "• ", "✖ "};
    size_t digits = span_digits(bare);
    if (digits > 0) {
        return digits < 5 && span_starts(span_after(bare, digits), SPAN(". "));
    }
    return ANY_OF(span_starts, bare, marks);
}

// "* External link https://a failed", "[404] https://a", "404 https://a": an item, a mark or a status, and close behind it a link.
static bool lists_link(struct span bare)
{
    size_t address = span_find(bare, SPAN("://"));
    if (address == SIZE_MAX || address > LINK_REACH) {
        return false;
    }
    bool bracket = *bare.data == '[';
    struct span label = span_after(bare, bracket);
    size_t digits = span_digits(label);
    char next = label.size > digits ? label.data[digits] : '\0';
    bool status = digits == STATUS_DIGITS && next == (bracket ? ']' : ' ');
    bool marked = bracket && ((unsigned char)*label.data >= 0x80 || span_starts(label, SPAN("x]")));
    return is_item(bare) || status || marked;
}

// "____ test_adds ____", "---- tests::adds stdout ----".
static bool is_heading(struct span bare)
{
    return (span_starts(bare, SPAN("___")) && span_ends(bare, SPAN("___")) &&
            span_contains(bare, SPAN("_ "))) ||
           (span_starts(bare, SPAN("---- ")) && span_ends(bare, SPAN(" stdout ----")));
}

// "OrderTest#test_adds:", "OrderTest#test_adds [test/order_test.rb:12]:".
static bool is_method(struct span bare)
{
    struct span word = first_word(bare);
    return span_contains(word, SPAN("#test_")) && span_ends(bare, SPAN(":")) &&
           byte_is_upper(*bare.data);
}

// "OrderTest > adds FAILED", "Chrome 75.0 (Linux) Order adds FAILED"; no task of a build: "> Task :compileJava FAILED".
static bool is_row_that_failed(struct span bare)
{
    bool after = span_contains(bare, SPAN(" > ")) || span_contains(bare, SPAN(") "));
    return span_ends(bare, SPAN(" FAILED")) && after && *bare.data != '>' && *bare.data != ':';
}

// "http_SUITE:keeps_alive failed on line 40".
static bool is_suite(struct span bare)
{
    return span_contains(first_word(bare), SPAN("_SUITE:")) &&
           span_contains(bare, SPAN(" failed on line "));
}

static bool names_test(struct span bare)
{
    static const char *const starts[] = {
        "--- FAIL",    "not ok ",      "FAIL: ",     "FAIL ",
        "ERROR: test", "[FAIL",        "[ FAIL",     "[  FAILED  ]",
        "✕ ",          "✗ ",           "✘ ",         "● ",
        "× ",          "── Failure (", "── Error (", "Test Failed at "};
    static const char *const ends[] = {"... FAILED", "... FAIL", "... ERROR",
                                       "[FAIL]",     "[E]",      "*** FAILED ***"};
    static const char *const parts[] = {"***Failed",     "***Exception",   "***Timeout",
                                        "<<< FAILURE!",  "<<< ERROR!",     "]' failed (",
                                        "# Failed test", "#   Failed test"};
    bool pytest = (span_starts(bare, SPAN("FAILED ")) || span_starts(bare, SPAN("ERROR "))) &&
                  span_contains(bare, SPAN("::"));
    return pytest || is_numbered(bare) || is_heading(bare) || is_method(bare) ||
           is_row_that_failed(bare) || is_suite(bare) || ANY_OF(span_starts, bare, starts) ||
           ANY_OF(span_ends, bare, ends) || ANY_OF(span_contains, bare, parts);
}

static bool counts_tests(struct line_kind kind)
{
    uint32_t subject = BIT(KEYWORD_TEST) | BIT(KEYWORD_PASS);
    return (kind.shape & SHAPE_COUNT) && (kind.keywords & BIT(KEYWORD_FAIL)) &&
           (kind.keywords & subject);
}

uint32_t report_forms(struct span text, struct line_kind kind)
{
    text.size = text.size < LINE_READ ? text.size : LINE_READ;
    struct span bare = span_trim(text);
    size_t place = place_size(bare);
    uint32_t forms = place > 0 ? BIT(FORM_PLACE) : 0;
    forms |= end_forms(bare, place > 0) | label_forms(span_after(bare, place), place > 0);
    forms |= names_error_code(bare) ? BIT(FORM_ERROR_CODE) : 0;
    forms |= is_item(bare) ? BIT(FORM_ITEM) : 0;
    forms |= lists_link(bare) ? BIT(FORM_LINK) : 0;
    forms |= counts_problems(bare) ? BIT(FORM_PROBLEMS) : 0;
    forms |= names_test(bare) ? BIT(FORM_TEST_NAMED) : 0;
    if (is_test_row(text)) {
        forms = (forms & ~BIT(FORM_RULE_CATEGORY)) | BIT(FORM_TEST_ROW); // "Failure/Error:" is none
    }
    forms |= counts_tests(kind) ? BIT(FORM_TEST_COUNT) : 0;
    return forms;
}
