#!/usr/bin/env python3
"""Runs the steps of integrations/ as GitHub and GitLab would, as far as that goes on one machine: inputs, environment, files, conditions.

usage: steps_test.py BANTAM
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    sys.stderr.write("no YAML for Python here\n")
    sys.exit(77)

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
LOG = os.path.join(TOP, "examples/logs/eslint-findings.log")
checks = 0


def is_true(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"FAIL {what}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def run_action(folder, **given):
    """The composite action's steps with these inputs: what they print, the job's summary, the outputs."""
    path = os.path.join(TOP, "integrations/github")
    action = yaml.safe_load(read(os.path.join(path, "action.yml")))
    is_true(action["runs"]["using"] == "composite", "the action is composite")
    inputs = {name: given.get(name, about["default"]) for name, about in action["inputs"].items()}
    is_true(set(given) <= set(inputs), "its inputs")
    fill = lambda text: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], text)
    files = {name: os.path.join(folder, name.lower()) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for name in files.values():
        open(name, "w").close()
    printed = ""
    for step in action["runs"]["steps"]:
        condition = step.get("if")
        if condition:
            name, value = re.fullmatch(r"inputs\.(\w+) == '(.*)'", condition).groups()
            if inputs[name] != value:
                continue
        environment = os.environ | files | {"GITHUB_ACTION_PATH": path} | {k: fill(v) for k, v in step.get("env", {}).items()}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", fill(step["run"])]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        is_true(done.returncode == 0, f"{step['name']}: {done.stderr}")
        printed += done.stdout
    outputs = dict(line.split("=", 1) for line in read(files["GITHUB_OUTPUT"]).splitlines())
    return printed, read(files["GITHUB_STEP_SUMMARY"]), outputs


def github(bantam, folder):
    printed, summary, outputs = run_action(folder, bantam=bantam)
    is_true("::warning title=bantam::no log" in printed and outputs == {"cause": "none"}, "no log")
    shutil.copy(LOG, os.path.join(folder, "a b.log"))
    printed, summary, outputs = run_action(folder, bantam=bantam)
    is_true("::error file=src/search.js,line=2,col=9,title=" in printed, printed)
    is_true(summary.startswith("### `a b.log`") and "lint findings" in summary, summary)
    is_true(outputs == {"cause": "lint", "html": "bantam.html"}, f"outputs {outputs}")
    is_true("<title>a b.log" in read(os.path.join(folder, "bantam.html")), "the page")
    shutil.copy(os.path.join(TOP, "examples/logs/green-pytest.log"), os.path.join(folder, "green.log"))
    printed, summary, outputs = run_action(folder, bantam=bantam, logs="green.log", html="")
    is_true(outputs == {"cause": "none"} and "::error" not in printed, f"a green log: {outputs}")


    for name in ("pytest.log", "pytest.xml"):
        shutil.copy(os.path.join(TOP, "tests/reports", name), folder)
    printed, summary, outputs = run_action(folder, bantam=bantam, logs="pytest.log", reports="*.xml", html="")
    is_true(summary.count("- Test: ") == 1 and "1 of 4 tests failed" in printed and outputs == {"cause": "test"}, printed)


def gitlab(bantam, folder):
    template = yaml.safe_load(read(os.path.join(TOP, "integrations/gitlab/bantam.yml")))[".bantam"]
    shutil.copy(LOG, os.path.join(folder, "build.log"))
    for status in ("success", "failed"):
        environment = os.environ | template["variables"] | {"BANTAM": bantam, "CI_JOB_STATUS": status}
        for command in template["after_script"]:
            done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
            is_true(done.returncode == 0, done.stderr)
        report = os.path.join(folder, template["artifacts"]["reports"]["codequality"])
        is_true(os.path.exists(report) == (status == "failed"), f"{status}: the report")
    is_true("lint findings" in done.stdout, done.stdout)
    shutil.copy(os.path.join(TOP, "tests/reports/pytest.xml"), folder)
    environment["BANTAM_REPORTS"] = "*.xml"
    for command in template["after_script"]:
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
    is_true("1 of 4 tests failed" in done.stdout, done.stdout)
    is_true(json.loads(read(report))[0]["check_name"] == "lint", "code quality")
    is_true("<title>" in read(os.path.join(folder, template["artifacts"]["paths"][0])), "the page")


def main():
    for test in (github, gitlab):
        with tempfile.TemporaryDirectory() as folder:
            test(os.path.abspath(sys.argv[1]), folder)
    print(f"{checks} passed, 0 failed, 0 skipped")


main()
