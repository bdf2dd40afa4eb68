// What a subject says of the package that a fix is about.
#include "triage/fix_slots.h"

#include <string.h>

#include "text/document_fixture.h"
#include "triage/names.h"

static void check(const char *subject, const char *package)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    read_bytes(&document, "error: it was refused", 21);
    struct name_finder names = {.document = &document, .lines = {0, 0, 0}, .arena = &arena};
    struct tool_ranking tools = {0};
    struct cause_answer cause = {0};
    struct fix_finding finding = {.names = &names, .tools = &tools, .subject = subject};
    struct fix_input input;
    assert_int_equal(fix_slots_fill(&input, &cause, &finding, &arena, NULL), BANTAM_OK);
    if (package) {
        assert_string_equal(input.slots[FIX_PACKAGE], package);
    } else {
        assert_null(input.slots[FIX_PACKAGE]);
    }
    arena_release(&arena);
    document_release(&document);
}

static void a_package_has_no_version(void **state)
{
    (void)state;
    check("left-pad@1.3.0", "left-pad");
    check("@acme/pad@2.0", "@acme/pad");
    check("left-pad==1.3.0", "left-pad");
    check("left-pad", "left-pad");
    check("a sentence", NULL);
    check(NULL, NULL);
}

// What a message of a line near it says stands for no one file where it is a glob.
static void a_glob_is_no_file(void **state)
{
    (void)state;
    const char *const files[] = {"../cart.deb", "../*.deb"};
    for (size_t i = 0; i < 2; i++) {
        struct document document;
        struct arena arena = ARENA_EMPTY;
        read_bytes(&document, "error: it was refused", 21);
        struct name_finder names = {.document = &document, .lines = {0, 0, 0}, .arena = &arena};
        struct tool_ranking tools = {0};
        struct cause_answer cause = {.slots = {[SLOT_FILE] = files[i]}};
        struct fix_finding finding = {.names = &names, .tools = &tools};
        struct fix_input input;
        assert_int_equal(fix_slots_fill(&input, &cause, &finding, &arena, NULL), BANTAM_OK);
        assert_int_equal(input.slots[FIX_FILE] != NULL, i == 0);
        arena_release(&arena);
        document_release(&document);
    }
}

static void an_archive_holds_a_package(void **state)
{
    (void)state;
    check("cart_kit-0.3.0-py3-none-any.whl", "cart-kit");
    check("cart-kit-0.3.0.tar.gz", "cart-kit");
    check("cart_kit-0.3.0.gem", "cart_kit");
    check("notes.whl", "notes.whl");
    check("-1.whl", NULL);
}

// `log` with a finding in its fourth line, in a step that runs `command`.
static void check_command(const char *log, const char *command)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    read_bytes(&document, log, strlen(log));
    struct name_finder names = {.document = &document, .lines = {3, 3, 3}, .arena = &arena};
    struct tool_ranking tools = {0};
    struct cause_answer cause = {0};
    struct fix_finding finding = {.names = &names, .tools = &tools};
    struct fix_input input;
    assert_int_equal(fix_slots_fill(&input, &cause, &finding, &arena, NULL), BANTAM_OK);
    if (command) {
        assert_string_equal(input.slots[FIX_COMMAND], command);
    } else {
        assert_null(input.slots[FIX_COMMAND]);
    }
    arena_release(&arena);
    document_release(&document);
}

static void an_action_is_no_command(void **state)
{
    (void)state;
    check_command("##[group]Run make test\nshell: sh\n##[endgroup]\n##[error]it was refused\n",
                  "make test");
    check_command("##[group]Run acme/tidy@v1\nwith:\n##[endgroup]\n##[error]it was refused\n",
                  NULL);
}

static void a_command_that_goes_on_is_none(void **state)
{
    (void)state;
    check_command("$ docker run -v $PWD:/src cart \\\n  make\na\nit was refused\n", NULL);
    check_command("$ . venv/bin/activate\na\nb\nit was refused\n", NULL);
    check_command("+ exit 0\na\nb\nit was refused\n", NULL);
    check_command("$ cd src && make\na\nb\nit was refused\n", "cd src && make");
    check_command("$ /usr/bin/bash --norc /w/_temp/8d1c.sh\na\nb\nit was refused\n", NULL);
    check_command("$ bash -c \"\nmake\n\"\nit was refused\n", NULL);
    check_command("$ bash -c 'make \"all\"'\na\nb\nit was refused\n", "bash -c 'make \"all\"'");
}

static void check_remote(const char *log)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    read_bytes(&document, log, strlen(log));
    struct name_finder names = {.document = &document, .lines = {2, 2, 2}, .arena = &arena};
    struct ranked_tool tool = {.name = "hg", .kind = TOOL_VCS};
    struct tool_ranking tools = {.items = &tool, .count = 1};
    struct cause_answer cause = {0};
    struct fix_finding finding = {.names = &names, .tools = &tools};
    struct fix_input input;
    assert_int_equal(fix_slots_fill(&input, &cause, &finding, &arena, NULL), BANTAM_OK);
    assert_string_equal(input.slots[FIX_HOST], "src.example.org");
    tool.name = "git";
    assert_int_equal(fix_slots_fill(&input, &cause, &finding, &arena, NULL), BANTAM_OK);
    assert_null(input.slots[FIX_HOST]);
    arena_release(&arena);
    document_release(&document);
}

static void a_checkout_came_from_somewhere(void **state)
{
    (void)state;
    check_remote("$ hg clone https://me:x@src.example.org:81/ pad\n"
                 "$ git clone https://git.example.org/a\n"
                 "abort: unknown revision 'v2'");
    check_remote("$ hg clone https://me:p@ss@src.example.org/pad\n\nabort: unknown revision 'v2'");
    check_remote("$ hg clone https://src.example.org/pad # of me@example.org\n\nabort: no");
}

// Of what runs tests, the test's own place, which stands below the one that raised the error.
static void a_place_is_of_the_test(void **state)
{
    (void)state;
    static const char log[] = "1) totals are rounded\nNoMethodError: no price\n"
                              "  lib/shop/base.rb:22:in `price'\n  test/shop/all.rb:7:in `run'\n";
    struct document document;
    struct arena arena = ARENA_EMPTY;
    read_bytes(&document, log, sizeof log - 1);
    struct name_finder names = {.document = &document, .lines = {0, 3, 1}, .arena = &arena};
    struct ranked_tool tool = {.name = "minitest", .kind = TOOL_TEST_RUNNER, .probability = 1};
    struct tool_ranking tools = {.items = &tool, .count = 1};
    struct cause_answer cause = {0};
    struct fix_finding finding = {
        .names = &names, .tools = &tools, .subject = "totals are rounded"};
    struct fix_input input;
    assert_int_equal(fix_slots_fill(&input, &cause, &finding, &arena, NULL), BANTAM_OK);
    assert_string_equal(input.slots[FIX_FILE], "test/shop/all.rb");
    assert_string_equal(input.slots[FIX_LINE], "7");
    arena_release(&arena);
    document_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_has_no_version),
        cmocka_unit_test(an_action_is_no_command),
        cmocka_unit_test(a_command_that_goes_on_is_none),
        cmocka_unit_test(a_checkout_came_from_somewhere),
        cmocka_unit_test(a_glob_is_no_file),
        cmocka_unit_test(an_archive_holds_a_package),
        cmocka_unit_test(a_place_is_of_the_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
