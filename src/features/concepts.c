// One hash table for all kinds of names: whole words, their beginnings, file names, endings of files and numbers, apart by a salt.
#include "features/concepts.h"

#include <stdbool.h>
#include <string.h>

#include "text/span.h"
#include "text/word_list.h"

// Words in lower case; one that ends in '*' stands for all that begin so.
static const char *const concept_words[CONCEPTS] = {
    [CONCEPT_ACCOUNT] = "auth authentic* authoriz* authoris* unauthori* unauthenticated login "
                        "logged password* passwd passphrase credential* token tokens username "
                        "oauth sso apikey account accounts anonymous identity",
    [CONCEPT_DENIAL] = "denied deny denies forbidden rejected reject rejects disallowed "
                       "prohibited privilege* permission* permit* permitted access rights "
                       "readonly protected refusing eacces eperm",
    [CONCEPT_TRUST] = "certificate* cert certs ssl tls x509 signed signature* signing signer "
                      "trusted untrusted trust issuer gpg pgp keyring selfsigned expired cafile "
                      "keychain",
    [CONCEPT_CONNECTION] =
        "connect connection* connecting connected socket sockets econn* tcp dial "
        "peer handshake proxy tunnel reset refused unreachable reach reachable "
        "hang hung network eof broken disconnected",
    [CONCEPT_HOST_NAME] = "dns host hosts hostname nameserver lookup getaddrinfo nxdomain servfail "
                          "nodename resolver name_resolution enotfound eai_again",
    [CONCEPT_HTTP] = "http https request requests response responses url uri endpoint gateway "
                     "header headers redirect api answered unavailable",
    [CONCEPT_DOWNLOAD] = "download* fetch* retriev* pull pulling transfer*",
    [CONCEPT_UPLOAD] = "upload* publish* push pushed pushing",
    [CONCEPT_DEPLOYMENT] = "deploy* release released releases releasing rollout promote stack helm "
                           "kubectl terraform kubernetes namespace chart",
    [CONCEPT_REGISTRY] =
        "registry repository repositories mirror mirrors index feed remote remotes",
    [CONCEPT_DEPENDENCY] = "dependenc* dependent requirement* constraint* satisf* resolv* lockfile "
                           "peer unmet transitive solver solving",
    [CONCEPT_LIBRARY] = "package packages module modules library libraries plugin plugins gem gems "
                        "crate crates jar import imports extension extensions header headers "
                        "include libs",
    [CONCEPT_INSTALLATION] = "install installed installing installation setup bootstrap provision*",
    [CONCEPT_VERSION] = "version versions newer older upgrade downgrade incompatible compatible "
                        "compatibility minimum least requires required unsupported eol",
    [CONCEPT_CONFIGURATION] =
        "config configs configuration* configure configured configuring setting "
        "settings manifest profile preset buildfile cmakelists makefile gemfile "
        "pom",
    [CONCEPT_OPTION] = "option options flag flags argument arguments switch parameter parameters "
                       "usage unrecognized unrecognised",
    [CONCEPT_SCHEMA] = "property properties field fields key keys schema attribute attributes "
                       "section element value values entry directive additional",
    [CONCEPT_TARGET] = "target targets task tasks goal goals script scripts recipe rule phony "
                       "entrypoint",
    [CONCEPT_PARSING] = "syntax parse parsing parser parsed parseable token unexpected "
                        "unterminated unclosed malformed indentation mapping scalar delimiter",
    [CONCEPT_DATA_FORMAT] = "yaml yml json xml toml ini",
    [CONCEPT_CODE] = "function variable identifier declaration declared undeclared redeclared "
                     "undefined type types class method member operator struct interface "
                     "overload cast convert assign assigned initiali* template pointer "
                     "expression statement signature symbol symbols scope arity returns",
    [CONCEPT_LINKING] = "linker ld reference references collect2 linking lld dso ldd",
    [CONCEPT_COMPILATION] =
        "compile compiles compiler compilers compilation compiled javac gcc clang "
        "rustc tsc ghc codegen werror",
    [CONCEPT_TESTING] = "test tests testing testcase testcases spec specs suite suites scenario "
                        "fixture",
    [CONCEPT_EXPECTATION] = "assert* expected expecting expects expect actual got received wanted "
                            "snapshot mismatch equal equals differ differs golden",
    [CONCEPT_EXCEPTION] = "exception exceptions traceback panic panicked unhandled uncaught "
                          "stacktrace backtrace throwable nullpointer* runtimeerror typeerror",
    [CONCEPT_SIGNAL] = "segfault segmentation sigsegv sigabrt abort aborted aborting core dumped "
                       "sanitizer overflow dereference sigbus sigill trap crash crashed crashing "
                       "corruption ice",
    [CONCEPT_MEMORY] = "memory heap oom oomkilled ram alloc allocat* malloc mmap swap "
                       "outofmemory* gc",
    [CONCEPT_DISK] = "disk space inode inodes enospc full volume filesystem storage",
    [CONCEPT_LIMIT] = "limit limits exceed exceeds exceeded exceeding exhausted quota maximum "
                      "max insufficient enough many large larger ulimit emfile enfile",
    [CONCEPT_PROCESS] = "process processes fork thread threads descriptor descriptors handles "
                        "eagain spawn",
    [CONCEPT_RATE] = "rate ratelimit* throttl* toomanyrequests billing abuse retry later "
                     "concurrency plan slow backoff",
    [CONCEPT_TIME] = "timeout timeouts timed deadline seconds minutes elapsed stalled waited "
                     "waiting hung etimedout minute hour hours",
    [CONCEPT_RUNNER] = "runner runners agent agents pod pods worker workers executor vm instance "
                       "evicted preempted deprovision remoting machine hosted",
    [CONCEPT_CANCELLATION] =
        "cancel* aborted shutdown terminat* interrupted sigterm superseded stopped "
        "killed stop shut",
    [CONCEPT_LOSS] = "lost offline disconnected vanished gone unresponsive heartbeat hearing "
                     "contact",
    [CONCEPT_DATABASE] = "database databases postgres* psql mysql mariadb redis mongo* kafka "
                         "rabbitmq broker brokers elasticsearch sqlite migration migrations table "
                         "column sql",
    [CONCEPT_SERVICE] = "service services server servers daemon listen listening port bind browser "
                        "chrome firefox chromedriver emulator simulator webdriver selenium",
    [CONCEPT_START] = "start started starting starts startup ready readiness healthy unhealthy "
                      "health liveness boot booted launch launched",
    [CONCEPT_CONTAINER] = "container containers image images docker podman dockerfile layer layers "
                          "buildkit oci runc buildah skopeo manifest",
    [CONCEPT_REVISION] =
        "git branch branches commit commits merge merged merging rebase checkout "
        "clone cloning submodule* ref refs revision revisions head detached tag "
        "tags origin worktree patch hunk hunks svn hg mercurial changeset pathspec",
    [CONCEPT_CONFLICT] =
        "conflict conflicts conflicting diverged unmerged overwritten stale behind "
        "ahead",
    [CONCEPT_ARTIFACT] =
        "artifact artifacts cache caches cached stash workspace bucket blob object "
        "s3",
    [CONCEPT_ARCHIVE] = "archive archives zip tar gzip tarball unzip compressed decompress* "
                        "inflate deflate extract extracting unpack xz zstd bz2 zlib",
    [CONCEPT_CHECKSUM] = "checksum* sha256 sha1 sha512 digest hash hashes md5 integrity sum crc",
    [CONCEPT_CORRUPTION] = "corrupt* truncated damaged incomplete partial premature magic garbage "
                           "garbled",
    [CONCEPT_FILE] = "file files directory directories folder path paths dir enoent",
    [CONCEPT_ABSENCE] = "missing absent nonexistent notfound exist exists find found locate "
                        "without lacks lack no none nothing empty",
    [CONCEPT_EXISTENCE] = "already duplicate duplicated duplicates twice taken reused immutable "
                          "overwrite",
    [CONCEPT_INVALID] = "invalid illegal bad wrong incorrect inval unsupported unknown unrecogni* "
                        "improper erroneous",
    [CONCEPT_ENVIRONMENT] =
        "environment env variable variables unset locale charset encoding display "
        "xvfb lang utf unbound java_home android_home",
    [CONCEPT_TOOL] = "command executable program binary interpreter sdk toolchain runtime jdk "
                     "jre ndk tool engine engines",
    [CONCEPT_STYLE] = "style format formatted formatting reformat* lint linter lints whitespace "
                      "indent* unused quotes semicolon naming docstring complexity trailing "
                      "offense* prettier pep8 stylistic",
    [CONCEPT_PROJECT_RULE] =
        "spelling typo typos misspell* link links anchor anchors coverage "
        "threshold changelog license licence docs documentation toctree benchmark "
        "budget regenerat* outdated obsolete alphabetical sorted duration stale "
        "codegen docstring",
    [CONCEPT_SECURITY] = "vulnerab* cve advisory advisories severity critical leak leaked leaks "
                         "audit ghsa malicious insecure gitleaks",
    [CONCEPT_WORKFLOW] = "workflow workflows pipeline job jobs step steps stage stages action "
                         "actions matrix trigger",
    [CONCEPT_WAITING] = "wait waiting waited poll attempts attempt retries retrying giving",
};

