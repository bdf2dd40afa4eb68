// GitLab, Jenkins, Azure, CircleCI, Buildkite, BuildKit, Bazel, and how wrappers are told apart. Travis and GitHub have
// files of their own.
#include "text/document_fixture.h"

#define STAMP "2024-03-01T10:11:12.1234567Z "

static void test_gitlab(void **state)
{
    (void)state;
    struct document document;
    READ(&document,
         "\033[0KRunning with gitlab-runner 16.1.0 (b72e108d)\033[0;m\n"
         "section_start:1700000000:prepare_executor\r\033[0K\033[0K\033[36;1mPreparing the "
         "executor\033[0;m\033[0;m\n" // 2
         "Using Docker executor with image node:18\n"
         "section_end:1700000001:prepare_executor\r\033[0K"
         "section_start:1700000001:step_script[collapsed=true]\r\033[0K\033[0K\033[36;1mExecuting "
         "\"step_script\" stage of the job script\033[0;m\033[0;m\n" // 4
         "\033[32;1m$ npm ci\033[0;m\n"
         "added 3 packages\n"
         "\033[32;1m$ npm test\033[0;m\n" // 7
         "1 failing\n"
         "section_end:1700000002:step_script\r\033[0K"
         "section_start:1700000003:cleanup_file_variables\r\033[0KCleaning up\n" // 9
         "section_end:1700000003:cleanup_file_variables\r\033[0K"
         "\033[31;1mERROR: Job failed: exit code 3\033[0;m\n"); // 10
    assert_int_equal(document.format, LOG_GITLAB);
    assert_int_equal(document.job_exit_code, 3);
    check_text(&document, 2, "Preparing the executor");
    check_flags(&document, 2, LINE_MARKER);
    check_flags(&document, 5, LINE_COMMAND | LINE_GREEN);
    check_text(&document, 10, "ERROR: Job failed: exit code 3");
    check_flags(&document, 10, LINE_JOB_END | LINE_EXIT_FAILED | LINE_ERROR | LINE_RED);
    check_section(&document, "prepare_executor", "", 2, 3, EXIT_UNKNOWN);
    check_section(&document, "step_script", "", 4, 8, 3);
    check_section(&document, "", "npm ci", 5, 6, EXIT_UNKNOWN);
    check_section(&document, "", "npm test", 7, 8, 3);
    document_release(&document);
}

static void test_gitlab_with_timestamps(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "2024-05-22T12:43:46.962646Z 00O Running with gitlab-runner 17.0.0\n"
                    "2024-05-22T12:43:46.962650Z 00O section_start:1716381826:step_script\r\033[0K"
                    "2024-05-22T12:43:46.962650Z 00O+\033[36;1mExecuting\033[0;m\n"
                    "2024-05-22T12:43:47.000000Z 01O $ make\n"
                    "2024-05-22T12:43:48.000000Z 01E x.c:1: error\n"
                    "2024-05-22T12:43:49.000000Z 00O Job succeeded\n");
    assert_int_equal(document.format, LOG_GITLAB);
    check_text(&document, 2, "Executing");
    check_text(&document, 3, "$ make");
    check_text(&document, 4, "x.c:1: error");
    check_section(&document, "", "make", 3, 4, EXIT_UNKNOWN);
    check_flags(&document, 5, LINE_JOB_END);
    assert_int_equal(document.job_exit_code, 0);
    document_release(&document);
}

// As it is copied from a page: no markers, no colours.
static void test_gitlab_without_markers(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "$ make build\n"
                    "done\n"
                    "$ make test\n" // 3
                    "1 failing\n"
                    "Running after_script\n" // 5
                    "Running after script...\n"
                    "$ make clean\n"
                    "Uploading artifacts for failed job\n" // 8
                    "WARNING: a.txt: no matching files\n"
                    "ERROR: Job failed: exit status 2\n");
    assert_int_equal(document.format, LOG_GITLAB);
    check_flags(&document, 5, LINE_MARKER);
    check_section(&document, "", "make build", 1, 2, EXIT_UNKNOWN);
    check_section(&document, "", "make test", 3, 4, 2);
    check_section(&document, "after_script", "", 5, 7, EXIT_UNKNOWN);
    check_section(&document, "upload_artifacts_on_failure", "", 8, 9, EXIT_UNKNOWN);
    document_release(&document);
}

