// Statements over the tables log, finding and resolution.
#include "history.h"

#include <stdio.h>
#include <string.h>

static const char *status_name(bantam_triage_status status)
{
    switch (status) {
    case BANTAM_DIAGNOSED:
        return "diagnosed";
    case BANTAM_UNKNOWN:
        return "unknown";
    case BANTAM_NO_FAILURE_FOUND:
        break;
    }
    return "passed";
}

#define OTHER_LOGS                                                                                 \
    " FROM finding JOIN log ON log.id = finding.log WHERE fingerprint = ?1"                        \
    " AND NOT (digest = ?2 AND job = ?3 AND commit_id = ?4)"

static bool read_past(struct store *store, struct history_past *past, const char *fingerprint,
                      const struct history_entry *entry, struct problem *problem)
{
    const bantam_origin *origin = entry->origin;
    sqlite3_stmt *rows =
        store_prepare(store, problem,
                      "SELECT count(DISTINCT log.id), count(DISTINCT nullif(commit_id, '')),"
                      " min(time), max(time)" OTHER_LOGS,
                      "ssss", fingerprint, entry->digest, origin->job, origin->commit);
    if (store_row(store, rows)) {
        past->known.n_times = (uint64_t)store_integer(store, rows, 0);
        past->known.n_commits = (uint64_t)store_integer(store, rows, 1);
        past->known.first = store_integer(store, rows, 2);
        past->known.last = store_integer(store, rows, 3);
    }
    if (!store_finish(store, rows, problem)) {
        return false;
    }
    rows =
        store_prepare(store, problem, "SELECT commit_id" OTHER_LOGS " ORDER BY time DESC LIMIT 1",
                      "ssss", fingerprint, entry->digest, origin->job, origin->commit);
    if (store_row(store, rows)) {
        snprintf(past->commit, sizeof past->commit, "%s", store_text(store, rows, 0));
    }
    if (!store_finish(store, rows, problem)) {
        return false;
    }
    rows = store_prepare(store, problem,
                         "SELECT text, time FROM resolution WHERE fingerprint = ?"
                         " ORDER BY time DESC LIMIT 1",
                         "s", fingerprint);
    if (store_row(store, rows)) {
        snprintf(past->resolution, sizeof past->resolution, "%s", store_text(store, rows, 0));
        past->known.resolution = past->resolution;
        past->known.resolved = store_integer(store, rows, 1);
    }
    return store_finish(store, rows, problem);
}

static bool add_finding(struct store *store, int64_t log, const bantam_finding *finding,
                        const char *fingerprint, struct problem *problem)
{
    bantam_buffer title, headline;
    bantam_buffer_init(&title, 1 << 16);
    bantam_buffer_init(&headline, 1 << 16);
    bantam_title(&title, finding);
    bantam_headline(&headline, finding);
    bantam_buffer_append(&title, "", 1);
    bantam_buffer_append(&headline, "", 1);
    bool added = !title.failed && !headline.failed;
    if (!added) {
        problem_set(problem, "not enough memory");
    }
    added = added &&
            store_run(store, problem,
                      "INSERT OR REPLACE INTO finding(log, rank, fingerprint, cause,"
                      " probability, transient, title, headline)"
                      " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                      "iissdsss", log, (int64_t)finding->rank, fingerprint, finding->cause,
                      finding->cause_probability, finding->transient, title.data, headline.data);
    bantam_buffer_release(&title);
    bantam_buffer_release(&headline);
    return added;
}

static bool add_log(struct store *store, const struct history_entry *entry, int64_t *id,
                    struct problem *problem)
{
    const bantam_origin *origin = entry->origin;
    bool added =
        store_run(store, problem, "DELETE FROM log WHERE digest = ? AND job = ? AND commit_id = ?",
                  "sss", entry->digest, origin->job, origin->commit) &&
        store_run(store, problem,
                  "INSERT INTO log(digest, path, status, repository, job, commit_id,"
                  " branch, time) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                  "sssssssi", entry->digest, entry->path, status_name(entry->diagnosis->status),
                  origin->repository, origin->job, origin->commit, origin->branch, origin->time);
    *id = added ? store->sqlite->sqlite3_last_insert_rowid(store->database) : 0;
    return added;
}

static bool record(struct store *store, struct history_past *past,
                   const struct history_entry *entry, struct problem *problem)
{
    const bantam_diagnosis *diagnosis = entry->diagnosis;
    int64_t id;
    bool recorded = add_log(store, entry, &id, problem);
    for (size_t i = 0; recorded && i < diagnosis->n_failures; i++) {
        char fingerprint[BANTAM_FINGERPRINT_SIZE];
        bantam_error error;
        if (bantam_fingerprint(fingerprint, &diagnosis->findings[i], &error)) {
            problem_set(problem, "%s", error.message);
            return false;
        }
        recorded = add_finding(store, id, &diagnosis->findings[i], fingerprint, problem) &&
                   (i > 0 || read_past(store, past, fingerprint, entry, problem));
    }
    return recorded;
}

