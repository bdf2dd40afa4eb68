// Tables that were read from JSON, frozen and thawed answer as they did; bundles whose arrays do not fit together are refused.
#include "triage/shipped_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const char messages_json[] =
    "{\"format\":\"bantam-messages/1\",\"exit_codes\":{\"139\":{\"crash\":2}},\"messages\":["
    "{\"says\":\"No module named {package}\",\"means\":{\"dependency\":2,\"test\":0.5},"
    "\"example\":\"No module named x\",\"transient\":\"no\"},"
    "{\"says\":\"Too many requests\",\"means\":{\"rate_limit\":3}}]}";
static const char fixes_json[] =
    "{\"format\":\"bantam-fixes/1\",\"fixes\":["
    "{\"id\":\"test/a\",\"cause\":\"test\",\"tool\":\"a\",\"text\":\"Run {subject}.\","
    "\"reproduce\":\"a {subject}\"},"
    "{\"id\":\"lint\",\"cause\":\"lint\",\"text\":\"Mend it.\"}]}";
static const char tools_json[] =
    "{\"tools\":[{\"name\":\"a\",\"kind\":\"test_runner\",\"aliases\":[\"aa\"],"
    "\"commands\":[\"a\",\"run a\"],\"signs\":[\"^a failed: {n}\",\"by tool a\"],"
    "\"subjects\":[\"a (?<subject>x)\"],\"causes\":{\"test\":3,\"crash\":1},"
    "\"examples\":[\"a failed: 3\"]},"
    "{\"name\":\"b\",\"kind\":\"linter\",\"shown_as\":\"bb\",\"signs\":[\"style of b\"]}]}";

struct sample {
    struct messages messages;
    struct fixes fixes;
    struct tool_table tools;
};

static void load(struct sample *sample)
{
    bantam_error error;
    assert_int_equal(messages_load(&sample->messages, messages_json, strlen(messages_json), &error),
                     BANTAM_OK);
    assert_int_equal(fixes_load(&sample->fixes, fixes_json, strlen(fixes_json), &error), BANTAM_OK);
    assert_int_equal(tool_table_init(&sample->tools, &error), BANTAM_OK);
    assert_int_equal(
        tool_table_add(&sample->tools, "tools", tools_json, strlen(tools_json), &error), BANTAM_OK);
    assert_int_equal(tool_table_build(&sample->tools, &error), BANTAM_OK);
}

static void release(struct sample *sample)
{
    messages_release(&sample->messages);
    fixes_release(&sample->fixes);
    tool_table_release(&sample->tools);
}

static void freeze(const struct sample *sample, bantam_buffer *out)
{
    struct bundle_writer writer = {0};
    struct arena arena = ARENA_EMPTY;
    bantam_buffer tool_texts, fix_texts;
    bantam_buffer_init(&tool_texts, 1 << 20);
    bantam_buffer_init(&fix_texts, 1 << 20);
    bantam_buffer_init(out, 1 << 20);
    assert_int_equal(phrase_set_share_literals(sample->messages.phrases, NULL), BANTAM_OK);
    assert_int_equal(phrase_set_share_literals(sample->tools.signs, NULL), BANTAM_OK);
    messages_freeze(&sample->messages, &writer);
    assert_true(fixes_freeze(&sample->fixes, &writer, &fix_texts, &arena));
    assert_true(tool_table_freeze(&sample->tools, &writer, &tool_texts, &arena));
    bundle_write(&writer, out);
    assert_false(out->failed);
    bantam_buffer_release(&tool_texts);
    bantam_buffer_release(&fix_texts);
    arena_release(&arena);
}

static void messages_are_the_same(void **state)
{
    (void)state;
    struct sample sample;
    load(&sample);
    bantam_buffer bytes;
    freeze(&sample, &bytes);
    release(&sample);

    struct bundle bundle;
    struct messages messages;
    assert_int_equal(bundle_open(&bundle, bytes.data, bytes.size, NULL), BANTAM_OK);
    assert_int_equal(messages_thaw(&messages, &bundle, NULL), BANTAM_OK);
    assert_int_equal(messages.n_messages, 2);
    const struct message *message = messages_get(&messages, 0);
    assert_int_equal(message->n_means, 2);
    assert_int_equal(message->means[1].cause, CAUSE_TEST);
    assert_true(message_weight(message, 1) > 0.49F && message_weight(message, 1) < 0.51F);
    assert_int_equal(message->transient, TRANSIENT_NO);
    assert_int_equal(messages_of_exit(&messages, 139)->means[0].cause, CAUSE_CRASH);

    const char *line = "E: no module named yaml, too many requests", *taken;
    uint32_t numbers[4];
    size_t size;
    assert_int_equal(messages_match(&messages, line, strlen(line), numbers, 4), 2);
    assert_true(messages_slot(&messages, 0, SLOT_PACKAGE, line, strlen(line), &taken, &size));
    assert_memory_equal(taken, "yaml", size);
    messages_release(&messages);
    bantam_buffer_release(&bytes);
}

