// Measures what corrections teach: k corrected logs a cause of one user, and the user's other logs answered.
//
// usage: bench-learn ROOT FOLDS     ROOT holds logchunks/, as the development data does; FOLDS is what bantam train --folds wrote
//
// A user is the logs of one repository, or of six. In each of ten draws k logs of each cause (all but one where there are fewer) are
// taught with their lines and cause; the others are answered by what the triage finds in them, by models of the fold that has not seen
// their repository. Prints Markdown: the shipped model alone, the nearest lesson alone, and both as bantam learn joins them.
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "records.h"
#include "triage/lesson.h"

enum {
    LOGS_MAXIMUM = 1024,
    DRAWS = 10,
    REPOSITORIES_MAXIMUM = 128,
    OWN = 1, // the taught causes have names of the user's own
    NAMES = 2,
};

#define NEAR 0.25 // of the kernel: from here on the nearest lesson is believed

struct log {
    const char *repository;
    size_t user; // index of the repository
    enum cause cause;
    bantam_buffer bytes[NAMES]; // of the lessons, by names
    struct lesson lesson;       // for answering
    char *path;
    bantam_triage *triage; // of the fold that leaves the repository out
    json_t *label;
    bool found; // the shipped models' first line is one that the person marked
};

static struct log logs[LOGS_MAXIMUM];
static size_t n_logs, n_repositories;

// A triage with the models of the fold that leaves the repository out.
static bantam_triage *triage_of(const char *folder, json_t *folds, const char *repository)
{
    static const char *const kinds[] = {"ci-lines", "ci-tools", "ci-cause"};
    static bantam_triage *kept[32];
    size_t number, i;
    json_t *fold, *group;
    json_array_foreach(json_object_get(folds, "folds"), number, fold)
    {
        bool here = false;
        json_array_foreach(json_object_get(fold, "groups"), i, group)
        {
            here |= strcmp(json_string_value(group), repository) == 0;
        }
        if (!here || number >= 32) {
            continue;
        }
        bantam_error error;
        if (!kept[number] && bantam_triage_new(&kept[number], &error)) {
            return NULL;
        }
        char *model_folder = join_path(folder, json_string_value(json_object_get(fold, "model")));
        for (size_t k = 0; k < 3; k++) {
            size_t size = 0;
            char name[64];
            snprintf(name, sizeof name, "%s.safetensors", kinds[k]);
            char *path = join_path(model_folder, name), *bytes = read_file(path, &size);
            if (bytes && bantam_triage_use(kept[number], bytes, size, &error)) {
                fprintf(stderr, "%s: %s\n", path, error.message);
            }
            free(bytes);
            free(path);
        }
        free(model_folder);
        return kept[number];
    }
    return NULL;
}

static bool in_spans(json_t *spans, uint64_t line)
{
    size_t i;
    json_t *span;
    json_array_foreach(spans, i, span)
    {
        if (line >= (uint64_t)json_integer_value(json_array_get(span, 0)) &&
            line <= (uint64_t)json_integer_value(json_array_get(span, 1))) {
            return true;
        }
    }
    return false;
}

// Whether the line to read first is one that the person marked.
static bool finds_line(const struct log *log)
{
    size_t size;
    char *bytes = read_file(log->path, &size);
    bantam_diagnosis *diagnosis = NULL;
    bool found = bytes &&
                 bantam_triage_run(&diagnosis, log->triage, bytes, size, NULL, NULL) == BANTAM_OK &&
                 diagnosis->n_findings > 0;
    if (found) {
        uint64_t line = diagnosis->findings->anchor_line;
        found = in_spans(json_object_get(log->label, "gold"), line) ||
                in_spans(json_object_get(log->label, "alternatives"), line);
    }
    bantam_diagnosis_free(&diagnosis);
    free(bytes);
    return found;
}