struct named {
    enum concept concept;
    const char *names;
};

static const struct named file_endings[] = {
    {CONCEPT_CONFIGURATION_FILE,
     "toml ini cfg conf xml gradle kts cmake mk json gemspec cabal csproj sln "
     "props targets properties sdl nimble opam rockspec podspec tf hcl in am ac "
     "bazel bzl gyp pro lua_cfg dhall config babelrc eslintrc nix"},
    {CONCEPT_YAML_FILE, "yml yaml"},
    {CONCEPT_LOCK_FILE, "lock sum"},
    {CONCEPT_SOURCE_FILE,
     "c h cc cpp cxx hpp rs go java kt scala py js ts tsx jsx mjs cjs rb php pl "
     "pm cs fs hs ml swift m mm d nim zig lua r jl erl ex exs clj vb f90 adb sv "
     "v"},
    {CONCEPT_DOCUMENT_FILE, "md rst html tex adoc"},
    {CONCEPT_ARCHIVE_FILE, "zip tar gz tgz xz bz2 zst 7z whl jar war deb rpm apk crate gem nupkg"},
    {CONCEPT_LIBRARY_FILE, "so a dll dylib lib o"},
    {CONCEPT_SHELL_FILE, "sh bash bat ps1 cmd"},
};

static const struct named file_names[] = {
    {CONCEPT_CONFIGURATION_FILE,
     ".flake8 brewfile build build.sbt build.zig cartfile cmakelists.txt conf.py "
     "description dune fastfile gemfile go.mod go.work gruntfile.js gulpfile.js "
     "justfile kconfig makefile makefile.pl meson.build mix.exs package.swift pipfile podfile "
     "procfile rakefile rebar.config requirements.txt sconscript sconstruct setup.py "
     "snakefile stack.yaml tiltfile vagrantfile workspace wscript"},
    {CONCEPT_CONTAINER, "dockerfile"},
    {CONCEPT_WORKFLOW, ".gitlab-ci.yml .travis.yml jenkinsfile"},
    {CONCEPT_TEST_FILE, "conftest.py"},
};

