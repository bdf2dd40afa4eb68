// bantam train: makes a model. What kind, the recipe says, or tables of texts do; each kind has its own train_<kind>.c.
#include <popt.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "message.h"
#include "options.h"
#include "terminal.h"
#include "train.h"
#include "train_text.h"

static const char help_begin[] =
    "usage: bantam train [OPTION...] --output MODEL DATA...\n"
    "       bantam train [OPTION...] RECIPE.json\n"
    "\n"
    "Trains a text classifier on tables of texts and labels: CSV, TSV, NDJSON or\n"
    "fastText's lines, plain or packed; - is standard input. Or trains the model that\n"
    "RECIPE describes (models/*/recipe.json). The same data, options and program give\n"
    "the same bytes, on any number of threads.\n"
    "\n"
    "  -o, --output FILE          the model file (of a recipe: model.safetensors beside\n"
    "                             it; with --folds a folder)\n"
    "  -j, --threads N            threads (default: one a processor)\n"
    "  -q, --quiet                no progress\n"
    "  -h, --help                 print this and leave\n"
    "\n"
    "how the data are read:\n";

static const char help_middle[] = "\nwhat the classifier is like:\n";

static const char help_end[] =
    "  Options of the features, as far as norm and hash-bits, may join values with +\n"
    "  to lay several kinds side by side: --analyzer word+char_wb --ngrams 1-2+2-5\n"
    "\n"
    "data larger than memory:\n"
    "      --stream               read row by row and learn with hashed features (2^18\n"
    "                             buckets, if --hash-bits does not say) and AdaGrad; 12\n"
    "                             bytes of memory for each bucket and label\n"
    "      --passes N             over the data (1 to 100, default 3)\n"
    "      --labels A,B,C         all labels; else a pass of its own finds them\n"
    "\n"
    "searching:\n"
    "      --search               try kinds of n-grams, then other options, by cross-validation\n"
    "                             and train with the best; ^C takes the best so far\n"
    "      --time TIME            for the search and the training (default 60s)\n"
    "      --max-size SIZE        most bytes of the model, as 100KB: it is shrunk to that,\n"
    "                             as bantam shrink does; also without --search\n"
    "\n"
    "with a recipe:\n"
    "  -d, --data DIR             where its data folders lie (default ../shared/data)\n"
    "      --folds N              instead N models, each of which has not seen one part\n"
    "                             of the repositories, as OUTPUT/fold-K/KIND.safetensors,\n"
    "                             and OUTPUT/folds.json that tells them apart\n"
    "      --recipe-seed N        in place of the recipe's seed\n"
    "      --curve FILE           of a tiny transformer: draw how training went, as SVG\n"
    "      --checkpoint FILE      of a tiny transformer: keep the state of the training\n"
    "                             there, and go on from it when it is there already\n"
    "\n"
    "examples:\n"
    "  bantam train -o intents.bantam train.csv\n"
    "  bantam train --search --time 2m --max-size 100KB -o intents.bantam train.csv\n"
    "  bantam train -o intents.bantam --ngrams 1-2 --C 10 --text query --label 3 a.tsv.gz\n"
    "  bantam train models/ci-lines/recipe.json\n"
    "  bantam train --curve curve.svg models/adder/recipe.json\n"
    "\n"
    "exit status: 0 trained, 2 wrong usage, 3 data, recipe or output could not be read\n"
    "or written.\n";

// To add a kind: write train_<kind>.c, declare it in train.h, add its line here and its file in meson.build.
static const struct {
    const char *kind;
    train_recipe train;
} kinds[] = {
    {"ci-lines", train_logs}, {"ci-tools", train_logs}, {"ci-cause", train_logs},
    {"ci-fixes", train_logs}, {"neural", train_neural},
};

static train_recipe find_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return kinds[i].train;
        }
    }
    message("no model of kind \"%s\" can be trained", kind);
    return NULL;
}

static int run_recipe(const struct train_settings *settings, const char *path)
{
    if (!settings->output && settings->folds) {
        message("--folds: needs --output FOLDER; see bantam train --help");
        return EXIT_USAGE;
    }
    struct recipe recipe;
    struct problem problem = {""};
    if (!recipe_read(&recipe, path, &problem)) {
        message("%s: %s", path, problem.text);
        return EXIT_INPUT;
    }
    recipe.seed = settings->seed == SEED_NOT_GIVEN ? recipe.seed : (uint64_t)settings->seed;
    train_recipe train = find_kind(recipe.kind);
    int code = train ? train(settings, &recipe, path) : EXIT_INPUT;
    recipe_release(&recipe);
    return code;
}

static bool is_recipe(const char *path)
{
    size_t size = strlen(path);
    return size >= 5 && strcmp(path + size - 5, ".json") == 0;
}

