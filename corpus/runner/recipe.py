"""Recipes: a working project of some ecosystem, the steps of its job, and the faults that break it in a known way.

One TOML file a recipe (see recipes/README.md for every key). read() checks it and expand() makes one variant of it: the words between
@…@ are drawn by a seed, so that no two variants of a fault share their names.
"""
import hashlib
import os
import random
import re
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
RECIPES = os.path.join(os.path.dirname(HERE), 'recipes')
CAUSES = ('compile', 'test', 'crash', 'lint', 'check', 'security', 'dependency', 'build_config', 'ci_config', 'environment', 'auth',
          'network', 'rate_limit', 'git', 'container', 'artifact', 'runner', 'timeout', 'resource', 'deploy')
SYSTEMS = ('github', 'gitlab', 'jenkins', 'travis', 'circleci', 'azure', 'buildkite', 'plain')
RECIPE_KEYS = {'family', 'ecosystem', 'packages', 'words', 'env', 'files', 'modes', 'prepare', 'machine', 'service', 'step', 'fault', 'confuser',
               'user', 'variants', 'terminal'}
FAULT_KEYS = {'name', 'title', 'cause', 'alternative', 'tool', 'subject', 'transient', 'break', 'machine', 'service', 'prelude', 'env', 'steps', 'only',
              'shows', 'fix', 'slots', 'variants', 'user', 'network', 'memory', 'processes', 'seconds', 'clock', 'platform', 'platform_when', 'cold',
              'terminal', 'long'}
STEP_KEYS = {'name', 'run', 'always'}
PLATFORM = ('timeout', 'cancelled', 'lost', 'shutdown', 'evicted')


class Broken(Exception):
    """A recipe, a run or a label that is not what it should be; the text is for a person."""


def names():
    return sorted(f[:-5] for f in os.listdir(RECIPES) if f.endswith('.toml') and f != 'words.toml')


def require(condition, where, text):
    if not condition:
        raise Broken(f'{where}: {text}')


def check_fault(fault, where, confuser):
    require(set(fault) <= FAULT_KEYS, where, f'unknown key {sorted(set(fault) - FAULT_KEYS)}')
    require(re.fullmatch(r'[a-z0-9-]+', fault.get('name', '')), where, 'name must be lower-case words with hyphens')
    require(fault.get('title'), where, 'title is missing: one sentence that says what was broken')
    if confuser:
        return
    require(fault.get('cause') in CAUSES, where, f'cause must be one of {", ".join(CAUSES)}')
    require(fault.get('alternative') in CAUSES + (None,), where, 'alternative must be a cause')
    require(fault.get('tool'), where, 'tool is missing: a list, any of whose names is right')
    require(fault.get('shows'), where, 'shows is missing: regular expressions of the lines that explain the failure')
    require(fault.get('transient', 'no') in ('yes', 'no', 'maybe'), where, 'transient must be yes, no or maybe')
    require(fault.get('platform') in PLATFORM + (None,), where, f'platform must be one of {", ".join(PLATFORM)}')


def read(name):
    """The checked recipe of recipes/NAME.toml. Raises Broken."""
    with open(f'{RECIPES}/{name}.toml', 'rb') as file:
        try:
            recipe = tomllib.load(file)
        except tomllib.TOMLDecodeError as error:
            raise Broken(f'recipes/{name}.toml: {error}') from None
    where = f'recipes/{name}.toml'
    require(set(recipe) <= RECIPE_KEYS, where, f'unknown key {sorted(set(recipe) - RECIPE_KEYS)}')
    for key in ('family', 'ecosystem', 'step', 'fault'):
        require(recipe.get(key), where, f'{key} is missing')
    for step in recipe['step']:
        require(set(step) <= STEP_KEYS and {'name', 'run'} <= set(step), where, 'a step has a name, run and perhaps always')
    step_names = {step['name'] for step in recipe['step']}
    seen = set()
    for kind in ('fault', 'confuser'):
        for fault in recipe.get(kind, []):
            at = f'{where}: {kind} {fault.get("name")}'
            check_fault(fault, at, kind == 'confuser')
            require(fault['name'] not in seen, at, 'the name occurs twice')
            require(set(fault.get('steps', {})) <= step_names, at, f'steps names {sorted(set(fault.get("steps", {})) - step_names)}, which the recipe lacks')
            require(set(fault.get('only', [])) <= step_names, at, 'only names a step that the recipe lacks')
            seen.add(fault['name'])
    recipe['name'] = name
    return recipe