// Status codes of HTTP, exit codes of shells.
static const struct named numbers[] = {
    {CONCEPT_STATUS_DENIED, "401 403 407"},
    {CONCEPT_STATUS_ABSENT, "404 410"},
    {CONCEPT_STATUS_CONFLICT, "409 422 412"},
    {CONCEPT_STATUS_TOO_LARGE, "413"},
    {CONCEPT_STATUS_TOO_MANY, "429"},
    {CONCEPT_STATUS_SERVER, "500 502 503 504 507 520 521"},
    {CONCEPT_EXIT_COMMAND, "126 127"},
    {CONCEPT_EXIT_KILLED, "137"},
    {CONCEPT_EXIT_CRASHED, "139 134"},
    {CONCEPT_EXIT_TERMINATED, "143"},
    {CONCEPT_EXIT_TIMEOUT, "124"},
};

enum {
    TABLE_BITS = 11,
    TABLE_SIZE = 1 << TABLE_BITS, // twice the number of names
    BEGINNING_LEAST = 4,          // bytes of the shortest beginning
    PIECE_LEAST = 3,              // bytes of a piece of a compound word that is looked up
};

// Kinds of names.
enum {
    KIND_WORD = 1,
    KIND_BEGINNING,
    KIND_ENDING,
    KIND_FILE,
    KIND_NUMBER,
};

