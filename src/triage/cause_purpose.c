// Words are runs of letters; long ones are known at the edges of others as well: "eslint", "unittest".
#include "triage/cause_purpose.h"

#include <string.h>

#include "text/word_list.h"

enum {
    TEXT_READ = 300, // bytes of a command that are read
    PART_LEAST = 4,  // letters of a word that is known at another's edge
    WORD_MAXIMUM = 32,
};

static const char *const purpose_words[PURPOSES] = {
    [PURPOSE_LINT] = "lint format fmt style tidy prettier clippy analyse analyze analysis rules",
    [PURPOSE_SECURITY] = "security audit scan secret secrets vulnerabilities licences licenses",
    [PURPOSE_CHECK] = "doc docs documentation html pages spelling spell links coverage changelog "
                      "manual size benchmark",
    [PURPOSE_TEST] = "test tests spec check unit smoke integration verify prove",
    [PURPOSE_INSTALL] = "install restore deps dependencies requirements ci vendor add get bundle "
                        "setup",
    [PURPOSE_BUILD] = "build compile make assemble package bundle webpack javac gcc",
    [PURPOSE_REVISION] = "clone checkout submodule merge rebase",
    [PURPOSE_FILES] = "artifact artifacts cache archive copy cp mv tar zip",
    [PURPOSE_CONTAINER] = "docker podman image container buildah skopeo",
    [PURPOSE_DOWNLOAD] = "download curl wget fetch pull",
    [PURPOSE_CONFIGURE] = "configure cmake autoreconf init bootstrap",
    [PURPOSE_PUBLISH] = "deploy publish release rollout push upload apply",
    [PURPOSE_RUN] = "run start serve java node python ruby bash",
};

// The next run of letters in lower case; its size, 0 at the end.
static size_t next_word(char word[WORD_MAXIMUM], struct span *rest)
{
    while (rest->size > 0 && !byte_is_letter(*rest->data)) {
        *rest = span_after(*rest, 1);
    }
    size_t size = 0;
    for (; rest->size > 0 && byte_is_letter(*rest->data); *rest = span_after(*rest, 1)) {
        if (size < WORD_MAXIMUM) {
            word[size++] = (char)(*rest->data | 0x20);
        }
    }
    return size;
}

// Before the words are compared: whether their first bytes are the same, or their last ones.
static bool may_be_part(struct span word, struct span known)
{
    return word.size >= known.size && (word.data[0] == known.data[0] ||
                                       word.data[word.size - 1] == known.data[known.size - 1]);
}

static bool is_one_of(struct span word, const char *words)
{
    struct span rest = span_of(words, strlen(words));
    while (rest.size > 0) {
        struct span known = word_list_next(&rest, ' ');
        if (may_be_part(word, known) &&
            (span_equal(word, known) ||
             (known.size >= PART_LEAST && (span_starts(word, known) || span_ends(word, known))))) {
            return true;
        }
    }
    return false;
}

uint32_t cause_purposes(struct span text)
{
    uint32_t told = 0;
    char word[WORD_MAXIMUM];
    text.size = text.size < TEXT_READ ? text.size : TEXT_READ;
    for (size_t size; (size = next_word(word, &text)) > 0;) {
        for (size_t i = 0; i < PURPOSES; i++) {
            told |= (uint32_t)is_one_of(span_of(word, size), purpose_words[i]) << i;
        }
    }
    return told;
}