static bool add_log(const char *root, json_t *label, json_t *about, bantam_triage *triage)
{
    struct log *log = &logs[n_logs];
    const char *cause = json_string_value(json_object_get(about, "cause"));
    json_t *span = json_array_get(json_object_get(label, "gold"), 0);
    log->cause = cause ? cause_of_name(cause, strlen(cause)) : CAUSE_UNKNOWN;
    if (log->cause == CAUSE_UNKNOWN || !span || !triage) {
        return true;
    }
    size_t size;
    char *path = join_path(root, json_string_value(json_object_get(label, "log")));
    char *bytes = read_file(path, &size), own[64];
    snprintf(own, sizeof own, "own_%s", cause);
    bool made = bytes != NULL;
    for (int names = 0; made && names < NAMES; names++) {
        const bantam_correction correction = {
            .lines = {(uint64_t)json_integer_value(json_array_get(span, 0)),
                      (uint64_t)json_integer_value(json_array_get(span, 1))},
            .cause = names == OWN ? own : cause};
        bantam_error error;
        bantam_buffer_init(&log->bytes[names], (size_t)1 << 24);
        made = bantam_lesson_make(&log->bytes[names], triage, bytes, size, &correction, &error) ==
               BANTAM_OK;
        if (!made) {
            fprintf(stderr, "%s: %s\n", path, error.message);
        }
    }
    free(bytes);
    log->path = path;
    log->triage = triage;
    log->label = label;
    const bantam_lesson lesson = {log->bytes[0].data, log->bytes[0].size};
    if (!made || lesson_load(&log->lesson, &lesson, NULL)) {
        return false;
    }
    log->repository = json_string_value(json_object_get(label, "repo"));
    size_t same = 0;
    while (same < n_logs && strcmp(logs[same].repository, log->repository) != 0) {
        same++;
    }
    log->user = same < n_logs ? logs[same].user : n_repositories++;
    log->found = finds_line(log);
    n_logs += log->lesson.words[LESSON_FOUND].n > 0;
    return true;
}

static void read_logs(const char *data, const char *folder)
{
    char *root = join_path(data, "logchunks"), *path = join_path(folder, "folds.json");
    json_t *labels = read_records(root, "labels.ndjson"),
           *causes = read_records(root, "causes.ndjson");
    json_t *folds = json_load_file(path, 0, NULL), *label;
    const char *id;
    json_object_foreach(labels, id, label)
    {
        const char *validated = json_string_value(json_object_get(label, "validated"));
        bool invalid = validated && strcmp(validated, "invalid") == 0;
        const char *repository = json_string_value(json_object_get(label, "repo"));
        if (!invalid && n_logs < LOGS_MAXIMUM) {
            add_log(root, label, json_object_get(causes, id), triage_of(folder, folds, repository));
        }
    }
    free(root);
    free(path);
}

// Right answers of the logs that were not taught, by each way, summed over users and draws as shares.
struct figures {
    double shipped, nearest, joined, n;
    double unlike_shipped, unlike_joined, n_unlike; // logs of other users
};

static bool is_right(const struct learned *learned, size_t best, const struct log *log, int names)
{
    const char *name = learned->names[best], *wanted = cause_name(log->cause);
    return names == OWN ? strncmp(name, "own_", 4) == 0 && strcmp(name + 4, wanted) == 0
                        : strcmp(name, wanted) == 0;
}

static size_t best_of(const double *logits, size_t n)
{
    size_t best = 0;
    for (size_t c = 1; c < n; c++) {
        best = logits[c] > logits[best] ? c : best;
    }
    return best;
}

static size_t best_prior(const float *prior)
{
    size_t best = 0;
    for (size_t c = 1; c < CAUSES; c++) {
        best = prior[c] > prior[best] ? c : best;
    }
    return best;
}

static size_t nearest(const struct learned *learned, const struct log *log)
{
    const struct word_vector *words = &log->lesson.words[LESSON_FOUND];
    size_t best = best_prior(log->lesson.prior[LESSON_FOUND]);
    double most = NEAR;
    for (size_t i = 0; i < learned->n_examples; i++) {
        double kernel = word_vector_kernel(words, &learned->examples[i].words);
        if (kernel > most) {
            most = kernel;
            best = learned->examples[i].cause;
        }
    }
    return best;
}

