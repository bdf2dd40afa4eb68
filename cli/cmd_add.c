// bantam add: two numbers, added by a transformer of a few dozen parameters.
//
// In: the command line, or pairs on standard input. Out: what the model says the sums are. Must not add itself, except to count
// how many of its sums are right (--check).
#include <ctype.h>
#include <inttypes.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bantam/bantam.h>

#include "add_trace.h"
#include "command.h"
#include "mapping.h"
#include "message.h"
#include "options.h"
#include "terminal.h"

static const char help[] =
    "usage: bantam add [OPTION...] A B\n"
    "       bantam add [OPTION...] < PAIRS\n"
    "\n"
    "Adds two numbers of up to ten digits with a tiny transformer that was trained to.\n"
    "Without numbers it reads pairs from standard input, \"A B\" a line, and prints a\n"
    "sum a line.\n"
    "\n"
    "  -m, --model MODEL    a shipped adder (see --list) or a model file\n"
    "  -t, --trace          show each answer digit, how sure it was, and what the\n"
    "                       attention looked at, as a heat map\n"
    "      --check          add the 10,010 pairs of AdderBoard's verifier and count\n"
    "      --prove          show that the model adds every pair rightly, or print one\n"
    "                       that it does not\n"
    "      --list           list the shipped adders\n"
    "      --color WHEN     of --trace: auto (default), always or never\n"
    "  -h, --help           print this and leave\n"
    "\n"
    "examples:\n"
    "  bantam add 9999999999 1\n"
    "  bantam add --trace 9999999999 1\n"
    "  seq 0 9 | sed 's/$/ 7/' | bantam add\n"
    "  bantam add --check --model hand-made\n"
    "  bantam add --prove\n"
    "\n"
    "exit status: 0 added, proved, or 99 % of the pairs right; 1 refuted, undecided,\n"
    "or less than 99 % right; 2 wrong usage; 3 input or model could not be read.\n";

enum {
    BATCH = 4096, // pairs added between two writes
    PICTURE_MAXIMUM = 1 << 20,
};
#define MODEL_MAXIMUM ((uint64_t)1 << 28)

struct settings {
    char *model, *color;
    int trace, check, prove, list, help;
    bantam_adder *adder;
};

static int refuse(const char *what, const char *reason)
{
    message("%s: %s; see bantam add --help", what, reason);
    return EXIT_USAGE;
}

static bool is_shipped(const char *name)
{
    for (size_t i = 0; bantam_adder_shipped(i); i++) {
        if (strcmp(bantam_adder_shipped(i), name) == 0) {
            return true;
        }
    }
    return false;
}

static bool open_model(bantam_adder **adder, const char *model)
{
    bantam_error error;
    if (!model || is_shipped(model)) {
        bool opened = bantam_adder_open(adder, model, BANTAM_FLOAT64, &error) == BANTAM_OK;
        if (!opened) {
            message("%s", error.message);
        }
        return opened;
    }
    struct mapping content;
    struct problem problem = {""};
    if (!mapping_open(&content, model, MODEL_MAXIMUM, &problem)) {
        message("model %s: %s; bantam add --list names the shipped ones", model, problem.text);
        return false;
    }
    bool loaded =
        bantam_adder_load(adder, content.bytes, content.size, BANTAM_FLOAT64, &error) == BANTAM_OK;
    if (!loaded) {
        message("model %s: %s", model, error.message);
    }
    mapping_release(&content);
    return loaded;
}

// A number at *text, which is moved behind it. NULL, or what is wrong with it.
static const char *parse_number(const char **text, size_t n_digits, uint64_t *number)
{
    const char *at = *text;
    *number = 0;
    if (*at == '-') {
        return "negative numbers are beyond this adder";
    }
    while (*at >= '0' && *at <= '9' && (size_t)(at - *text) <= n_digits) {
        *number = *number * 10 + (uint64_t)(*at++ - '0');
    }
    if (at == *text || (*at && !isspace((unsigned char)*at) && !(*at >= '0' && *at <= '9'))) {
        return "is no whole number";
    }
    if ((size_t)(at - *text) > n_digits) {
        return "has more digits than this adder can take";
    }
    *text = at;
    return NULL;
}

