// The shipped table entry by entry, what wins, and that neither an unfilled slot nor a shell's metacharacters get through.
#include "triage/fix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "triage/fix_features.h"
#include "triage/shipped_tables.h"
#include "triage/tools.h"

static void load_shipped(struct fixes *fixes)
{
    bantam_error error;
    bantam_status status = shipped_fixes(fixes, &error);
    if (status) {
        fail_msg("%s", error.message);
    }
}

// By a ranker that nothing was learned for.
static struct fix_answer find(const struct fixes *fixes, struct fix_input input,
                              struct arena *arena)
{
    struct fix_answer answer;
    struct fix_ranker ranker;
    fix_ranker_init(&ranker, fixes);
    assert_int_equal(fix_find(&answer, &ranker, &input, arena, NULL), BANTAM_OK);
    fix_ranker_release(&ranker);
    return answer;
}

static struct fix_input input_of(enum cause cause, const char *tool, const char *kind)
{
    struct fix_input input = {.tools = {{tool, kind, 1}}, .n_tools = tool || kind};
    input.tools[0].name = tool ? tool : "another tool";
    input.probabilities[cause] = 1;
    return input;
}

static const char *const values[FIX_SLOTS] = {
    [FIX_SUBJECT] = "thing",    [FIX_FILE] = "src/a.c",     [FIX_LINE] = "12",
    [FIX_PACKAGE] = "left-pad", [FIX_HOST] = "example.org", [FIX_COMMAND] = "make all",
    [FIX_TOOL] = "sometool",    [FIX_LIMIT] = "100",        [FIX_VARIABLE] = "API_TOKEN",
    [FIX_ADDRESS] = "[::]:80"};

static bool shows_slot(const char *text)
{
    for (const char *at = text; text && (at = strchr(at, '{')); at++) {
        if (at[1] >= 'a' && at[1] <= 'z' &&
            at[1 + strspn(at + 1, "abcdefghijklmnopqrstuvwxyz")] == '}') {
            return true;
        }
    }
    return false;
}