#define FNV_BASIS 2166136261U
#define FNV_PRIME 16777619U

struct concept_table {
    uint32_t hash[TABLE_SIZE];
    uint8_t concept[TABLE_SIZE]; // and 1; 0: the slot is free
};

static uint32_t hash_byte(uint32_t hash, char byte)
{
    uint8_t lower = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : (uint8_t)byte;
    return (hash ^ lower) * FNV_PRIME;
}

static uint32_t hash_name(struct span name)
{
    uint32_t hash = FNV_BASIS;
    for (size_t i = 0; i < name.size; i++) {
        hash = hash_byte(hash, name.data[i]);
    }
    return hash;
}

static uint32_t hash_of_kind(uint32_t hash, uint32_t kind)
{
    return hash ^ kind * 0x9E3779B1U;
}

static size_t slot_of(uint32_t hash)
{
    return hash * 0x85EBCA6BU >> (32 - TABLE_BITS);
}

// Adds blank-separated names; a word of several concepts has a slot for each.
static void add_names(struct concept_table *table, enum concept concept, const char *names,
                      uint32_t kind)
{
    while (names && *names) {
        size_t size = strcspn(names, " ");
        bool beginning = names[size - 1] == '*';
        uint32_t hash = hash_of_kind(hash_name(span_of(names, size - beginning)),
                                     beginning ? KIND_BEGINNING : kind);
        size_t slot = slot_of(hash);
        while (table->concept[slot]) {
            slot = (slot + 1) % TABLE_SIZE;
        }
        table->hash[slot] = hash;
        table->concept[slot] = (uint8_t)(concept + 1);
        names += size + (names[size] == ' ');
    }
}

const struct concept_table *concept_table_new(struct arena *arena)
{
    struct concept_table *table = arena_allocate_array(arena, 1, sizeof *table);
    if (!table) {
        return NULL;
    }
    for (size_t i = 0; i < CONCEPTS; i++) {
        add_names(table, (enum concept)i, concept_words[i], KIND_WORD);
    }
    for (size_t i = 0; i < sizeof file_endings / sizeof *file_endings; i++) {
        add_names(table, file_endings[i].concept, file_endings[i].names, KIND_ENDING);
    }
    for (size_t i = 0; i < sizeof file_names / sizeof *file_names; i++) {
        add_names(table, file_names[i].concept, file_names[i].names, KIND_FILE);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        add_names(table, numbers[i].concept, numbers[i].names, KIND_NUMBER);
    }
    return table;
}

struct search {
    const struct concept_table *table;
    struct concept_hit *hits;
    size_t n_hits, capacity;
    uint16_t offset, size; // of the token that is looked at
    bool seen[CONCEPTS];
};

