// By the form of the name and by what the command is: titles that a report joins with marks are joined with blanks for most runners.
#include "triage/runner_name.h"

#include <string.h>

#include "text/span.h"
#include "text/word_list.h"
#include "triage/names.h"

// "cart › shows the total" is "cart shows the total", and a file before it is none of the titles; Gradle has "CartTest.total" for "CartTest >
// total()" and nothing simple for more. Returns how many marks there were.
static size_t join_titles(char *name, bool gradle)
{
    size_t size = 0, n_marks = 0;
    for (struct span rest = span_of(name, strlen(name)); rest.size > 0;) {
        if (!span_skip(&rest, SPAN(" › ")) && !span_skip(&rest, SPAN(" > "))) {
            name[size++] = *rest.data;
            rest = span_after(rest, 1);
        } else if (n_marks++ == 0 && name_is_source(name, size)) {
            size = 0;
        } else {
            name[size++] = gradle ? '.' : ' ';
        }
    }
    size -= gradle && span_ends(span_of(name, size), SPAN("()")) ? 2 : 0;
    name[size] = '\0';
    return n_marks;
}

// "RateTest#adds" for "adds(RateTest)", as older runners print it. Returns whether it was one.
static bool put_class_first(char *name)
{
    char *open = strchr(name, '('), told[RUNNER_NAME_MAXIMUM];
    size_t size = strlen(name);
    if (!open || open == name || name[size - 1] != ')' || open + 2 >= name + size ||
        strpbrk(name, " #")) {
        return false;
    }
    strcpy(told, name);
    size_t method = (size_t)(open - name), class = size - method - 2;
    memcpy(name, told + method + 1, class);
    name[class] = '#';
    memcpy(name + class + 1, told, method);
    name[class + 1 + method] = '\0';
    return true;
}

// "RateTest#adds" for "RateTest.adds", "RateTest::adds" and "RateTest>BaseTest.adds", of any class for "adds", and without a line behind it.
static void mark_method(char name[RUNNER_NAME_MAXIMUM])
{
    char *colon = strrchr(name, ':');
    if (colon && byte_is_digit(colon[1])) {
        *colon = '\0';
    }
    if (put_class_first(name)) {
        return;
    }
    char *dot = strrchr(name, '.'), *of = strchr(name, '>');
    if ((colon = strstr(name, "::"))) {
        *colon = '#';
        memmove(colon + 1, colon + 2, strlen(colon + 2) + 1);
        return;
    }
    if (of && dot > of) {
        *of = '#';
        memmove(of + 1, dot + 1, strlen(dot + 1) + 1);
        return;
    }
    size_t size = strlen(name);
    if (byte_is_lower(*name) && size == strcspn(name, ".#: ") && size + 2 < RUNNER_NAME_MAXIMUM) {
        memmove(name + 2, name, size + 1);
        memcpy(name, "*#", 2);
        return;
    }
    const char *class = dot;
    while (class && class > name && class[-1] != '.') {
        class --;
    }
    if (dot && byte_is_upper(*class) && byte_is_lower(dot[1])) {
        *dot = '#';
    }
}

static bool holds_one_of(const char *command, const char *const *pieces, size_t n)
{
    bool holds = false;
    for (size_t i = 0; i < n; i++) {
        holds |= strstr(command, pieces[i]) != NULL;
    }
    return holds;
}

// Of a file that stands for its test: itself where the runner takes files, its class where a file has one of its name, else nothing.
static bool name_file(char *name, const char *command)
{
    static const char *const of_files[] = {"pytest ",    "nosetests ", "cucumber ",
                                           "prove ",     "TESTS=",     "ruby ",
                                           "kpsewhich ", "ls ",        "git ls-rem"};
    static const char *const of_classes[] = {"-Dtest=", "--tests ", "testOnly *{",
                                             "FullyQualifiedName~", "phpunit"};
    char *colon = strrchr(name, ':'), *folder = strrchr(name, '/');
    if (holds_one_of(command, of_files, sizeof of_files / sizeof *of_files)) {
        return true;
    }
    if (colon && byte_is_digit(colon[1])) {
        *colon = '\0';
    }
    memmove(name, folder ? folder + 1 : name, strlen(folder ? folder + 1 : name) + 1);
    name[strcspn(name, ".")] = '\0';
    return *name && holds_one_of(command, of_classes, sizeof of_classes / sizeof *of_classes);
}

// "test_total" for "test_total[euro-12 %]": parameters are no part of what pytest looks for, only of an id.
static void drop_parameters(char *name)
{
    size_t size = strcspn(name, "[:/");
    name[name[size] == '[' ? size : strlen(name)] = '\0';
}

// Packages have paths: "example.org/shop/cart".
static bool is_test_of_go(struct span name)
{
    return word_list_begins("Test|Fuzz|Example|Benchmark", '|', name);
}

bool runner_name(char name[RUNNER_NAME_MAXIMUM], const char *command, const char *told)
{
    const char *namespace_end = strstr(command, "phpunit") ? strrchr(told, '\\') : NULL;
    told = namespace_end ? namespace_end + 1 : told; // a filter takes no '\'
    if (strlen(told) >= RUNNER_NAME_MAXIMUM) {
        return false;
    }
    strcpy(name, told);
    if (name_is_source(name, strlen(name))) {
        return name_file(name, command);
    }
    if (span_starts(span_of(command, strlen(command)), SPAN("go test ")) &&
        !is_test_of_go(span_of(name, strlen(name)))) {
        return false;
    }
    if (strstr(name, "://") && strstr(command, "\"{subject}\"")) {
        return false; // a link is no title
    }
    if (span_starts(span_of(command, strlen(command)), SPAN("pytest "))) {
        drop_parameters(name);
    }
    bool gradle = strstr(command, "--tests ");
    size_t n_marks = join_titles(name, gradle);
    if (strstr(command, "-Dtest=")) {
        mark_method(name);
    }
    // Who takes titles takes blanks among them.
    return n_marks == 0 || (strstr(command, "\"{subject}\"") && (!gradle || n_marks == 1));
}
