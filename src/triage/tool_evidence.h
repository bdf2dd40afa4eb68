// What is known of each tool of the table for one finding, before it becomes numbers.
//
// tool_features.c makes one gathering a finding and has it filled: tool_signs.c looks for what tools print, tool_commands.c for
// what was started, tool_names.c for names in the finding's own lines. Nothing here weighs.
#ifndef BANTAM_TRIAGE_TOOL_EVIDENCE_H
#define BANTAM_TRIAGE_TOOL_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/span.h"
#include "triage/tools.h"

enum {
    TOOL_SECTION_REACH = 400, // lines of the section that are looked at before and behind
    TOOL_NAME_MINIMUM = 3,    // shorter names are words too often
    SCRIPTS_MAXIMUM = 12,
};

enum place {
    INSIDE,
    BEFORE,
    AFTER,
    SECTION_BEFORE,
    SECTION_AFTER,
    LOG_TAIL,
    PLACES,
};

// What is known of one tool of the table.
struct evidence {
    uint32_t lines[PLACES]; // with a sign
    uint32_t following;     // of those inside: say only that what the tool had started failed
    uint32_t variety;
    uint32_t first_inside; // line, UINT32_MAX: none
    uint32_t sign_line;
    int32_t sign;
    uint16_t longest;
    uint8_t sign_place;
    bool anchor, name_inside, name_close, speaks;
    bool own_words;
    bool command_last, command_section, command_inner, command_partly, mentioned, outer, later;
};

// A program that the table does not know: of the project, most often.
struct script {
    char name[80];
    bool is_path, last, section, outer, inner, named, named_inside, speaks, later;
};

struct gathering {
    const struct tool_table *table;
    const struct document *document;
    struct finding_lines lines;
    struct evidence *tools; // (n_tools)
    uint8_t *seen;          // (n_signs) counted in variety
    struct script scripts[SCRIPTS_MAXIMUM];
    size_t n_scripts;
    uint32_t section_first, section_last; // the lines that belong together with the finding
    uint32_t own_first,
        own_last;          // of these, what was printed between the echoes of commands around it
    int32_t section;       // innermost with a command, -1
    bool has_last_command; // one was echoed before the finding, within the section
    bool names_failed;     // the anchor says which command of another program failed
};

// Fills in every line's signs, each line once, in the place closest to the finding; needs the command's own lines.
void tool_evidence_read_signs(struct gathering *all);

// A builder that only tells that a step failed has not spoken where the step itself is heard; nor has a CI system that reports a
// failure outside the finding, nor a runtime whose trace ends in the command that failed.
void tool_evidence_silence_followers(struct gathering *all);

// Notes what the finding's sections and the last command echoed before it start, and which lines are that command's own.
void tool_evidence_read_commands(struct gathering *all);

// Notes the tools and scripts that the finding's lines and those close to them name.
void tool_evidence_read_names(struct gathering *all);

// A finding that holds nothing of a tool is the CI system's: an exit status, the end of the job.
void tool_evidence_read_own_words(struct gathering *all);

// Commands of the table with this text; returns how many, from *first on.
size_t tool_commands_find(const struct tool_table *table, const char *text, size_t size,
                          size_t *first);

// The script of this name, new or noted before; NULL where it can't be a file's name or there are too many.
struct script *tool_evidence_note_script(struct gathering *all, const char *name, size_t size);

// The CI system's own start of a step: a shell that runs a file which the system wrote the step's commands to.
bool tool_command_is_systems(struct span line);

// May be part of a program's name.
bool tool_name_byte(char byte);

// Says only that what ran before did not bring what the CI system wants to keep, or how it ended: a consequence of the failure
// that some command before it was.
bool tool_line_cleans_up(const struct line *line);

// Lines are counted from 0: `line` less `count`, at least 0.
uint32_t lines_before(uint32_t line, uint32_t count);

#endif
