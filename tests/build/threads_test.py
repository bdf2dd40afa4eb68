#!/usr/bin/env python3
"""Many logs on 1, 2 and 8 threads: the same bytes each time. A thread sanitizer watches where the build has one."""
import glob
import os
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
logs = sorted(glob.glob(os.path.join(here, "../../examples/logs/*.log")))
logs += sorted(glob.glob(os.path.join(here, "../fuzz/corpus/log/*")))
logs += sorted(glob.glob(os.path.join(here, "../fuzz/corpus/archive/*")))
answers = []
for threads in ("1", "2", "8"):
    command = [sys.argv[1], "triage", "--format", "ndjson", "--threads", threads, *logs]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode in (0, 1, 3), (done.returncode, done.stderr[-3000:])
    assert b"Sanitizer" not in done.stderr, done.stderr[-6000:].decode(errors="replace")
    answers.append((done.returncode, done.stdout, done.stderr))
assert answers[0][1].count(b"\n") >= 20, answers[0]
assert answers[0] == answers[1] == answers[2], "the answer depends on the number of threads"