// "make || rc=$?" of a traced script keeps how the command ended.
static void test_traced_status(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "+ make\n"
                    "no luck\n"
                    "+ rc=2\n" // 3
                    "+ size=12\n"
                    "+ rc=0\n"
                    "+ make clean\n"
                    "done\n");
    check_flags(&document, 3, LINE_COMMAND);
    check_section(&document, "", "make", 1, 2, 2);
    check_section(&document, "", "size=12", 4, 4, EXIT_UNKNOWN);
    check_section(&document, "", "rc=0", 5, 5, EXIT_UNKNOWN);
    check_section(&document, "", "make clean", 6, 7, EXIT_UNKNOWN);
    document_release(&document);
}

// "make check || true": whatever failed within it, is nothing that the script minds.
static void test_tolerated_command(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "+ make check\n"
                    "make[1]: Entering directory '/src/t'\n" // 2
                    "make[1]: *** [Makefile:3: all] Error 2\n"
                    "make[1]: Leaving directory '/src/t'\n"
                    "+ true\n" // 5
                    "+ du -sh target\n"
                    "+ :\n" // 7
                    "+ make install\n"
                    "done\n");
    check_flags(&document, 5, LINE_COMMAND);
    check_section(&document, "", "make check", 1, 1, 0);
    check_section(&document, "", "du -sh target", 6, 6, 0);
    check_section(&document, "", "make install", 8, 9, EXIT_UNKNOWN);
    for (size_t i = 0; i < document.n_sections; i++) {
        assert_true(document.sections[i].exit_code <= 0);
    }
    document_release(&document);
}

// Nor is what a command ran that says so itself; the scripts that npm echoes are the command's.
static void test_tolerant_command(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "$ npm run lint || echo \"not enforced\"\n"
                    "> app@1.0.0 lint\n" // 2
                    "> eslint .\n"
                    "src/a.js: line 1, col 1, Error - No console.\n"
                    "$ make a; make b || true\n" // 5
                    "$ make c || true && make d\n"
                    "$ make check || exit 1\n" // 7
                    "$ make clean || :\n"
                    "done\n"
                    "$ npm run style\n" // 10
                    "> app@1.0.0 style\n"
                    "> stylelint . || true\n"
                    "a.css: 1:1 Unexpected empty block\n");
    check_section(&document, "", "npm run style", 10, 10, EXIT_UNKNOWN);
    check_section(&document, "app@1.0.0 style", "stylelint . || true", 11, 13, 0);
    check_section(&document, "", "npm run lint || echo \"not enforced\"", 1, 1, 0);
    check_section(&document, "app@1.0.0 lint", "eslint .", 2, 4, 0);
    check_section(&document, "", "make a; make b || true", 5, 5, EXIT_UNKNOWN);
    check_section(&document, "", "make c || true && make d", 6, 6, EXIT_UNKNOWN);
    check_section(&document, "", "make check || exit 1", 7, 7, EXIT_UNKNOWN);
    check_section(&document, "", "make clean || :", 8, 9, 0);
    document_release(&document);
}

static void check_job_exit(const char *log, int32_t code)
{
    struct document document;
    read_bytes(&document, log, strlen(log));
    assert_int_equal(document.job_exit_code, code);
    document_release(&document);
}

// A script that a shell traces ("set -x") tells itself how it ends.
static void test_traced_exit(void **state)
{
    (void)state;
    check_job_exit("+ make\nno luck\n+ exit 2\n\n", 2);
    check_job_exit("+ make\ndone\n+ exit 0\n", 0);
    check_job_exit("$ make\nno luck\n$ exit 1\n", 1);
    check_job_exit("+ make\nno luck\n+ exit 2\nafter\n", EXIT_UNKNOWN);
    check_job_exit("+ make\n++ exit 2\n", EXIT_UNKNOWN);
    check_job_exit("+ make\n+ exit now\n", EXIT_UNKNOWN);
    check_job_exit("", EXIT_UNKNOWN);
}