// The first of the names between '|', in `name`; NULL where there are none.
static const char *first_of(char name[64], const char *names)
{
    if (!names) {
        return NULL;
    }
    snprintf(name, 64, "%.*s", (int)strcspn(names, "|"), names);
    return name;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

// With every subset of the slots empty but one, and with none: whatever is shown is whole.
static void no_entry_shows_an_unfilled_slot(void **state)
{
    (void)state;
    struct fixes fixes;
    load_shipped(&fixes);
    struct arena arena = ARENA_EMPTY;
    assert_true(fixes.n_entries >= 150);
    size_t of_cause[CAUSES] = {0};
    for (size_t i = 0; i < fixes.n_entries; i++) {
        const struct fix *fix = &fixes.entries[i];
        of_cause[fix->cause]++;
        size_t size = strlen(fix->text);
        for (size_t k = 0; k < i; k++) {
            const struct fix *before = &fixes.entries[k];
            if (before->cause == fix->cause && !strchr(before->text, '{') &&
                same(before->tool, fix->tool) && same(before->kind, fix->kind) &&
                same(before->says, fix->says)) {
                fail_msg("%s can't be reached: %s always fits", fix->id, before->id);
            }
        }
        if (fix->text[size - 1] != '.' ||
            strncmp(fix->id, cause_name(fix->cause), strlen(cause_name(fix->cause))) != 0) {
            fail_msg("%s: the sentence must end in '.' and the id begin with the cause", fix->id);
        }
        for (unsigned present = 0; present < 1U << FIX_SLOTS; present += 5) {
            struct line line = {.text = fix->says,
                                .size = fix->says ? (uint16_t)strlen(fix->says) : 0};
            char tool[64];
            struct fix_input input = input_of(fix->cause, first_of(tool, fix->tool), fix->kind);
            input.lines = &line;
            input.n_lines = fix->says ? 1 : 0;
            for (int slot = 0; slot < FIX_SLOTS; slot++) {
                input.slots[slot] = present >> slot & 1 ? values[slot] : NULL;
            }
            struct fix_answer answer = find(&fixes, input, &arena);
            assert_false(shows_slot(answer.text));
            assert_false(answer.text && strpbrk(answer.text, "[]") && !input.slots[FIX_ADDRESS]);
            assert_false(shows_slot(answer.reproduce));
        }
        arena_release(&arena);
    }
    for (size_t c = 0; c < CAUSES; c++) {
        struct fix_input input = input_of((enum cause)c, NULL, NULL);
        struct fix_answer answer = find(&fixes, input, &arena);
        if (of_cause[c] == 0 || !answer.id) {
            fail_msg("no fix for %s without slots", cause_name((enum cause)c));
        }
    }
    arena_release(&arena);
    fixes_release(&fixes);
}

static void the_most_specific_entry_wins(void **state)
{
    (void)state;
    struct fixes fixes;
    load_shipped(&fixes);
    struct arena arena = ARENA_EMPTY;
    struct fix_input input = input_of(CAUSE_TEST, "pytest", "test_runner");
    input.slots[FIX_SUBJECT] = "tests/test_cart.py::test_discount";
    struct fix_answer answer = find(&fixes, input, &arena);
    assert_string_equal(answer.id, "test/pytest");
    assert_string_equal(answer.reproduce, "pytest tests/test_cart.py::test_discount");
    input.slots[FIX_SUBJECT] = NULL;
    assert_string_equal(find(&fixes, input, &arena).id, "test/pytest-any");
    input.tools[0].name = "a runner that no entry knows";
    assert_string_equal(find(&fixes, input, &arena).id, "test/any");
    input.probabilities[CAUSE_TEST] = 0.4F;
    input.probabilities[CAUSE_TIMEOUT] = 0.6F;
    assert_string_equal(find(&fixes, input, &arena).id, "timeout/test");
    for (size_t c = 0; c < CAUSES; c++) {
        input.probabilities[c] = 1.0F / CAUSES;
    }
    assert_null(find(&fixes, input, &arena).id); // any would be a guess
    arena_release(&arena);
    fixes_release(&fixes);
}

// A name that no tool has would keep its entry from ever being told.
static void entries_name_tools_of_the_table(void **state)
{
    (void)state;
    struct fixes fixes;
    struct tools *tools;
    load_shipped(&fixes);
    assert_int_equal(tools_new(&tools, NULL), BANTAM_OK);
    for (size_t i = 0; i < fixes.n_entries; i++) {
        const char *names = fixes.entries[i].tool;
        while (names && *names) {
            char name[64];
            const struct tool *tool = tool_table_find(tools_table(tools), first_of(name, names));
            if (!tool || strcmp(tool->name, name) != 0) {
                fail_msg("%s: no tool of models/ci-tools is called %s", fixes.entries[i].id, name);
            }
            names += strlen(name) + (names[strlen(name)] == '|');
        }
    }
    tools_free(&tools);
    fixes_release(&fixes);
}

static void any_of_the_tools_that_an_entry_names_will_do(void **state)
{
    (void)state;
    static const char table[] =
        "{\"format\":\"bantam-fixes/1\",\"fixes\":["
        "{\"id\":\"auth/image\",\"cause\":\"auth\",\"tool\":\"docker|podman\","
        "\"text\":\"Log in.\",\"reproduce\":\"{tool} login\"},"
        "{\"id\":\"auth/any\",\"cause\":\"auth\",\"text\":\"Check it.\"}]}";
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table, sizeof table - 1, NULL), BANTAM_OK);
    struct fix_input input = input_of(CAUSE_AUTH, "podman", "container");
    struct fix_answer answer = find(&fixes, input, &arena);
    assert_string_equal(answer.id, "auth/image");
    assert_string_equal(answer.reason, "tool podman");
    assert_string_equal(answer.reproduce, "podman login");
    input.tools[0].name = "pod";
    assert_string_equal(find(&fixes, input, &arena).id, "auth/any");
    input.tools[0].name = "docker|podman";
    assert_string_equal(find(&fixes, input, &arena).id, "auth/any");
    arena_release(&arena);
    fixes_release(&fixes);
}

