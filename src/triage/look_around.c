// Two lists of names, one for commands and one for what programs put before their messages.
#include "triage/look_around.h"

#include <string.h>

#include "text/section.h"
#include "text/word_list.h"
#include "triage/command_words.h"
#include "triage/names.h"

static bool starts_with_one_of(const char *lookers, const char *words)
{
    struct span rest = span_of(lookers, strlen(lookers));
    while (rest.size > 0) {
        if (command_starts(words, word_list_next(&rest, '|'))) {
            return true;
        }
    }
    return false;
}

bool command_looks_around(struct span command)
{
    static const char lookers[] =
        "ls|cat|df|du|ps|free|kill|pkill|killall|rm|head|tail|printenv|uname|id|whoami|date|dmesg|"
        "tree|stat|pwd|hostname|lscpu|journalctl|ccache -s|sccache -s|git status|git log|git show|"
        "git describe|git branch|git rev-parse|pip list|pip freeze|npm ls|npm list|docker ps|"
        "docker logs|docker images|docker info|echo|true";
    struct simple_command commands[COMMANDS_MAXIMUM];
    size_t n = command_words(commands, COMMANDS_MAXIMUM, command), n_looks = 0;
    for (size_t i = 0; i < n; i++) {
        n_looks += starts_with_one_of(lookers, commands[i].text);
    }
    return n > 0 && n_looks == n;
}

bool line_looks_around(const struct document *document, uint32_t at)
{
    static const char own_words[] = "ls: |cat: |du: |df: |rm: |kill: |head: |tail: |stat: ";
    const struct line *line = &document->lines[at];
    struct span command =
        line->section >= 0 ? section_command(&document->sections[line->section]) : span_of("", 0);
    if (command.size > 0 && !name_is_step_script(command.data, command.size)) {
        return command_looks_around(command);
    }
    return word_list_begins(own_words, '|', line_span(line));
}
