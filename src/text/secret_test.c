// Made-up values in the providers' formats, written as templates so that no token stands in the source; the other ways in
// which a secret shows itself; and what only looks like one.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "text/secret_ways.h"

// {36a}: 36 letters and digits; h: hexadecimal, u: capitals and digits, b: base64url, d: digits.
static const struct {
    const char *kind, *value;
} tokens[] = {
    {"github token", "ghp_{36a}"},
    {"github token", "gho_{36a}"},
    {"github token", "ghu_{36a}"},
    {"github token", "ghs_{36a}"},
    {"github token", "ghr_{36a}"},
    {"github token", "github_pat_{22a}_{59a}"},
    {"gitlab token", "glpat-{20b}"},
    {"gitlab token", "gldt-{20b}"},
    {"gitlab token", "glrt-{20b}"},
    {"gitlab token", "glcbt-64_{20b}"},
    {"gitlab token", "glptt-{40h}"},
    {"gitlab token", "glft-{20b}"},
    {"gitlab token", "glimt-{25b}"},
    {"gitlab token", "glagent-{50b}"},
    {"gitlab token", "gloas-{64h}"},
    {"gitlab token", "glsoat-{20b}"},
    {"aws access key id", "AKIA{16u}"},
    {"aws access key id", "ASIA{16u}"},
    {"google api key", "AIza{35b}"},
    {"google oauth token", "ya29.{60b}"},
    {"google client secret", "GOCSPX-{28b}"},
    {"slack token", "xoxb-{12d}-{12d}-{24a}"},
    {"slack token", "xoxp-{12d}-{12d}-{12d}-{32h}"},
    {"slack token", "xapp-1-{11u}-{13d}-{64h}"},
    {"stripe key", "sk_live_{24a}"},
    {"stripe key", "rk_live_{24a}"},
    {"stripe key", "sk_test_{24a}"},
    {"webhook secret", "whsec_{32a}"},
    {"sendgrid key", "SG.{22b}.{43b}"},
    {"mailgun key", "key-{32h}"},
    {"brevo key", "xkeysib-{64h}-{16a}"},
    {"npm token", "npm_{36a}"},
    {"pypi token", "pypi-AgEIcHlwaS5vcmc{60b}"},
    {"rubygems key", "rubygems_{48h}"},
    {"crates.io token", "cio{32a}"},
    {"nuget key", "oy2{43a}"},
    {"clojars token", "CLOJARS_{60a}"},
    {"docker token", "dckr_pat_{27b}"},
    {"docker token", "dckr_oat_{27b}"},
    {"digitalocean token", "dop_v1_{64h}"},
    {"heroku key", "HRKU-{36b}"},
    {"databricks token", "dapi{32h}"},
    {"shopify token", "shpat_{32h}"},
    {"square token", "sq0atp-{22b}"},
    {"square secret", "sq0csp-{43b}"},
    {"facebook token", "EAAC{80a}"},
    {"atlassian token", "ATATT3{180b}"},
    {"bitbucket password", "ATBB{32a}"},
    {"linear key", "lin_api_{40a}"},
    {"notion token", "ntn_{46a}"},
    {"figma token", "figd_{40b}"},
    {"openai key", "sk-{48a}"},
    {"openai key", "sk-proj-{80b}"},
    {"anthropic key", "sk-ant-api03-{93b}AA"},
    {"hugging face token", "hf_{34a}"},
    {"replicate token", "r8_{37a}"},
    {"groq key", "gsk_{52a}"},
    {"grafana token", "glsa_{32a}_{8h}"},
    {"grafana token", "glc_{60a}"},
    {"new relic key", "NRAK-{27u}"},
    {"sentry token", "sntrys_{80a}"},
    {"sentry token", "sntryu_{64h}"},
    {"dynatrace token", "dt0c01.{24u}.{64u}"},
    {"planetscale token", "pscale_tkn_{43b}"},
    {"planetscale password", "pscale_pw_{43b}"},
    {"supabase token", "sbp_{40h}"},
    {"vault token", "hvs.{90b}"},
    {"terraform token", "atlasv1.{60b}"},
    {"pulumi token", "pul-{40h}"},
    {"doppler token", "dp.pt.{43a}"},
    {"fly.io token", "fm2_{80a}"},
    {"netlify token", "nfp_{36a}"},
    {"artifactory key", "AKCp{69a}"},
    {"sonarqube token", "sqp_{40h}"},
    {"circleci token", "CCIPAT_{22a}_{40h}"},
    {"buildkite token", "bkua_{40a}"},
    {"postman key", "PMAK-{24h}-{34h}"},
    {"easypost key", "EZAK{54a}"},
    {"duffel token", "duffel_live_{43b}"},
    {"adafruit key", "aio_{28a}"},
    {"age key", "AGE-SECRET-KEY-1{58u}"},
    {"prefect key", "pnu_{36a}"},
    {"readme key", "rdme_{70h}"},
    {"typeform token", "tfp_{59b}"},
    {"alibaba access key id", "LTAI{20a}"},
    {"tailscale key", "tskey-auth-{17a}-{32a}"},
    {"openshift token", "sha256~{43b}"},
    {"apify token", "apify_api_{36a}"},
    {"1password secret key", "A3-{6u}-{6u}-{5u}-{5u}-{5u}-{5u}"},
    {"telegram token", "{9d}:AA{33b}"},
    {"azure client secret", "a1b8Q~{34b}"},
    {"json web token", "eyJ{30b}.eyJ{60b}.{43b}"},
};

