// How programs word the names that an error is about: PCRE2 patterns with a group `subject`, the surest of a kind first.
//
// They are about wordings that many programs share; what one tool says in its own way stands in its table (models/ci-tools).
#include "triage/name_patterns.h"

// What opens a name, and what may.
#define QUOTE "[`'\"‘’“]+"
#define QUOTES "[`'\"‘’“]*"

static const char *const host_patterns[] = {
    "[Cc]ould ?n[o']t resolve (?:host|proxy|hostname)(?:name)?:? " QUOTES "(?<subject>[\\w.-]+)",
    "(?:ENOTFOUND|EAI_AGAIN) (?<subject>[\\w.-]+)",
    "lookup (?<subject>[\\w.-]+)(?: on |:)",
    "(?:[Uu]nknown ?[Hh]ost(?:Exception)?|[Nn]ot known|[Nn]o such host|resolv(?:e|ing)(?: "
    "host(?:name| name)?| address(?: "
    "of)?)?):? " QUOTES "(?<subject>[\\w.-]+)(?![\\w.-]*:[A-Za-z])", // not "com.example:cart:1.2"
    "host='(?<subject>[^']+)'",
    "dial tcp (?<subject>[\\w.-]+):\\d",
    "(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT) (?<subject>[\\w.-]+):\\d",
    "[Cc]onnect(?:ion)?(?: to| with)?(?: host| server| address| database server at)? " QUOTES
    "(?<subject>[\\w-]+(?:\\.[\\w-]+)+|localhost)",
    "(?:[a-z+]{2,10}://)(?:[^\\s/@'\"]*@)?(?<subject>[A-Za-z0-9][\\w.-]*)",
    "\\b[\\w.-]+@(?<subject>[\\w-]+(?:\\.[\\w-]+)+):",
    "(?<![\\w./"
    "@-])(?<subject>(?:[a-z0-9-]+\\.)+(?:com|org|net|io|dev|test|local|internal|cloud|app|"
    "example|invalid))(?![\\w-]|\\.\\w)",
    "(?<![\\w./@-])(?<subject>localhost|[\\w-]+(?:\\.[\\w-]+)+):\\d{2,5}\\b(?!:)",
};

