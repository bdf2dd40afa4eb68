// What error lines of many tools name, and what they must not be taken to name.
#include "triage/names.h"

#include <string.h>

#include "text/document_fixture.h"

static void check(enum name_kind kind, const char *log, const char *want)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    read_bytes(&document, log, strlen(log));
    uint32_t last = (uint32_t)document.n_lines - 1;
    struct finding_lines lines = {last, last, last};
    struct name_finder finder = {.document = &document, .lines = lines, .arena = &arena};
    const char *got = name_finder_get(&finder, kind);
    assert_false(finder.out_of_memory);
    assert_ptr_equal(name_finder_get(&finder, kind), got); // kept, not looked for again
    if (got != want && (!got || !want || strcmp(got, want) != 0)) {
        fail_msg("'%s': found '%s', not '%s'", log, got ? got : "(nothing)",
                 want ? want : "(nothing)");
    }
    arena_release(&arena);
    document_release(&document);
}

static void hosts(void **state)
{
    (void)state;
    check(NAME_HOST, "curl: (6) Could not resolve host: files.example.org", "files.example.org");
    check(NAME_HOST,
          "> Could not resolve com.example.shop:cart:2.4.0.\n"
          "> Could not GET 'https://repo.example.net/cart-2.4.0.pom'. Received status code 502",
          "repo.example.net");
    check(NAME_HOST, "npm error getaddrinfo ENOTFOUND registry.example.org",
          "registry.example.org");
    check(NAME_HOST, "dial tcp: lookup db.internal on 10.0.0.2:53: no such host", "db.internal");
    check(NAME_HOST, "ssh: connect to host deploy.example.org port 22: Connection refused",
          "deploy.example.org");
    check(NAME_HOST, "fatal: unable to access 'https://user:pw@git.example.org:8443/a/b.git/': 503",
          "git.example.org");
    check(NAME_HOST, "HTTPSConnectionPool(host='pypi.example.org', port=443): Max retries exceeded",
          "pypi.example.org");
    check(NAME_HOST, "connect ECONNREFUSED 127.0.0.1:5432", "127.0.0.1");
    check(NAME_HOST, "$ wget http://mirror.example.org/x.zip\nERROR 503: Service Unavailable.",
          "mirror.example.org");
    check(NAME_HOST, "More details here: https://curl.se/docs/sslcerts.html", NULL);
    check(NAME_HOST, "cannot open archive.tar.gz in version 1.2.3", NULL);
    check(NAME_HOST, "Exception: [HttpSkipResponseCommand.cc:228] errorCode=29", NULL);
    check(NAME_HOST, "read https://go.dev/ref/mod#go-get", NULL);
    check(NAME_HOST, "Get \"https://vuln.go.dev/index.json\": dial tcp", "vuln.go.dev");
}

static void packages(void **state)
{
    (void)state;
    check(NAME_PACKAGE, "ModuleNotFoundError: No module named 'yaml.cyaml'", "yaml.cyaml");
    check(NAME_PACKAGE, "Error: Cannot find module '@scope/kit/lib'", "@scope/kit/lib");
    check(NAME_PACKAGE, "Error: Cannot find module './local'", NULL);
    check(NAME_PACKAGE, "E: Unable to locate package libfoo-dev", "libfoo-dev");
    check(NAME_PACKAGE, "verifying example.org/pad@v1.1.0: checksum mismatch", "example.org/pad");
    check(NAME_PACKAGE, "/usr/bin/ld: cannot find -lssl: No such file or directory", "ssl");
    check(NAME_PACKAGE, "a.c:1:10: fatal error: zlib.h: No such file or directory", "zlib.h");
    check(NAME_PACKAGE, "(you may need to install the Moose::Role module)", "Moose::Role");
    check(NAME_PACKAGE, "there is no package called \xE2\x80\x98sf\xE2\x80\x99", "sf");
    check(NAME_PACKAGE, "x: error while loading shared libraries: libbar.so.1: cannot open",
          "libbar.so.1");
    check(NAME_PACKAGE, "the package is not here", NULL);
    check(NAME_PACKAGE, "plugin \"CS0006\"", NULL); // a message's code
    check(NAME_PACKAGE, "a.py:1: error: Cannot find library stub for module named \"pendulum\"",
          "pendulum");
    check(NAME_PACKAGE, "It is a member of the hidden package 'text-1.2.5.0'.", "text");
    check(NAME_PACKAGE, "Root composer.json requires acme/kit ^83.2, found acme/kit[1.79.0]",
          "acme/kit");
    check(NAME_PACKAGE, "ERROR: Cannot install -r r.txt (line 2) and kit==1.58.0 because", "kit");
    check(NAME_PACKAGE, "Package required but not available: 'sf'", "sf");
}

