// bantam show: what bantam run --budget left out.
#include <inttypes.h>
#include <popt.h>
#include <string.h>
#include <time.h>

#include <bantam/bantam.h>

#include "command.h"
#include "line_range.h"
#include "message.h"
#include "options.h"
#include "run_store.h"

static const char help[] =
    "usage: bantam show [ID [LINES]]\n"
    "\n"
    "Shows the output of a command that bantam run --budget ran: lines with their\n"
    "numbers, secrets hidden. Without an ID it lists the last 20 runs.\n"
    "\n"
    "LINES is a line (1042), a range (1042-1057) or the last lines (-20).\n"
    "\n"
    "  -h, --help  print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam show\n"
    "  bantam show 1f0c 1030-1060\n"
    "  bantam show 1f0c -50\n"
    "\n"
    "exit status: 0 shown, 2 wrong usage, 3 there is no such run or it is not readable.\n";

#define TEXT_MAXIMUM ((size_t)2 << 30)

static int show_lines(const char *id, const struct line_range *range)
{
    struct mapping output;
    struct problem problem;
    if (!run_store_open(&output, id, &problem)) {
        message("%s: %s", id, problem.text);
        return EXIT_INPUT;
    }
    bantam_buffer text;
    bantam_buffer_init(&text, TEXT_MAXIMUM);
    uint64_t n_lines;
    bool has = line_range_append(&text, &n_lines, output.bytes, output.size, range);
    bool shown = !text.failed && write_output(text.data, text.size);
    if (!has) {
        message("%s: has only %" PRIu64 " lines", id, n_lines);
    }
    bantam_buffer_release(&text);
    mapping_release(&output);
    return shown ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static int list_runs(void)
{
    struct stored_run *runs = NULL;
    size_t n_runs = 0;
    struct problem problem;
    if (!run_store_list(&runs, &n_runs, &problem)) {
        message("%s", problem.text);
        return EXIT_INPUT;
    }
    bantam_buffer text, visible;
    bantam_buffer_init(&text, TEXT_MAXIMUM);
    bantam_buffer_init(&visible, TEXT_MAXIMUM);
    for (size_t i = 0; i < n_runs; i++) {
        char when[32] = "";
        time_t time = (time_t)(runs[i].time / 1000);
        struct tm parts;
        if (localtime_r(&time, &parts)) {
            strftime(when, sizeof when, "%Y-%m-%d %H:%M", &parts);
        }
        bantam_buffer_append_format(&text, "%s  %s  exit %3d  %7.1f s  %8" PRIu64 " lines  %s\n",
                                    runs[i].id, when, runs[i].exit_code, runs[i].seconds,
                                    runs[i].n_lines, runs[i].command);
    }
    bantam_text_visible(&visible, text.data, text.size);
    bool shown = !visible.failed && write_output(visible.data, visible.size);
    if (n_runs == 0) {
        message("no run is kept yet; as in bantam run --budget 40 -- make test");
    }
    bantam_buffer_release(&text);
    bantam_buffer_release(&visible);
    run_store_release(runs, n_runs);
    return shown ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static int run(void *settings, const char *const *arguments)
{
    (void)settings;
    size_t n = arguments_count(arguments);
    const char *lines = n > 1 ? arguments[1] : NULL;
    struct line_range range;
    if (n > 2) {
        message("show takes an id and lines; see bantam show --help");
        return EXIT_USAGE;
    }
    if (!line_range_parse(&range, lines)) {
        message("%s: " LINE_RANGE_ERROR, lines);
        return EXIT_USAGE;
    }
    return n > 0 ? show_lines(arguments[0], &range) : list_runs();
}

int command_show(int argc, const char **argv)
{
    int wants_help = 0;
    const struct poptOption options[] = {{"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
                                         {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    // "-20" is no option: what follows the id is taken as it is.
    const struct option_reader reader = {.command = "show",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &wants_help,
                                         .flags = POPT_CONTEXT_POSIXMEHARDER,
                                         .run = run};
    return options_run(&reader, NULL, argc, argv);
}