static const char *const package_patterns[] = {
    "(?:hidden|unknown) package " QUOTE "(?<subject>[\\w.-]+?)(?:-\\d[\\d.]*)?[^\\w.-]",
    "odule named " QUOTES "(?<subject>[\\w.]+)",
    "import name \\S+ from " QUOTE "_?(?<subject>\\w+)",
    "install the (?<subject>[\\w:.-]+) module",
    "^(?<subject>[A-Z]\\w*(?:::\\w+)+) version \\S+ required",
    "(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Uu]nable to) (?:find|load|locate|resolve|import)(?: a| "
    "the|)(?: module| package| "
    "plugin| config| dependency| import| crate| gem| library)?(?: for)?:? " QUOTE
    "(?<subject>[\\w@+.:/-]+)",
    "[Uu]nable to locate package (?<subject>\\S+)",
    "^(?<subject>\\S+) is missing\\. Please locate mkmf\\.log",
    "Version '[^']+' for '(?<subject>[^']+)' was not found",
    "required but not available: " QUOTE "(?<subject>[\\w.]+)",
    "Package " QUOTES "(?<subject>[\\w.+-]+)\\S? has no installation candidate",
    "Depends: (?<subject>[\\w.+-]+)",
    "(?:distribution found for|satisfies the requirement) (?<subject>[\\w.@/-]+)",
    "cannot find -l(?<subject>[\\w+.-]+)",
    "library not found for -l(?<subject>[\\w+.-]+)",
    "provides package (?<subject>[\\w./-]+)",
    "verifying (?<subject>[\\w./-]+)@",
    "cannot find package " QUOTES "(?<subject>[\\w./@-]+)",
    "no matching package named " QUOTE "(?<subject>[\\w-]+)",
    "failed to (?:select a version for|get|download|resolve|fetch|verify)(?: the "
    "requirement| the checksum of)? " QUOTE "(?<subject>[\\w.@/-]+)",
    "(?:unresolved import|undeclared crate or module|can't find crate for) " QUOTE
    "(?<subject>[\\w]+)",
    "no package called " QUOTE "(?<subject>[\\w.]+)",
    "ependenc(?:y|ies) " QUOTE "(?<subject>[\\w.@/+-]+)",
    "Could not find gem " QUOTE "(?<subject>[\\w.-]+)",
    "Could not find (?<subject>[a-z][\\w-]*?)-\\d[\\w.]* in ",
    "cannot load such file -- (?<subject>[\\w./-]+)",
    "(?:[Cc]ould not (?:find|resolve|transfer) artifact|Failure to find|Could not find) "
    "(?<subject>[\\w.-]+(?::[\\w.-]*\\w){1,4})",
    "[Nn]o package " QUOTE "(?<subject>[\\w.+-]+)",
    "Package (?<subject>[\\w.+-]+) was not found",
    "Package " QUOTE "(?<subject>[\\w.+-]+)\\W+required by",
    "Could NOT find (?<subject>\\w+)",
    "configuration file provided by " QUOTE "(?<subject>[\\w-]+)",
    "[Cc]ould(?:n't| not) find (?<subject>[\\w/+-]+\\.h\\w*)",
    "error: (?<subject>[\\w.+-]+) (?:is|was) (?:required|needed|missing|not found)",
    "(?:fatal error: |error: |: )(?<subject>[\\w./+-]+\\.h\\w*)(?:: No such file| file not found|' "
    "file not found)",
    "No matching version found for (?<subject>@?[\\w./-]+)",
    "'(?<subject>@?[\\w./-]+)@[^']*' is not in",
    "[Mm]odule " QUOTE "(?<subject>[\\w@./-]+)\\W{1,4} ?not found",
    "[Mm]odule not found:? (?:Error: )?(?:Can't resolve )?" QUOTE "(?<subject>[\\w@./-]+)",
    "loading shared libraries: (?<subject>[\\w.+-]+)",
    "[Pp]ackage:? " QUOTE "(?<subject>[\\w@./:+-]+)",
    "[Pp]ackage (?<subject>[\\w@./:+-]+) (?:is not|not|does not|doesn't|could not|cannot|has no)",
    "nor an? (?<subject>[\\w-]+)\\.wrap",
    "(?:plugin|module|extension|library|gem|crate|requirement) " QUOTE "(?<subject>[\\w@./:+-]+)",
    "(?:[Hh]eader|[Pp]rogram|[Ll]ibrary|[Dd]ependency|[Ss]ubproject) " QUOTE
    "(?<subject>[^\'\"`’]+)['\"`’”]\\S* (?:is |was |could )?not",
    "type or namespace name " QUOTE "(?<subject>[\\w.]+)",
    "know how to REQUIRE (?<subject>\\S+?)\\.?$",
    "source_sink " QUOTE "(?<subject>[^']+)",
    "composer\\.json requires (?<subject>[\\w.-]+/[\\w.-]+)",
    "Cannot install (?:-r \\S+ \\(line \\d+\\)(?:,| and) )?(?<subject>[\\w.-]+)==",
    "(?:depends on|dependency|requires) " QUOTE "(?<subject>[\\w@./+-]+)",
};

// The addresses of what registries hand out: pip, cargo, gem, npm, Go, Debian.
static const char *const download_patterns[] = {
    "://[^/\\s]+/simple/(?<subject>[\\w.-]+)/",
    " url: /simple/(?<subject>[\\w.-]+)/",
    "/crates/(?<subject>[\\w-]+)/\\d",
    "/gems/(?<subject>[\\w.-]+?)-\\d[\\w.]*\\.gem",
    "://[^/\\s]+/(?<subject>(?:@[\\w.-]+/)?[\\w.-]+)/-/[\\w.-]+\\.tgz",
    "://[^/\\s]+/(?<subject>[\\w.-]+(?:/[\\w.!-]+)+)/@v/",
    "/(?<subject>[\\w.+-]+)_[^/_\\s]+_[a-z0-9]+\\.deb",
    "GET https?://[^/\\s]+/(?<subject>[@\\w./%-]+)(?:: | -|$)",
};

