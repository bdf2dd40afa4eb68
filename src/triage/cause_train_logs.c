// Labelled logs as examples of causes: the lines that the finder finds, the person's span, and spans with other borders.
//
// The finder's lines come from weights that have not seen the log, so that the classifier learns from the mistakes that it
// will meet; its temperature and threshold are chosen on these alone.
#include <string.h>

#include "bantam/train.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "triage/cause_tools.h"
#include "triage/cause_train.h"
#include "triage/finder_train.h"
#include "triage/shipped_tables.h"

enum {
    VARIANTS = 3,            // of a log: its span and two with moved borders
    EXAMPLES = VARIANTS + 1, // and what the finder finds
    MOVED = 8,               // lines that a border moves at most
};

// One finding with what its example points to.
struct finding {
    struct tool_ranking ranking;
    struct cause_tool tools[CAUSE_TOOLS];
};

struct log_examples {
    struct messages messages;
    struct tools *tools;
    struct document *documents;     // (n_logs)
    struct unseen_finding *unseen;  // (n_logs)
    struct finding *findings;       // (n_logs · EXAMPLES)
    struct cause_example *examples; // (n_examples)
    size_t n_documents, n_findings, n_examples;
};

// The line of the span that a person would point at: the one whose messages say most.
static uint32_t find_anchor(const struct messages *messages, const struct document *document,
                            uint32_t first, uint32_t last)
{
    uint32_t best = first;
    float most = -1;
    for (uint32_t at = first; at <= last && at < first + 200; at++) {
        const struct line *line = &document->lines[at];
        uint32_t numbers[16];
        size_t n = messages_match(messages, line->text, line->size, numbers, 16);
        float sum = line->size > 0 ? -0.02F * (float)(at - first) : -100;
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < messages_get(messages, numbers[i])->n_means; k++) {
                sum += message_weight(messages_get(messages, numbers[i]), k);
            }
        }
        if (sum > most) {
            most = sum;
            best = at;
        }
    }
    return best;
}

// Moves the borders of a finding, the anchor staying inside.
static void move_borders(struct finding_lines *lines, size_t n_lines, struct random *random)
{
    uint32_t before = (uint32_t)random_below(random, MOVED);
    uint32_t after = (uint32_t)random_below(random, MOVED);
    if (random_next(random) & 1) {
        lines->first = lines->first > before ? lines->first - before : 0;
    } else {
        lines->first =
            lines->anchor - lines->first > before ? lines->anchor - before : lines->first;
    }
    if (random_next(random) & 1) {
        lines->last = lines->last + after < n_lines ? lines->last + after : (uint32_t)n_lines - 1;
    } else {
        lines->last = lines->last - lines->anchor > after ? lines->anchor + after : lines->last;
    }
}

static bantam_status add_finding(struct log_examples *all, const bantam_labelled_log *log,
                                 struct document *document, struct finding_lines lines,
                                 const struct unseen_finding *unseen, bantam_error *error)
{
    struct finding *finding = &all->findings[all->n_findings];
    bantam_status status = tools_rank(&finding->ranking, all->tools, document, lines, error);
    if (status) {
        return status;
    }
    all->n_findings++;
    const char *alternative = log->cause_alternative;
    all->examples[all->n_examples++] = (struct cause_example){
        .input = {.document = document,
                  .first = lines.first,
                  .last = lines.last,
                  .anchor = lines.anchor,
                  .list = unseen ? unseen->list : NULL,
                  .n_list = unseen ? unseen->n_list : 0,
                  .tools = finding->tools,
                  .n_tools = cause_tools_from(finding->tools, &finding->ranking),
                  .score = unseen ? unseen->score : 1},
        .group = log->group,
        .cause = cause_of_name(log->cause, strlen(log->cause)),
        .alternative =
            alternative ? cause_of_name(alternative, strlen(alternative)) : CAUSE_UNKNOWN,
        .weight = unseen ? 1 : 0.5F / VARIANTS,
        .constructed = log->constructed,
        .predicted = unseen != NULL,
    };
    return BANTAM_OK;
}

