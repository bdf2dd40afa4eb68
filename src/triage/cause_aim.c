// Programs by name, some only with a word of theirs; then what scripts, targets and steps are called.
#include "triage/cause_aim.h"

#include <math.h>
#include <string.h>

#include "text/word_list.h"
#include "triage/command_words.h"

static const float called_share =
    0.7F; // "./deploy.sh", "make release": what it does first may fail as well

// A program a line, with the words of which one follows it somewhere; none where none is needed.
static const char deployers[] =
    "ansible-playbook\n"
    "argocd\n"
    "aws deploy sync cp create-deployment update-service update-function-code\n"
    "az deploy deployment deployments webapp functionapp\n"
    "cap\n"
    "cargo publish\n"
    "cdk deploy\n"
    "cf push\n"
    "dotnet push\n"
    "eb deploy\n"
    "fab\n"
    "firebase deploy\n"
    "fly deploy\n"
    "flyctl deploy\n"
    "gcloud deploy\n"
    "gem push\n"
    "gh release\n"
    "goreleaser\n"
    "gradle publish publishPlugins\n"
    "gradlew publish publishPlugins\n"
    "helm upgrade install push\n"
    "heroku\n"
    "kubectl apply rollout create replace set patch\n"
    "lftp\n"
    "mvn deploy release:perform release:prepare\n"
    "netlify deploy\n"
    "npm publish\n"
    "npx semantic-release\n"
    "nomad run\n"
    "oc apply rollout\n"
    "pnpm publish\n"
    "poetry publish\n"
    "pulumi up\n"
    "rsync\n"
    "sam deploy\n"
    "scp\n"
    "semantic-release\n"
    "serverless deploy\n"
    "sftp\n"
    "sls deploy\n"
    "ssh\n"
    "terraform apply\n"
    "tofu apply\n"
    "twine upload\n"
    "vercel\n"
    "wrangler deploy publish\n"
    "yarn publish\n";

static const char stores[] = "aws s3 s3api\n"
                             "azcopy\n"
                             "buildkite-agent artifact\n"
                             "curl -T --upload-file\n"
                             "gsutil cp rsync mv\n"
                             "mc cp mirror\n"
                             "rclone\n"
                             "s3cmd\n";

static const char container_tools[] =
    "buildah\n"
    "buildctl\n"
    "crane\n"
    "docker build pull push create start compose up buildx login load import\n"
    "docker-compose\n"
    "nerdctl build pull push create start compose up\n"
    "podman build pull push create start compose up\n"
    "skopeo\n";

static const char revision_tools[] = "bzr\n"
                                     "git am apply checkout cherry-pick clone describe fetch merge "
                                     "pull push rebase submodule switch\n"
                                     "hg\n"
                                     "patch\n"
                                     "svn\n";

// What each purpose's programs are, and how scripts, targets, folders and steps of that purpose are called.
static const struct {
    const char *programs, *called;
} aims[AIMS] = {
    {deployers, "deploy publish release rollout"},
    {stores, "artifact cache"},
    {container_tools, "dockerfile"},
    {revision_tools, "checkout submodule"},
};

static bool holds_one(struct span rest, struct span wanted)
{
    for (struct span word = word_list_next(&rest, ' '); word.size > 0;
         word = word_list_next(&rest, ' ')) {
        struct span list = wanted;
        for (struct span one = word_list_next(&list, ' '); one.size > 0;
             one = word_list_next(&list, ' ')) {
            if (span_equal(word, one)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_for(enum aim aim, struct span program, struct span arguments)
{
    for (const char *at = aims[aim].programs; *at; at++) {
        size_t size = strcspn(at, "\n");
        struct span words = span_of(at, size);
        if (span_equal(program, word_list_next(&words, ' '))) {
            return words.size == 0 || holds_one(arguments, words);
        }
        at += size;
    }
    return false;
}

static bool is_called_so(enum aim aim, struct span word)
{
    struct span called = span_of(aims[aim].called, strlen(aims[aim].called));
    if (*word.data == '-' || span_contains(word, SPAN("/."))) { // an option, a hidden folder
        return false;
    }
    for (struct span one = word_list_next(&called, ' '); one.size > 0;
         one = word_list_next(&called, ' ')) {
        if (span_contains(word, one)) {
            return true;
        }
    }
    return false;
}

// The share of one of the commands that the line starts.
static float share_of(enum aim aim, const struct simple_command *command)
{
    struct span rest = span_of(command->text, strlen(command->text));
    struct span program = word_list_next(&rest, ' ');
    if (is_for(aim, program, rest)) {
        return 1;
    }
    for (struct span word = program; word.size > 0; word = word_list_next(&rest, ' ')) {
        if (is_called_so(aim, word)) {
            return called_share;
        }
    }
    return 0;
}

void cause_aims(float shares[AIMS], struct span command)
{
    struct simple_command commands[COMMANDS_MAXIMUM];
    size_t n = command_words(commands, COMMANDS_MAXIMUM, command);
    for (int aim = 0; aim < AIMS; aim++) {
        shares[aim] = 0;
        for (size_t i = 0; i < n; i++) {
            shares[aim] = fmaxf(shares[aim], share_of((enum aim)aim, &commands[i]));
        }
    }
}

float cause_aim_of_step(struct span name, enum aim aim)
{
    char lowered[COMMAND_TEXT_MAXIMUM];
    size_t size = span_lower(lowered, sizeof lowered, name);
    struct span rest = span_of(lowered, size);
    while (rest.size > 0) {
        struct span word = word_list_next(&rest, ' ');
        if (word.size > 0 && is_called_so(aim, word)) {
            return called_share;
        }
    }
    return 0;
}
