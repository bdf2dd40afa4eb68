// bantam baseline: keeps what green logs say, in kilobytes and without their text.
#include <dirent.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "baselines.h"
#include "command.h"
#include "folders.h"
#include "message.h"
#include "options.h"
#include "write_file.h"

static const char help[] =
    "usage: bantam baseline [list]\n"
    "       bantam baseline add NAME LOG...\n"
    "       bantam baseline remove NAME\n"
    "\n"
    "Keeps a profile of a job's green logs, so that bantam triage --baseline NAME can\n"
    "tell what is new in a failed one. A profile holds a hash for each kind of line, a\n"
    "few kilobytes, and none of the text. Adding to a name that exists extends it.\n"
    "\n"
    "  -h, --help  print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam baseline add main-tests green/*.log\n"
    "  bantam triage --baseline main-tests build.log\n"
    "\n"
    "exit status: 0 done, 2 wrong usage, 3 a log or profile could not be read or written.\n";

#define PROFILE_MAXIMUM ((size_t)1 << 28)

static bool save(const bantam_baseline *baseline, const char *path)
{
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, PROFILE_MAXIMUM);
    bantam_error error;
    bool saved = bantam_baseline_write(&bytes, baseline, &error) == BANTAM_OK;
    if (!saved) {
        message("%s", error.message);
    }
    saved = saved && write_file(path, bytes.data, bytes.size);
    bantam_buffer_release(&bytes);
    return saved;
}

static void append_size(bantam_buffer *text, const char *name, const bantam_baseline *baseline)
{
    size_t n_logs = bantam_baseline_n_logs(baseline);
    bantam_buffer_append_format(text, "%s: %zu kinds of lines of %zu %s\n", name,
                                bantam_baseline_n_lines(baseline), n_logs,
                                n_logs == 1 ? "log" : "logs");
}

static int add(const char *name, const char *const *logs)
{
    size_t n_logs = 0;
    while (logs[n_logs]) {
        n_logs++;
    }
    char *path = baselines_path(name);
    if (!path) {
        return EXIT_USAGE;
    }
    bantam_baseline *baseline;
    bantam_error error;
    bool added = bantam_baseline_new(&baseline, &error) == BANTAM_OK &&
                 (access(path, F_OK) != 0 || baselines_use(baseline, path)) &&
                 baselines_add_logs(baseline, logs, n_logs) && save(baseline, path);
    if (added) {
        bantam_buffer line;
        bantam_buffer_init(&line, 1 << 16);
        append_size(&line, name, baseline);
        added = write_output(line.data, line.size);
        bantam_buffer_release(&line);
    }
    bantam_baseline_free(&baseline);
    free(path);
    return added ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static int remove_profile(const char *name)
{
    char *path = baselines_path(name);
    if (!path) {
        return EXIT_USAGE;
    }
    bool removed = unlink(path) == 0;
    if (!removed) {
        message("%s: no baseline of that name is kept", name);
    }
    free(path);
    return removed ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static bool list_one(bantam_buffer *text, const char *file)
{
    static const char suffix[] = ".safetensors";
    size_t size = strlen(file), length = sizeof suffix - 1;
    if (size <= length || strcmp(file + size - length, suffix) != 0) {
        return true;
    }
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)(size - length), file);
    bantam_baseline *baseline;
    bool listed =
        bantam_baseline_new(&baseline, NULL) == BANTAM_OK && baselines_use(baseline, name);
    if (listed) {
        append_size(text, name, baseline);
    }
    bantam_baseline_free(&baseline);
    return listed;
}

static int list(void)
{
    struct problem problem;
    char *folder = data_folder("baselines", &problem);
    struct dirent **entries = NULL;
    int n_entries = folder ? scandir(folder, &entries, NULL, alphasort) : -1;
    if (n_entries < 0) {
        message("%s", folder ? "the baselines cannot be listed" : problem.text);
    }
    bantam_buffer text;
    bantam_buffer_init(&text, PROFILE_MAXIMUM);
    bool listed = n_entries >= 0;
    for (int i = 0; i < n_entries; i++) {
        listed &= list_one(&text, entries[i]->d_name);
        free(entries[i]);
    }
    if (n_entries >= 0 && text.size == 0 && listed) {
        message("no baseline is kept yet; as in bantam baseline add main-tests green/*.log");
    }
    listed &= write_output(text.data, text.size);
    bantam_buffer_release(&text);
    free(entries);
    free(folder);
    return listed ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static int dispatch(void *settings, const char *const *arguments)
{
    (void)settings;
    size_t n = arguments_count(arguments);
    if (n == 0 || (n == 1 && strcmp(arguments[0], "list") == 0)) {
        return list();
    }
    if (n > 2 && strcmp(arguments[0], "add") == 0) {
        return add(arguments[1], arguments + 2);
    }
    if (n == 2 && strcmp(arguments[0], "remove") == 0) {
        return remove_profile(arguments[1]);
    }
    message("baseline takes list, add NAME LOG... or remove NAME; see bantam baseline --help");
    return EXIT_USAGE;
}

int command_baseline(int argc, const char **argv)
{
    int wants_help = 0;
    const struct poptOption options[] = {{"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
                                         {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    const struct option_reader reader = {.command = "baseline",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &wants_help,
                                         .run = dispatch};
    return options_run(&reader, NULL, argc, argv);
}
