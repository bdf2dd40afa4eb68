// Measures how often the tool of a labelled failure is named rightly, and prints what is missed.
//
// usage: bench-tools ROOT [--misses [PRIOR_PULL [KIND_PULL]]]    ROOT holds labels.ndjson, causes.ndjson and the logs, as the development data does
//
// Given the labelled lines, and given those that a finder finds which has not seen the log; weights of each of 8 folds have not seen
// its repositories.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "records.h"
#include "triage/subject.h"
#include "triage/tools_train.h"

enum {
    N_FOLDS = 8,
    SIGN_MAXIMUM = 500, // bytes of a sign that are shown
    LOGS_MAXIMUM = 4096,
};

struct corpus {
    bantam_labelled_log logs[LOGS_MAXIMUM];
    bantam_span spans[LOGS_MAXIMUM];
    const char *subjects[LOGS_MAXIMUM];
    enum cause causes[LOGS_MAXIMUM];
    size_t count;
};

static void add_log(struct corpus *corpus, const char *root, json_t *label, json_t *cause)
{
    json_t *tool = json_object_get(cause, "tool"), *gold = json_object_get(label, "gold");
    const char *validated = json_string_value(json_object_get(label, "validated"));
    if (!label || (validated && strcmp(validated, "invalid") == 0) ||
        corpus->count == LOGS_MAXIMUM || json_array_size(gold) == 0) {
        return;
    }
    size_t n = json_is_array(tool) ? json_array_size(tool) : 1, n_tools = 0;
    const char **tools = calloc(n + 1, sizeof *tools);
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_is_array(tool) ? json_array_get(tool, i) : tool);
        if (name) {
            tools[n_tools++] = name;
        }
    }
    size_t size;
    char *path = join_path(root, json_string_value(json_object_get(label, "log")));
    char *bytes = path ? read_file(path, &size) : NULL;
    free(path);
    json_t *span = json_array_get(gold, 0), *subject = json_object_get(cause, "subject");
    if (!bytes || n_tools == 0) {
        return;
    }
    corpus->spans[corpus->count] =
        (bantam_span){(uint64_t)json_integer_value(json_array_get(span, 0)),
                      (uint64_t)json_integer_value(json_array_get(span, 1))};
    corpus->subjects[corpus->count] =
        json_string_value(json_is_array(subject) ? json_array_get(subject, 0) : subject);
    const char *name = json_string_value(json_object_get(cause, "cause"));
    corpus->causes[corpus->count] = name ? cause_of_name(name, strlen(name)) : CAUSE_UNKNOWN;
    corpus->logs[corpus->count] =
        (bantam_labelled_log){.id = json_string_value(json_object_get(label, "id")),
                              .group = json_string_value(json_object_get(label, "repo")),
                              .bytes = bytes,
                              .size = size,
                              .spans = &corpus->spans[corpus->count],
                              .n_spans = 1,
                              .tools = tools,
                              .n_tools = n_tools};
    corpus->count++;
}

static void print_miss(const struct tools *tools, const bantam_labelled_log *log,
                       const struct tool_example *example, size_t best)
{
    bool listed = false;
    for (size_t i = 0; i < example->candidates.count; i++) {
        listed = listed || example->right[i];
    }
    const struct tool_candidate *got = best == SIZE_MAX ? NULL : &example->candidates.items[best];
    bantam_buffer sign;
    bantam_buffer_init(&sign, SIGN_MAXIMUM);
    if (got && got->sign >= 0) {
        phrase_set_describe(tools_table(tools)->signs, (size_t)got->sign, &sign);
    }
    printf("MISS %s:%llu right %s%s got %s by '%.*s' in line %u\n", log->id,
           (unsigned long long)log->spans[0].first, log->tools[0], listed ? "" : " (no candidate)",
           got ? got->name : "nothing", (int)sign.size, sign.data ? sign.data : "",
           got ? got->sign_line + 1 : 0);
    bantam_buffer_release(&sign);
}

static bool subject_fits(const char *got, const char *want)
{
    return got && want && (strcasestr(got, want) || (strlen(got) > 2 && strcasestr(want, got)));
}