enum {
    LINE = 1024
};

static const char *alphabet(char set)
{
    switch (set) {
    case 'a':
        return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    case 'h':
        return "0123456789abcdef";
    case 'u':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    case 'b':
        return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    default:
        return "0123456789";
    }
}

// Writes the template's value, terminated. The last byte of a run is a letter or digit, as in the words around it.
static void fill(char value[LINE], const char *template, struct random *random)
{
    size_t size = 0;
    for (const char *at = template; *at;) {
        if (*at != '{') {
            value[size++] = *at++;
            continue;
        }
        char *set;
        long count = strtol(at + 1, &set, 10);
        const char *letters = alphabet(*set);
        for (long i = 0; i < count; i++) {
            size_t dull = *set == 'b' && i + 1 == count ? 2 : 0;
            value[size++] = letters[random_below(random, strlen(letters) - dull)];
        }
        at = set + 2;
    }
    value[size] = '\0';
}

static void assert_secret(const char *line, const char *value, const char *kind)
{
    struct secret secret;
    if (!secret_find(&secret, span_of(line, strlen(line)), 0, false)) {
        fail_msg("nothing found in: %s", line);
    }
    const char *expected = strstr(line, value);
    if ((size_t)(expected - line) != secret.first || secret.end - secret.first != strlen(value) ||
        strcmp(secret.kind, kind) != 0) {
        fail_msg("found %s \"%.*s\" in: %s", secret.kind, (int)(secret.end - secret.first),
                 line + secret.first, line);
    }
    assert_false(secret_find(&secret, span_of(line, strlen(line)), secret.end, false));
}

static void assert_none(const char *line)
{
    struct secret secret;
    if (secret_find(&secret, span_of(line, strlen(line)), 0, false)) {
        fail_msg("found %s \"%.*s\" in: %s", secret.kind, (int)(secret.end - secret.first),
                 line + secret.first, line);
    }
}

static void tokens_are_found_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const lines[] = {"%s",           "remote: %s is not valid",    "(%s)",
                                        "\"k\":\"%s\"", "https://h.example/x?k=%s&b", "x=%s;y"};
    struct random random = {2025};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
            char value[LINE], line[2 * LINE];
            fill(value, tokens[i].value, &random);
            snprintf(line, sizeof line, lines[k], value);
            assert_secret(line, value, tokens[i].kind);
        }
    }
}

static void formats_stand_by_their_first_byte(void **state)
{
    (void)state;
    for (size_t i = 1; i < n_secret_formats; i++) {
        const char *before = secret_formats[i - 1].prefix, *prefix = secret_formats[i].prefix;
        assert_true(before[0] <= prefix[0]);
        for (size_t k = 0; k < i; k++) { // else the later one would never be tried
            const char *other = secret_formats[k].prefix;
            assert_int_not_equal(strncmp(prefix, other, strlen(other)), 0);
        }
    }
}