static void test_jenkins_freestyle(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "Started by timer\n"
                    "12:00:01  [shop] $ /bin/sh -xe /tmp/jenkins1.sh\n"
                    "12:00:01  + mvn -q verify\n"
                    "12:00:09  [ERROR] no luck\n"
                    "12:00:09  + */\n"
                    "12:00:10  Build step 'Execute shell' marked build as failure\n"
                    "\033[8mha:////abc\033[0mFinished: FAILURE\n");
    assert_int_equal(document.format, LOG_JENKINS);
    assert_int_equal(document.job_exit_code, 1);
    check_text(&document, 4, "[ERROR] no luck");
    check_flags(&document, 6, LINE_EXIT_FAILED);
    check_text(&document, 7, "Finished: FAILURE");
    check_section(&document, "shop", "/bin/sh -xe /tmp/jenkins1.sh", 2, 6, 1);
    check_section(&document, "", "mvn -q verify", 3, 5, 1);
    document_release(&document);
}

static void test_jenkins_pipeline(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "[2024-03-01T10:11:12.123Z] [Pipeline] stage\n"
                    "[2024-03-01T10:11:12.123Z] [Pipeline] { (Test)\n"
                    "[2024-03-01T10:11:12.123Z] [Pipeline] sh\n"
                    "[2024-03-01T10:11:12.123Z] + ./run\n"
                    "[2024-03-01T10:11:13.123Z] boom\n"
                    "[2024-03-01T10:11:13.123Z] [Pipeline] }\n"
                    "[2024-03-01T10:11:13.123Z] [Pipeline] // stage\n"
                    "ERROR: script returned exit code 4\n"
                    "Finished: UNSTABLE\n");
    assert_int_equal(document.format, LOG_JENKINS);
    check_text(&document, 5, "boom");
    check_flags(&document, 2, LINE_MARKER);
    check_section(&document, "Test", "", 2, 6, 4);
    check_section(&document, "", "./run", 4, 8, 4);
    check_flags(&document, 9, LINE_JOB_END);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

static void test_jenkins_tells_the_code_behind_later_stages(void **state)
{
    (void)state;
    struct document document;
    READ(
        &document,
        "[Pipeline] node\n[Pipeline] {\n[Pipeline] { (Set up)\n+ ./prepare\n"                  // 4
        "[Pipeline] }\n[Pipeline] { (Test)\n[Pipeline] withEnv\n[Pipeline] {\n+ ./run\nboom\n" // 10
        "[Pipeline] }\n[Pipeline] }\n[Pipeline] { (Deploy)\n"                                  // 13
        "Stage \"Deploy\" skipped due to earlier failure(s)\n[Pipeline] }\n"
        "[Pipeline] { (Declarative: Post Actions)\n+ rm -rf out\n[Pipeline] }\n" // 18
        "ERROR: script returned exit code 3\nFinished: FAILURE\n");
    check_section(&document, "Set up", "", 3, 5, 0);
    check_section(&document, "", "./prepare", 4, 5, 0);
    check_section(&document, "Test", "", 6, 12, 3);
    check_section(&document, "", "./run", 9, 11, 3);
    check_section(&document, "", "rm -rf out", 17, 18, EXIT_UNKNOWN);
    document_release(&document);
    READ(&document, "[Pipeline] { (Test)\n+ ./run\nboom\n[Pipeline] }\n"
                    "[Pipeline] { (Declarative: Post Actions)\n+ rm -rf out\n[Pipeline] }\n"
                    "ERROR: script returned exit code 3\nFinished: FAILURE\n");
    check_section(&document, "", "./run", 2, 4, 3);
    check_section(&document, "", "rm -rf out", 6, 7, EXIT_UNKNOWN);
    document_release(&document);
    READ(&document, "[Pipeline] { (Test)\n+ ./run\n[Pipeline] }\n"
                    "[Pipeline] { (Declarative: Post Actions)\n+ ./report\n"
                    "Error when executing always post condition:\n[Pipeline] }\n"
                    "ERROR: script returned exit code 3\nFinished: FAILURE\n");
    check_section(&document, "", "./report", 5, 8, 3);
    document_release(&document);
}

static void test_azure(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP
         "##[section]Starting: Run tests\n" STAMP
         "==============================================================================\n" STAMP
         "Task         : Command line\n" STAMP
         "==============================================================================\n" STAMP
         "Generating script.\n" // 5
         STAMP "##[command]/usr/bin/bash --noprofile /a/x.sh\n" STAMP "failing\n" STAMP
         "##[warning]old\n" // 8
         STAMP "##[error]Bash exited with code '2'.\n" STAMP
         "##[section]Finishing: Run tests\n" // 10
         STAMP "##[section]Starting: Clean\n");
    assert_int_equal(document.format, LOG_AZURE);
    assert_int_equal(document.job_exit_code, 2);
    check_text(&document, 3, "Task         : Command line");
    check_flags(&document, 3, LINE_MARKER);
    check_no_flags(&document, 7, LINE_MARKER);
    check_flags(&document, 8, LINE_WARNING);
    check_flags(&document, 9, LINE_ERROR | LINE_EXIT_FAILED);
    check_section(&document, "Run tests", "/usr/bin/bash --noprofile /a/x.sh", 1, 10, 2);
    check_section(&document, "Clean", "", 11, 11, EXIT_UNKNOWN);
    document_release(&document);
}

