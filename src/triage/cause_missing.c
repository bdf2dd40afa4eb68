// The line as words in lower case; a phrase of absence is two or three of them, and its noun comes before or after it.
#include "triage/cause_missing.h"

#include <string.h>

#include "text/word_list.h"

enum {
    LINE_READ = 300, // bytes of a line that are read
    WORDS_MAXIMUM = 40,
    WORD_BYTES = 24, // of a word that are kept
    NOUN_REACH = 8,  // words from a phrase to its noun
};

// Phrases behind their noun, and before it. The first that a line holds beside a noun tells what is missing; the vaguest come last.
static const char noun_first[] = "not found|not exist|is missing|not installed|not be found|not be "
                                 "resolved|not available|not defined|not recognized";
static const char noun_last[] =
    "cannot find|cant find|could not find|couldnt find|not find|unable to find|no "
    "such|missing|cannot resolve|could not resolve|cant resolve|couldnt resolve|failed to "
    "resolve|unable to resolve|cannot load|could not load|failed to load|unable to load|unknown|no "
    "matching|unresolved|not locate|unable to locate|undefined|undeclared|no";

static const struct {
    enum cause cause;
    const char *nouns;
} missing[] = {
    {CAUSE_DEPENDENCY, "package packages module modules library libraries header headers plugin "
                       "plugins gem crate jar extension extensions import imports dependency "
                       "dependencies theme collection version versions distribution formula addon"},
    {CAUSE_ENVIRONMENT, "command program executable compiler interpreter sdk jdk runtime locale "
                        "display environment env tool binary toolchain driver linker secret"},
    {CAUSE_BUILD_CONFIG, "target task script preset goal key keys property field configuration "
                         "config rule setting attribute element section parser"},
    {CAUSE_COMPILE, "symbol identifier variable function type class method member namespace "
                    "reference stylesheet declaration"},
    {CAUSE_CI_CONFIG, "file directory folder path option options argument arguments flag"},
    {CAUSE_GIT, "revision ref branch tag commit submodule pathspec"},
    {CAUSE_CONTAINER, "image manifest layer dockerfile"},
    {CAUSE_ARTIFACT, "artifact artifacts cache blob bucket"},
    {CAUSE_NETWORK, "host hostname"},
    {CAUSE_AUTH, "credentials credential token password certificate permission"},
};

struct words {
    char text[WORDS_MAXIMUM][WORD_BYTES];
    size_t n;
};

// The next word without the marks around it; "can't" as "cant". What is quoted or no plain word is empty: names are no nouns.
static void read_word(char word[WORD_BYTES], struct span token)
{
    size_t size = 0;
    word[0] = '\0';
    while (token.size > 0 && strchr("([{:,.;!", *token.data)) {
        token = span_after(token, 1);
    }
    while (token.size > 0 && strchr(")]}:,.;!?", token.data[token.size - 1])) {
        token.size--;
    }
    for (size_t i = 0; i < token.size && size + 1 < WORD_BYTES; i++) {
        unsigned char byte = (unsigned char)token.data[i];
        bool apostrophe = i > 0 && (byte == '\'' || byte >= 0x80);
        if (byte_is_letter((char)byte)) {
            word[size++] = (char)(byte | 0x20);
        } else if (!apostrophe) {
            size = 0;
            break;
        }
    }
    word[size] = '\0';
}

static void split(struct words *words, struct span line)
{
    words->n = 0;
    while (words->n < WORDS_MAXIMUM) {
        while (line.size > 0 && byte_is_blank(*line.data)) {
            line = span_after(line, 1);
        }
        size_t size = 0;
        while (size < line.size && !byte_is_blank(line.data[size])) {
            size++;
        }
        if (size == 0) {
            return;
        }
        read_word(words->text[words->n++], span_of(line.data, size));
        line = span_after(line, size);
    }
}

// How many words of the phrase stand at the word `at`: all or 0.
static size_t phrase_at(const struct words *words, size_t at, struct span phrase)
{
    size_t n = 0;
    for (; phrase.size > 0; n++) {
        struct span wanted = word_list_next(&phrase, ' ');
        const char *word = at + n < words->n ? words->text[at + n] : "";
        if (!span_equal(span_of(word, strlen(word)), wanted)) {
            return 0;
        }
    }
    return n;
}

static enum cause cause_of_noun(const char *word)
{
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        if (word_list_holds(missing[i].nouns, ' ', span_of(word, strlen(word)))) {
            return missing[i].cause;
        }
    }
    return CAUSE_UNKNOWN;
}

static enum cause noun_after(const struct words *words, size_t at)
{
    for (size_t i = at; i < words->n && i < at + NOUN_REACH; i++) {
        enum cause cause = cause_of_noun(words->text[i]);
        if (cause < CAUSES) {
            return cause;
        }
    }
    return CAUSE_UNKNOWN;
}

static enum cause noun_before(const struct words *words, size_t at)
{
    for (size_t i = at; i-- > 0 && i + NOUN_REACH >= at;) {
        enum cause cause = cause_of_noun(words->text[i]);
        if (cause < CAUSES) {
            bool of_machine = i > 0 && cause == CAUSE_COMPILE &&
                              cause_of_noun(words->text[i - 1]) == CAUSE_ENVIRONMENT;
            return of_machine ? CAUSE_ENVIRONMENT : cause; // "environment variable"
        }
    }
    return CAUSE_UNKNOWN;
}

static enum cause find_missing(const struct words *words, const char *phrases, bool before)
{
    struct span rest = span_of(phrases, strlen(phrases));
    while (rest.size > 0) {
        struct span phrase = word_list_next(&rest, '|');
        for (size_t at = 0; at < words->n; at++) {
            size_t size = phrase_at(words, at, phrase);
            enum cause cause = size == 0 ? CAUSE_UNKNOWN
                               : before  ? noun_before(words, at)
                                         : noun_after(words, at + size);
            if (cause < CAUSES) {
                return cause;
            }
        }
    }
    return CAUSE_UNKNOWN;
}

enum cause cause_missing(struct span line)
{
    struct words words;
    split(&words, span_of(line.data, line.size < LINE_READ ? line.size : LINE_READ));
    enum cause cause = find_missing(&words, noun_first, true);
    return cause < CAUSES ? cause : find_missing(&words, noun_last, false);
}
