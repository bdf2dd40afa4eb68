// The shipped tool table tested by its own examples, command lines taken apart, and whole small logs ranked.
#include "triage/tools.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "text/document_fixture.h"
#include "triage/command_words.h"

static struct tools *tools;

static int load(void **state)
{
    (void)state;
    bantam_error error;
    if (tools_load(&tools, &error)) {
        fail_msg("%s", error.message);
    }
    return 0;
}

static int unload(void **state)
{
    (void)state;
    tools_free(&tools);
    assert_null(tools);
    return 0;
}

static const char *first_tool(const char *log, size_t size, struct finding_lines lines)
{
    static char name[80];
    struct document document;
    struct tool_ranking ranking;
    read_bytes(&document, log, size);
    assert_int_equal(tools_rank(&ranking, tools, &document, lines, NULL), BANTAM_OK);
    strcpy(name, ranking.count ? ranking.items[0].name : "");
    float sum = 0;
    for (size_t i = 0; i < ranking.count; i++) {
        sum += ranking.items[i].probability;
    }
    assert_true(ranking.count == 0 || (sum > 0.999F && sum < 1.001F));
    tool_ranking_release(&ranking);
    document_release(&document);
    return name;
}

// The folder's tables as they were written, with the examples, which the shipped table has left behind.
static void read_tables(struct tool_table *table, const char *folder)
{
    char pattern[4096];
    glob_t files;
    bantam_error error;
    assert_true((size_t)snprintf(pattern, sizeof pattern, "%s/*.json", folder) < sizeof pattern);
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    assert_int_equal(tool_table_init(table, &error), BANTAM_OK);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        if (strstr(files.gl_pathv[i], "/recipe.json")) {
            continue;
        }
        FILE *file = fopen(files.gl_pathv[i], "rb");
        assert_non_null(file);
        assert_int_equal(fseek(file, 0, SEEK_END), 0);
        size_t size = (size_t)ftell(file);
        char *json = arena_allocate(&table->arena, size + 1);
        rewind(file);
        assert_non_null(json);
        assert_int_equal(fread(json, 1, size, file), size);
        (void)fclose(file);
        assert_int_equal(tool_table_add(table, files.gl_pathv[i], json, size, &error), BANTAM_OK);
    }
    globfree(&files);
    assert_int_equal(tool_table_build(table, &error), BANTAM_OK); // each example has a sign
}

static void each_example_is_recognised(void **state)
{
    (void)state;
    const char *folder = getenv("BANTAM_TOOL_TABLES");
    if (!folder) {
        print_message("skipped: BANTAM_TOOL_TABLES names no folder; meson test sets it\n");
        skip();
    }
    struct tool_table table;
    read_tables(&table, folder);
    size_t right = 0, all = 0;
    for (size_t i = 0; i < table.n_tools; i++) {
        const struct tool *tool = &table.tools[i];
        assert_true(tool->n_signs == 0 || tool->n_examples > 0);
        for (size_t k = 0; k < tool->n_examples; k++) {
            const char *line = tool->examples[k];
            struct finding_lines lines = {0};
            right += strcmp(first_tool(line, strlen(line), lines), tool->shown) == 0;
            all++;
        }
    }
    assert_int_equal(table.n_tools, tools_table(tools)->n_tools);
    assert_true(all > table.n_tools / 2);
    assert_true(right * 10 >= all * 9); // few lines look alike from two tools
    tool_table_release(&table);
}

static void check_commands(const char *line, const char *want)
{
    struct simple_command commands[COMMANDS_MAXIMUM];
    size_t n = command_words(commands, COMMANDS_MAXIMUM, span_of(line, strlen(line)));
    char got[2048] = "";
    for (size_t i = 0; i < n; i++) {
        strcat(got, commands[i].is_inner ? " > " : i ? " | " : "");
        strcat(got, commands[i].text);
    }
    assert_string_equal(got, want);
}

static void commands_are_looked_through(void **state)
{
    (void)state;
    check_commands("CC=gcc sudo -E env A=b make -j2", "make -j2");
    check_commands("cd build && ./ci/run.sh --all; pytest tests",
                   "cd build | run.sh --all | pytest tests");
    check_commands("travis_retry bundle exec rspec spec", "bundle exec rspec spec > rspec spec");
    check_commands("timeout 30m xvfb-run -a python3 -m pytest -q",
                   "python3 -m pytest -q > pytest -q");
    check_commands("bash -c 'npx eslint .'", "bash -c npx eslint . > npx eslint . > eslint .");
    check_commands("/usr/local/bin/mocha -R spec", "mocha -R spec");
    check_commands("sudo -u postgres psql -c x", "psql -c x");
    check_commands("timeout -k 5 -s KILL 60 make check", "make check");
    check_commands("docker run --rm -v /src:/src -w /src node:20 npm test",
                   "docker run --rm -v /src:/src -w /src node:20 npm test > npm test");
    check_commands("docker compose exec -T web pytest",
                   "docker compose exec -T web pytest > pytest");
    check_commands("\"C:\\Program Files\\Git\\bin\\git.exe\" -c a=b fetch", "git -c a=b fetch");
    check_commands("7z x a.zip", "7z x a.zip");
    check_commands("3m 20s with an old library", "");
    check_commands("docker run", "docker run");
    check_commands("", "");
    check_commands("&& ; |", "");
}