static struct learned *teach(const bool *taught, int names)
{
    static bantam_lesson lessons[LOGS_MAXIMUM];
    size_t n = 0;
    for (size_t i = 0; i < n_logs; i++) {
        if (taught[i]) {
            lessons[n++] = (bantam_lesson){logs[i].bytes[names].data, logs[i].bytes[names].size};
        }
    }
    bantam_buffer layer;
    bantam_error error = {.message = "nothing is taught"};
    bantam_model *file = NULL;
    struct learned *learned = NULL;
    bantam_buffer_init(&layer, (size_t)1 << 28);
    if (bantam_learn(&layer, lessons, n, &error) ||
        bantam_model_load(&file, layer.data, layer.size, &error) ||
        learned_load(&learned, file, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    bantam_buffer_release(&layer);
    return learned;
}

static void answer(struct figures *figures, const bool *taught, const bool *of_user, int names)
{
    struct learned *learned = teach(taught, names);
    double shipped = 0, near = 0, joined = 0, n = 0, before = 0, after = 0, n_unlike = 0;
    for (size_t i = 0; i < n_logs; i++) {
        const struct log *log = &logs[i];
        const float *prior = log->lesson.prior[LESSON_FOUND];
        double logits[LEARNED_CLASSES];
        if (taught[i]) {
            continue;
        }
        learned_score(logits, learned, &log->lesson.words[LESSON_FOUND], prior);
        size_t best = best_of(logits, learned->n_classes);
        bool known = best_prior(prior) == (size_t)log->cause;
        if (of_user[i]) {
            shipped += known;
            near += is_right(learned, nearest(learned, log), log, names);
            joined += is_right(learned, best, log, names);
            n++;
        } else {
            before += known;
            after += best == (size_t)log->cause;
            n_unlike++;
        }
    }
    learned_free(&learned);
    figures->shipped += shipped / n;
    figures->nearest += near / n;
    figures->joined += joined / n;
    figures->n++;
    if (n_unlike > 0) {
        figures->unlike_shipped += before / n_unlike;
        figures->unlike_joined += after / n_unlike;
        figures->n_unlike++;
    }
}

static void shuffle(size_t *items, size_t n, struct random *random)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = random_below(random, i), item = items[i - 1];
        items[i - 1] = items[k];
        items[k] = item;
    }
}

// Chooses k logs of each of the user's causes, but leaves one; false where there is nothing to teach or to answer, or one cause only.
static bool choose(bool *taught, const bool *of_user, size_t k, struct random *random)
{
    size_t n_causes = 0, n_taught = 0, n_left = 0;
    memset(taught, 0, n_logs * sizeof *taught);
    for (size_t cause = 0; cause < CAUSES; cause++) {
        size_t items[LOGS_MAXIMUM], n = 0;
        for (size_t i = 0; i < n_logs; i++) {
            if (of_user[i] && (size_t)logs[i].cause == cause) {
                items[n++] = i;
            }
        }
        shuffle(items, n, random);
        n_causes += n > 0;
        size_t n_chosen = n == 0 ? 0 : k < n - 1 ? k : n - 1;
        for (size_t i = 0; i < n_chosen; i++) {
            taught[items[i]] = true;
        }
        n_taught += n_chosen;
        n_left += n - n_chosen;
    }
    return n_causes > 1 && n_taught > 0 && n_left > 0;
}