static void packages_of_registries(void **state)
{
    (void)state;
    check(NAME_PACKAGE, "Max retries exceeded with url: /simple/kit/kit-1.0-py3-none-any.whl",
          "kit");
    check(NAME_PACKAGE, "got 403 from http://r.example:81/crates/kit-core/1.9.0/download",
          "kit-core");
    check(NAME_PACKAGE, "bad response 403 (https://r.example/gems/kit-core-1.77.0.gem)",
          "kit-core");
    check(NAME_PACKAGE, "https://r.example/@acme/kit/-/kit-1.0.0.tgz: 500", "@acme/kit");
    check(NAME_PACKAGE, "reading http://r.example/acme.example/kit/@v/v1.87.0.mod: 401",
          "acme.example/kit");
    check(NAME_PACKAGE, "Failed to fetch http://d.example/pool/k/kit_2.1-1_amd64.deb", "kit");
    check(NAME_PACKAGE, "GET https://r.example/kit: Not Found - 404", "kit");
    check(NAME_PACKAGE, "404 Not Found - GET https://r.example/kit", "kit");
    check(NAME_PACKAGE, "404 Not Found - GET https://r.example/@acme%2fkit", "@acme/kit");
    check(NAME_PACKAGE, "Could not find artifact org.acme:kit:jar:1.24 in central",
          "org.acme:kit:jar:1.24");
}

static void programs_variables_and_addresses(void **state)
{
    (void)state;
    check(NAME_PROGRAM, "./build.sh: line 3: jq: command not found", "jq");
    check(NAME_PROGRAM, "/bin/sh: 1: protoc: not found", "protoc");
    check(NAME_PROGRAM, "exec: \"helm\": executable file not found in $PATH", "helm");
    check(NAME_PROGRAM, "bash: bash: not found", NULL);
    check(NAME_VARIABLE, "deploy.sh: line 2: TOKEN: unbound variable", "TOKEN");
    check(NAME_VARIABLE, "KeyError: 'API_KEY'", "API_KEY");
    check(NAME_VARIABLE, "Environment variable `DATABASE_URL` must be set", "DATABASE_URL");
    check(NAME_VARIABLE, "CMAKE_MAKE_PROGRAM is not set", NULL); // CMake's own
    check(NAME_VARIABLE, "run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
          NULL);
    check(NAME_PROGRAM, "failed to run protoc: Os { code: 2, kind: NotFound, message: \"x\" }",
          "protoc");
    check(NAME_ADDRESS, "Error: listen EADDRINUSE: address already in use :::3000", ":::3000");
    check(NAME_ADDRESS, "bind: 127.0.0.1:8080: Address already in use", "127.0.0.1:8080");
}

static void files(void **state)
{
    (void)state;
    check(NAME_FILE, "cat: dist/list.txt: No such file or directory", "dist/list.txt");
    check(NAME_FILE, "Error: cannot read 'config/app.toml' here", "config/app.toml");
    check(NAME_FILE, "$ tar xzf out/build-3.tar.gz\ntar: Unexpected EOF in archive",
          "out/build-3.tar.gz");
    check(NAME_FILE, "tar: dist/app: Cannot stat: No such file or directory", "dist/app");
    check(NAME_FILE, "gzip: build-3.tar.gz: not in gzip format", "build-3.tar.gz");
    check(NAME_FILE, "/w/docs/window.rst:document isn't included in any toctree",
          "/w/docs/window.rst");
    check(NAME_CONFIG, "unrecognized cop Style/Tokens found in .rubocop.yml", ".rubocop.yml");
    check(NAME_CONFIG, "failed to parse manifest at `/builds/acme/app/Cargo.toml`", "Cargo.toml");
    check(NAME_CONFIG, "/usr/lib/tool/defaults.yml is fine", NULL); // not the project's
    check(NAME_ARCHIVE, "error: invalid data to inflate weights/blob.txt in out/w.zip",
          "out/w.zip");
    check(NAME_ARCHIVE, "$ tar xf kit-1.2.tar.xz\ntar: Unexpected EOF", "kit-1.2.tar.xz");
    check(NAME_DENIED, "EACCES: permission denied, mkdir '/usr/local/lib/kit'",
          "/usr/local/lib/kit");
    check(NAME_DENIED, "tar: out/a.txt: Cannot open: Permission denied", NULL);
    check(NAME_DENIED, "mv: cannot move 'a' to '/opt/a': Permission denied", "/opt/a");
    check(NAME_DENIED, "git@git.example.org: Permission denied (publickey).", NULL);
    check(NAME_ARCHIVE, "tar: ci/cache.sh: Cannot stat", NULL);
}

// A line as the one before it is passed over, whatever was or was not accepted of it, and the search goes on behind it.
static void repeated_lines(void **state)
{
    (void)state;
    check(NAME_HOST,
          "$ wget http://mirror.example.org/x.zip\nERROR 503\nERROR 503\nERROR 503\nERROR 503",
          "mirror.example.org");
    check(NAME_HOST,
          "connect to https://a.example.org/\nsee https://curl.se/docs\nsee https://curl.se/docs\n"
          "see https://curl.se/docs\nERROR",
          "a.example.org");
    check(NAME_TEST, "--- FAIL: TestB (0.00s)\nFAIL\nFAIL\nFAIL\nFAIL", "TestB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts),
        cmocka_unit_test(packages),
        cmocka_unit_test(packages_of_registries),
        cmocka_unit_test(programs_variables_and_addresses),
        cmocka_unit_test(files),
        cmocka_unit_test(repeated_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