static void check_failed(const char *line, const char *want)
{
    struct span command = command_that_failed(span_of(line, strlen(line)));
    assert_int_equal(command.size, strlen(want));
    assert_memory_equal(command.size ? command.data : "", want, command.size);
}

static void the_command_that_failed_is_read_off_a_line(void **state)
{
    (void)state;
    check_failed("subprocess.CalledProcessError: Command '['git', 'push']' returned non-zero exit "
                 "status 1.",
                 "'git', 'push'");
    check_failed("CalledProcessError: Command '['helm', 'upgrade', ", "'helm', 'upgrade', ");
    check_failed("Command 'git push' returned non-zero exit status 1.", "git push");
    check_failed("Error: Command failed: git push origin", "git push origin");
    check_failed("Error: Command failed with exit code 1: npm ci", "npm ci");
    check_failed("error Command failed with exit code 1.", "");
    check_failed("TimeoutExpired: Command '['git', 'push']' timed out after 3 seconds", "");
    check_commands("'git', 'push', '-f'", "git push -f");
    static const char log[] = "Traceback (most recent call last):\n"
                              "  File \"a.py\", line 12, in <module>\n"
                              "subprocess.CalledProcessError: Command '['helm', 'upgrade', 'web']' "
                              "returned non-zero exit status 1.\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){0, 2, 2}), "helm");
}

static void the_program_that_speaks_wins_over_the_one_that_started_it(void **state)
{
    (void)state;
    static const char log[] =
        "$ tox -e py311\n"
        "py311: commands[0]> pytest -q\n"
        "=================================== FAILURES ===================================\n"
        "___________________________________ test_sum ___________________________________\n"
        "E       assert 3 == 4\n"
        "=========================== short test summary info ============================\n"
        "FAILED tests/test_sum.py::test_sum - assert 3 == 4\n"
        "py311: exit 1 (0.31 seconds) /src> pytest -q pid=71\n"
        "The command \"tox -e py311\" exited with 1.\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){2, 6, 6}), "pytest");
}

static void a_script_of_the_project_is_named_by_its_file(void **state)
{
    (void)state;
    static const char log[] = "travis_fold:start:x\n$ ./ci/check_tables.sh\nrow 7 is out of order\n"
                              "The command \"./ci/check_tables.sh\" exited with 1.\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){2, 2, 2}),
                        "check_tables.sh");
}

static void a_builder_gives_way_to_the_step_that_failed(void **state)
{
    (void)state;
    static const char heard[] = "$ make data.zip\n"
                                "wget -O data.zip http://mirror.example.org/data.zip\n"
                                "Username/Password Authentication Failed.\n"
                                "make: *** [Makefile:7: data.zip] Error 6\n";
    assert_string_equal(first_tool(heard, sizeof heard - 1, (struct finding_lines){1, 3, 3}),
                        "wget");
    static const char alone[] = "$ make data.zip\n"
                                "rows are missing\n"
                                "make: *** [Makefile:7: data.zip] Error 6\n";
    assert_string_equal(first_tool(alone, sizeof alone - 1, (struct finding_lines){1, 2, 2}),
                        "make");
}

static void no_file_or_section_of_the_ci_system_is_a_program(void **state)
{
    (void)state;
    static const char call[] =
        "$ make -C docs\n"
        "$ /usr/bin/bash --noprofile --norc /home/vsts/work/_temp/fb6e1da0-62ea.sh\n"
        "row 7 is out of order\n";
    assert_string_equal(first_tool(call, sizeof call - 1, (struct finding_lines){2, 2, 2}), "make");
    static const char section[] = "section_start:1700000000:get_sources\r\033[0K\n"
                                  "row 7 is out of order\n"
                                  "section_end:1700000001:get_sources\r\033[0K\n";
    const char *name = first_tool(section, sizeof section - 1, (struct finding_lines){1, 1, 1});
    assert_true(strcmp(name, "get_sources") != 0);
}

static void a_program_that_names_itself_is_believed(void **state)
{
    (void)state;
    static const char log[] = "$ cd /src\nsetting up\n"
                              "/opt/e/bin/emacs.exe: error while loading shared libraries: libx\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){2, 2, 2}), "emacs");
}