static struct figures measure(size_t repositories, size_t k, int names)
{
    struct figures figures = {.n = 0};
    struct random random = {1};
    for (int draw = 0; draw < DRAWS; draw++) {
        size_t order[REPOSITORIES_MAXIMUM];
        for (size_t i = 0; i < n_repositories; i++) {
            order[i] = i;
        }
        shuffle(order, n_repositories, &random);
        for (size_t from = 0; from < n_repositories; from += repositories) {
            static bool of_user[LOGS_MAXIMUM], taught[LOGS_MAXIMUM];
            for (size_t i = 0; i < n_logs; i++) {
                of_user[i] = false;
                for (size_t r = from; r < from + repositories && r < n_repositories; r++) {
                    of_user[i] |= logs[i].user == order[r];
                }
            }
            if (choose(taught, of_user, k, &random)) {
                answer(&figures, taught, of_user, names);
            }
        }
    }
    return figures;
}

// The lines of the first draws, which take the whole triage: before and after, as shares of a user's other logs.
static void measure_lines(size_t k)
{
    enum {
        LINE_DRAWS = 3
    };
    static bool of_user[LOGS_MAXIMUM], taught[LOGS_MAXIMUM];
    static bantam_lesson lessons[LOGS_MAXIMUM];
    struct random random = {1};
    double before = 0, after = 0, n_users = 0;
    for (int draw = 0; draw < LINE_DRAWS; draw++) {
        for (size_t user = 0; user < n_repositories; user++) {
            double was = 0, is = 0, n = 0;
            size_t n_lessons = 0;
            for (size_t i = 0; i < n_logs; i++) {
                of_user[i] = logs[i].user == user;
            }
            if (!choose(taught, of_user, k, &random)) {
                continue;
            }
            for (size_t i = 0; i < n_logs; i++) {
                if (taught[i]) {
                    lessons[n_lessons++] =
                        (bantam_lesson){logs[i].bytes[0].data, logs[i].bytes[0].size};
                }
            }
            bantam_buffer layer;
            bantam_buffer_init(&layer, (size_t)1 << 28);
            for (size_t i = 0; i < n_logs; i++) {
                if (!of_user[i] || taught[i]) {
                    continue;
                }
                if (layer.size == 0 &&
                    (bantam_learn(&layer, lessons, n_lessons, NULL) ||
                     bantam_triage_use(logs[i].triage, layer.data, layer.size, NULL))) {
                    exit(1);
                }
                was += logs[i].found;
                is += finds_line(&logs[i]);
                n++;
            }
            bantam_buffer_release(&layer);
            before += was / n;
            after += is / n;
            n_users++;
        }
    }
    printf("| 1 repository | %zu | %.3f | %.3f |\n", k, before / n_users, after / n_users);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {1, 6}, counts[] = {1, 4, 12};
    if (argc != 3) {
        fprintf(stderr, "usage: bench-learn ROOT FOLDS\n");
        return 2;
    }
    read_logs(argv[1], argv[2]);
    printf("%zu logs of %zu repositories; %d draws. The share of a user's other logs whose cause "
           "is right.\n\n",
           n_logs, n_repositories, DRAWS);
    printf("| user | taught a cause | names | shipped model | nearest lesson | bantam learn | "
           "other users' "
           "logs, before | after |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t s = 0; s < 2; s++) {
        for (size_t c = 0; c < 3; c++) {
            for (int names = 0; names < NAMES; names++) {
                struct figures all = measure(sizes[s], counts[c], names);
                printf("| %zu %s | %zu | %s | ", sizes[s],
                       sizes[s] == 1 ? "repository" : "repositories", counts[c],
                       names == OWN ? "own" : "shipped");
                if (names == OWN) {
                    printf("– | ");
                } else {
                    printf("%.3f | ", all.shipped / all.n);
                }
                printf("%.3f | %.3f | ", all.nearest / all.n, all.joined / all.n);
                printf("%.3f | %.3f |\n", all.unlike_shipped / all.n_unlike,
                       all.unlike_joined / all.n_unlike);
                fflush(stdout);
            }
        }
    }
    printf("\nThe line to read first is one that a person marked, three draws:\n\n"
           "| user | taught a cause | before | after |\n|---|---|---|---|\n");
    measure_lines(1);
    measure_lines(4);
    return 0;
}