static int add_one(const struct settings *settings, const char *const *words)
{
    uint64_t numbers[2], sum;
    size_t n_digits = bantam_adder_digits(settings->adder);
    for (size_t i = 0; i < 2; i++) {
        const char *at = words[i], *fault = parse_number(&at, n_digits, &numbers[i]);
        fault = fault || *at == '\0' ? fault : "is no whole number";
        if (fault) {
            return refuse(*words[i] ? words[i] : "''", fault);
        }
    }
    bantam_error error;
    if (bantam_adder_add(settings->adder, &numbers[0], &numbers[1], &sum, 1, &error)) {
        message("%s", error.message);
        return EXIT_INPUT;
    }
    char line[32];
    int size = snprintf(line, sizeof line, "%" PRIu64 "\n", sum);
    return write_output(line, (size_t)size) ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static int trace_one(const struct settings *settings, const char *const *words)
{
    uint64_t numbers[2];
    enum color_choice color = COLOR_AUTO;
    if (settings->color && !color_choice_parse(&color, settings->color)) {
        return refuse("--color", "is auto, always or never");
    }
    int code = add_one(settings, words);
    if (code != EXIT_DIAGNOSED) {
        return code;
    }
    for (size_t i = 0; i < 2; i++) {
        numbers[i] = strtoull(words[i], NULL, 10);
    }
    bantam_adder_trace trace;
    bantam_error error;
    if (bantam_adder_trace_run(&trace, settings->adder, numbers[0], numbers[1], &error)) {
        message("%s", error.message);
        return EXIT_INPUT;
    }
    bantam_buffer picture;
    bantam_buffer_init(&picture, PICTURE_MAXIMUM);
    bantam_buffer_append_string(&picture, "\n");
    add_trace_render(&picture, &trace, terminal_color(color), terminal_utf8());
    bool written = !picture.failed && write_output(picture.data, picture.size);
    bantam_buffer_release(&picture);
    bantam_adder_trace_release(&trace);
    return written ? EXIT_DIAGNOSED : EXIT_INPUT;
}

struct batch {
    uint64_t a[BATCH], b[BATCH], sums[BATCH];
    size_t n_pairs;
    char text[BATCH * 24];
};

static bool add_batch(struct batch *batch, bantam_adder *adder)
{
    bantam_error error;
    if (bantam_adder_add(adder, batch->a, batch->b, batch->sums, batch->n_pairs, &error)) {
        message("%s", error.message);
        return false;
    }
    size_t size = 0;
    for (size_t i = 0; i < batch->n_pairs; i++) {
        size += (size_t)snprintf(batch->text + size, sizeof batch->text - size, "%" PRIu64 "\n",
                                 batch->sums[i]);
    }
    batch->n_pairs = 0;
    return write_output(batch->text, size);
}

static const char *skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text)) {
        text++;
    }
    return text;
}

// False, with a message, where the line is not "A B".
static bool read_pair(const char *line, size_t number, size_t n_digits, uint64_t *a, uint64_t *b)
{
    const char *at = skip_blanks(line), *word = at;
    const char *fault = parse_number(&at, n_digits, a);
    if (!fault) {
        word = at = skip_blanks(at);
        fault = *at ? parse_number(&at, n_digits, b) : "a line is two numbers, \"A B\"";
    }
    if (!fault && *skip_blanks(at)) {
        word = skip_blanks(at);
        fault = "a line is two numbers, \"A B\"";
    }
    if (fault) {
        int length = (int)strcspn(word, " \t\r\n");
        message("line %zu: %.*s%s%s", number, length > 40 ? 40 : length, word, length ? ": " : "",
                fault);
    }
    return !fault;
}