static void what_the_ci_system_misses_afterwards_is_not_its_failure(void **state)
{
    (void)state;
    static const char log[] = "section_start:1700000000:step_script\r\033[0K\n"
                              "$ npm ci\n"
                              "row 7 is out of order\n"
                              "section_end:1700000001:step_script\r\033[0K\n"
                              "section_start:1700000001:upload_artifacts\r\033[0K\n"
                              "Uploading artifacts...\n"
                              "WARNING: reports/junit.xml: no matching files.\n"
                              "ERROR: No files to upload\n"
                              "section_end:1700000002:upload_artifacts\r\033[0K\n"
                              "ERROR: Job failed: exit code 1\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){5, 7, 7}), "npm");
}

static void what_the_ci_system_reports_is_the_commands_failure(void **state)
{
    (void)state;
    static const char log[] = "~~~ Running commands\n"
                              "$ obj/run_ledger --all\n"
                              "row 7 is out of order\n"
                              "\n"
                              "\U0001F6A8 Error: The command exited with status 1\n"
                              "user command error: exit status 1\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){2, 2, 2}),
                        "run_ledger");
}

static void a_shell_speaks_by_its_scripts_name(void **state)
{
    (void)state;
    static const char log[] = "$ ci/package.sh dist\n"
                              "ci/package.sh: line 8: VERSION: unbound variable\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){1, 1, 1}), "bash");
}

static void echoed_commands_are_read(void **state)
{
    (void)state;
    static const char cargo[] = "$ cd /src\n"
                                "     Running `target/debug/load_table --all`\n"
                                "row 7 is out of order\n";
    static const char traced[] = "$ cd /src\n+ci/load_table --all\nrow 7 is out of order\n";
    assert_string_equal(first_tool(cargo, sizeof cargo - 1, (struct finding_lines){2, 2, 2}),
                        "load_table");
    assert_string_equal(first_tool(traced, sizeof traced - 1, (struct finding_lines){2, 2, 2}),
                        "load_table");
}

static void an_action_is_the_tool_of_its_step(void **state)
{
    (void)state;
    static const char of_table[] = "##[group]Run actions/cache/restore@v4\n"
                                   "with:\n"
                                   "##[endgroup]\n"
                                   "##[error]The store is full.\n";
    static const char other[] = "##[group]Run acme/tidy@1f2e3d\n"
                                "##[endgroup]\n"
                                "##[error]The store is full.\n";
    assert_string_equal(first_tool(of_table, sizeof of_table - 1, (struct finding_lines){3, 3, 3}),
                        "actions/cache");
    assert_string_equal(first_tool(other, sizeof other - 1, (struct finding_lines){2, 2, 2}),
                        "acme/tidy");
    static const char copied[] = "Run acme/tidy@1f2e3d\n"
                                 "  deep: true\n"
                                 "Error: The store is full.\n";
    static const char script[] = "Run build_it --all\n"
                                 "  build_it --all\n"
                                 "  shell: /usr/bin/bash -e {0}\n"
                                 "Error: The store of https://example.sh/ is full.\n";
    assert_string_equal(first_tool(copied, sizeof copied - 1, (struct finding_lines){2, 2, 2}),
                        "acme/tidy");
    assert_string_equal(first_tool(script, sizeof script - 1, (struct finding_lines){3, 3, 3}),
                        "build_it");
    static const char *const commands[] = {"make @all", "git@example.org:a/b", "/opt/a@1",
                                           "./ci/build.sh"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        assert_int_equal(command_action(span_of(commands[i], strlen(commands[i]))).size, 0);
    }
}

static void a_quotation_is_no_command(void **state)
{
    (void)state;
    static const char log[] = "* What went wrong:\n"
                              "> Could not find org.acme:kit:1.2.3.\n"
                              "  Required by:\n";
    assert_string_not_equal(first_tool(log, sizeof log - 1, (struct finding_lines){0, 2, 1}),
                            "Could");
}

static void what_a_runner_says_of_the_job_is_the_ci_systems(void **state)
{
    (void)state;
    static const char log[] = "#!/bin/bash -eo pipefail\n"
                              "pytest tests\n"
                              "tests/test_a.py::test_one PASSED\n"
                              "Your job was stopped: the container was evicted from the node\n"
                              "CircleCI received exit code 1\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){3, 3, 3}),
                        "circleci");
}

static void neighbours_of_another_command_do_not_speak(void **state)
{
    (void)state;
    static const char log[] = "+ flake8 src\n"
                              "src/sum.py:1:1: F401 'os' imported but unused\n"
                              "+ tools/size.sh\n"
                              "report of 8070 bytes, at most 4000\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){3, 3, 3}),
                        "size.sh");
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){1, 1, 1}), "flake8");
}

