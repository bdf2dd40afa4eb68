// Programs by name, some only with a word of theirs; then what scripts, targets and steps are called.
#include "triage/cause_deploys.h"

#include <string.h>

#include "triage/command_words.h"

static const float called_share =
    0.7F; // "./deploy.sh", "make release": what it does first may fail as well

// Each with one of the words that follow it somewhere; "" where none is needed.
static const struct {
    const char *program, *words;
} deployers[] = {
    {"ansible-playbook", ""},
    {"argocd", ""},
    {"aws", "deploy sync cp create-deployment update-service update-function-code"},
    {"az", "deploy deployment deployments webapp functionapp"},
    {"cap", ""},
    {"cargo", "publish"},
    {"cdk", "deploy"},
    {"cf", "push"},
    {"dotnet", "push"},
    {"eb", "deploy"},
    {"fab", ""},
    {"firebase", "deploy"},
    {"fly", "deploy"},
    {"flyctl", "deploy"},
    {"gcloud", "deploy"},
    {"gem", "push"},
    {"gh", "release"},
    {"goreleaser", ""},
    {"gradle", "publish publishPlugins"},
    {"gradlew", "publish publishPlugins"},
    {"helm", "upgrade install push"},
    {"heroku", ""},
    {"kubectl", "apply rollout create replace set patch"},
    {"lftp", ""},
    {"mvn", "deploy release:perform release:prepare"},
    {"netlify", "deploy"},
    {"npm", "publish"},
    {"npx", "semantic-release"},
    {"nomad", "run"},
    {"oc", "apply rollout"},
    {"pnpm", "publish"},
    {"poetry", "publish"},
    {"pulumi", "up"},
    {"rsync", ""},
    {"sam", "deploy"},
    {"scp", ""},
    {"semantic-release", ""},
    {"serverless", "deploy"},
    {"sftp", ""},
    {"sls", "deploy"},
    {"ssh", ""},
    {"terraform", "apply"},
    {"tofu", "apply"},
    {"twine", "upload"},
    {"vercel", ""},
    {"wrangler", "deploy publish"},
    {"yarn", "publish"},
};

static const char *const called[] = {"deploy", "publish", "release", "rollout"};

static struct span next_word(struct span *rest)
{
    size_t size = 0;
    while (size < rest->size && rest->data[size] != ' ') {
        size++;
    }
    struct span word = span_of(rest->data, size);
    *rest = span_after(*rest, size < rest->size ? size + 1 : size);
    return word;
}

static bool holds_one(struct span rest, struct span wanted)
{
    for (struct span word = next_word(&rest); word.size > 0; word = next_word(&rest)) {
        struct span list = wanted;
        for (struct span one = next_word(&list); one.size > 0; one = next_word(&list)) {
            if (span_equal(word, one)) {
                return true;
            }
        }
    }
    return false;
}

static bool only_deploys(struct span program, struct span arguments)
{
    for (size_t i = 0; i < sizeof deployers / sizeof *deployers; i++) {
        struct span name = span_of(deployers[i].program, strlen(deployers[i].program));
        struct span words = span_of(deployers[i].words, strlen(deployers[i].words));
        if (span_equal(program, name)) {
            return words.size == 0 || holds_one(arguments, words);
        }
    }
    return false;
}

static bool is_called_so(struct span word)
{
    for (size_t i = 0; i < sizeof called / sizeof *called && *word.data != '-'; i++) {
        if (span_contains(word, span_of(called[i], strlen(called[i])))) {
            return true;
        }
    }
    return false;
}

float cause_deploys(struct span command)
{
    struct simple_command commands[COMMANDS_MAXIMUM];
    size_t n = command_words(commands, COMMANDS_MAXIMUM, command);
    float most = 0;
    for (size_t i = 0; i < n; i++) {
        struct span rest = span_of(commands[i].text, strlen(commands[i].text));
        struct span program = next_word(&rest);
        if (only_deploys(program, rest)) {
            return 1;
        }
        for (struct span word = program; word.size > 0; word = next_word(&rest)) {
            most = is_called_so(word) ? called_share : most;
        }
    }
    return most;
}