static void add_concept(struct search *search, size_t concept)
{
    if (!search->seen[concept] && search->n_hits < search->capacity) {
        search->seen[concept] = true;
        search->hits[search->n_hits++] =
            (struct concept_hit){(uint8_t) concept, search->offset, search->size};
    }
}

// Whether the name has a concept.
static bool look_up(struct search *search, uint32_t name, uint32_t kind)
{
    uint32_t hash = hash_of_kind(name, kind);
    bool any = false;
    for (size_t slot = slot_of(hash); search->table->concept[slot];
         slot = (slot + 1) % TABLE_SIZE) {
        if (search->table->hash[slot] == hash) {
            add_concept(search, (size_t)search->table->concept[slot] - 1);
            any = true;
        }
    }
    return any;
}

static bool look_up_word(struct search *search, struct span word)
{
    uint32_t hash = FNV_BASIS;
    bool any = false;
    for (size_t i = 0; i < word.size; i++) {
        hash = hash_byte(hash, word.data[i]);
        any = (i + 1 >= BEGINNING_LEAST && look_up(search, hash, KIND_BEGINNING)) || any;
    }
    return look_up(search, hash, KIND_WORD) || any;
}

// "OutOfMemoryError" → "Out", "Of", "Memory", "Error".
static void look_up_pieces(struct search *search, struct span word)
{
    for (size_t at = 0; at < word.size;) {
        size_t from = at;
        while (at < word.size && byte_is_upper(word.data[at]) &&
               (at == from || at + 1 == word.size || !byte_is_lower(word.data[at + 1]))) {
            at++;
        }
        while (at < word.size && byte_is_lower(word.data[at]) &&
               (at <= from + 1 || byte_is_lower(word.data[at - 1]))) {
            at++;
        }
        if (at - from >= PIECE_LEAST) {
            look_up_word(search, span_of(word.data + from, at - from));
        }
        at += at == from;
    }
}

// A word as a whole, or else its pieces; "Makefile" is a file as well.
static void look_up_token(struct search *search, struct span word)
{
    look_up(search, hash_name(word), KIND_FILE);
    if (!look_up_word(search, word)) {
        look_up_pieces(search, word);
    }
}

// The last byte of those in `marks`, as the number of bytes up to and with it; 0: none.
static size_t after_last(struct span text, const char *marks)
{
    size_t after = text.size;
    while (after > 0 && !strchr(marks, text.data[after - 1])) {
        after--;
    }
    return after;
}

