// A command's arguments and the messages of other tools have the path that a debugger's or a runtime's leaves out.
#include "triage/fuller_path.h"

#include <string.h>

#include "triage/checkout.h"

enum {
    BEFORE = 600, // lines that are looked at
    BEHIND = 60,
    LINE_LIMIT = 1024, // bytes of a line that are looked at
};

static bool is_path_byte(char byte)
{
    return byte_is_digit(byte) || byte_is_letter(byte) || (byte && strchr("_-./@+~", byte));
}

// The path that ends with the name found at `at`; empty where what is found is a part of another name, a URL's or an absolute one.
static struct span path_around(struct span text, size_t at, size_t size)
{
    size_t start = at, end = at + size;
    while (start > 0 && is_path_byte(text.data[start - 1])) {
        start--;
    }
    struct span behind = span_after(text, end);
    bool is_url = start > 0 && text.data[start - 1] == ':' && text.data[start] == '/';
    bool ends = behind.size == 0 || !is_path_byte(*behind.data) ||
                (*behind.data == '.' && (behind.size == 1 || byte_is_blank(behind.data[1])));
    struct span path = path_in_checkout(span_of(text.data + start, end - start));
    (void)span_skip(&path, SPAN("./"));
    bool fits = !is_url && ends && path.size > size && byte_is_letter(*path.data) &&
                path.data[path.size - size - 1] == '/';
    return fits ? path : span_of(NULL, 0);
}

// The test's id that ends with the name found at `at`; empty where there is none.
static struct span test_around(struct span text, size_t at, size_t size)
{
    size_t start = at, end = at + size;
    while (start > 0 && (is_path_byte(text.data[start - 1]) || text.data[start - 1] == ':')) {
        start--;
    }
    bool ends = end == text.size || !(is_path_byte(text.data[end]) || text.data[end] == '[');
    struct span id = span_of(text.data + start, end - start);
    bool fits =
        ends && id.size > size + 2 && span_ends(span_of(id.data, id.size - size), SPAN("::"));
    return fits ? id : span_of(NULL, 0);
}

// A checkout's folder, which may have a dot, is no file.
static bool names_checkout(struct span text)
{
    return span_contains(text, SPAN("git ")) || span_contains(text, SPAN("Cloning ")) ||
           span_contains(text, SPAN("cd "));
}

static struct span fuller(const struct document *document, uint32_t near, struct span name,
                          struct span (*around)(struct span, size_t, size_t))
{
    size_t first = near > BEFORE ? near - BEFORE : 0;
    size_t end = near + BEHIND < document->n_lines ? near + BEHIND : document->n_lines;
    struct span found = {0};
    for (size_t i = first; i < end; i++) {
        const struct line *line = &document->lines[i];
        struct span text = span_of(line->text, line->size < LINE_LIMIT ? line->size : LINE_LIMIT);
        struct span rest = text;
        for (size_t at; (at = span_find(rest, name)) != SIZE_MAX;) {
            struct span full = names_checkout(text)
                                   ? span_of(NULL, 0)
                                   : around(text, text.size - rest.size + at, name.size);
            if (found.size > 0 && full.size > 0 && !span_equal(found, full)) {
                return name;
            }
            found = full.size > 0 ? full : found;
            rest = span_after(rest, at + name.size);
        }
    }
    return found.size > 0 ? found : name;
}

struct span fuller_path(const struct document *document, uint32_t near, struct span name)
{
    bool bare =
        name.size >= 3 && !memchr(name.data, '/', name.size) && !memchr(name.data, '\\', name.size);
    return bare ? fuller(document, near, name, path_around) : name;
}

struct span fuller_test(const struct document *document, uint32_t near, struct span name)
{
    bool bare = span_starts(name, SPAN("test")) && !memchr(name.data, ':', name.size);
    return bare ? fuller(document, near, name, test_around) : name;
}