static const char table_with_phrases[] =
    "{\"format\":\"bantam-fixes/1\",\"fixes\":["
    "{\"id\":\"resource/any\",\"cause\":\"resource\",\"text\":\"Give it more.\"},"
    "{\"id\":\"resource/gcc\",\"cause\":\"resource\",\"tool\":\"gcc\",\"text\":\"Fewer jobs.\"},"
    "{\"id\":\"resource/disk\",\"cause\":\"resource\",\"says\":\"No space left|disk quota\","
    "\"text\":\"Free the disk.\"}]}";

static void what_the_finding_says_comes_before_its_tool(void **state)
{
    (void)state;
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table_with_phrases, strlen(table_with_phrases), NULL),
                     BANTAM_OK);
    static const char said[] = "cc1: error writing: over your disk quota";
    struct line lines[] = {{.text = "make: all", .size = 9},
                           {.text = said, .size = sizeof said - 1}};
    struct fix_input input = input_of(CAUSE_RESOURCE, "gcc", "compiler");
    input.lines = lines;
    input.n_lines = 2;
    struct fix_answer answer = find(&fixes, input, &arena);
    assert_string_equal(answer.id, "resource/disk");
    assert_string_equal(answer.reason, "says \"disk quota\"");
    input.n_lines = 1;
    answer = find(&fixes, input, &arena);
    assert_string_equal(answer.id, "resource/gcc");
    assert_string_equal(answer.reason, "tool gcc");
    input.tools[0].name = "tar";
    assert_string_equal(find(&fixes, input, &arena).reason, "cause resource");
    arena_release(&arena);
    fixes_release(&fixes);
}

static void a_piece_in_brackets_is_told_where_it_can_be_and_says_something_new(void **state)
{
    (void)state;
    static const char table[] = "{\"format\":\"bantam-fixes/1\",\"fixes\":["
                                "{\"id\":\"network/any\",\"cause\":\"network\",\"text\":"
                                "\"Try again[ to get {package}][ from {host}[.\"}]}";
    char right[sizeof table];
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table, sizeof table - 1, NULL), BANTAM_ERROR_INPUT);
    memcpy(right, table, sizeof table);
    *strrchr(right, '[') = ']';
    assert_int_equal(fixes_load(&fixes, right, sizeof right - 1, NULL), BANTAM_OK);
    struct fix_input input = input_of(CAUSE_NETWORK, NULL, NULL);
    assert_string_equal(find(&fixes, input, &arena).text, "Try again.");
    input.slots[FIX_HOST] = "example.org";
    assert_string_equal(find(&fixes, input, &arena).text, "Try again from example.org.");
    input.slots[FIX_PACKAGE] = "example.org/pad";
    assert_string_equal(find(&fixes, input, &arena).text, "Try again to get example.org/pad.");
    arena_release(&arena);
    fixes_release(&fixes);
}

