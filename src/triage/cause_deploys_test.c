// Commands that deploy, those that are but called so, and others.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "triage/cause_deploys.h"

#define DEPLOYS(command) cause_deploys(SPAN(command))

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_only_deploys_is_known),
        cmocka_unit_test(a_name_says_less),
        cmocka_unit_test(other_commands_deploy_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
