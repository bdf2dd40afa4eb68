// Where each tool's signs stand: in the finding, close to it, in its section, at the log's end.
//
// In: a gathering with its lines and section. Out: its evidence of what the tools printed.
#include "triage/tool_evidence.h"

#include <string.h>

enum {
    CLOSE = 25,           // lines before and behind a finding
    INSIDE_MAXIMUM = 300, // lines of a finding that are looked at: its head and its tail
    TAIL = 60,            // lines at the log's end
    SIGNS_OF_LINE = 16,
};

static void note_sign(struct gathering *all, uint32_t sign, uint32_t line, enum place place)
{
    struct evidence *tool = &all->tools[all->table->tool_of_sign[sign]];
    size_t length = phrase_set_literal_size(all->table->signs, sign);
    bool close = place <= AFTER;
    if (close && !all->seen[sign]) {
        all->seen[sign] = 1;
        tool->variety++;
    }
    if (place == INSIDE) {
        tool->anchor = tool->anchor || line == all->lines.anchor;
        tool->first_inside = line < tool->first_inside ? line : tool->first_inside;
        tool->longest = length > tool->longest ? (uint16_t)length : tool->longest;
    }
    if (tool->sign < 0 || place < tool->sign_place) {
        tool->sign = (int32_t)sign;
        tool->sign_line = line;
        tool->sign_place = (uint8_t)place;
    }
}

bool tool_line_cleans_up(const struct line *line)
{
    static const char *const words[] = {
        ": no matching files",           "No files to upload",
        "No test result files matching", "No files were found with the provided path",
        "script returned exit code",     "Job failed: exit ",
    };
    struct span text = line_span(line);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (span_find(text, span_of(words[i], strlen(words[i]))) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

// "make: *** [Makefile:7: check] Error 1".
static bool only_follows(const struct line *line)
{
    struct span text = line_span(line);
    size_t target = span_find(text, SPAN(": *** ["));
    return target != SIZE_MAX && span_find(span_after(text, target), SPAN("] Error ")) != SIZE_MAX;
}

static void read_signs(struct gathering *all, uint32_t first, uint32_t end, enum place place)
{
    for (uint32_t at = first; at < end && at < all->document->n_lines; at++) {
        const struct line *line = &all->document->lines[at];
        uint32_t signs[SIGNS_OF_LINE];
        size_t n =
            phrase_set_match(all->table->signs, line->text, line->size, signs, SIGNS_OF_LINE);
        for (size_t i = 0; i < n; i++) {
            uint32_t tool = all->table->tool_of_sign[signs[i]];
            bool again = false;
            for (size_t k = 0; k < i; k++) {
                again = again || all->table->tool_of_sign[signs[k]] == tool;
            }
            all->tools[tool].lines[place] += !again;
            all->tools[tool].following +=
                !again && place == INSIDE && (only_follows(line) || tool_line_cleans_up(line));
            note_sign(all, signs[i], at, place);
        }
    }
}

uint32_t lines_before(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void tool_evidence_read_signs(struct gathering *all)
{
    uint32_t first = all->lines.first, end = all->lines.last + 1;
    uint32_t n_lines = (uint32_t)all->document->n_lines;
    if (end - first > INSIDE_MAXIMUM) {
        read_signs(all, first, first + INSIDE_MAXIMUM / 2, INSIDE);
        read_signs(all, end - INSIDE_MAXIMUM / 2, end, INSIDE);
    } else {
        read_signs(all, first, end, INSIDE);
    }
    // What stands close may be another command's: only the lines of the finding's own speak as its neighbours.
    uint32_t before = lines_before(first, CLOSE),
             after = n_lines - end < CLOSE ? n_lines : end + CLOSE;
    uint32_t own = larger(before, smaller(all->own_first, first)),
             own_end = smaller(after, larger(all->own_last + 1, end));
    read_signs(all, own, first, BEFORE);
    read_signs(all, end, own_end, AFTER);
    read_signs(all, larger(lines_before(before, TOOL_SECTION_REACH), all->section_first), own,
               SECTION_BEFORE);
    uint32_t stop = n_lines - after < TOOL_SECTION_REACH ? n_lines : after + TOOL_SECTION_REACH;
    stop = larger(smaller(stop, all->section_last + 1), own_end);
    read_signs(all, own_end, stop, SECTION_AFTER);
    uint32_t tail = lines_before(n_lines, TAIL);
    read_signs(all, larger(tail, stop), n_lines, LOG_TAIL);
}

// Did a program speak inside the finding, or run before one that only cleans up, that a builder, a runtime or a shell would have started?
static bool is_explained(const struct gathering *all)
{
    bool cleans_up = tool_line_cleans_up(&all->document->lines[all->lines.anchor]);
    for (size_t i = 0; i < all->table->n_tools; i++) {
        if (cleans_up && all->tools[i].command_last) {
            return true;
        }
        switch (all->table->tools[i].kind) {
        case TOOL_BUILDER:
        case TOOL_RUNTIME:
        case TOOL_INTERPRETER_SHELL:
        case TOOL_CI_SYSTEM:
            break;
        default:
            if (all->tools[i].lines[INSIDE] > all->tools[i].following) {
                return true;
            }
        }
    }
    return false;
}

void tool_evidence_silence_followers(struct gathering *all)
{
    bool explained = is_explained(all);
    for (size_t i = 0; i < all->table->n_tools; i++) {
        struct evidence *tool = &all->tools[i];
        if (all->table->tools[i].kind == TOOL_CI_SYSTEM && tool->lines[INSIDE] == 0 &&
            !tool->own_words) { // it reports what failed
            memset(tool->lines, 0, sizeof tool->lines);
            tool->variety = 0;
        } else if ((explained && tool->following > 0 && tool->following == tool->lines[INSIDE]) ||
                   (all->names_failed && !tool->speaks &&
                    all->table->tools[i].kind == TOOL_RUNTIME)) {
            tool->lines[INSIDE] = tool->variety = tool->longest = 0;
            tool->first_inside = UINT32_MAX;
            tool->anchor = tool->speaks = tool->name_inside = false;
        }
    }
}
