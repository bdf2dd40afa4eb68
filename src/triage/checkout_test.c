// Paths of the CI systems' machines.
#include "triage/checkout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *path, const char *expected)
{
    struct span found = path_in_checkout(span_of(path, strlen(path)));
    assert_int_equal(found.size, strlen(expected));
    assert_memory_equal(found.data, expected, found.size);
}

static void tells_what_is_in_the_project(void **state)
{
    (void)state;
    check("/home/travis/build/akka/akka/akka-actor/src/A.scala", "akka-actor/src/A.scala");
    check("/home/runner/work/seating/seating/src/main/Plan.java", "src/main/Plan.java");
    check("D:\\a\\seating\\seating\\src\\Plan.cs", "src\\Plan.cs");
    check("/builds/acme/icons/build.js", "build.js");
    check("/var/lib/jenkins/workspace/ledger-report/report.py", "report.py");
    check("/home/vsts/work/1/s/lib/a.ts", "lib/a.ts");
    check("/usr/src/app/lib/a.ts", "lib/a.ts");
}

static void leaves_what_is_outside(void **state)
{
    (void)state;
    check("/home/runner/work/_temp/3f.sh", "/home/runner/work/_temp/3f.sh");
    check("/home/runner/work/_actions/actions/checkout/dist/index.js",
          "/home/runner/work/_actions/actions/checkout/dist/index.js");
    check("/home/travis/.cargo/registry/src/a.rs", "/home/travis/.cargo/registry/src/a.rs");
    check("/home/travis/build/akka/akka/", "/home/travis/build/akka/akka/");
    check("/usr/include/stdio.h", "/usr/include/stdio.h");
    check("src/builds/acme/icons/a.js", "src/builds/acme/icons/a.js");
    check("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_in_the_project),
        cmocka_unit_test(leaves_what_is_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
