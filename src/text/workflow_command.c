// Commands in brackets or double colons; see workflow_command.h.
#include "text/workflow_command.h"

void workflow_skip_timestamp(struct span *text)
{
    span_skip(text, SPAN("\xEF\xBB\xBF"));
    *text = span_after(*text, timestamp_length(*text));
}

static enum workflow_command command_of(struct span name)
{
    static const struct {
        const char *name;
        enum workflow_command command;
    } commands[] = {
        {"group", WORKFLOW_GROUP},     {"endgroup", WORKFLOW_END_GROUP},
        {"error", WORKFLOW_ERROR},     {"warning", WORKFLOW_WARNING},
        {"notice", WORKFLOW_NOTICE},   {"command", WORKFLOW_COMMAND},
        {"section", WORKFLOW_SECTION}, {"debug", WORKFLOW_DEBUG},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (span_equal(name, span_of(commands[i].name, strlen(commands[i].name)))) {
            return commands[i].command;
        }
    }
    return WORKFLOW_NONE;
}

enum workflow_command workflow_read(struct span *text)
{
    struct span rest = *text;
    enum workflow_command command = WORKFLOW_NONE;
    if (span_skip(&rest, SPAN("##["))) {
        size_t end = span_find(span_of(rest.data, rest.size < 16 ? rest.size : 16), SPAN("]"));
        if (end != SIZE_MAX) {
            command = command_of(span_of(rest.data, end));
            rest = span_after(rest, end + 1);
        }
    } else if (span_skip(&rest, SPAN("[command]"))) {
        command = WORKFLOW_COMMAND;
    } else if (span_skip(&rest, SPAN("::"))) {
        size_t end = 0;
        while (end < rest.size && rest.data[end] >= 'a' && rest.data[end] <= 'z') {
            end++;
        }
        command = command_of(span_of(rest.data, end));
        size_t close = span_find(span_after(rest, end), SPAN("::"));
        if (close == SIZE_MAX) {
            return WORKFLOW_NONE;
        }
        rest = span_after(rest, end + close + 2);
    }
    if (command != WORKFLOW_NONE) {
        *text = rest;
    }
    return command;
}