def all_words():
    with open(f'{RECIPES}/words.toml', 'rb') as file:
        return tomllib.load(file)


def choose_words(recipe, variant):
    """What stands between @…@ in this variant; @Noun@ is @noun@ with a capital, @NOUN@ in capitals."""
    words = {}
    for key, values in (all_words() | recipe.get('words', {})).items():
        values = list(values)
        random.Random(f'{recipe["name"]}/{key}').shuffle(values)
        words[key] = values[variant % len(values)]
    seed = random.Random(f'{recipe["name"]}/{variant}')
    for n in range(1, 7):
        words[f'n{n}'] = str(seed.randint(2, 97))
    words['port'] = str(20000 + int(hashlib.sha256(f'{recipe["name"]}/{variant}'.encode()).hexdigest(), 16) % 20000)
    for key, value in list(words.items()):
        if key.islower():
            words.setdefault(key.capitalize(), value[:1].upper() + value[1:])
            words.setdefault(key.upper(), value.upper())
    return words


def fill(value, words):
    """Puts the words into every string of a value made of strings, lists and tables."""
    if isinstance(value, str):
        return re.sub(r'@([A-Za-z][A-Za-z0-9_]*)@', lambda m: words.get(m[1], m[0]), value)
    if isinstance(value, list):
        return [fill(v, words) for v in value]
    if isinstance(value, dict):
        return {fill(k, words): fill(v, words) for k, v in value.items()}
    return value


def system_of(recipe, variant):
    """The CI system whose folders and habits the run has; other wrappings are derived from it."""
    order = list(SYSTEMS)
    random.Random('systems/' + recipe['name']).shuffle(order)
    return order[variant % len(order)]


def expand(recipe, fault, variant):
    """One job: everything that a run needs, words filled in. fault None is the working project."""
    words = choose_words(recipe, variant)
    fault = fault or {}
    seed = random.Random(f'terminal/{recipe["name"]}/{variant}')
    steps = [dict(step) for step in recipe['step'] if not fault.get('only') or step['name'] in fault['only']]
    for step in steps:
        step['run'] = fault.get('steps', {}).get(step['name'], step['run']).strip('\n')
        step.setdefault('always', False)
    job = {
        'recipe': recipe['name'], 'family': recipe['family'], 'ecosystem': recipe['ecosystem'], 'fault': fault.get('name', 'green'), 'variant': variant,
        'project': words['project'], 'system': system_of(recipe, variant), 'title': fault.get('title', 'Nothing: the project works.'),
        'terminal': fault.get('terminal', recipe.get('terminal', seed.random() < 0.35)),
        'user': fault.get('user', recipe.get('user', 'root')), 'env': recipe.get('env', {}) | fault.get('env', {}),
        'files': recipe.get('files', {}), 'modes': recipe.get('modes', {}), 'prepare': recipe.get('prepare', ''), 'break': fault.get('break', ''),
        'machine': recipe.get('machine', '') + '\n' + fault.get('machine', ''), 'service': recipe.get('service', '') + '\n' + fault.get('service', ''),
        'prelude': fault.get('prelude', ''), 'steps': steps, 'network': fault.get('network', 'registries'), 'memory': fault.get('memory', '3G'),
        'processes': fault.get('processes', 4000), 'seconds': fault.get('seconds', 420), 'clock': fault.get('clock', 1), 'cold': fault.get('cold', False),
        'platform': fault.get('platform'), 'platform_when': fault.get('platform_when'),
    }
    return fill(job, words)


def label_of(recipe, fault, variant):
    """What is known of the job because we broke it ourselves, words filled in."""
    keys = ('cause', 'alternative', 'tool', 'subject', 'shows', 'fix', 'slots')
    label = fill({key: fault.get(key) for key in keys}, choose_words(recipe, variant))
    return label | {'transient': fault.get('transient', 'no'), 'long': fault.get('long', False)}


def variants(recipe, fault=None):
    return range((fault or {}).get('variants', recipe.get('variants', 2)))