static int add_lines(const struct settings *settings)
{
    struct batch *batch = calloc(1, sizeof *batch);
    char *line = NULL;
    size_t capacity = 0, number = 0, n_digits = bantam_adder_digits(settings->adder);
    bool good = batch != NULL;
    while (good && getline(&line, &capacity, stdin) >= 0) {
        number++;
        if (*skip_blanks(line) == '\0') {
            continue;
        }
        size_t i = batch->n_pairs;
        good = read_pair(line, number, n_digits, &batch->a[i], &batch->b[i]);
        batch->n_pairs += good;
        if (batch->n_pairs == BATCH || (!good && batch->n_pairs > 0)) {
            good =
                add_batch(batch, settings->adder) && good; // what stands before a fault is answered
        }
    }
    if (good && ferror(stdin)) {
        message("standard input could not be read");
        good = false;
    }
    good = good && (batch->n_pairs == 0 || add_batch(batch, settings->adder));
    free(line);
    free(batch);
    return good ? EXIT_DIAGNOSED : EXIT_INPUT;
}

static void describe(char *text, size_t size, const bantam_adder *adder)
{
    const bantam_neural_info *info = bantam_neural_inform(bantam_adder_neural(adder));
    snprintf(text, size, "%zu trained parameters, %zu given, %zu as AdderBoard counts",
             info->n_parameters, info->n_given, info->n_board);
}

static int check(const struct settings *settings)
{
    uint64_t *numbers = calloc(3 * (size_t)BANTAM_OFFICIAL_PAIRS, sizeof *numbers);
    if (!numbers) {
        message("out of memory");
        return EXIT_INPUT;
    }
    uint64_t *a = numbers, *b = a + BANTAM_OFFICIAL_PAIRS, *sums = b + BANTAM_OFFICIAL_PAIRS;
    bantam_official_pairs(a, b);
    bantam_error error;
    int code = EXIT_INPUT;
    if (bantam_adder_add(settings->adder, a, b, sums, BANTAM_OFFICIAL_PAIRS, &error)) {
        message("%s", error.message);
    } else {
        size_t n_right = 0;
        for (size_t i = 0; i < BANTAM_OFFICIAL_PAIRS; i++) {
            n_right += sums[i] == a[i] + b[i];
        }
        char text[256], description[160];
        describe(description, sizeof description, settings->adder);
        int size = snprintf(text, sizeof text, "%zu of %d right (%.2f %%)\n%s\n", n_right,
                            BANTAM_OFFICIAL_PAIRS, 100.0 * (double)n_right / BANTAM_OFFICIAL_PAIRS,
                            description);
        bool written = write_output(text, (size_t)size);
        code = !written                                              ? EXIT_INPUT
               : n_right * 100 >= (size_t)BANTAM_OFFICIAL_PAIRS * 99 ? EXIT_DIAGNOSED
                                                                     : EXIT_NONE_FOUND;
    }
    free(numbers);
    return code;
}

static bool show_step(void *context, size_t step, size_t n_steps, uint64_t n_cells)
{
    (void)context;
    fprintf(stderr, "\r\033[Kdigit %zu of %zu, %" PRIu64 " cells", step + 1, n_steps, n_cells);
    fflush(stderr);
    return true;
}

