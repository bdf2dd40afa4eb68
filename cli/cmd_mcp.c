// bantam mcp: a server of the Model Context Protocol on standard input and output.
//
// A message is a line of JSON (JSON-RPC 2.0; MCP specification, revision 2025-06-18, stdio transport). Requests are answered in order.
#include <jansson.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "mcp_tools.h"
#include "message.h"
#include "options.h"

static const char help[] =
    "usage: bantam mcp\n"
    "\n"
    "Serves coding agents over standard input and output by the Model Context\n"
    "Protocol: a client starts it and calls its tools.\n"
    "\n"
    "  triage   why did this job fail? a log file, archive, folder, or text\n"
    "  show     lines of a log, or of a run that bantam run kept\n"
    "  history  failures seen before\n"
    "  add      add two numbers with a tiny transformer\n"
    "\n"
    "It reads the files that the client names, and the user's own rules and lessons as\n"
    "bantam triage does; it sends nothing anywhere. In a client's\n"
    "configuration: {\"mcpServers\": {\"bantam\": {\"command\": \"bantam\", \"args\": "
    "[\"mcp\"]}}}\n"
    "\n"
    "  -h, --help  print this and leave\n"
    "\n"
    "exit status: 0 the client ended it, 2 wrong usage, 3 it could not go on.\n";

enum {
    PARSE_ERROR = -32700,
    INVALID_REQUEST = -32600,
    METHOD_NOT_FOUND = -32601,
    INVALID_PARAMS = -32602,
};

#define MESSAGE_MAXIMUM ((size_t)64 << 20) // bytes of one request

static const char *const revisions[] = {"2025-06-18", "2025-03-26", "2024-11-05"};

// Writes the message and takes it over.
static bool send(json_t *answer)
{
    char *text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
    bool sent = text && write_output(text, strlen(text)) && write_output("\n", 1);
    free(text);
    json_decref(answer);
    return sent;
}

static bool send_error(json_t *id, int code, const char *reason)
{
    return send(json_pack("{s:s, s:O, s:{s:i, s:s}}", "jsonrpc", "2.0", "id", id ? id : json_null(),
                          "error", "code", code, "message", reason));
}

// Takes the result over.
static bool send_result(json_t *id, json_t *result)
{
    return send(json_pack("{s:s, s:O, s:o}", "jsonrpc", "2.0", "id", id, "result", result));
}

static bool initialize(json_t *id, json_t *parameters)
{
    const char *wanted = json_string_value(json_object_get(parameters, "protocolVersion"));
    const char *revision = revisions[0];
    for (size_t i = 0; wanted && i < sizeof revisions / sizeof *revisions; i++) {
        revision = strcmp(wanted, revisions[i]) == 0 ? revisions[i] : revision;
    }
    return send_result(id,
                       json_pack("{s:s, s:{s:{}}, s:{s:s, s:s, s:s}, s:s}", "protocolVersion",
                                 revision, "capabilities", "tools", "serverInfo", "name", "bantam",
                                 "title", "Bantam", "version", BANTAM_VERSION, "instructions",
                                 "Call triage with the path of a CI or build log, then show "
                                 "for lines around those that it names."));
}

static bool call_tool(json_t *id, json_t *parameters)
{
    const char *name = json_string_value(json_object_get(parameters, "name"));
    struct mcp_answer answer;
    if (!name) {
        return send_error(id, INVALID_PARAMS, "params.name is no tool's name");
    }
    bool known = mcp_tools_call(&answer, name, json_object_get(parameters, "arguments"));
    json_t *result = NULL;
    if (known && !answer.text.failed) {
        result = json_pack("{s:[{s:s, s:s%}], s:b}", "content", "type", "text", "text",
                           answer.text.size ? answer.text.data : "", answer.text.size, "isError",
                           (int)answer.failed);
        if (result && answer.data) {
            json_object_set(result, "structuredContent", answer.data);
        }
    }
    mcp_answer_release(&answer);
    if (!known) {
        return send_error(id, INVALID_PARAMS,
                          "there is no tool of that name; tools/list tells them");
    }
    return result ? send_result(id, result)
                  : send_error(id, INVALID_PARAMS, "the answer is too large");
}

static bool answer_request(json_t *request)
{
    const char *method = json_string_value(json_object_get(request, "method"));
    json_t *id = json_object_get(request, "id"), *parameters = json_object_get(request, "params");
    if (!json_is_object(request) || !method ||
        (id && !json_is_string(id) && !json_is_integer(id))) {
        return send_error(NULL, INVALID_REQUEST, "is no request of JSON-RPC 2.0");
    }
    if (!id) {
        return true; // a notification: nothing here waits for one
    }
    if (strcmp(method, "initialize") == 0) {
        return initialize(id, parameters);
    }
    if (strcmp(method, "ping") == 0) {
        return send_result(id, json_object());
    }
    if (strcmp(method, "tools/list") == 0) {
        return send_result(id, json_pack("{s:o}", "tools", mcp_tools_list()));
    }
    if (strcmp(method, "tools/call") == 0) {
        return call_tool(id, parameters);
    }
    return send_error(id, METHOD_NOT_FOUND, "this server has tools alone");
}

// The next line, without its end, in memory that grows; false at the end of the input. A line that is too long is read to its end
// and *size is then above the maximum.
static bool read_line(char **line, size_t *capacity, size_t *size)
{
    *size = 0;
    for (int byte; (byte = getc_unlocked(stdin)) != EOF && byte != '\n';) {
        if (*size == *capacity && *size < MESSAGE_MAXIMUM) {
            size_t more = *capacity ? 2 * *capacity : 4096;
            char *grown = realloc(*line, more);
            *capacity = grown ? more : *capacity;
            *line = grown ? grown : *line;
        }
        if (*size < *capacity) {
            (*line)[*size] = (char)byte;
        }
        ++*size;
    }
    return *size > 0 || !feof(stdin);
}

static int serve(void *settings, const char *const *arguments)
{
    (void)settings;
    if (arguments && arguments[0]) {
        message("mcp takes no arguments; see bantam mcp --help");
        return EXIT_USAGE;
    }
    char *line = NULL;
    size_t capacity = 0, size;
    bool going = true;
    while (going && read_line(&line, &capacity, &size)) {
        size_t blank = 0;
        while (blank < size && blank < capacity && strchr(" \t\r", line[blank]) && line[blank]) {
            blank++;
        }
        if (blank == size) {
            continue;
        }
        json_t *request = size <= capacity ? json_loadb(line, size, 0, NULL) : NULL;
        going = request ? answer_request(request)
                        : send_error(NULL, PARSE_ERROR, "is no JSON, or is too large");
        json_decref(request);
    }
    free(line);
    return going && !ferror(stdin) ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_mcp(int argc, const char **argv)
{
    int wants_help = 0;
    const struct poptOption options[] = {{"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
                                         {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    const struct option_reader reader = {.command = "mcp",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &wants_help,
                                         .run = serve};
    return options_run(&reader, NULL, argc, argv);
}
