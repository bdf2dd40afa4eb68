#!/usr/bin/env python3
"""bantam triage --format html in Chromium: it runs, looks right in both themes and widths, searches, jumps, folds, prints, and fetches
nothing, whatever the log says.

usage: page_test.py BANTAM [FOLDER]    with a folder the pictures are kept there, to be looked at
"""
import os
import subprocess
import sys
import tempfile
import time

import browser

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
NOISY = os.path.join(TOP, "examples/logs/noisy-unittest.log")
HOSTILE = """::group::Run make
<script>document.title='taken'</script><img src=x onerror="document.title='taken'"><!-- </div></section>
" onclick="document.title='taken'" ' </script> &lt; \x1b]0;title\x07 \x1b[31mred\x1b[0m \u202eevil
src/<svg onload=document.title='taken'>.c:3:1: error: '</title><script>' undeclared
make: *** [Makefile:2: all] Error 1
##[error]Process completed with exit code 2.
"""


class Test:
    def __init__(self, bantam, folder):
        self.bantam, self.folder, self.n = bantam, folder, 0

    def page(self, name, *logs):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            done = subprocess.run([self.bantam, "triage", "--format", "html", *logs], stdout=file)
        self.is_true(done.returncode < 2, f"{name}: exit status {done.returncode}")
        return path

    def is_true(self, condition, what):
        self.n += 1
        if not condition:
            sys.exit(f"FAIL {what}")


def complaints(chromium):
    """Errors, and what was asked of a network or the disk beside the page itself."""
    told = [event["params"] for event in chromium.events if event["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]
    asked = [event["params"]["request"]["url"] for event in chromium.events if event["method"] == "Network.requestWillBeSent"]
    return told + asked[1:]


def until(chromium, condition):
    for _ in range(100):
        if chromium.run(condition):
            return True
        time.sleep(0.05)
    return False


def looks(test, chromium, path):
    for name, width, dark in (("wide", 1280, False), ("wide-dark", 1280, True), ("narrow", 390, False), ("narrow-dark", 390, True)):
        chromium.open(path, width, 844, dark)
        chromium.picture(os.path.join(test.folder, name + ".png"))
        test.is_true(complaints(chromium) == [], f"{name}: complaints {complaints(chromium)}")
        test.is_true(chromium.run("document.documentElement.scrollWidth <= innerWidth"), f"{name}: the page scrolls sideways")
        ground = chromium.run("getComputedStyle(document.body).backgroundColor")
        test.is_true((ground == "rgb(20, 20, 19)") == dark, f"{name}: its ground is {ground}")
        test.is_true(chromium.run("document.querySelector('h1').getBoundingClientRect().bottom < innerHeight"), "conclusion first")


def keys(test, chromium, path):
    chromium.open(path)
    chromium.press("/")
    for key in "row skipped":
        chromium.press(key)
    test.is_true(until(chromium, "/^[0-9]+/.test(document.querySelector('#count').textContent)"), "the search finds nothing")
    before = chromium.run("scrollY")
    chromium.press("Enter")
    test.is_true(chromium.run("document.querySelector('#count').textContent.startsWith('1 of ')"), "the first match is not gone to")
    test.is_true(chromium.run("[...document.querySelectorAll('.fold')].some(fold => fold.open)"), "a match stays folded")
    test.is_true(chromium.run("CSS.highlights.get('current').size") == 1, "the match is not marked")
    test.is_true(chromium.run("scrollY") != before, "the match is out of sight")
    chromium.press("Escape")
    test.is_true(until(chromium, "document.querySelector('#count').textContent === ''"), "Escape does not end the search")
    chromium.press("j")
    test.is_true(until(chromium, "/^#l1-17/.test(location.hash)"), "j goes to no finding")
    visible = "(box => box.top > 0 && box.bottom < innerHeight)(document.querySelector(':target').getBoundingClientRect())"
    test.is_true(chromium.run(visible), "the finding is out of sight")
    chromium.press("e")
    test.is_true(chromium.run("[...document.querySelectorAll('.fold')].every(fold => fold.open)"), "e opens not all")
    chromium.press("t")
    test.is_true(chromium.run("document.documentElement.className") == "dark", "t does not turn the lights off")
    chromium.press("w")
    test.is_true(chromium.run("document.documentElement.classList.contains('wrap')"), "w does not wrap")
    chromium.press("?")
    test.is_true(chromium.run("document.querySelector('#keys').open"), "? shows no keys")


def links(test, chromium, path):
    chromium.open(path, fragment="#l1-100")
    test.is_true(chromium.run("document.getElementById('l1-100').closest('.fold').open"), "a link to a folded line does not unfold it")
    broken = "[...document.querySelectorAll('a')].filter(link => !document.getElementById(link.getAttribute('href').slice(1))).length"
    test.is_true(chromium.run(broken) == 0, "links to nowhere")
    twice = "(ids => ids.length - new Set(ids).size)([...document.querySelectorAll('[id]')].map(element => element.id))"
    test.is_true(chromium.run(twice) == 0, "an id stands twice")
    test.is_true(chromium.run("document.querySelectorAll('.log [data-n]').length") == 1737, "lines are missing")
    chromium.print(os.path.join(test.folder, "page.pdf"))
    test.is_true(os.path.getsize(os.path.join(test.folder, "page.pdf")) > 5000, "nothing is printed")


def hostile(test, chromium):
    log = os.path.join(test.folder, "<b>\"'&.log")
    with open(log, "w", encoding="utf-8") as file:
        file.write(HOSTILE)
    path = test.page("hostile.html", log)
    chromium.open(path)
    test.is_true("taken" not in chromium.run("document.title"), "the log runs a script")
    test.is_true(chromium.run("document.querySelectorAll('img, svg:not(.map, .advice svg), script').length") == 1, "the log is markup")
    test.is_true("<script>document.title='taken'</script>" in chromium.run("document.querySelector('.log').textContent"), "the log's text")
    test.is_true(complaints(chromium) == [], f"complaints {complaints(chromium)}")
    # Even what got into the page would not run.
    chromium.run("document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title = 1'}))")
    test.is_true(chromium.run("document.title") != "1", "the policy lets scripts run")


def large(test, chromium):
    log = os.path.join(test.folder, "large.log")
    with open(log, "w", encoding="utf-8") as file, open(NOISY, encoding="utf-8") as tail:
        file.write("compiling module, step by step by step by step\n" * 1000000)
        file.write(tail.read())
    path = test.page("large.html", log)
    test.is_true(os.path.getsize(path) < 1 << 20, "the page of a large log is large")
    started = time.monotonic()
    chromium.open(path)
    chromium.press("e")
    chromium.run("document.body.scrollHeight")
    test.is_true(time.monotonic() - started < 10, "a large log freezes the page")
    os.unlink(log)


def many(test, chromium):
    folder = os.path.join(TOP, "examples/logs")
    logs = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".log"))
    chromium.open(test.page("many.html", *logs))
    chromium.picture(os.path.join(test.folder, "many.png"))
    test.is_true(chromium.run("document.querySelectorAll('nav li').length") == len(logs), "the list of logs")
    test.is_true(complaints(chromium) == [], f"complaints {complaints(chromium)}")


def main():
    if not browser.find():
        sys.stderr.write("no Chromium here\n")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder, browser.Browser() as chromium:
        test = Test(os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else folder)
        path = test.page("page.html", NOISY)
        for check in (looks, keys, links):
            check(test, chromium, path)
        for check in (hostile, large, many):
            check(test, chromium)
    print(f"{test.n} passed, 0 failed, 0 skipped")


main()