static bantam_status add_log(struct log_examples *all, const bantam_labelled_log *log,
                             const struct unseen_finding *unseen, uint64_t seed,
                             bantam_error *error)
{
    struct document *document = &all->documents[all->n_documents];
    bantam_status status = document_init(document, log->bytes, log->size, error);
    if (status) {
        return status;
    }
    all->n_documents++;
    uint64_t first = log->spans[0].first, last = log->spans[0].last;
    if (first < document->first_line_number || last < first ||
        last >= document->first_line_number + document->n_lines) {
        return BANTAM_OK; // the span lies outside what was read
    }
    struct finding_lines lines = {(uint32_t)(first - document->first_line_number),
                                  (uint32_t)(last - document->first_line_number), 0};
    lines.anchor = find_anchor(&all->messages, document, lines.first, lines.last);
    struct random random = {seed + all->n_documents * 7919};
    for (int variant = 0; !status && variant < VARIANTS; variant++) {
        struct finding_lines moved = lines;
        if (variant > 0) {
            move_borders(&moved, document->n_lines, &random);
        }
        status = add_finding(all, log, document, moved, NULL, error);
    }
    if (!status && unseen->any) {
        struct finding_lines found = {unseen->found.first, unseen->found.last,
                                      unseen->found.anchor};
        status = add_finding(all, log, document, found, unseen, error);
    }
    return status;
}

static bool is_usable(const bantam_labelled_log *log)
{
    return log->n_spans > 0 && log->cause && log->group &&
           cause_of_name(log->cause, strlen(log->cause)) != CAUSE_UNKNOWN;
}

static bantam_status gather(struct log_examples *all, const bantam_labelled_log *logs,
                            size_t n_logs, const bantam_train_options *options, bantam_error *error)
{
    bantam_status status = shipped_messages(&all->messages, error);
    status = status ? status : tools_load(&all->tools, error);
    if (status) {
        return status;
    }
    all->documents = memory_allocate_array(n_logs + 1, sizeof *all->documents);
    all->findings = memory_allocate_array(n_logs * EXAMPLES + 1, sizeof *all->findings);
    all->examples = memory_allocate_array(n_logs * EXAMPLES + 1, sizeof *all->examples);
    all->unseen = memory_allocate_array(n_logs, sizeof *all->unseen);
    if (!all->documents || !all->findings || !all->examples || !all->unseen) {
        return error_memory(error);
    }
    status = finder_find_unseen(all->unseen, logs, n_logs, options, error);
    for (size_t i = 0; !status && i < n_logs; i++) {
        if (i % 50 == 0 && options->progress &&
            !options->progress(options->progress_context, "reading logs", i, n_logs)) {
            return error_set(error, BANTAM_ERROR_CANCELLED, "training was cancelled");
        }
        if (is_usable(&logs[i])) {
            status = add_log(all, &logs[i], &all->unseen[i], options->seed, error);
        }
    }
    return status;
}

bantam_status bantam_train_causes(bantam_buffer *model, const bantam_labelled_log *logs,
                                  size_t n_logs, const bantam_train_options *options,
                                  bantam_error *error)
{
    struct log_examples all = {0};
    bantam_status status = gather(&all, logs, n_logs, options, error);
    if (!status) {
        status = cause_train(model, all.examples, all.n_examples, &all.messages, options, error);
    }
    for (size_t i = 0; i < all.n_findings; i++) {
        tool_ranking_release(&all.findings[i].ranking);
    }
    for (size_t i = 0; i < all.n_documents; i++) {
        document_release(&all.documents[i]);
    }
    memory_free(all.examples);
    memory_free(all.unseen);
    memory_free(all.findings);
    memory_free(all.documents);
    tools_free(&all.tools);
    messages_release(&all.messages);
    return status;
}
