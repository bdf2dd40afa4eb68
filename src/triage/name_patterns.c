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
    "[Ff]ailed to resolve (?:import|entry for package|dependency|module|plugin) " QUOTE
    "(?<subject>[^'\"`\\s]+)",
    "no versions? of (?<subject>[\\w.@/-]*\\w)",
    "(?:[Bb]ecause|you require) (?:only "
    ")?(?<subject>[A-Za-z][\\w.-]*(?:\\[[^\\]]*\\])?[=<>!~]=?[\\w.,<>=]*\\w) ",
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
    "[Ii]nterpreter(?:NotFound)?[^:]{0,30}: (?<subject>(?:python|pypy|py)[\\d.]+)",
    "no (?<subject>acceptable [\\w+]+ compiler) found",
    "\\bmake(?:\\[\\d+\\])?: (?<subject>[\\w.+-]+): No such file or directory",
    "not found: (?<subject>[\\w.+-]+)$",
    "^ "
    "{1,4}(?<subject>(?:[\\w/"
    ".-]*-)?(?:clang|gcc|g\\+\\+|cc|c\\+\\+|icx|icpx|nvcc|gfortran)(?:\\+\\+)?(?:-\\d+(?:\\.\\d+)*)"
    "?)\\.?$",
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

// What says that a variable is not set, or not to what it must be.
#define UNSET_VARIABLES                                                                            \
    "(?<subject>[A-Za-z_]\\w*): (?:unbound variable|parameter (?:not set|null))",                  \
        "KeyError: '(?<subject>[A-Z][A-Z0-9_]+)'",                                                 \
        "key not found: \"(?<subject>[A-Z][A-Z0-9_]+)\"",                                          \
        "nvironment variables?:? " QUOTES "\\$?(?<subject>[A-Z_][A-Z0-9_]+)",                      \
        "[Cc]ould not resolve placeholder " QUOTES "(?:\\$\\{)?(?<subject>[A-Z_][A-Z0-9_]+)",      \
        "(?<subject>[A-Z_][A-Z0-9_]{2,})" QUOTES                                                   \
        " (?:environment variable|env(?:ironment)? var|(?:is|was|are|must be|needs to be|has to "  \
        "be) (?:not |un)?(?:set|defined|provided))"

static const char *const unset_patterns[] = {UNSET_VARIABLES};

static const char *const variable_patterns[] = {
    UNSET_VARIABLES,
    "\\b(?<subject>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\\b",
    "\\$\\{?(?<subject>[A-Z][A-Z0-9_]+)",
};

// An address that something else listens on already.
#define TAKEN_ADDRESS                                                                              \
    "(?:EADDRINUSE|ddress (?:already )?in use)\\W*? (?<subject>[\\w.:\\[\\]-]*:\\d{2,5})"

static const char *const taken_patterns[] = {
    TAKEN_ADDRESS,
    ("(?<subject>[\\w.:\\[\\]-]*:\\d{2,5})['\")]{0,2}[:,]? (?:bind: |failed: )?(?:port |[Aa]ddress "
     "|socket )?(?:is )?(?:already|currently )? ?(?:in use|allocated)"),
    "[Pp]ort (?<subject>\\d{2,5}) (?:is |was )?(?:already|in use|not available|being used)",
};

static const char *const address_patterns[] = {
    TAKEN_ADDRESS,
    "(?<subject>(?:\\d+\\.\\d+\\.\\d+\\.\\d+|localhost|\\[::\\d?\\]|::):\\d{2,5})",
    "[Pp]ort:? (?<subject>\\d{2,5})",
    "(?<subject>:\\d{4,5})\\b",
    "\\('[\\w.]*', (?<subject>\\d{2,5})\\)",
};

