// Columns, formats and separators by name; every problem is told with the option or the file at fault.
#include "data_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "data_source.h"
#include "message.h"

const char data_options_help[] =
    "      --input FORMAT         csv, tsv, ndjson, fasttext or lines (default: seen\n"
    "                             from the data)\n"
    "      --text COLUMN          by name or by number from 1 (default: text, or guessed)\n"
    "      --label COLUMN         (default: label, or guessed)\n"
    "      --weight COLUMN        how much a row counts (default: 1)\n"
    "      --group COLUMN         rows of one group are never split between folds\n"
    "      --label-separator SIGN\n"
    "                             several labels a row, separated by SIGN\n"
    "      --header yes|no        whether the first row names the columns\n"
    "      --separator CHAR       of CSV's fields (default: seen from the data)\n";

void data_options_table(struct poptOption table[DATA_OPTIONS], struct data_options *options)
{
    const struct poptOption entries[DATA_OPTIONS] = {
        {"input", 0, POPT_ARG_STRING, &options->input, 0, NULL, NULL},
        {"header", 0, POPT_ARG_STRING, &options->header, 0, NULL, NULL},
        {"separator", 0, POPT_ARG_STRING, &options->separator, 0, NULL, NULL},
        {"text", 0, POPT_ARG_STRING, &options->text, 0, NULL, NULL},
        {"label", 0, POPT_ARG_STRING, &options->label, 0, NULL, NULL},
        {"weight", 0, POPT_ARG_STRING, &options->weight, 0, NULL, NULL},
        {"group", 0, POPT_ARG_STRING, &options->group, 0, NULL, NULL},
        {"label-separator", 0, POPT_ARG_STRING, &options->label_separator, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    memcpy(table, entries, sizeof entries);
}

bool data_options_given(const struct data_options *options)
{
    return options->input || options->header || options->separator || options->text ||
           options->label || options->weight || options->group || options->label_separator;
}

// The place of `name` in the list (n_names), or -1.
static int find(const char *const *names, int n_names, const char *name)
{
    for (int i = 0; i < n_names; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static bool parse_separator(char *separator, const char *text)
{
    if (strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0) {
        *separator = '\t';
        return true;
    }
    *separator = text[0];
    return text[0] && !text[1] && text[0] != '"' && text[0] != '\n' && text[0] != '\r';
}

bool data_options_parse(bantam_dataset_options *out, const struct data_options *options,
                        const char *command)
{
    static const char *const formats[] = {"auto", "csv", "tsv", "ndjson", "fasttext", "lines"};
    static const char *const headers[] = {"auto", "yes", "no"};
    *out = bantam_dataset_options_default();
    int format = options->input ? find(formats, 6, options->input) : 0;
    int header = options->header ? find(headers, 3, options->header) : 0;
    if (format < 0) {
        message("--input: is csv, tsv, ndjson, fasttext, lines or auto; see bantam %s --help",
                command);
        return false;
    }
    if (header < 0) {
        message("--header: is yes, no or auto; see bantam %s --help", command);
        return false;
    }
    if (options->separator && !parse_separator(&out->separator, options->separator)) {
        message("--separator: takes one character, or tab; see bantam %s --help", command);
        return false;
    }
    if (options->label_separator && !options->label_separator[0]) {
        message("--label-separator: takes at least one character; see bantam %s --help", command);
        return false;
    }
    out->format = (bantam_row_format)format;
    out->header = (bantam_row_header)header;
    out->text_column = options->text;
    out->label_column = options->label;
    out->weight_column = options->weight;
    out->group_column = options->group;
    out->label_separator = options->label_separator;
    return true;
}

bool data_read(bantam_dataset *dataset, const char *path)
{
    struct problem problem = {""};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    struct data_source *source = data_source_open(path, &problem);
    if (!source) {
        message("%s: %s", name, problem.text);
        return false;
    }
    bantam_error error;
    bool read = bantam_dataset_read(dataset, name, data_source_read, source, &error) == BANTAM_OK;
    if (!read) {
        data_source_tell(source, name, &error);
    }
    data_source_close(&source);
    return read;
}

bool data_read_all(bantam_dataset **out, const bantam_dataset_options *options,
                   const char *const *paths, size_t n_paths)
{
    bantam_error error;
    if (bantam_dataset_new(out, options, &error)) {
        message("%s", error.message);
        return false;
    }
    bool read = true;
    for (size_t i = 0; read && i < n_paths; i++) {
        read = data_read(*out, paths[i]);
    }
    if (read && bantam_dataset_finish(*out, &error)) {
        data_tell(paths, n_paths, &error);
        read = false;
    }
    if (read && bantam_dataset_note(*out)[0]) { // a wrong guess spoils all that follows
        message("%s: %s", strcmp(paths[0], "-") == 0 ? "standard input" : paths[0],
                bantam_dataset_note(*out));
    }
    if (!read) {
        bantam_dataset_free(out);
    }
    return read;
}

char *data_name(const char *const *paths, size_t n_paths)
{
    char *name;
    const char *first = strcmp(paths[0], "-") == 0 ? "standard input" : paths[0];
    int size = n_paths == 1 ? asprintf(&name, "%s", first)
                            : asprintf(&name, "%s and %zu more", first, n_paths - 1);
    if (size < 0) {
        message("out of memory");
        return NULL;
    }
    return name;
}

void data_tell(const char *const *paths, size_t n_paths, const bantam_error *error)
{
    char *name = error->code == BANTAM_ERROR_INPUT ? data_name(paths, n_paths) : NULL;
    message("%s%s%s", name ? name : "", name ? ": " : "", error->message);
    free(name);
}