static void a_program_that_no_table_knows_is_named_as_it_names_itself(void **state)
{
    (void)state;
    static const struct {
        const char *line, *name;
    } cases[] = {
        {"ledger: error: row 7 is out of order\n", "ledger"},
        {"/opt/acme/bin/ledger: cannot read row 7\n", "ledger"},
        {"ledgerd[4711]: row 7 is out of order\n", "ledgerd"},
        {"orders.csv: error: row 7 is out of order\n", ""},
        {"Orders: error: row 7 is out of order\n", ""},
        {"error: cannot read row 7\n", ""},
        {"fatal: could not read row 7\n", ""},
        {"2026-01-02: error: row 7 is out of order\n", ""},
        {"ledger: row 7 is out of order\n", ""}, // a key of a report as well as a program
        {"build[12: row 7\n", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(
            first_tool(cases[i].line, strlen(cases[i].line), (struct finding_lines){0, 0, 0}),
            cases[i].name);
    }
}

static void a_name_in_passing_weighs_less_than_a_command(void **state)
{
    (void)state;
    static const char log[] = "$ cd /src\n"
                              "rm -f -r valgrind/bin\n"
                              "+ci/check_rows --all\n"
                              "row 7 is out of order\n";
    assert_string_equal(first_tool(log, sizeof log - 1, (struct finding_lines){2, 3, 3}),
                        "check_rows");
}

static void any_lines_and_any_borders_are_taken(void **state)
{
    (void)state;
    assert_string_equal(first_tool("", 0, (struct finding_lines){0, 0, 0}), "");
    assert_string_equal(first_tool("a\nb\n", 4, (struct finding_lines){7, 3, 900}), "");
    (void)first_tool("\0\xFF$ \n+ \n> \n", 12, (struct finding_lines){0, 3, 1});
}

static void check_refused(const char *json, const char *why)
{
    struct tool_table table;
    bantam_error error = {0};
    assert_int_equal(tool_table_init(&table, &error), BANTAM_OK);
    bantam_status status = tool_table_add(&table, "x.json", json, strlen(json), &error);
    if (!status) {
        status = tool_table_build(&table, &error);
    }
    assert_int_equal(status, BANTAM_ERROR_INPUT);
    assert_non_null(strstr(error.message, why));
    tool_table_release(&table);
}

static void a_bad_entry_is_named(void **state)
{
    (void)state;
    check_refused("{", "x.json, line 1");
    check_refused("{}", "has no list 'tools'");
    check_refused("{\"tools\": [{}]}", "tool 1 of the table has no name");
    check_refused("{\"tools\": [{\"name\": \"a\", \"kind\": \"b\"}]}", "tool 'a': kind 'b'");
    check_refused("{\"tools\": [{\"name\": \"a\", \"kind\": \"linter\", \"signs\": [\"x\"]}]}",
                  "tool 'a': sign 'x' has no literal run");
    check_refused("{\"tools\": [{\"name\": \"a\", \"kind\": \"linter\", \"signs\": 1}]}",
                  "tool 'a': a list should begin here");
    check_refused("{\"tools\": [{\"name\": \"a\", \"kind\": \"linter\", \"causes\": {\"x\": 0}}]}",
                  "tool 'a': the weight of a cause");
    check_refused("{\"tools\": [{\"name\": \"a\", \"kind\": \"linter\"},"
                  "{\"name\": \"a\", \"kind\": \"linter\"}]}",
                  "two entries of the tool table have the name 'a'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_example_is_recognised),
        cmocka_unit_test(commands_are_looked_through),
        cmocka_unit_test(the_command_that_failed_is_read_off_a_line),
        cmocka_unit_test(the_program_that_speaks_wins_over_the_one_that_started_it),
        cmocka_unit_test(a_script_of_the_project_is_named_by_its_file),
        cmocka_unit_test(a_builder_gives_way_to_the_step_that_failed),
        cmocka_unit_test(no_file_or_section_of_the_ci_system_is_a_program),
        cmocka_unit_test(a_program_that_names_itself_is_believed),
        cmocka_unit_test(what_the_ci_system_misses_afterwards_is_not_its_failure),
        cmocka_unit_test(what_the_ci_system_reports_is_the_commands_failure),
        cmocka_unit_test(a_shell_speaks_by_its_scripts_name),
        cmocka_unit_test(echoed_commands_are_read),
        cmocka_unit_test(an_action_is_the_tool_of_its_step),
        cmocka_unit_test(a_quotation_is_no_command),
        cmocka_unit_test(what_a_runner_says_of_the_job_is_the_ci_systems),
        cmocka_unit_test(neighbours_of_another_command_do_not_speak),
        cmocka_unit_test(a_program_that_no_table_knows_is_named_as_it_names_itself),
        cmocka_unit_test(a_name_in_passing_weighs_less_than_a_command),
        cmocka_unit_test(any_lines_and_any_borders_are_taken),
        cmocka_unit_test(a_bad_entry_is_named),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