bool history_record(struct store *store, struct history_past *past,
                    const struct history_entry *entry, struct problem *problem)
{
    *past = (struct history_past){.commit = ""};
    past->known.commit = past->commit;
    problem->text[0] = '\0';
    return store_begin(store, problem) &&
           store_end(store, record(store, past, entry, problem), problem);
}

#define FILTER                                                                                     \
    " (?1 IS NULL OR cause = ?1) AND (?2 IS NULL OR repository = ?2) AND (?3 IS NULL OR job = ?3)" \
    " AND (?4 IS NULL OR branch = ?4)"                                                             \
    " AND (?5 IS NULL OR substr(commit_id, 1, length(?5)) = ?5) AND time >= ?6"
#define FILTER_KINDS "sssssi"
#define FILTER_VALUES(filter)                                                                      \
    (filter)->cause, (filter)->repository, (filter)->job, (filter)->branch, (filter)->commit,      \
        (filter)->since

static int64_t limit(const struct history_filter *filter)
{
    return filter->most > 0 ? filter->most : -1;
}

// Texts are those of the last log; a failure counts where it is some log's first finding.
bool history_failures(struct store *store, const struct history_filter *filter,
                      history_failure_visitor visit, void *context, struct problem *problem)
{
    sqlite3_stmt *rows = store_prepare(
        store, problem,
        "WITH seen AS (SELECT fingerprint, rank, cause, title, headline, transient, log.id AS id,"
        "  commit_id, branch, time FROM finding JOIN log ON log.id = finding.log WHERE" FILTER "),"
        " counted AS (SELECT fingerprint AS f, count(DISTINCT id) AS n_logs,"
        "  count(DISTINCT nullif(commit_id, '')) AS n_commits,"
        "  count(DISTINCT nullif(branch, '')) AS n_branches, min(time) AS first"
        "  FROM seen GROUP BY fingerprint HAVING min(rank) = 1)"
        " SELECT fingerprint, cause, title, headline, transient, n_logs, n_commits, n_branches,"
        "  first, max(time),"
        "  (SELECT text FROM resolution r WHERE r.fingerprint = f ORDER BY time DESC LIMIT 1),"
        "  (SELECT max(time) FROM resolution r WHERE r.fingerprint = f)"
        " FROM counted JOIN seen ON fingerprint = f GROUP BY fingerprint"
        " ORDER BY max(time) DESC, fingerprint LIMIT ?7",
        FILTER_KINDS "i", FILTER_VALUES(filter), limit(filter));
    while (store_row(store, rows)) {
        const struct history_failure failure = {
            .fingerprint = store_text(store, rows, 0),
            .cause = store_text(store, rows, 1),
            .title = store_text(store, rows, 2),
            .headline = store_text(store, rows, 3),
            .transient = store_text(store, rows, 4),
            .n_logs = store_integer(store, rows, 5),
            .n_commits = store_integer(store, rows, 6),
            .n_branches = store_integer(store, rows, 7),
            .first = store_integer(store, rows, 8),
            .last = store_integer(store, rows, 9),
            .resolution = store_text(store, rows, 10),
            .resolved = store_integer(store, rows, 11),
        };
        visit(context, &failure);
    }
    return store_finish(store, rows, problem);
}

bool history_logs(struct store *store, const char *fingerprint, const struct history_filter *filter,
                  history_log_visitor visit, void *context, struct problem *problem)
{
    sqlite3_stmt *rows = store_prepare(
        store, problem,
        "SELECT path, status, repository, job, commit_id, branch, time, fingerprint, title, cause"
        " FROM log LEFT JOIN finding ON finding.log = log.id AND"
        "  (fingerprint = ?8 OR (?8 IS NULL AND rank = 1)) WHERE" FILTER
        " AND (?8 IS NULL OR fingerprint IS NOT NULL)"
        " ORDER BY time DESC, log.id DESC LIMIT ?7",
        FILTER_KINDS "is", FILTER_VALUES(filter), limit(filter), fingerprint);
    while (store_row(store, rows)) {
        const struct history_log log = {
            .path = store_text(store, rows, 0),
            .status = store_text(store, rows, 1),
            .repository = store_text(store, rows, 2),
            .job = store_text(store, rows, 3),
            .commit = store_text(store, rows, 4),
            .branch = store_text(store, rows, 5),
            .time = store_integer(store, rows, 6),
            .fingerprint = store_text(store, rows, 7),
            .title = store_text(store, rows, 8),
        };
        visit(context, &log);
    }
    return store_finish(store, rows, problem);
}