static const char *const program_patterns[] = {
    "`cargo search (?<subject>cargo-[\\w-]+)`",
    "no such command: " QUOTE "(?<subject>[\\w-]+)",
    "exec: " QUOTE "(?<subject>[^\"]+)\": executable file not found",
    "(?:^|[\\s:])(?<subject>[\\w.+-]+): (?:command )?not found",
    "spawn (?<subject>[\\w./-]+) ENOENT",
    "(?:run|spawn|execute|start|invoke|launch|find) " QUOTES
    "(?<subject>[\\w.+-]+)\\W.*Os \\{ code: 2, kind: NotFound",
    "Cannot run program " QUOTE "(?<subject>[^\"]+)",
    "[Cc]ommand " QUOTES "(?<subject>[\\w.+-]+)\\W{0,3} ?not found",
    QUOTE "(?<subject>[\\w.+-]+)['\"] is not recognized",
    "env: " QUOTE "(?<subject>[^/'’]+)",
    "[Pp]rogram(?: or command)? " QUOTE "(?<subject>[\\w.+-]+)",
    "(?<![\\w.])(?<subject>[\\w+-]+) is (?:missing on your system|not installed|required but)",
    "No such file or directory: '(?<subject>[\\w.+-]+)'",
    "checking for (?<subject>[\\w+-]+)\\.\\.\\. no$",
    "(?<subject>[\\w.+-]+): program not found",
    "(?<subject>[\\w+-]+) executable not found",
    "-fuse-ld=(?<subject>[\\w.-]+)",
    "PHP extension (?<subject>ext-\\w+)",
};

static const char *const variable_patterns[] = {
    "(?<subject>[A-Za-z_]\\w*): (?:unbound variable|parameter (?:not set|null))",
    "KeyError: '(?<subject>[A-Z][A-Z0-9_]+)'",
    "key not found: \"(?<subject>[A-Z][A-Z0-9_]+)\"",
    "nvironment variables?:? " QUOTES "\\$?(?<subject>[A-Z_][A-Z0-9_]+)",
    "\\b(?<subject>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\\b",
    "\\$\\{?(?<subject>[A-Z][A-Z0-9_]+)",
};

static const char *const address_patterns[] = {
    "(?:EADDRINUSE|ddress (?:already )?in use)\\W*? (?<subject>[\\w.:\\[\\]-]*:\\d{2,5})",
    "(?<subject>(?:\\d+\\.\\d+\\.\\d+\\.\\d+|localhost|\\[::\\d?\\]|::):\\d{2,5})",
    "[Pp]ort:? (?<subject>\\d{2,5})",
    "(?<subject>:\\d{4,5})\\b",
    "\\('[\\w.]*', (?<subject>\\d{2,5})\\)",
};

static const char *const file_patterns[] = {
    "(?<subject>[\\w./@+~-]+): Cannot (?:stat|open|access)",
    "(?<subject>[\\w./@+~-]+): No such file or directory",
    QUOTE "(?<subject>[\\w./@+~-]*[\\w-]\\.[A-Za-z]\\w{0,6})['`\"’”]",
    "(?:^|: )(?<subject>[\\w./@+~-]*[\\w-]\\.[a-z]\\w{0,6}): ",
    "^(?<subject>[\\w./@+~-]+/[\\w./@+~-]*\\.[a-z]\\w{0,6}):[A-Za-z]",
    QUOTE "(?<subject>[\\w.@+~-]*/[\\w./@+~-]+)['`\"’”]",
    "(?:load|copy|copying|upload|put|read|open|write|extract)\\w* (?:failed: "
    ")?(?<subject>[\\w.-]+(?:/[\\w.-]+)*\\.[a-z]\\w{0,5}) ",
    "(?<![\\w./:@-])(?<subject>[\\w.-]+/[\\w./-]*\\.[a-z]\\w{0,5})\\b",
    "(?<![\\w./"
    ":@-])(?<subject>[\\w.-]+\\.(?:tar|tgz|zip|gz|xz|zst|whl|jar|deb|rpm|gem|iso|bin|bz2)(?:\\.\\w+"
    ")?)\\b",
};

static const char *const config_patterns[] = {
    "(?<![\\w./@+~-])(?<subject>[\\w./"
    "@+~-]*\\.(?:yml|yaml|toml|json|cfg|ini|conf|xml|cabal|gradle|kts|"
    "properties|gemspec|csproj|cmake|mod|sbt))(?![\\w-]|\\.\\w)",
    "(?<![\\w./@+~-])(?<subject>[\\w./@+~-]*(?:Makefile|Gemfile|Rakefile|Dockerfile|Jenkinsfile|"
    "CMakeLists.txt|meson.build))(?![\\w-])",
};