static int prove(const struct settings *settings)
{
    bantam_proof_options options = bantam_proof_options_default();
    options.progress = terminal_progress() || isatty(STDERR_FILENO) ? show_step : NULL;
    bantam_proof proof;
    bantam_error error;
    bool ran = bantam_adder_prove(&proof, settings->adder, &options, &error) == BANTAM_OK;
    if (options.progress) {
        fputs("\r\033[K", stderr);
    }
    if (!ran) {
        message("%s", error.message);
        return EXIT_INPUT;
    }
    char text[400];
    int size = 0;
    size_t n_digits = bantam_adder_digits(settings->adder);
    if (proof.verdict == BANTAM_PROVED) {
        size = snprintf(text, sizeof text,
                        "proved: every one of the 10^%zu pairs is added rightly\n"
                        "%" PRIu64 " cells; the right digit leads by a logit of %.3g or more\n",
                        2 * n_digits, proof.n_cells, proof.least_margin);
    } else if (proof.verdict == BANTAM_REFUTED) {
        size = snprintf(text, sizeof text,
                        "refuted: %" PRIu64 " + %" PRIu64 " is answered with %" PRIu64
                        ", not %" PRIu64 "\n",
                        proof.a, proof.b, proof.answer, proof.a + proof.b);
    } else {
        size = snprintf(text, sizeof text,
                        "undecided: %" PRIu64 " cells did not settle digit %zu of the sum\n",
                        proof.n_cells, proof.step);
    }
    if (!write_output(text, (size_t)size)) {
        return EXIT_INPUT;
    }
    return proof.verdict == BANTAM_PROVED ? EXIT_DIAGNOSED : EXIT_NONE_FOUND;
}

static int list_shipped(void)
{
    for (size_t i = 0; bantam_adder_shipped(i); i++) {
        const char *name = bantam_adder_shipped(i);
        bantam_adder *adder;
        if (!open_model(&adder, name)) {
            return EXIT_INPUT;
        }
        char text[256], description[160];
        describe(description, sizeof description, adder);
        int size =
            snprintf(text, sizeof text, "%-12s %s%s\n", name, description, i ? "" : " (default)");
        bantam_adder_free(&adder);
        if (!write_output(text, (size_t)size)) {
            return EXIT_INPUT;
        }
    }
    return EXIT_DIAGNOSED;
}

static int run(void *context, const char *const *words)
{
    struct settings *settings = context;
    size_t n_words = arguments_count(words);
    bool alone = settings->check || settings->prove || settings->list;
    if (settings->check + settings->prove + settings->list + settings->trace > 1) {
        return refuse("--check, --prove, --list and --trace", "only one of them at a time");
    }
    if (alone ? n_words > 0 : n_words != 2 && (n_words > 0 || settings->trace)) {
        return refuse("add", alone ? "--check, --prove and --list take no numbers"
                                   : "takes two numbers, or none and reads pairs");
    }
    if (!alone && n_words == 0 && isatty(STDIN_FILENO)) {
        return refuse("add", "takes two numbers, or pairs on standard input");
    }
    if (settings->list) {
        return list_shipped();
    }
    if (!open_model(&settings->adder, settings->model)) {
        return EXIT_INPUT;
    }
    return settings->check   ? check(settings)
           : settings->prove ? prove(settings)
           : settings->trace ? trace_one(settings, words)
           : n_words == 2    ? add_one(settings, words)
                             : add_lines(settings);
}

// popt would take "-5" for an option.
static const char *find_negative(int argc, const char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && isdigit((unsigned char)argv[i][1])) {
            return argv[i];
        }
    }
    return NULL;
}

int command_add(int argc, const char **argv)
{
    struct settings settings = {0};
    const struct poptOption options[] = {
        {"model", 'm', POPT_ARG_STRING, &settings.model, 0, NULL, NULL},
        {"trace", 't', POPT_ARG_NONE, &settings.trace, 0, NULL, NULL},
        {"check", 0, POPT_ARG_NONE, &settings.check, 0, NULL, NULL},
        {"prove", 0, POPT_ARG_NONE, &settings.prove, 0, NULL, NULL},
        {"list", 0, POPT_ARG_NONE, &settings.list, 0, NULL, NULL},
        {"color", 0, POPT_ARG_STRING, &settings.color, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &settings.help, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    const char *negative = find_negative(argc, argv);
    if (negative) {
        return refuse(negative, "negative numbers are beyond this adder");
    }
    const struct option_reader reader = {.command = "add",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &settings.help,
                                         .run = run};
    int code = options_run(&reader, &settings, argc, argv);
    bantam_adder_free(&settings.adder);
    return code;
}
