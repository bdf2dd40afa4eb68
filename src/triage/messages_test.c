// The shipped table: every example must be matched by its entry; damaged tables are refused with the entry's name.
#include "triage/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "triage/shipped_tables.h"

static void every_example_matches_its_entry(void **state)
{
    (void)state;
    struct messages messages;
    bantam_error error;
    bantam_status status = shipped_messages(&messages, &error);
    if (status) {
        fail_msg("%s", error.message);
    }
    assert_true(messages.n_messages >= 500);
    size_t of_cause[CAUSES] = {0};
    for (size_t i = 0; i < messages.n_messages; i++) {
        const struct message *message = messages_get(&messages, i);
        for (size_t k = 0; k < message->n_means; k++) {
            of_cause[message->means[k].cause] += message_weight(message, k) >= 2;
        }
    }
    for (size_t c = 0; c < CAUSES; c++) {
        if (of_cause[c] < 30) {
            fail_msg("only %zu messages speak for %s", of_cause[c], cause_name((enum cause)c));
        }
    }
    assert_int_equal(messages_of_exit(&messages, 139)->means[0].cause, CAUSE_CRASH);
    assert_null(messages_of_exit(&messages, 1));
    messages_release(&messages);
}

static void load_text(struct messages *messages, const char *json)
{
    bantam_error error;
    bantam_status status = messages_load(messages, json, strlen(json), &error);
    if (status) {
        fail_msg("%s", error.message);
    }
}

static bool says(const char *phrase, const char *line)
{
    char json[400];
    snprintf(json, sizeof json,
             "{\"format\":\"bantam-messages/"
             "1\",\"messages\":[{\"says\":\"%s\",\"means\":{\"test\":1}}]}",
             phrase);
    struct messages messages;
    load_text(&messages, json);
    uint32_t number;
    size_t n = messages_match(&messages, line, strlen(line), &number, 1);
    messages_release(&messages);
    return n == 1;
}

static void matching_folds_case_and_respects_borders(void **state)
{
    (void)state;
    assert_true(says("Too Many Requests", "HTTP 429 too many requests"));
    assert_true(says("rate limit", "API RATE LIMIT exceeded"));
    assert_false(says("rate limit", "generate limits"));
    assert_true(says("snapshot*", "3 snapshots failed"));
    assert_true(says("^FAIL: {name}", "   FAIL: test_x"));
    assert_false(says("^FAIL: {name}", "1 FAIL: test_x"));
    assert_true(says("\\\\*\\\\*\\\\* failed", "- adds *** FAILED ***"));
    assert_true(says("{command}: not found$", "sh: 1: eslint: not found"));
    assert_false(says("{command}: not found$", "HttpError: Not Found"));
    assert_false(says("{command}: not found$", "step.sh: 2: ./build.sh: not found"));
}

static void slots_are_taken_from_the_line(void **state)
{
    (void)state;
    struct messages messages;
    load_text(&messages, "{\"format\":\"bantam-messages/1\",\"messages\":["
                         "{\"says\":\"No module named {package}\",\"means\":{\"dependency\":2}},"
                         "{\"says\":\"exec {command} on port {n}\",\"means\":{\"network\":2}}]}");
    const char *line = "ModuleNotFoundError: No module named 'YAML.x'.", *taken;
    size_t size;
    assert_true(messages_slot(&messages, 0, SLOT_PACKAGE, line, strlen(line), &taken, &size));
    assert_int_equal(size, 6);
    assert_memory_equal(taken, "YAML.x", 6);
    assert_false(messages_slot(&messages, 0, SLOT_COMMAND, line, strlen(line), &taken, &size));
    line = "Failed to exec Example.org on port 80";
    assert_true(messages_slot(&messages, 1, SLOT_COMMAND, line, strlen(line), &taken, &size));
    assert_int_equal(size, strlen("Example.org"));
    assert_memory_equal(taken, "Example.org", size);
    messages_release(&messages);
}

static void a_consequence_needs_no_cause(void **state)
{
    (void)state;
    struct messages messages;
    load_text(&messages, "{\"format\":\"bantam-messages/1\",\"messages\":["
                         "{\"says\":\"recipe for target\",\"follows\":1},"
                         "{\"says\":\"build failed\",\"means\":{\"compile\":1}}]}");
    assert_true(messages_get(&messages, 0)->follows && messages_get(&messages, 0)->n_means == 0);
    assert_false(messages_get(&messages, 1)->follows);
    messages_release(&messages);
}

static void damaged_tables_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"", "line"},
        {"{", "line"},
        {"[]", "object should begin"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"means\":{\"test\":1}},3]}",
         "entry 2"},
        {"{\"format\":\"bantam-messages/9\",\"messages\":[]}", "bantam-messages/1"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{}]}", "entry 1"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good one\"}]}", "good one"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"means\":{\"tset\":"
         "1}}]}",
         "unknown cause \"tset\""},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"means\":{\"test\":"
         "9}}]}",
         "weight"},
        {"{\"format\":\"bantam-messages/"
         "1\",\"messages\":[{\"says\":\"abc\",\"means\":{\"test\":1}}]}",
         "literal run"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"means\":{\"test\":1},\"example\":\"another one\"}]}",
         "its own example"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "{thing}\",\"means\":{\"test\":"
         "1}}]}",
         "placeholder"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"means\":{\"test\":"
         "1},\"transient\":\"often\"}]}",
         "transient"},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"means\":{\"test\":"
         "1},\"sais\":1}]}",
         "unknown key \"sais\""},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[{\"says\":\"good "
         "one\",\"follows\":2}]}",
         "\"follows\""},
        {"{\"format\":\"bantam-messages/1\",\"messages\":[],\"exit_codes\":{\"x\":{\"test\":1}}}",
         "exit code"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct messages messages;
        bantam_error error;
        assert_int_equal(messages_load(&messages, wrong[i][0], strlen(wrong[i][0]), &error),
                         BANTAM_ERROR_INPUT);
        if (!strstr(error.message, wrong[i][1])) {
            fail_msg("%s: %s", wrong[i][0], error.message);
        }
        assert_null(messages.phrases);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_matches_its_entry),
        cmocka_unit_test(matching_folds_case_and_respects_borders),
        cmocka_unit_test(slots_are_taken_from_the_line),
        cmocka_unit_test(a_consequence_needs_no_cause),
        cmocka_unit_test(damaged_tables_are_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
