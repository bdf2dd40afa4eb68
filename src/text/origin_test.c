// Logs of each CI system tell where they come from; whatever else they hold is no such thing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/history.h"

static const struct {
    const char *log, *repository, *job, *commit, *branch;
    int64_t time;
} cases[] = {
    {"2022-05-20T18:25:08.4614496Z Requested labels: ubuntu-latest\n"
     "2022-05-20T18:25:12.0Z Complete job name: build (linux, amd64)\n"
     "2022-05-20T18:25:20.7Z Syncing repository: hashicorp/terraform\n"
     "2022-05-20T18:25:22.1Z [command]/usr/bin/git checkout --progress --force -B main "
     "refs/remotes/origin/main\n"
     "2022-05-20T18:25:22.4Z [command]/usr/bin/git log -1 --format='%H'\n"
     "2022-05-20T18:25:22.5Z '07968bd12fb5eed263a5da7ddeb43c3d2cbde22d'\n",
     "hashicorp/terraform", "build (linux, amd64)", "07968bd12fb5eed263a5da7ddeb43c3d2cbde22d",
     "main", 1653071108000},
    {"2022-05-20T18:25:20.7Z Syncing repository: a/b\n"
     "2022-05-20T18:25:22.1Z [command]/usr/bin/git checkout --progress --force "
     "refs/remotes/pull/12/merge\n"
     "2022-05-20T18:25:22.4Z [command]/usr/bin/git log -1 --format=%H\n"
     "2022-05-20T18:25:22.5Z 07968bd12fb5eed263a5da7ddeb43c3d2cbde22d\n",
     "a/b", "", "07968bd12fb5eed263a5da7ddeb43c3d2cbde22d", "pull/12/merge", 1653071120000},
    {"\x1b[0KRunning with gitlab-runner 17.5.3\n"
     "section_start:1795466942:get_sources\r\x1b[0KGetting source\n"
     "Reinitialized existing Git repository in /builds/acme/atlas/.git/\n"
     "\x1b[32;1mChecking out 0d4361af as detached HEAD (ref is fix/tiles)...\x1b[0;m\n",
     "acme/atlas", "", "0d4361af", "fix/tiles", 1795466942000},
    {"Checking out 0d4361af as main...\n", "", "", "0d4361af", "main", 0},
    {"travis_time:start:06e8\r\x1b[0K$ git clone --depth=50 --branch=master "
     "https://github.com/Alamofire/Alamofire.git Alamofire/Alamofire\n"
     "travis_time:end:06e8:start=1562624475823752000,finish=1562624476238541000\n"
     "$ git checkout -qf 7c743e58ec6d9cae6428e80c8d46a180bdbe35f2\n",
     "Alamofire/Alamofire", "", "7c743e58ec6d9cae6428e80c8d46a180bdbe35f2", "master",
     1562624475823},
    {"$ git clone --depth=50 https://github.com/o/r.git o/r\n"
     "$ git fetch origin +refs/pull/2842/merge:\n$ git checkout -qf FETCH_HEAD\n",
     "o/r", "", "", "pull/2842/merge", 0},
    {"Cloning repository https://bot:hunter2@git.example.org/team/tool.git\n"
     "Checking out Revision 07968bd12fb5eed263a5da7ddeb43c3d2cbde22d (refs/remotes/origin/dev)\n",
     "team/tool", "", "07968bd12fb5eed263a5da7ddeb43c3d2cbde22d", "dev", 0},
    {"Checking out files: 100% (3/3), done.\nHEAD is now at nothing\n", "", "", "", "", 0},
    {"2022-19-20T18:25:08Z no date\n", "", "", "", "", 0},
    {"Syncing repository: \n", "", "", "", "", 0},
    {"log -1 --format=", "", "", "", "", 0},
    {"", "", "", "", "", 0},
};

static void each_system_tells_where_a_log_comes_from(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bantam_origin origin;
        bantam_origin_find(&origin, cases[i].log, strlen(cases[i].log));
        assert_string_equal(origin.repository, cases[i].repository);
        assert_string_equal(origin.job, cases[i].job);
        assert_string_equal(origin.commit, cases[i].commit);
        assert_string_equal(origin.branch, cases[i].branch);
        assert_true(origin.time == cases[i].time);
    }
}

// Cut anywhere, a log is still read within its bytes: the copy has none behind them.
static void any_beginning_is_a_log(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t whole = strlen(cases[i].log);
        for (size_t size = 0; size <= whole; size++) {
            char *copy = test_malloc(size + 1);
            memcpy(copy + 1, cases[i].log, size);
            bantam_origin origin;
            bantam_origin_find(&origin, copy + 1, size);
            assert_true(strlen(origin.branch) < sizeof origin.branch);
            test_free(copy);
        }
    }
}

static void digests_name_bytes(void **state)
{
    (void)state;
    char digits[3][33];
    bantam_log_digest(digits[0], "abc", 3);
    bantam_log_digest(digits[1], "abd", 3);
    bantam_log_digest(digits[2], NULL, 0);
    assert_string_equal(digits[0], "06b05ab6733a618578af5f94892f3950"); // xxhsum -H2
    assert_string_not_equal(digits[0], digits[1]);
    assert_string_equal(digits[2], "99aa06d3014798d86001c324468d497f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_system_tells_where_a_log_comes_from),
        cmocka_unit_test(any_beginning_is_a_log),
        cmocka_unit_test(digests_name_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
