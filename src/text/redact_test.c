// Lines with their secrets hidden, the rest byte for byte.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/text.h"

static void assert_redacted(const char *text, bantam_redaction what, const char *expected,
                            size_t n_hidden)
{
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 20);
    assert_int_equal(bantam_text_redact(&out, text, strlen(text), what), n_hidden);
    assert_false(out.failed);
    bantam_buffer_append(&out, "", 1);
    assert_string_equal(out.data, expected);
    bantam_buffer_release(&out);
}

static void what_is_no_secret_stays(void **state)
{
    (void)state;
    const char text[] = "a\r\n\n\tb \xff\x1b[31m c\n\nno newline at the end";
    assert_redacted(text, BANTAM_REDACT_EMAILS, text, 0);
    assert_redacted("", BANTAM_REDACT_SECRETS, "", 0);
}

static void secrets_are_hidden_line_by_line(void **state)
{
    (void)state;
    const char text[] = "x PASSWORD=hunter-22 y\njo@acme.example\nhttps://a:bcd@h/ and b:bcd@h\n";
    assert_redacted(text, BANTAM_REDACT_SECRETS,
                    "x PASSWORD=*** y\njo@acme.example\nhttps://a:***@h/ and b:bcd@h\n", 2);
    assert_redacted(text, BANTAM_REDACT_EMAILS,
                    "x PASSWORD=*** y\n***\nhttps://a:***@h/ and b:bcd@h\n", 3);
    assert_redacted(text, BANTAM_REDACT_NOTHING, text, 0);
}

static void keys_are_hidden_between_their_ends(void **state)
{
    (void)state;
    assert_redacted(
        "MIIEowIBAAKCAQEA0Z3VS5JJ\n-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJ\n"
        "a comment\n-----END PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJ\n",
        BANTAM_REDACT_SECRETS,
        "MIIEowIBAAKCAQEA0Z3VS5JJ\n-----BEGIN PRIVATE KEY-----\n***\n"
        "a comment\n-----END PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJ\n",
        1);
}

static void kinds_have_names(void **state)
{
    (void)state;
    bantam_redaction what;
    assert_true(bantam_redaction_parse(&what, "none"));
    assert_int_equal(what, BANTAM_REDACT_NOTHING);
    assert_true(bantam_redaction_parse(&what, "emails"));
    assert_int_equal(what, BANTAM_REDACT_EMAILS);
    assert_false(bantam_redaction_parse(&what, "all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_secret_stays),
        cmocka_unit_test(secrets_are_hidden_line_by_line),
        cmocka_unit_test(keys_are_hidden_between_their_ends),
        cmocka_unit_test(kinds_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