static void a_host_is_asked_as_the_finding_did(void **state)
{
    (void)state;
    static const char table[] = "{\"format\":\"bantam-fixes/1\",\"fixes\":["
                                "{\"id\":\"network/any\",\"cause\":\"network\",\"text\":"
                                "\"Wait for {host}.\",\"reproduce\":\"curl https://{host}/\"}]}";
    static const struct {
        const char *line, *text, *reproduce;
    } logs[] = {
        {"connect ECONNREFUSED db.example.org:5432", "Wait for db.example.org:5432.",
         "curl https://db.example.org:5432/"},
        {"GET http://db.example.org:8081/a", "Wait for db.example.org:8081.",
         "curl http://db.example.org:8081/"},
        {"connect to db.example.org port 8081 after 2 ms", "Wait for db.example.org:8081.",
         "curl https://db.example.org:8081/"},
        {"\"db.example.org\" (192.0.2.1), port 5432 failed", "Wait for db.example.org:5432.",
         "curl https://db.example.org:5432/"},
        {"connect to db.example.org port 443", "Wait for db.example.org.",
         "curl https://db.example.org/"},
        {"db.example.org:12:5: no", "Wait for db.example.org.", "curl https://db.example.org/"},
        {"db.example.org", "Wait for db.example.org.", "curl https://db.example.org/"},
    };
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table, sizeof table - 1, NULL), BANTAM_OK);
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
        struct line line = {.text = logs[i].line, .size = (uint16_t)strlen(logs[i].line)};
        struct fix_input input = input_of(CAUSE_NETWORK, NULL, NULL);
        input.slots[FIX_HOST] = "db.example.org";
        input.lines = &line;
        input.n_lines = 1;
        struct fix_answer answer = find(&fixes, input, &arena);
        assert_string_equal(answer.text, logs[i].text);
        assert_string_equal(answer.reproduce, logs[i].reproduce);
    }
    arena_release(&arena);
    fixes_release(&fixes);
}

static void a_link_to_a_host_that_is_named_says_nothing_new(void **state)
{
    (void)state;
    static const char table[] = "{\"format\":\"bantam-fixes/1\",\"fixes\":["
                                "{\"id\":\"network/any\",\"cause\":\"network\",\"text\":"
                                "\"Wait for {host}[ and {subject}].\"}]}";
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table, sizeof table - 1, NULL), BANTAM_OK);
    struct fix_input input = input_of(CAUSE_NETWORK, NULL, NULL);
    input.slots[FIX_HOST] = "example.org";
    input.slots[FIX_SUBJECT] = "https://example.org/";
    assert_string_equal(find(&fixes, input, &arena).text, "Wait for example.org.");
    input.slots[FIX_SUBJECT] = "https://example.org";
    assert_string_equal(find(&fixes, input, &arena).text, "Wait for example.org.");
    input.slots[FIX_SUBJECT] = "https://example.org/a";
    assert_string_equal(find(&fixes, input, &arena).text,
                        "Wait for example.org and https://example.org/a.");
    input.slots[FIX_SUBJECT] = "://";
    assert_string_equal(find(&fixes, input, &arena).text, "Wait for example.org.");
    arena_release(&arena);
    fixes_release(&fixes);
}

static void a_file_that_is_told_already_gets_its_line(void **state)
{
    (void)state;
    static const char table[] = "{\"format\":\"bantam-fixes/1\",\"fixes\":["
                                "{\"id\":\"test/any\",\"cause\":\"test\",\"text\":"
                                "\"Run {subject}[ ({file}:{line})] alone.\"}]}";
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table, sizeof table - 1, NULL), BANTAM_OK);
    struct fix_input input = input_of(CAUSE_TEST, NULL, NULL);
    input.slots[FIX_SUBJECT] = input.slots[FIX_FILE] = "t/bench.v";
    assert_string_equal(find(&fixes, input, &arena).text, "Run t/bench.v alone.");
    input.slots[FIX_LINE] = "11";
    assert_string_equal(find(&fixes, input, &arena).text, "Run t/bench.v:11 alone.");
    input.slots[FIX_SUBJECT] = "t/bench.v of all";
    assert_string_equal(find(&fixes, input, &arena).text, "Run t/bench.v of all alone.");
    input.slots[FIX_SUBJECT] = "counts";
    assert_string_equal(find(&fixes, input, &arena).text, "Run counts (t/bench.v:11) alone.");
    arena_release(&arena);
    fixes_release(&fixes);
}