static void measure_subjects(const struct corpus *corpus, const struct tools *tools, bool misses)
{
    size_t right = 0, named = 0, all = 0;
    double seconds = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        const bantam_labelled_log *log = &corpus->logs[i];
        struct document document;
        struct tool_ranking ranking;
        struct arena arena = ARENA_EMPTY;
        struct subject subject;
        bantam_location locations[LOCATIONS_MAXIMUM];
        if (!corpus->subjects[i] || document_init(&document, log->bytes, log->size, NULL)) {
            continue;
        }
        struct finding_lines lines = {(uint32_t)log->spans[0].first - 1,
                                      (uint32_t)log->spans[0].last - 1,
                                      (uint32_t)log->spans[0].first - 1};
        clock_t start = clock();
        if (!tools_rank(&ranking, tools, &document, lines, NULL)) {
            const struct tool *tool = ranking.count ? ranking.items[0].tool : NULL;
            struct name_finder names = {.document = &document, .lines = lines, .arena = &arena};
            if (!subject_find(&subject, &names, tool, corpus->causes[i], NULL)) {
                bool fits = subject_fits(subject.name, corpus->subjects[i]);
                (void)locations_find(locations, &arena, &document, lines);
                right += fits;
                named += subject.name != NULL;
                all++;
                if (misses && !fits) {
                    printf("SUBJECT %s:%llu tool %s want '%s' got '%s'\n", log->id,
                           (unsigned long long)log->spans[0].first,
                           ranking.count ? ranking.items[0].name : "-", corpus->subjects[i],
                           subject.name ? subject.name : "");
                }
            }
            tool_ranking_release(&ranking);
        }
        seconds += (double)(clock() - start) / CLOCKS_PER_SEC;
        arena_release(&arena);
        document_release(&document);
    }
    printf(
        "subjects: right %.3f, named %.3f of %zu; tool, subject and locations take %.2f ms a log\n",
        (double)right / (double)all, (double)named / (double)all, all,
        seconds * 1000 / (double)all);
}

static void measure_tools(const struct corpus *corpus, const struct tools *tools,
                          const struct tool_examples *examples, const int *folds,
                          const struct tools_parameters *parameters, bool misses)
{
    size_t right = 0, all = 0, reachable = 0, found_right = 0, found_all = 0;
    for (int fold = 0; fold < N_FOLDS; fold++) {
        float weights[TOOL_FEATURES];
        tool_weights_fit(weights, examples, folds, fold, parameters);
        for (size_t i = 0; i < examples->count; i++) {
            const struct tool_example *example = &examples->items[i];
            if (folds[example->log] != fold) {
                continue;
            }
            size_t best = tool_weights_best(weights, &example->candidates);
            bool hit = best != SIZE_MAX && example->right[best];
            found_right += hit && !example->labelled;
            found_all += !example->labelled;
            if (!example->labelled) {
                continue;
            }
            right += hit;
            all++;
            reachable += memchr(example->right, 1, example->candidates.count + 1) != NULL;
            if (misses && !hit) {
                print_miss(tools, &corpus->logs[example->log], example, best);
            }
        }
    }
    printf("tools: right %.3f, a candidate %.3f of %zu; given the finder's lines %.3f\n",
           (double)right / (double)all, (double)reachable / (double)all, all,
           found_all ? (double)found_right / (double)found_all : 0);
}

// What the shipped recipe's trainer learns from: findings of a finder that has not seen the log.
static bantam_status read_examples(struct tool_examples *examples, const struct tools *tools,
                                   const struct corpus *corpus, bantam_error *error)
{
    struct unseen_finding *unseen = calloc(corpus->count + 1, sizeof *unseen);
    bantam_train_options options = {.seed = 1};
    bantam_status status =
        unseen ? finder_find_unseen(unseen, corpus->logs, corpus->count, &options, error)
               : BANTAM_ERROR_MEMORY;
    for (size_t i = 0; !status && i < corpus->count; i++) {
        size_t first = examples->count;
        status =
            tool_examples_add(examples, tools_table(tools), &corpus->logs[i], i, &unseen[i], error);
        if (examples->count == first + 2) {
            examples->items[first].weight = 0; // measured alone
        }
    }
    free(unseen);
    return status;
}

int main(int argc, char **argv)
{
    static struct corpus corpus;
    static int folds[LOGS_MAXIMUM];
    if (argc < 2) {
        fputs("usage: bench-tools ROOT [--misses [PRIOR_PULL [KIND_PULL]]]\n", stderr);
        return 2;
    }
    bool misses = argc > 2 && strcmp(argv[2], "--misses") == 0;
    json_t *labels = read_records(argv[1], "labels.ndjson"),
           *causes = read_records(argv[1], "causes.ndjson"), *cause;
    const char *id;
    json_object_foreach(causes, id, cause)
    {
        add_log(&corpus, argv[1], json_object_get(labels, id), cause);
    }
    struct tools_parameters parameters = {.prior_pull = argc > 3 ? strtod(argv[3], NULL) : 2,
                                          .kind_pull = argc > 4 ? strtod(argv[4], NULL) : 10,
                                          .epochs = 200};
    struct tool_examples examples = {0};
    struct tools *tools;
    bantam_error error;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    bantam_status status = tools_new(&tools, &error);
    clock_gettime(CLOCK_MONOTONIC, &to);
    status = status ? status : read_examples(&examples, tools, &corpus, &error);
    if (!status) {
        status = bantam_assign_folds(folds, corpus.logs, corpus.count, N_FOLDS, &error);
    }
    if (status) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("%zu tools, %zu signs, loaded in %.2f ms; %zu logs\n", tools_table(tools)->n_tools,
           tools_table(tools)->n_signs,
           (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6,
           corpus.count);
    measure_tools(&corpus, tools, &examples, folds, &parameters, misses);
    measure_subjects(&corpus, tools, misses);
    return 0;
}
