// A pull reader of XML for files that anyone may have written: elements, attributes, text; one pass, no memory of its own.
//
// In: bytes in UTF-8. Out: events that point into them. It declares no entities and expands none but XML's five and numbers, so that
// nothing can grow; a document type is passed over. Names lose their prefix. Ends of elements are counted, not compared.
#ifndef BANTAM_TEXT_XML_READER_H
#define BANTAM_TEXT_XML_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "text/span.h"

enum xml_event {
    XML_OPENED, // an element: `name`, `attributes`; one without content is closed by the next event
    XML_CLOSED, // `depth` is that of its parent
    XML_TEXT,   // `text`, raw: see xml_append_text
    XML_ENDED,  // of the document
    XML_DAMAGED, // see `problem`; there is nothing after it
};

enum {
    XML_ATTRIBUTES = 24, // of one element; those after them are lost
    XML_DEPTH = 256      // elements within elements
};

struct xml_attribute {
    struct span name, value; // the value raw
};

struct xml_reader {
    const char *bytes;
    size_t size, at;
    size_t depth; // open elements
    struct span name;
    struct xml_attribute attributes[XML_ATTRIBUTES];
    size_t n_attributes;
    struct span text;
    bool literal;        // the text is a CDATA section
    bool closing;        // the element just opened has no content
    bool begun;          // a first element was seen
    const char *problem; // of XML_DAMAGED, "reason; what to do"
};

// Borrows the bytes.
void xml_reader_init(struct xml_reader *reader, const char *bytes, size_t size);

enum xml_event xml_reader_next(struct xml_reader *reader);

// The raw value of an attribute of the element opened last; size 0 where it has none of that name.
struct span xml_attribute(const struct xml_reader *reader, const char *name);

// Writes raw text or a raw value to out (capacity), references replaced, and returns the bytes written; what has no room is lost. A
// reference that XML does not know stays as it stands.
size_t xml_decode(char *out, size_t capacity, struct span raw, bool literal);

#endif