static void hostile_values_stay_out_of_commands(void **state)
{
    (void)state;
    struct fixes fixes;
    load_shipped(&fixes);
    struct arena arena = ARENA_EMPTY;
    struct fix_input input = input_of(CAUSE_TEST, "pytest", "test_runner");
    input.slots[FIX_SUBJECT] = "x; rm -rf ~";
    assert_string_equal(find(&fixes, input, &arena).reproduce, "pytest 'x; rm -rf ~'");
    input.slots[FIX_SUBJECT] = "x'; rm -rf ~; '";
    assert_null(find(&fixes, input, &arena).reproduce);
    input.slots[FIX_SUBJECT] = "TestCart.test_total";
    assert_string_equal(find(&fixes, input, &arena).reproduce, "pytest -k test_total");
    input.slots[FIX_SUBJECT] = "--collect-only";
    assert_null(find(&fixes, input, &arena).reproduce);
    input.slots[FIX_SUBJECT] = "escape \033[31m";
    assert_string_equal(find(&fixes, input, &arena).id, "test/pytest-any");
    input.tools[0].name = "jest";
    input.slots[FIX_SUBJECT] = "adds two numbers";
    assert_string_equal(find(&fixes, input, &arena).reproduce, "npx jest -t \"adds two numbers\"");
    input.slots[FIX_SUBJECT] = "costs $(reboot)";
    assert_null(find(&fixes, input, &arena).reproduce);
    arena_release(&arena);
    fixes_release(&fixes);
}

static void commands_come_out_whole_or_not_at_all(void **state)
{
    (void)state;
    static const char table[] =
        "{\"format\":\"bantam-fixes/1\",\"fixes\":["
        "{\"id\":\"lint/any\",\"cause\":\"lint\",\"text\":\"Correct it[, at {file}:{line}].\","
        "\"reproduce\":\"lint '*.{css,scss}' {subject}\"}]}";
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table, sizeof table - 1, NULL), BANTAM_OK);
    struct fix_input input = input_of(CAUSE_LINT, NULL, NULL);
    input.slots[FIX_SUBJECT] = "a.css";
    assert_string_equal(find(&fixes, input, &arena).reproduce, "lint '*.{css,scss}' a.css");
    input.slots[FIX_SUBJECT] = "Cart > adds two"; // titles, no name for this command
    assert_null(find(&fixes, input, &arena).reproduce);
    input.slots[FIX_FILE] = "a3.css"; // has the line's digit
    input.slots[FIX_LINE] = "3";
    assert_string_equal(find(&fixes, input, &arena).text, "Correct it, at a3.css:3.");
    arena_release(&arena);
    fixes_release(&fixes);
}

static void a_model_weighs_features_and_entries_and_keeps_silent(void **state)
{
    (void)state;
    struct fixes fixes;
    struct arena arena = ARENA_EMPTY;
    assert_int_equal(fixes_load(&fixes, table_with_phrases, strlen(table_with_phrases), NULL),
                     BANTAM_OK);
    float weights[FIX_FEATURES] = {[FIX_NAMES_TOOL] = 1}, least = 0.6F, own[2] = {0, 2};
    uint32_t hashes[2] = {7, fix_hash(&fixes.entries[0])}; // resource/any
    bantam_tensor tensors[] = {
        {"weights", BANTAM_F32, 1, {FIX_FEATURES}, weights, sizeof weights},
        {"least", BANTAM_F32, 1, {1}, &least, sizeof least},
        {"entries", BANTAM_U32, 1, {2}, hashes, sizeof hashes},
        {"own", BANTAM_F32, 1, {2}, own, sizeof own},
    };
    bantam_metadata metadata[] = {{"kind", "ci-fixes"}, {"features", FIX_FEATURES_VERSION}};
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, 1 << 16);
    assert_int_equal(bantam_model_write(&bytes, tensors, 4, metadata, 2, NULL), BANTAM_OK);
    bantam_model *file;
    assert_int_equal(bantam_model_load(&file, bytes.data, bytes.size, NULL), BANTAM_OK);
    struct fix_ranker ranker;
    fix_ranker_init(&ranker, &fixes);
    assert_int_equal(fix_ranker_use(&ranker, file, NULL), BANTAM_OK);
    struct fix_input input = input_of(CAUSE_RESOURCE, "gcc", "compiler");
    struct fix_answer answer; // 1 for the tool against 2 of the entry's own: p = 1 / (1 + e^-1)
    assert_int_equal(fix_find(&answer, &ranker, &input, &arena, NULL), BANTAM_OK);
    assert_string_equal(answer.id, "resource/any");
    assert_true(answer.probability > 0.731F && answer.probability < 0.732F);
    ranker.least = 0.74F;
    assert_int_equal(fix_find(&answer, &ranker, &input, &arena, NULL), BANTAM_OK);
    assert_null(answer.id);
    fix_ranker_release(&ranker);
    bantam_model_free(&file);
    bantam_buffer_release(&bytes);
    arena_release(&arena);
    fixes_release(&fixes);
}