static void values_are_found_by_their_names(void **state)
{
    (void)state;
    static const char *const lines[][3] = {
        {"psql: PGPASSWORD=correct-horse psql", "correct-horse", "password"},
        {"  \"password\": \"hunter two\",", "hunter two", "password"},
        {"db_password: 'Tr0ub4dor'", "Tr0ub4dor", "password"},
        {"mysql --user root --password s3same db", "s3same", "password"},
        {"export AWS_SECRET_ACCESS_KEY=wJalr7UtnFEMI8K7MDENGbPxRfi9CYkey",
         "wJalr7UtnFEMI8K7MDENGbPxRfi9CYkey", "secret"},
        {"$ export API_TOKEN=74ee6445cccc8d8e3737", "74ee6445cccc8d8e3737", "token"},
        {"AccountName=a;AccountKey=ab12cd34ef56gh78ij90==;Endpoint=x",
         "ab12cd34ef56gh78ij90==", "access key"},
        {"//npm.example/:_authToken=12ab-34cd-56ef-78ab", "12ab-34cd-56ef-78ab", "token"},
        {"Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz", "authorization header"},
        {"> authorization: token 12ab34cd56ef", "12ab34cd56ef", "authorization header"},
        {"curl -H 'Authorization: Bearer abc.def.ghi'", "abc.def.ghi", "authorization header"},
        {"sent Bearer 0123456789abcdefghij", "0123456789abcdefghij", "authorization header"},
        {"git clone https://bot:open-sesame@git.example/a.git", "open-sesame", "password in a url"},
        {"git clone https://0123456789abcdef0123@git.example/a.git", "0123456789abcdef0123",
         "password in a url"},
        {"postgres://app:pg-pass@db:5432/app", "pg-pass", "password in a url"},
        {"redis://:only-pass@cache:6379", "only-pass", "password in a url"},
        {"curl -u deploy:open-sesame https://h.example", "open-sesame", "password"},
        {"docker login -u bot -p open-sesame registry.example", "open-sesame", "password"},
        {"posting to https://hooks.slack.com/services/T01234567/B01234567/abcdefgh",
         "T01234567/B01234567/abcdefgh", "slack webhook"},
        {"https://discord.com/api/webhooks/123456789012345678/abcdefgh",
         "123456789012345678/abcdefgh", "discord webhook"},
        {"-----BEGIN RSA PRIVATE KEY-----MIIEow", "MIIEow", "private key"},
        {"GET /a.zip?X-Amz-Signature=c8a506a391b2320581eb4e11 200", "c8a506a391b2320581eb4e11",
         "signature"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_secret(lines[i][0], lines[i][1], lines[i][2]);
    }
}

static void what_only_looks_like_a_secret_is_left(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        ":",
        "-",
        "://",
        "password: incorrect",
        "Password authentication failed for user \"app\"",
        "password=***",
        "PASSWORD=$DB_PASSWORD make test",
        "password=${{ secrets.DB_PASSWORD }}",
        "--password-stdin < file",
        "--secret-keyring /tmp/tmp.a1b2c3d4e5f6g7",
        "SyntaxError: Unexpected token: identifier1234567890",
        "token = parser.next_token(stream1, 2, 3, 4)",
        "PublicKeyToken=b77a5c561934e089",
        "AddNewPasswordSaltEmailTokenToUsers: migrated",
        "test_token_expired_after_3600_seconds PASSED",
        "git@git.example:group/project.git",
        "ssh://git@git.example/project.git",
        "https://git.example/a?b=c@d",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "npm-key-9f86d081884c7d659a2feaa0c55ad015",
        "HEAD is now at 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "task-runner-sk-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
        "disk-0123456789abcdef0123456789abcdef0123456789",
        "cioabcdefghijklmnopqrstuvwxyzabcdefghij",
        "-----BEGIN CERTIFICATE-----",
        "Bearer of bad news, nothing else to see here",
        "make -p install",
        "tar -u archive:part",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_none(lines[i]);
    }
}

static void addresses_are_found_when_asked_for(void **state)
{
    (void)state;
    struct secret secret;
    const char line[] = "Author: Jo <jo.doe+ci@mail.example.org>, see a@b and @angular/core@1.2";
    struct span text = span_of(line, sizeof line - 1);
    assert_false(secret_find(&secret, text, 0, false));
    assert_true(secret_find(&secret, text, 0, true));
    assert_int_equal(secret.first, 12);
    assert_int_equal(secret.end, 38);
    assert_false(secret_find(&secret, text, secret.end, true));
}

static void blocks_of_keys_have_ends(void **state)
{
    (void)state;
    assert_true(secret_block_opens(SPAN("-----BEGIN OPENSSH PRIVATE KEY-----")));
    assert_true(secret_block_opens(SPAN("12:00:01 -----BEGIN PRIVATE KEY-----")));
    assert_true(secret_block_opens(SPAN("-----BEGIN PGP PRIVATE KEY BLOCK-----")));
    assert_true(secret_block_opens(SPAN("Private-Lines: 8")));
    assert_false(secret_block_opens(SPAN("-----BEGIN PUBLIC KEY-----")));
    assert_true(secret_block_closes(SPAN("-----END OPENSSH PRIVATE KEY-----")));
    assert_false(secret_block_closes(SPAN("MIIEowIBAAKCAQEA")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_found_wherever_they_stand),
        cmocka_unit_test(formats_stand_by_their_first_byte),
        cmocka_unit_test(values_are_found_by_their_names),
        cmocka_unit_test(what_only_looks_like_a_secret_is_left),
        cmocka_unit_test(addresses_are_found_when_asked_for),
        cmocka_unit_test(blocks_of_keys_have_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
