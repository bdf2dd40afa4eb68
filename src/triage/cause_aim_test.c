// Commands that serve a purpose, those that are but called so, and others.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/cause_aim.h"

#define DEPLOYS(command) share_of(SPAN(command), AIM_DEPLOYS)
#define SERVES(command, aim) share_of(SPAN(command), AIM_##aim)

static float share_of(struct span command, enum aim aim)
{
    float shares[AIMS];
    cause_aims(shares, command);
    return shares[aim];
}

static void what_only_deploys_is_known(void **state)
{
    (void)state;
    assert_true(DEPLOYS("rsync -az dist/ www@example.org:/srv/www") == 1);
    assert_true(DEPLOYS("cd charts && sudo helm upgrade --install shop .") == 1);
    assert_true(DEPLOYS("npm publish --access public") == 1);
}

static void a_name_says_less(void **state)
{
    (void)state;
    float script = DEPLOYS("./ci/deploy.sh staging"), target = DEPLOYS("make release");
    assert_true(script > 0 && script < 1);
    assert_true(target == script);
}

static void other_commands_deploy_nothing(void **state)
{
    (void)state;
    assert_true(DEPLOYS("npm ci") == 0);
    assert_true(DEPLOYS("helm lint charts/shop") == 0);
    assert_true(DEPLOYS("cmake --build build --config --release") == 0);
    assert_true(DEPLOYS("") == 0);
}

static void other_aims_are_known(void **state)
{
    (void)state;
    assert_true(SERVES("curl -sS -T report.zip https://example.org/reports/", STORES) == 1);
    assert_true(SERVES("curl -sS https://example.org/tool.tar.gz", STORES) == 0);
    assert_true(SERVES("pip install --no-cache-dir -r requirements.txt", STORES) == 0);
    float folder = SERVES("cp build/report.xml artifacts/", STORES);
    assert_true(folder > 0 && folder < 1);
    assert_true(SERVES("sudo docker build -t web .", CONTAINERS) == 1);
    assert_true(SERVES("docker run web make test", CONTAINERS) == 0);
    assert_true(SERVES("cd shop && git cherry-pick -x 318e8fe", REVISIONS) == 1);
    assert_true(SERVES("git diff --exit-code", REVISIONS) == 0);
}

static void a_step_tells_its_aim_by_its_name(void **state)
{
    (void)state;
    float upload = cause_aim_of_step(SPAN("Upload Artifacts"), AIM_STORES);
    assert_true(upload > 0 && upload < 1);
    assert_true(cause_aim_of_step(SPAN("Upload Artifacts"), AIM_DEPLOYS) == 0);
    assert_true(cause_aim_of_step(SPAN(""), AIM_STORES) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_deploys_is_known),       cmocka_unit_test(a_name_says_less),
        cmocka_unit_test(other_commands_deploy_nothing),    cmocka_unit_test(other_aims_are_known),
        cmocka_unit_test(a_step_tells_its_aim_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