static const char *const denied_patterns[] = {
    "(?:ermission denied|EACCES|EPERM|ead-only file system|not permitted)[^'\"`]*" QUOTE
    "(?<subject>[^'\"`]*/[^'\"`]*)",
    "(?<subject>[\\w.@~-]*/[\\w./@+~-]+)\\S*: (?:[Pp]ermission denied|Read-only file "
    "system|Operation not "
    "permitted)",
};

static const char *const archive_patterns[] = {
    "(?<![\\w./:@-])(?<subject>[\\w./"
    "-]*[\\w-]\\.(?:tar|tgz|txz|zip|gz|xz|zst|bz2|lz4|whl|jar|war|deb|"
    "rpm|gem)(?:\\.(?:gz|xz|zst|bz2|lz4))?)(?![\\w-]|\\.\\w)",
};

// What an option is called that a command does not know, and the tasks, targets and presets that go by a name.
static const char *const option_patterns[] = {
    "(?:nrecogni[sz]ed|nknown|nvalid|llegal|nsupported|nexpected|o such|mbiguous)(?: "
    "command[- ]line| long)? (?:option|argument|flag|switch|parameter|choice|subcommand|command|"
    "preset|task|target|action)s?(?: name)?(?: --)?:?(?: --)? " QUOTES
    "(?<subject>-{0,2}\\w[\\w.:-]*)",
    "flag provided but not defined: (?<subject>-\\S+)",
    "(?<subject>-{1,2}[A-Za-z][\\w-]*)['\"`’”]?\\S*(?: is)?(?: a| an)?:? "
    "(?:unknown|unrecogni[sz]ed|invalid|illegal|not)",
    "[Mm]issing script:? " QUOTE "(?<subject>[\\w:.-]+)",
    "(?:task|target|preset|script|rule|goal|command|recipe) " QUOTE
    "(?<subject>[\\w:./-]+)['\"`’”]\\S* (?:is not|not|could not|does not|doesn't|was not)",
};

// A failed test as runners head, list or trace it.
static const char *const test_patterns[] = {
    "^\\s*--- FAIL: (?<subject>\\S+) \\(",
    "^\\[  FAILED  \\] (?<subject>[A-Za-z_]\\S*?\\.[^\\s,]+)",
    "^\\[  FAILED  \\] (?<subject>\\S+ @ \\d+: .*?)(?: \\([\\d.]+ ms\\))?$",
    "^(?:FAILED|ERROR) (?<subject>\\S+::\\S+)",
    "^(?<subject>\\S+::\\S+) (?:FAILED|ERROR)",
    "^\\s*[✕✖✘✗×❌] (?:\\[fail\\]: )?(?<subject>\\S.*?)(?: \\([\\d.]+ ?m?s\\))?$",
    "^\\s*not ok \\d+ (?:- )?(?<subject>[^#]+)",
    "\\b(?:test|it)(?:\\.\\w+)?\\(['\"`](?<subject>[^'\"`]+)['\"`],",
    "\\b(?<subject>\\w*Test\\w*(?:\\.|#|::)test\\w+)",
    ", in (?<subject>test\\w+)$",
    " in [`'](?<subject>test_\\w+)'",
};

#undef QUOTE
#undef QUOTES

#define PATTERNS(list)                                                                             \
    {                                                                                              \
        list, sizeof(list) / sizeof *(list)                                                        \
    }

const struct name_patterns *name_patterns_of(enum name_kind kind)
{
    static const struct name_patterns patterns[NAME_KINDS] = {
        [NAME_HOST] = PATTERNS(host_patterns),         [NAME_PACKAGE] = PATTERNS(package_patterns),
        [NAME_DOWNLOAD] = PATTERNS(download_patterns), [NAME_PROGRAM] = PATTERNS(program_patterns),
        [NAME_VARIABLE] = PATTERNS(variable_patterns), [NAME_ADDRESS] = PATTERNS(address_patterns),
        [NAME_FILE] = PATTERNS(file_patterns),         [NAME_OPTION] = PATTERNS(option_patterns),
        [NAME_TEST] = PATTERNS(test_patterns),         [NAME_CONFIG] = PATTERNS(config_patterns),
        [NAME_ARCHIVE] = PATTERNS(archive_patterns),   [NAME_DENIED] = PATTERNS(denied_patterns),
    };
    return &patterns[kind];
}