// Each kind of evidence once a failure, its latest instance; the failures with the strongest evidence first. A job is one of a repository; a commit that no log tells is none.
static const char suspects[] =
    "WITH red AS (SELECT fingerprint, repository, job, commit_id, branch, time"
    "  FROM finding JOIN log ON log.id = finding.log"
    "  WHERE rank = 1 AND (?1 IS NULL OR fingerprint = ?1)),"
    " green AS (SELECT repository, job, commit_id, time FROM log WHERE status = 'passed'),"
    " evidence(f, kind, repository, job, red, green, red_time, green_time, n_times) AS ("
    " SELECT r.fingerprint, 0, r.repository, r.job, r.commit_id, g.commit_id, max(r.time), g.time,"
    "  count(DISTINCT r.commit_id)"
    " FROM red r JOIN green g USING (repository, job, commit_id) WHERE commit_id <> ''"
    " GROUP BY r.fingerprint"
    " UNION ALL SELECT r.fingerprint, 1, r.repository, r.job, r.commit_id, g.commit_id,"
    "  max(r.time), g.time, count(DISTINCT g.commit_id)"
    " FROM red b JOIN red r USING (fingerprint, repository, job)"
    "  JOIN green g USING (repository, job)"
    " WHERE b.time < g.time AND g.time < r.time AND b.commit_id <> '' AND r.commit_id <> ''"
    "  AND g.commit_id <> '' AND b.commit_id <> r.commit_id AND b.commit_id <> g.commit_id"
    "  AND g.commit_id <> r.commit_id"
    " GROUP BY r.fingerprint"
    " UNION ALL SELECT fingerprint, 2, repository, job, '', '', max(time), 0,"
    "  count(DISTINCT branch)"
    " FROM red WHERE branch <> '' AND commit_id <> '' GROUP BY fingerprint, repository, job"
    "  HAVING count(DISTINCT branch) > 1 AND count(DISTINCT commit_id) > 1"
    ") SELECT * FROM evidence"
    " ORDER BY min(kind) OVER (PARTITION BY f), f, kind, red_time DESC";

bool history_suspects(struct store *store, const char *fingerprint, history_suspect_visitor visit,
                      void *context, struct problem *problem)
{
    sqlite3_stmt *rows = store_prepare(store, problem, suspects, "s", fingerprint);
    while (store_row(store, rows)) {
        const struct history_suspect suspect = {
            .fingerprint = store_text(store, rows, 0),
            .evidence = (enum history_evidence)store_integer(store, rows, 1),
            .repository = store_text(store, rows, 2),
            .job = store_text(store, rows, 3),
            .red = store_text(store, rows, 4),
            .green = store_text(store, rows, 5),
            .red_time = store_integer(store, rows, 6),
            .green_time = store_integer(store, rows, 7),
            .n_times = store_integer(store, rows, 8),
        };
        visit(context, &suspect);
    }
    return store_finish(store, rows, problem);
}

bool history_find(struct store *store, char fingerprint[BANTAM_FINGERPRINT_SIZE], const char *id,
                  struct problem *problem)
{
    size_t n_found = 0;
    sqlite3_stmt *rows = store_prepare(store, problem,
                                       "SELECT DISTINCT fingerprint FROM finding"
                                       " WHERE substr(fingerprint, 1, length(?1)) = ?1 LIMIT 2",
                                       "s", id);
    while (store_row(store, rows)) {
        snprintf(fingerprint, BANTAM_FINGERPRINT_SIZE, "%s", store_text(store, rows, 0));
        n_found++;
    }
    if (!store_finish(store, rows, problem)) {
        return false;
    }
    if (n_found != 1 || !*id) {
        problem_set(problem,
                    n_found == 0 ? "%s: no failure of that id is kept; bantam history lists them"
                                 : "%s: several failures have such an id; give more of it",
                    id);
    }
    return n_found == 1 && *id;
}

bool history_resolve(struct store *store, const char *fingerprint, const char *text, int64_t time,
                     struct problem *problem)
{
    return store_run(store, problem,
                     "INSERT INTO resolution(fingerprint, time, text) VALUES(?, ?, ?)", "sis",
                     fingerprint, time, text);
}

bool history_forget(struct store *store, const char *fingerprint, struct problem *problem)
{
    bool begun = store_begin(store, problem);
    return begun &&
           store_end(store,
                     store_run(store, problem, "DELETE FROM finding WHERE fingerprint = ?", "s",
                               fingerprint) &&
                         store_run(store, problem, "DELETE FROM resolution WHERE fingerprint = ?",
                                   "s", fingerprint),
                     problem);
}