static const char *const file_patterns[] = {
    "(?:[Ff]ile|[Dd]irectory|[Ff]older|[Pp]ath) (?:does not exist|doesn't exist|not found|is "
    "missing):? " QUOTES "(?<subject>[\\w./@+~-]*[\\w/])",
    "error: (?<subject>[\\w.+~-]+(?:/[\\w.+~-]+)+) is (?:not|a) ",
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
    "(?<![\\w./@+~-])(?<subject>[\\w./@+~-]*(?:\\w\\.config\\.[cm]?[jt]s|/"
    "\\.\\w+rc|\\.\\w+rc\\.[cm]?js))(?![\\w-])",
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
    "command[- ]line| long| configuration| config)? "
    "(?:option|argument|flag|switch|parameter|choice|"
    "subcommand|command|preset|task|target|action|key|property|field|setting|rule|attribute|"
    "keyword|"
    "parser|reporter|environment|job|stage)s?(?: name| in \\S+)?(?: --)?:?(?: --)? " QUOTES
    "(?<subject>-{0,2}\\w[\\w.:-]*)",
    "flag provided but not defined: (?<subject>-\\S+)",
    "nrecogni[sz]ed key\\(?s?\\)?[^:]{0,40}: " QUOTES "(?<subject>[\\w.-]+)",
    "(?:[Kk]ey|[Pp]ropert(?:y|ies)|[Oo]ption|[Ss]etting|[Ff]ield|[Rr]ule|[Aa]ttribute):? " QUOTE
    "(?<subject>[\\w@][\\w@/.:-]*)['\"`’”]",
    "(?<subject>-{1,2}[A-Za-z][\\w-]*)['\"`’”]?\\S*(?: is)?(?: a| an)?:? "
    "(?:unknown|unrecogni[sz]ed|invalid|illegal|not)",
    "[Mm]issing script:? " QUOTE "(?<subject>[\\w:.-]+)",
    "(?:[Nn]o|[Uu]nknown|[Ff]ound no|find any|match any|find no|[Cc]ould not find(?: a| "
    "any)?|[Cc]an(?:not|'t) find(?: a| any)?) (?:such )?(?:\\w+ )?"
    "(?:test|file|workspace|project|package|spec|preset|suite|case|module|director)(?:s|y|ies)?\\b"
    "[^'\"`:]{0,60}?(?::? " QUOTE "|: )(?<subject>[^\\s'\"`]+)",
    "[Pp]attern: (?<subject>\\S+) - 0 matches",
    "^stat (?<subject>/?[\\w./-]+): directory not found",
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

// The files in which package managers keep the versions that they chose.
static const char *const lock_patterns[] = {
    "(?<![\\w./"
    "@-])(?<subject>package-lock\\.json|npm-shrinkwrap\\.json|pnpm-lock\\.yaml|go\\.sum)(?![\\w-])",
    "(?<![\\w./@-])(?<subject>[A-Za-z]+(?:\\.yaml)?\\.(?:lockfile|lockb?|resolved))(?![\\w-])",
};

// "requires Python >=3.11", "go.mod requires go >= 1.27", "engine "node"": versions of what runs the code.
static const char *const runtime_patterns[] = {
    "\\{\"(?<subject>node|npm|yarn|pnpm|vscode)\":\"",
    "Detected (?<subject>JDK|Maven|Java) [Vv]ersion",
    "(?<subject>Python)(?: interpreter)? " QUOTES "\\d[\\d.]*" QUOTES
    " (?:is )?not (?:found|installed|available)",
    "[Ee]ngine " QUOTES "(?<subject>[a-z][\\w-]*)",
    "(?i:requires?|required|needs|expected|supports?|unsupported|for|using|running|got) (?:a "
    ")?(?:version of )?(?<subject>"
    "[Gg]o|[Nn]ode(?:\\.js)?|[Pp]ython|CPython|[Rr]uby|PHP|php|Java|JDK|[Rr]ustc?|Perl|perl|npm|"
    "pnpm|yarn|"
    "Gradle|Maven|CMake|Elixir|Erlang|OTP|GHC|Swift|Xcode|\\.NET(?: "
    "SDK)?|Scala|Kotlin|Dart|Flutter|"
    "OCaml|Julia|R|glibc|GLIBC)\\b[^\\w\\n]{1,5}\\d",
    "(?<subject>(?:[Nn]ode(?:\\.js)?|[Pp]ython|[Rr]uby|PHP|Java|JDK|[Gg]o|rustc|npm)) (?:version "
    ")?[\"'`]?v?"
    "\\d[\\w.]*[\"'`]? (?:is not|isn't|is required|or (?:later|higher|newer)|does not)",
    "(?<subject>(?:release|source|target|toolchain|interpreter)) (?:version|release)? ?" QUOTES
    "\\d[\\w.]*",
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
        [NAME_UNSET] = PATTERNS(unset_patterns),       [NAME_TAKEN] = PATTERNS(taken_patterns),
        [NAME_LOCK] = PATTERNS(lock_patterns),         [NAME_RUNTIME] = PATTERNS(runtime_patterns),
    };
    return &patterns[kind];
}