static void test_azure_task_that_fails_without_a_number(void **state)
{
    (void)state;
    struct document document;
    READ(&document,
         STAMP "##[section]Starting: Publish\n" STAMP "##[error]The feed is full.\n" STAMP
               "retried\n" STAMP "##[section]Finishing: Publish\n" // 4
         STAMP "##[section]Starting: Deploy\n" STAMP "##[error]No such slot.\n" STAMP
               "##[section]Finishing: Deploy\n");
    check_section(&document, "Publish", "", 1, 4, EXIT_UNKNOWN);
    check_section(&document, "Deploy", "", 5, 7, 1);
    assert_int_equal(document.job_exit_code, 1);
    document_release(&document);
}

// Only the header of a task is framed: rows that look like its frame, in what the task prints, hide nothing.
static void test_azure_frames_in_the_output(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP
         "##[section]Starting: Test\n" STAMP
         "==============================================================================\n" STAMP
         "Task         : Command line\n" STAMP
         "==============================================================================\n" STAMP
         "========================== Starting Command Output ===========================\n" STAMP
         "=================================== FAILURES ===================================\n" // 6
         STAMP "E   assert 1 == 2\n" STAMP
         "==============================================================================\n" STAMP
         "1 failed\n" STAMP "##[error]Bash exited with code '1'.\n");
    check_flags(&document, 4, LINE_MARKER);
    check_no_flags(&document, 6, LINE_MARKER);
    check_no_flags(&document, 7, LINE_MARKER);
    check_no_flags(&document, 9, LINE_MARKER);
    document_release(&document);
}

// The script that the log shows is the step's command, not the file that the agent puts it into.
static void test_azure_script(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP
         "##[section]Starting: Test\n" STAMP "Script contents:\n" STAMP "make test\n" STAMP
         "[command]/usr/bin/bash --noprofile /home/vsts/work/_temp/1f.sh\n" STAMP "failing\n" STAMP
         "##[section]Finishing: Test\n" STAMP "##[section]Starting: Pack\n" STAMP
         "[command]/usr/bin/bash --noprofile /home/vsts/work/_temp/2e.sh\n");
    check_section(&document, "Test", "make test", 1, 6, EXIT_UNKNOWN);
    check_section(&document, "Pack", "/usr/bin/bash --noprofile /home/vsts/work/_temp/2e.sh", 7, 8,
                  EXIT_UNKNOWN);
    document_release(&document);
}

static void test_circleci(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "====>> Run tests\n"
                    "  #!/bin/bash -eo pipefail\n"
                    "npm test\n"
                    "1 failing\n"
                    "\n"
                    "Exited with code exit status 7\n"
                    "#!/bin/bash -eo pipefail\n"
                    "echo bye\n"
                    "bye\n");
    assert_int_equal(document.format, LOG_CIRCLECI);
    assert_int_equal(document.job_exit_code, 7);
    check_flags(&document, 3, LINE_COMMAND);
    check_flags(&document, 6, LINE_EXIT_FAILED);
    check_section(&document, "Run tests", "npm test", 1, 6, 7);
    check_section(&document, "", "echo bye", 7, 9, EXIT_UNKNOWN);
    document_release(&document);
}