static bool names_tests(struct span path)
{
    static const char *const words[] = {"test", "tests", "spec", "specs"};
    for (size_t at = 0; at < path.size;) {
        size_t end = at;
        while (end < path.size && !strchr("/\\_.-", path.data[end])) {
            end++;
        }
        if (SPAN_IS_ONE_OF(span_of(path.data + at, end - at), words)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

// By its name or its ending; a dotted name that is no file, by the words of its last part: "java.lang.OutOfMemoryError".
static void look_up_path(struct search *search, struct span path)
{
    size_t folder = after_last(path, "/\\");
    struct span name = span_after(path, folder);
    struct span ending = span_after(name, after_last(name, "."));
    if (span_contains(name, SPAN(".config."))) {
        add_concept(search, CONCEPT_CONFIGURATION_FILE);
    } else if (!look_up(search, hash_name(name), KIND_FILE) &&
               (ending.size == name.size || !look_up(search, hash_name(ending), KIND_ENDING)) &&
               folder == 0) {
        look_up_pieces(search, ending);
    }
    if (names_tests(path)) {
        add_concept(search, CONCEPT_TEST_FILE);
    }
}

// Whether a host is the machine itself or one that only the job's own network knows: "localhost", "127.0.0.1", "redis:6379".
static bool is_own_host(struct span host)
{
    if (word_list_begins("127.0.0.1|0.0.0.0|[::1]", '|', host)) {
        return true;
    }
    size_t size = 0;
    while (size < host.size && (byte_is_letter(host.data[size]) || byte_is_digit(host.data[size]) ||
                                strchr("-_", host.data[size]))) {
        size++;
    }
    return size > 0 && byte_is_letter(host.data[0]) &&
           (size == host.size || strchr(":/", host.data[size]));
}

static void look_up_address(struct search *search, struct span address)
{
    static const char *const of_hosts = "http|ws|tcp|amqp|redis|postgres|mysql|mongodb";
    add_concept(search, CONCEPT_ADDRESS); // of an image or a script, too: "docker://alpine:3"
    struct span host = span_after(address, span_find(address, SPAN("://")) + 3);
    if (word_list_begins(of_hosts, '|', address) && is_own_host(host)) {
        add_concept(search, CONCEPT_OWN_HOST);
    }
}

// "DEPLOY_TOKEN", "SMTP_HOST": a setting that a job gets from outside. Codes of errors are written in capitals, too.
static bool is_variable(struct span word)
{
    static const char *const ends[] = {
        "ACCOUNT", "BUCKET", "CREDENTIALS", "DIR",   "DSN",      "ENDPOINT", "ENV",  "HOME",
        "HOST",    "ID",     "KEY",         "PASS",  "PASSWORD", "PATH",     "PORT", "PROJECT",
        "REGION",  "ROOT",   "SECRET",      "TOKEN", "URI",      "URL",      "USER", "USERNAME"};
    size_t at = word.size;
    while (at > 0 && byte_is_upper(word.data[at - 1])) {
        at--;
    }
    for (size_t i = 0; i < at; i++) {
        if (!byte_is_upper(word.data[i]) && !byte_is_digit(word.data[i]) && word.data[i] != '_') {
            return false;
        }
    }
    return at > 1 && word.data[at - 1] == '_' && SPAN_IS_ONE_OF(span_after(word, at), ends);
}

static void look_at(struct search *search, const struct masked_line *masked, const char *text,
                    bool inner);

// What stands between quotation marks is read as a line of its own; of "host='redis'" what it names.
static void look_into(struct search *search, struct span before, struct span quoted)
{
    struct masked_line masked;
    if (quoted.size > 2) {
        struct span inside = span_of(quoted.data + 1, quoted.size - 2);
        if (span_ends(before, SPAN("host=")) && is_own_host(inside)) {
            add_concept(search, CONCEPT_OWN_HOST);
        }
        mask_line(&masked, quoted.data + 1, quoted.size - 2);
        look_at(search, &masked, quoted.data + 1, true);
    }
}

static void look_at(struct search *search, const struct masked_line *masked, const char *text,
                    bool inner)
{
    for (size_t i = 0; i < masked->n_tokens; i++) {
        const struct token *token = &masked->tokens[i];
        struct span bytes = span_of(text + token->offset, token->size);
        if (!inner) {
            search->offset = token->offset;
            search->size = token->size;
        }
        switch (token->kind) {
        case TOKEN_WORD:
            if (is_variable(bytes)) {
                add_concept(search, CONCEPT_VARIABLE);
            } else {
                look_up_token(search, bytes);
            }
            break;
        case TOKEN_NUMBER:
            look_up(search, hash_name(bytes), KIND_NUMBER);
            break;
        case TOKEN_PATH:
        case TOKEN_FILE:
            look_up_path(search, bytes);
            break;
        case TOKEN_URL:
            look_up_address(search, bytes);
            break;
        case TOKEN_QUOTED:
            if (!inner) {
                look_into(search, span_of(text, token->offset), bytes);
            }
            break;
        default:
            break;
        }
    }
}

size_t concepts_find(struct concept_hit *hits, size_t capacity, const struct concept_table *table,
                     const struct masked_line *masked, const char *text)
{
    struct search search = {.table = table, .hits = hits, .capacity = capacity};
    look_at(&search, masked, text, false);
    return search.n_hits;
}
