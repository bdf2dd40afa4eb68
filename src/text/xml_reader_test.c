// What the reader makes of documents, and that it refuses what is damaged with a reason.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/xml_reader.h"

struct trace {
    char text[1024];
    size_t size;
};

static void add(struct trace *trace, const char *mark, struct span raw, bool literal)
{
    char decoded[256];
    size_t n = xml_decode(decoded, sizeof decoded, raw, literal);
    trace->size += (size_t)snprintf(trace->text + trace->size, sizeof trace->text - trace->size,
                                    "%s%.*s", mark, (int)n, decoded);
}

// All events in a row: "<name name=value", ">" where an element ends, "'text".
static struct trace read_all(const char *bytes, size_t size, const char **problem)
{
    struct trace trace = {{0}, 0};
    struct xml_reader reader;
    xml_reader_init(&reader, bytes, size);
    *problem = NULL;
    for (;;) {
        switch (xml_reader_next(&reader)) {
        case XML_OPENED:
            add(&trace, "<", reader.name, true);
            for (size_t i = 0; i < reader.n_attributes; i++) {
                add(&trace, " ", reader.attributes[i].name, true);
                add(&trace, "=", reader.attributes[i].value, false);
            }
            break;
        case XML_CLOSED:
            add(&trace, ">", SPAN(""), true);
            break;
        case XML_TEXT:
            add(&trace, "'", reader.text, reader.literal);
            break;
        case XML_DAMAGED:
            *problem = reader.problem;
            assert_int_equal(xml_reader_next(&reader), XML_DAMAGED);
            return trace;
        case XML_ENDED:
            return trace;
        }
    }
}

static void assert_read(const char *document, const char *expected)
{
    const char *problem;
    struct trace trace = read_all(document, strlen(document), &problem);
    assert_null(problem);
    assert_string_equal(trace.text, expected);
}

static void elements_attributes_and_text(void **state)
{
    (void)state;
    assert_read("<a x='1' y = \"two > one\"><b/>text</a>", "<a x=1 y=two > one<b>'text>");
    assert_read("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a <b> --><t:a t:x='1'></t:a>\n",
                "'\n<a x=1>'\n");
    assert_read("<a><![CDATA[1 < 2 && &lt;]]></a>", "<a'1 < 2 && &lt;>");
}

static void references_become_characters(void **state)
{
    (void)state;
    assert_read("<a x='&lt;&quot;&#10;'>&amp;&#233;&#x20AC;</a>", "<a x=<\"\n'&é€>");
    assert_read("<a>&nbsp; &#; &#x110000; &#99999999999; & &unknown</a>",
                "<a'&nbsp; &#; &#x110000; &#99999999999; & &unknown>");
}

static void entities_are_never_expanded(void **state)
{
    (void)state;
    assert_read("<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m '&l;&l;]>'>]><a>&m;</a>", "<a'&m;>");
}

static void damage_is_told(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "",         "plain text", "<",           "<a",
        "<a x",     "<a x=1>",    "<a x='1",     "<a x='1'",
        "<a>",      "<a><b></a>", "</a>",        "<a/></a>",
        "<a/>text", "<!-- a",     "<![CDATA[ a", "<!DOCTYPE a [",
        "<?xml",    "< a/>",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const char *problem;
        read_all(documents[i], strlen(documents[i]), &problem);
        assert_non_null(problem);
        assert_true(strlen(problem) > 10);
    }
}

// Each cut and each changed byte of a document ends in an event, not in a loop or beyond the bytes.
static void any_bytes_end(void **state)
{
    (void)state;
    static const char document[] =
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a x='&lt;'><b/><![CDATA[d]]>e</a>";
    for (size_t size = 0; size < sizeof document; size++) {
        for (int byte = 0; byte < 256; byte += 5) {
            char *copy = malloc(size + 1); // so that a sanitizer sees a byte too far
            const char *problem;
            memcpy(copy, document, size);
            copy[size / 2] = (char)byte;
            read_all(copy, size, &problem);
            free(copy);
        }
    }
}

static void depth_has_an_end(void **state)
{
    (void)state;
    enum {
        LEVELS = 100000
    };
    char *document = malloc(3 * LEVELS);
    for (size_t i = 0; i < LEVELS; i++) {
        memcpy(document + 3 * i, "<a>", 3);
    }
    struct xml_reader reader;
    enum xml_event event;
    size_t n = 0;
    xml_reader_init(&reader, document, 3 * LEVELS);
    while ((event = xml_reader_next(&reader)) == XML_OPENED) {
        n++;
    }
    assert_int_equal(event, XML_DAMAGED);
    assert_int_equal(n, XML_DEPTH);
    assert_non_null(strstr(reader.problem, "too deep"));
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_attributes_and_text),
        cmocka_unit_test(references_become_characters),
        cmocka_unit_test(entities_are_never_expanded),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(any_bytes_end),
        cmocka_unit_test(depth_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
