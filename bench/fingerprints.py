#!/usr/bin/env python3
"""Measures fingerprints: bench/fingerprints.py [BANTAM [DATA]]    (default build/bantam, ../shared/data)

Pairs of logs of one repository in LogChunks. Near-copies: the words of the lines that a person marked are the same, folders and
numbers aside; they should share the fingerprint of their first findings. Pairs whose labelled causes differ should not, nor
should those whose marked lines share less than three words in ten.
"""
import collections, itertools, json, os, re, subprocess, sys

bantam = sys.argv[1] if len(sys.argv) > 1 else 'build/bantam'
root = os.path.join(sys.argv[2] if len(sys.argv) > 2 else '../shared/data', 'logchunks')

def records(name):
    with open(os.path.join(root, name), encoding='utf8') as file:
        return [json.loads(line) for line in file]

def words(chunk):
    return frozenset(re.findall(r'[a-z_]{3,}', re.sub(r'/\S*/', '', chunk.lower())))

def main():
    if not os.path.exists(os.path.join(root, 'labels.ndjson')):
        print('skipped: the development data are not there')
        return
    causes = {record['id']: record['cause'] for record in records('causes.ndjson')}
    logs = [record for record in records('labels.ndjson') if record['validated'] != 'invalid']
    paths = [os.path.join(root, record['log']) for record in logs]
    answers = subprocess.run([bantam, 'triage', '--no-record', '--no-learned', '--format', 'ndjson', *paths],
                             capture_output=True, text=True).stdout.splitlines()
    prints = [next((finding['fingerprint'] for finding in json.loads(answer)['findings']), None) for answer in answers]
    of_repository = collections.defaultdict(list)
    for log, fingerprint in zip(logs, prints):
        if fingerprint:
            of_repository[log['repo']].append((log, fingerprint))
    pairs, shared = collections.Counter(), collections.Counter()
    for group in of_repository.values():
        for (one, print_one), (other, print_other) in itertools.combinations(group, 2):
            a, b = words(one['chunk']), words(other['chunk'])
            alike = len(a & b) / max(1, len(a | b))
            kinds = (['near-copies'] if alike == 1 else []) + (['unlike lines'] if alike < .3 else [])
            if causes.get(one['id']) != causes.get(other['id']):
                kinds.append('other causes')
            for kind in kinds:
                pairs[kind] += 1
                shared[kind] += print_one == print_other
    for kind in ('near-copies', 'other causes', 'unlike lines'):
        print(f'{kind}: {shared[kind]} of {pairs[kind]} pairs share a fingerprint')

if __name__ == '__main__':
    main()