static void test_buildkite(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "\033_bk;t=1700000000000\a~~~ Preparing working directory\n"
                    "\033_bk;t=1700000000001\a\033[90m$\033[0m cd /build\n"
                    "\033_bk;t=1700000000002\a~~~ Running script\n"
                    "\033_bk;t=1700000000002\a\033[90m$\033[0m make\n"
                    "\033_bk;t=1700000000003\a--- FAIL: TestX (0.00s)\n" // 5
                    "\033_bk;t=1700000000003\a--- a/x.c\n"
                    "\033_bk;t=1700000000004\a\xF0\x9F\x9A\xA8 Error: The command exited with "
                    "status 1\n"
                    "\033_bk;t=1700000000004\a^^^ +++\n"
                    "\033_bk;t=1700000000005\a--- :hammer: Later\n");
    assert_int_equal(document.format, LOG_BUILDKITE);
    assert_int_equal(document.job_exit_code, 1);
    check_text(&document, 1, "~~~ Preparing working directory");
    check_text(&document, 4, "$ make");
    check_no_flags(&document, 5, LINE_MARKER);
    check_no_flags(&document, 6, LINE_MARKER);
    check_flags(&document, 7, LINE_EXIT_FAILED | LINE_ERROR);
    check_section(&document, "Preparing working directory", "cd /build", 1, 2, EXIT_UNKNOWN);
    check_section(&document, "Running script", "make", 3, 8, 1);
    check_section(&document, ":hammer: Later", "", 9, 9, EXIT_UNKNOWN);
    document_release(&document);
}

// As downloaded from its page: no timestamps, and nothing at the end of a job that passed.
static void test_buildkite_without_timestamps(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "~~~ Preparing working directory\n"
                    "\033[90m# Creating \"/var/lib/buildkite-agent/builds/a/b/c\"\033[0m\n"
                    "\033[90m$\033[0m cd /var/lib/buildkite-agent/builds/a/b/c\n"
                    "+++ :hammer: Build\n"
                    "\033[90m$\033[0m make\n"
                    "cc -c a.c\n");
    assert_int_equal(document.format, LOG_BUILDKITE);
    assert_int_equal(document.job_exit_code, EXIT_UNKNOWN);
    check_section(&document, ":hammer: Build", "make", 4, 6, EXIT_UNKNOWN);
    document_release(&document);
}

static const char log_of_buildkit[] =
    "#1 [internal] load build definition from Dockerfile\n"
    "#1 DONE 0.0s\n"
    "#5 [a 2/3] RUN make\n" // 3
    "#6 [b 2/2] RUN sleep 1\n"
    "#5 0.345 gcc x.c\n" // 5
    "#6 0.400 zzz\n"
    "#5 ERROR: process \"/bin/sh -c make\" did not complete successfully: exit code: 2\n"
    "#6 CANCELED\n"
    "------\n"
    " > [a 2/3] RUN make:\n" // 10
    "0.345 gcc x.c\n"
    "------\n"
    "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete successfully: exit "
    "code: 2\n";

static void test_buildkit(void **state)
{
    (void)state;
    struct document document;
    READ(&document, log_of_buildkit);
    assert_int_equal(document.format, LOG_BUILDKIT);
    assert_int_equal(document.job_exit_code, 2);
    check_text(&document, 5, "gcc x.c");
    check_text(&document, 11, "gcc x.c");
    check_flags(&document, 3, LINE_COMMAND);
    check_flags(&document, 7, LINE_ERROR | LINE_EXIT_FAILED);
    check_flags(&document, 10, LINE_MARKER);
    check_flags(&document, 13, LINE_JOB_END);
    check_section(&document, "[a 2/3] RUN make", "make", 3, 7, 2);
    check_section(&document, "[b 2/2] RUN sleep 1", "sleep 1", 4, 8, EXIT_UNKNOWN);
    assert_int_equal(document.lines[4].section, document.lines[2].section);
    assert_int_equal(document.lines[5].section, document.lines[3].section);
    document_release(&document);
}

// What is left of a terminal's progress: the failed step's last lines, and the builder's word.
static void test_buildkit_summary_alone(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "------\n"
                    " > [a 2/3] RUN make:\n"
                    "0.345 gcc x.c\n" // 3
                    "0.346 x.c:1:1: error: unknown type name 'in'\n"
                    "------\n"
                    "Dockerfile:7\n"
                    "--------------------\n"
                    "   7 | >>> RUN make\n"
                    "--------------------\n"
                    "ERROR: failed to solve: process \"/bin/sh -c make\" did not complete "
                    "successfully: exit code: 2\n"); // 10
    assert_int_equal(document.format, LOG_BUILDKIT);
    assert_int_equal(document.job_exit_code, 2);
    check_text(&document, 4, "x.c:1:1: error: unknown type name 'in'");
    check_flags(&document, 2, LINE_COMMAND);
    check_flags(&document, 10, LINE_ERROR | LINE_JOB_END);
    check_section(&document, "[a 2/3] RUN make", "make", 2, 4, 1);
    document_release(&document);
}