// A recipe says all by itself; tables are trained on as the options say.
static int run(const struct train_settings *settings, const struct train_text *text,
               const char *const *paths)
{
    bool seeded = settings->seed != SEED_NOT_GIVEN;
    const char *of_recipe = settings->data         ? "data"
                            : settings->curve      ? "curve"
                            : settings->checkpoint ? "checkpoint"
                            : seeded               ? "recipe-seed"
                                                   : NULL;
    size_t n_paths = 0, n_recipes = 0;
    for (; paths && paths[n_paths]; n_paths++) {
        n_recipes += is_recipe(paths[n_paths]);
    }
    if ((settings->folds != 0 && !option_in_range("train", "--folds", settings->folds, 2, 1000)) ||
        (seeded && !option_in_range("train", "--recipe-seed", settings->seed, 0, INT_MAX)) ||
        !option_in_range("train", "--threads", settings->threads, 1, 1024)) {
        return EXIT_USAGE;
    }
    if (n_paths == 0 || n_recipes > 1 || (n_recipes == 1 && n_paths > 1)) {
        message("train takes one recipe, or tables of texts; see bantam train --help");
    } else if (n_recipes == 1 && train_text_given(text)) {
        message("%s: a recipe takes no options of text classifiers; see bantam train --help",
                paths[0]);
    } else if (n_recipes == 1) {
        return run_recipe(settings, paths[0]);
    } else if (of_recipe) {
        message("--%s: goes with a recipe; see bantam train --help", of_recipe);
    } else {
        return train_text(settings, text, paths, n_paths);
    }
    return EXIT_USAGE;
}

static int print_help(void)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    bantam_buffer_append_string(&text, help_begin);
    bantam_buffer_append_string(&text, data_options_help);
    bantam_buffer_append_string(&text, help_middle);
    train_text_help(&text);
    bantam_buffer_append_string(&text, help_end);
    bool printed = !text.failed && write_output(text.data, text.size);
    bantam_buffer_release(&text);
    return printed ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_train(int argc, const char **argv)
{
    struct train_settings settings = {.threads = sysconf(_SC_NPROCESSORS_ONLN),
                                      .seed = SEED_NOT_GIVEN};
    struct train_text text = {.options = bantam_classifier_options_default(),
                              .n_passes = PASSES_NOT_GIVEN};
    struct poptOption data_table[DATA_OPTIONS], text_table[TRAIN_TEXT_OPTIONS];
    int quiet = 0, wants_help = 0;
    data_options_table(data_table, &text.data);
    train_text_table(text_table);
    const struct poptOption options[] = {
        {"data", 'd', POPT_ARG_STRING, &settings.data, 0, NULL, NULL},
        {"output", 'o', POPT_ARG_STRING, &settings.output, 0, NULL, NULL},
        {"folds", 0, POPT_ARG_LONG, &settings.folds, 0, NULL, NULL},
        {"threads", 'j', POPT_ARG_LONG, &settings.threads, 0, NULL, NULL},
        {"recipe-seed", 0, POPT_ARG_LONG, &settings.seed, 0, NULL, NULL},
        {"curve", 0, POPT_ARG_STRING, &settings.curve, 0, NULL, NULL},
        {"checkpoint", 0, POPT_ARG_STRING, &settings.checkpoint, 0, NULL, NULL},
        {"stream", 0, POPT_ARG_NONE, &text.stream, 0, NULL, NULL},
        {"passes", 0, POPT_ARG_LONG, &text.n_passes, 0, NULL, NULL},
        {"labels", 0, POPT_ARG_STRING, &text.labels, 0, NULL, NULL},
        {"search", 0, POPT_ARG_NONE, &text.search, 0, NULL, NULL},
        {"time", 0, POPT_ARG_STRING, &text.time, 0, NULL, NULL},
        {"max-size", 0, POPT_ARG_STRING, &text.max_size, 0, NULL, NULL},
        {"quiet", 'q', POPT_ARG_NONE, &quiet, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &wants_help, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, data_table, 0, NULL, NULL},
        {NULL, 0, POPT_ARG_INCLUDE_TABLE, text_table, 0, NULL, NULL},
        POPT_TABLEEND,
    };
    poptContext context = poptGetContext("bantam train", argc, argv, options, 0);
    int problem = train_text_take_options(&text, context, "train"), code = EXIT_USAGE;
    settings.quiet = quiet || !isatty(STDERR_FILENO);
    if (problem < -1) {
        options_refuse(context, problem, "train", argc, argv);
    } else if (wants_help) {
        code = print_help();
    } else if (problem == -1) {
        code = run(&settings, &text, (const char *const *)poptGetArgs(context));
    }
    options_release(options);
    poptFreeContext(context);
    return code;
}