static void fixes_are_the_same(void **state)
{
    (void)state;
    struct sample sample;
    load(&sample);
    bantam_buffer bytes;
    freeze(&sample, &bytes);
    release(&sample);

    struct bundle bundle;
    struct fixes fixes;
    assert_int_equal(bundle_open(&bundle, bytes.data, bytes.size, NULL), BANTAM_OK);
    assert_int_equal(fixes_thaw(&fixes, &bundle, NULL), BANTAM_OK);
    assert_int_equal(fixes.n_entries, 2);
    assert_string_equal(fixes.entries[0].id, "test/a");
    assert_string_equal(fixes.entries[0].tool, "a");
    assert_null(fixes.entries[0].kind);
    assert_string_equal(fixes.entries[0].text, "Run {subject}.");
    assert_string_equal(fixes.entries[0].reproduce, "a {subject}");
    assert_int_equal(fixes.entries[1].cause, CAUSE_LINT);
    assert_null(fixes.entries[1].reproduce);
    fixes_release(&fixes);
    bantam_buffer_release(&bytes);
}

static void tools_are_the_same(void **state)
{
    (void)state;
    struct sample sample;
    load(&sample);
    bantam_buffer bytes;
    freeze(&sample, &bytes);

    struct bundle bundle;
    struct tool_table table;
    assert_int_equal(bundle_open(&bundle, bytes.data, bytes.size, NULL), BANTAM_OK);
    assert_int_equal(tool_table_thaw(&table, &bundle, NULL), BANTAM_OK);
    assert_int_equal(table.n_tools, 2);
    const struct tool *tool = tool_table_find(&table, "a");
    assert_int_equal(tool->kind, TOOL_TEST_RUNNER);
    assert_int_equal(tool->n_names, 1);
    assert_string_equal(tool->names[0], "aa");
    assert_string_equal(tool->subjects[0], "a (?<subject>x)");
    assert_int_equal(tool->n_examples, 0);
    assert_string_equal(tool->causes[1].cause, "crash");
    assert_true(tool->causes[0].weight > 0.74F && tool->causes[0].weight < 0.76F);
    assert_string_equal(table.tools[1].shown, "bb");
    assert_int_equal(table.n_commands, 2);
    assert_string_equal(table.commands[1].text, "run a");
    assert_int_equal(table.commands[1].n_words, 2);
    assert_int_equal(table.n_signs, 3);
    assert_int_equal(table.tool_of_sign[2], 1);
    bantam_buffer sign;
    bantam_buffer_init(&sign, 100);
    phrase_set_describe(table.signs, 0, &sign);
    bantam_buffer_append(&sign, "", 1);
    assert_string_equal(sign.data, "^a failed: {n}");
    bantam_buffer_release(&sign);

    uint32_t here[2], there[2];
    const char *line = "a failed: 3 by tool a";
    assert_int_equal(phrase_set_match(table.signs, line, strlen(line), here, 2), 2);
    assert_int_equal(phrase_set_match(sample.tools.signs, line, strlen(line), there, 2), 2);
    assert_memory_equal(here, there, sizeof here);
    tool_table_release(&table);
    release(&sample);
    bantam_buffer_release(&bytes);
}

// Each entry of the bundle in turn claims one item less.
static void arrays_that_do_not_fit_are_refused_or_harmless(void **state)
{
    (void)state;
    struct sample sample;
    load(&sample);
    bantam_buffer bytes;
    freeze(&sample, &bytes);
    release(&sample);
    struct bundle bundle;
    assert_int_equal(bundle_open(&bundle, bytes.data, bytes.size, NULL), BANTAM_OK);
    size_t n_refused = 0;
    for (size_t i = 0; i < bundle.n_entries; i++) {
        struct bundle_entry *entry = (struct bundle_entry *)(void *)((char *)bytes.data + 32) + i;
        struct bundle damaged;
        struct tool_table table;
        struct messages messages;
        struct fixes fixes;
        if (entry->count == 0) {
            continue; // no phrase of a table has only short literals
        }
        entry->count--;
        assert_int_equal(bundle_open(&damaged, bytes.data, bytes.size, NULL), BANTAM_OK);
        n_refused += messages_thaw(&messages, &damaged, NULL) != BANTAM_OK;
        n_refused += tool_table_thaw(&table, &damaged, NULL) != BANTAM_OK;
        n_refused += fixes_thaw(&fixes, &damaged, NULL) != BANTAM_OK;
        messages_release(&messages);
        tool_table_release(&table);
        fixes_release(&fixes);
        entry->count++;
    }
    assert_true(n_refused >= 8); // the phrases, their windows, buckets and bitmap, twice
    bantam_buffer_release(&bytes);
}

static void the_library_carries_all_three(void **state)
{
    (void)state;
    struct sample sample;
    assert_int_equal(shipped_messages(&sample.messages, NULL), BANTAM_OK);
    assert_int_equal(shipped_fixes(&sample.fixes, NULL), BANTAM_OK);
    assert_int_equal(shipped_tools(&sample.tools, NULL), BANTAM_OK);
    assert_true(sample.messages.n_messages > 1000);
    assert_true(sample.fixes.n_entries > 100);
    assert_true(sample.tools.n_tools >= 150);
    release(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_the_same),
        cmocka_unit_test(fixes_are_the_same),
        cmocka_unit_test(tools_are_the_same),
        cmocka_unit_test(arrays_that_do_not_fit_are_refused_or_harmless),
        cmocka_unit_test(the_library_carries_all_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