static void test_buildkit_of_older_versions(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "#7 [2/2] RUN make\n"
                    "#7 0.512 gcc -c x.c\n"
                    "#7 ERROR: executor failed running [/bin/sh -c make]: exit code: 2\n"
                    "------\n"
                    " > [2/2] RUN make:\n" // 5
                    "------\n"
                    "executor failed running [/bin/sh -c make]: exit code: 2\n");
    assert_int_equal(document.format, LOG_BUILDKIT);
    assert_int_equal(document.job_exit_code, 2);
    check_text(&document, 2, "gcc -c x.c");
    check_section(&document, "[2/2] RUN make", "make", 1, 3, 2);
    document_release(&document);
}

static void test_buildkit_inside_github(void **state)
{
    (void)state;
    struct document document;
    READ(&document,
         STAMP "##[group]Run docker build .\n" STAMP "##[endgroup]\n" STAMP
               "#4 [internal] load build context\n" STAMP "#4 DONE 0.1s\n" STAMP
               "#5 [2/3] RUN make\n" STAMP "#5 1.5 cc x.c\n" STAMP
               "#5 ERROR: process \"x\" did not complete successfully: exit code: 9\n" STAMP
               "##[error]Process completed with exit code 1.\n");
    assert_int_equal(document.format, LOG_GITHUB);
    assert_int_equal(document.job_exit_code, 1);
    check_text(&document, 6, "cc x.c");
    check_section(&document, "[2/3] RUN make", "make", 5, 7, 9);
    const struct section *step = find_section(&document, "[2/3] RUN make", "make");
    assert_int_equal(document.sections[step->parent].exit_code, 1);
    document_release(&document);
}

static void test_bazel(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "INFO: Analyzed 3 targets (1 packages loaded).\n"
                    "(12:34:56) ERROR: /src/a/BUILD:3:11: Compiling a/x.cc failed: (Exit 1): gcc "
                    "failed\n"
                    "==================== Test output for //cart:cart_test:\n"
                    "expected 1, got 2\n"
                    "================================================================"
                    "================\n"
                    "INFO: Build completed, 1 test FAILED, 5 total actions\n");
    assert_int_equal(document.format, LOG_BAZEL);
    assert_int_equal(document.job_exit_code, 1);
    check_flags(&document, 2, LINE_ERROR | LINE_EXIT_FAILED);
    check_section(&document, "//cart:cart_test", "", 3, 5, EXIT_UNKNOWN);
    assert_int_equal(document.lines[3].section, 0);
    document_release(&document);
}

static void test_plain(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "+ ./configure\n"
                    "ok\n"
                    "$ make all\n"
                    "make[1]: Entering directory '/src/lib'\n"
                    "cc x.c\n"
                    "make[1]: *** [Makefile:3: x.o] Error 1\n"
                    "+ 1 more\n"
                    "+----+\n"
                    "$5 is the price\n");
    assert_int_equal(document.format, LOG_PLAIN);
    assert_int_equal(document.job_exit_code, EXIT_UNKNOWN);
    check_section(&document, "", "./configure", 1, 2, EXIT_UNKNOWN);
    check_section(&document, "", "make all", 3, 3, EXIT_UNKNOWN);
    check_section(&document, "make[1]: Entering directory '/src/lib'", "", 4, 9, 1);
    assert_int_equal(document.n_sections, 3);
    document_release(&document);
}

static void test_a_step_copied_from_githubs_page_ends_by_its_status(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "$ npm test\n"
                    "1 failing\n"
                    "Error: Process completed with exit code 3.\n");
    assert_int_equal(document.format, LOG_PLAIN);
    assert_int_equal(document.job_exit_code, 3);
    check_text(&document, 3, "Process completed with exit code 3.");
    check_flags(&document, 3, LINE_ERROR | LINE_EXIT | LINE_EXIT_FAILED);
    check_section(&document, "", "npm test", 1, 2, 3);
    document_release(&document);
}

static void test_timestamps_alone_are_no_wrapper_until_many(void **state)
{
    (void)state;
    struct document document;
    READ(&document, STAMP "hello\n" STAMP "world\n");
    assert_int_equal(document.format, LOG_PLAIN);
    check_text(&document, 1, STAMP "hello");
    document_release(&document);
}