static void damaged_tables_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"", "line"},
        {"[]", "an object should begin"},
        {"{\"fixes\":[]}", "bantam-fixes/1"},
        {"{\"format\":\"bantam-fixes/1\",\"fixes\":[{\"id\":\"a\",\"id\":\"b\"}]}", "twice"},
        {"{\"format\":\"bantam-fixes/1\",\"fixes\":[]} x", "line 1"},
        {"{\"format\":\"bantam-fixes/1\",\"fixes\":[{}]}", "entry 1"},
        {"{\"format\":\"bantam-fixes/1\",\"fixes\":[3]}", "an object should begin"},
        {"{\"format\":\"bantam-fixes/"
         "1\",\"fixes\":[{\"id\":\"a\",\"cause\":\"tset\",\"text\":\"x.\"}]}",
         "(a)"},
        {"{\"format\":\"bantam-fixes/1\",\"fixes\":[{\"id\":\"a\",\"cause\":\"test\",\"text\":\"Do "
         "{thing}.\"}]}",
         "unknown slot"},
        {"{\"format\":\"bantam-fixes/"
         "1\",\"fixes\":[{\"id\":\"a\",\"cause\":\"test\",\"text\":\"x.\","
         "\"texr\":\"y\"}]}",
         "texr"},
        {"{\"format\":\"bantam-fixes/"
         "1\",\"fixes\":[{\"id\":\"a\",\"cause\":\"test\",\"text\":\"x.\"},"
         "{\"id\":\"a\",\"cause\":\"test\",\"text\":\"y.\"}]}",
         "id of entry 1"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fixes fixes;
        bantam_error error;
        assert_int_equal(fixes_load(&fixes, wrong[i][0], strlen(wrong[i][0]), &error),
                         BANTAM_ERROR_INPUT);
        if (!strstr(error.message, wrong[i][1])) {
            fail_msg("%s: %s", wrong[i][0], error.message);
        }
        assert_null(fixes.entries);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_entry_shows_an_unfilled_slot),
        cmocka_unit_test(the_most_specific_entry_wins),
        cmocka_unit_test(entries_name_tools_of_the_table),
        cmocka_unit_test(any_of_the_tools_that_an_entry_names_will_do),
        cmocka_unit_test(what_the_finding_says_comes_before_its_tool),
        cmocka_unit_test(a_piece_in_brackets_is_told_where_it_can_be_and_says_something_new),
        cmocka_unit_test(a_host_is_asked_as_the_finding_did),
        cmocka_unit_test(a_link_to_a_host_that_is_named_says_nothing_new),
        cmocka_unit_test(a_file_that_is_told_already_gets_its_line),
        cmocka_unit_test(hostile_values_stay_out_of_commands),
        cmocka_unit_test(commands_come_out_whole_or_not_at_all),
        cmocka_unit_test(a_model_weighs_features_and_entries_and_keeps_silent),
        cmocka_unit_test(damaged_tables_are_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