static void test_a_quoted_log_does_not_decide(void **state)
{
    (void)state;
    struct document document;
    READ(&document, "Finished: FAILURE\n"
                    "travis_fold:start:a\r\033[0Ka\n"
                    "travis_fold:end:a\r\033[0K\n"
                    "travis_fold:start:b\r\033[0Ka\n");
    assert_int_equal(document.format, LOG_TRAVIS);
    assert_string_equal(log_format_name(document.format), "travis");
    document_release(&document);
}

// Where a system calls every error by name, a job that ends without one went well; what comes after may tell otherwise.
static void test_ends_without_an_error(void **state)
{
    (void)state;
    static const struct {
        const char *log;
        int32_t code;
    } ends[] = {
        {"2024-03-01T10:11:12.1234567Z ##[group]Run make\n"
         "2024-03-01T10:11:12.1234567Z ##[endgroup]\n"
         "2024-03-01T10:11:12.1234567Z error: expected\n"
         "2024-03-01T10:11:12.1234567Z Cleaning up orphan processes\n",
         0},
        {"2024-03-01T10:11:12.1234567Z ##[group]Run make\n"
         "2024-03-01T10:11:12.1234567Z ##[error]no such input\n"
         "2024-03-01T10:11:12.1234567Z Cleaning up orphan processes\n",
         EXIT_UNKNOWN},
        {"a\tRun\t2024-03-01T10:11:12.1234567Z ##[group]Run make\n"
         "a\tComplete job\t2024-03-01T10:11:12.1234567Z Cleaning up orphan processes\n"
         "b\tRun\t2024-03-01T10:11:12.1234567Z ##[error]no such input\n"
         "b\tComplete job\t2024-03-01T10:11:12.1234567Z Cleaning up orphan processes\n",
         1},
        {"##[section]Starting: Build\n##[section]Starting: Bash\nerror: expected\n"
         "##[section]Finishing: Bash\n##[section]Finishing: Build\n",
         0},
        {"##[section]Starting: Build\n##[section]Starting: Bash\n"
         "##[section]Finishing: Bash\n",
         EXIT_UNKNOWN},
        {"##[section]Starting: Build\n##[section]Starting: Bash\n##[error]no such input\nretried\n"
         "##[section]Finishing: Bash\n##[section]Finishing: Build\n",
         EXIT_UNKNOWN},
        {"====>> Build\n  #!/bin/bash -eo pipefail\nmake\nCircleCI received exit code 0\n", 0},
        {"====>> Build\n  #!/bin/bash -eo pipefail\nmake\nCircleCI received exit code 0\n"
         "====>> Test\n  #!/bin/bash -eo pipefail\nmake test\nrunning\n",
         EXIT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct document document;
        read_bytes(&document, ends[i].log, strlen(ends[i].log));
        if (document.job_exit_code != ends[i].code) {
            fail_msg("end %zu: exit code %d", i, (int)document.job_exit_code);
        }
        document_release(&document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gitlab),
        cmocka_unit_test(test_gitlab_with_timestamps),
        cmocka_unit_test(test_gitlab_without_markers),
        cmocka_unit_test(test_traced_status),
        cmocka_unit_test(test_tolerated_command),
        cmocka_unit_test(test_tolerant_command),
        cmocka_unit_test(test_traced_exit),
        cmocka_unit_test(test_jenkins_freestyle),
        cmocka_unit_test(test_jenkins_pipeline),
        cmocka_unit_test(test_jenkins_tells_the_code_behind_later_stages),
        cmocka_unit_test(test_azure),
        cmocka_unit_test(test_azure_task_that_fails_without_a_number),
        cmocka_unit_test(test_azure_frames_in_the_output),
        cmocka_unit_test(test_azure_script),
        cmocka_unit_test(test_circleci),
        cmocka_unit_test(test_buildkite),
        cmocka_unit_test(test_buildkite_without_timestamps),
        cmocka_unit_test(test_buildkit),
        cmocka_unit_test(test_buildkit_summary_alone),
        cmocka_unit_test(test_buildkit_of_older_versions),
        cmocka_unit_test(test_buildkit_inside_github),
        cmocka_unit_test(test_bazel),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_a_step_copied_from_githubs_page_ends_by_its_status),
        cmocka_unit_test(test_timestamps_alone_are_no_wrapper_until_many),
        cmocka_unit_test(test_a_quoted_log_does_not_decide),
        cmocka_unit_test(test_ends_without_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
