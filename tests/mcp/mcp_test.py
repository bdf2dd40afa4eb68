#!/usr/bin/env python3
"""bantam mcp with the protocol's own client library for Python, as an agent meets it.

usage: mcp_test.py BANTAM FOLDER    the library is installed into FOLDER/mcp-client where it is not there; skipped where that fails
"""
import os
import subprocess
import sys
import tempfile

VERSION = "2.3.0"
TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def client(folder):
    """A Python that has the library, or None."""
    python = os.path.join(folder, "mcp-client/bin/python3")
    try:
        if not os.path.exists(python):
            subprocess.run([sys.executable, "-m", "venv", os.path.join(folder, "mcp-client")], check=True, capture_output=True)
        if subprocess.run([python, "-c", "import mcp"], capture_output=True).returncode:
            subprocess.run([python, "-m", "pip", "install", "-q", f"mcp=={VERSION}"], check=True, capture_output=True, timeout=300)
    except (OSError, subprocess.SubprocessError):
        return None
    return python


async def talk(bantam, folder):
    import mcp
    from mcp.client.stdio import stdio_client

    checks = 0

    def is_true(condition, what):
        nonlocal checks
        checks += 1
        if not condition:
            sys.exit(f"FAIL {what}")

    log = os.path.join(folder, "secret.log")
    with open(log, "w") as file:
        file.write("token=ghp_0123456789abcdefghijABCDEFGHIJ012345 \x1b[31mred\nmake: *** [all] Error 2\n")
    os.makedirs(os.path.join(folder, "bantam"))
    rules = os.path.join(folder, "bantam/rules.toml")
    with open(rules, "w") as file:
        file.write("[[rule]]\npattern = 'frobnicator is offline'\ncause = 'frobnicator'\nfix = 'Wake it.'\n")
    subprocess.run([os.path.join(TOP, "tests/cli/tools/pack"), "run.zip", os.path.join(folder, "run.zip")], check=True)
    environment = {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder, "HOME": folder, "LANG": "C.UTF-8"}
    server = mcp.StdioServerParameters(command=bantam, args=["mcp"], env=environment)
    async with stdio_client(server) as (read, write), mcp.ClientSession(read, write) as session:
        await session.initialize()
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        is_true(set(tools) == {"triage", "show", "history", "add"}, f"tools {set(tools)}")

        async def call(name, **arguments):
            answer = (await session.call_tool(name, arguments)).model_dump(by_alias=True)
            return answer["content"][0]["text"], answer.get("structuredContent"), answer["isError"]

        text, data, failed = await call("triage", path=os.path.join(TOP, "examples/logs/eslint-findings.log"))
        is_true(not failed and text.startswith("FAIL  lint findings"), text)
        is_true(data["answers"][0]["findings"][0]["tool"] == "eslint", "the answer as data")
        text, data, failed = await call("triage", path=os.path.join(TOP, "examples/logs/noisy-unittest.log"), budget=8)
        is_true(text.count("\n") <= 9, "the budget")
        text, data, failed = await call("triage", text="cc -c a.c\na.c:3:5: error: expected ';'\nmake: *** [all] Error 2\n")
        is_true(data["answers"][0]["findings"][0]["cause"] == "compile", text)
        text, data, failed = await call("triage", path=os.path.join(folder, "none.log"))
        is_true(failed and "no such file" in text, text)
        text, data, failed = await call("triage")
        is_true(failed and "either" in text, text)
        text, data, failed = await call("triage", text="booting\nfrobnicator is offline\ngiving up\n")
        finding = data["answers"][0]["findings"][0]
        is_true(finding["cause"] == "frobnicator" and finding["fix"]["text"] == "Wake it.", text)
        with open(rules, "a") as file:
            file.write("pattern = 'twice'\n")
        text, data, failed = await call("triage", text="frobnicator is offline\n")
        is_true(failed and "rules" in text, "broken rules are told")
        os.remove(rules)
        lessons = os.path.join(folder, "lesson.log")
        with open(lessons, "w") as file:
            file.write("start\nzorp: the pool of lunar quotas is exhausted\nmake: *** [all] Error 2\n")
        subprocess.run([bantam, "learn", "--force", lessons, "--lines", "2", "--cause", "pool-quota"], check=True, capture_output=True,
                       env=os.environ | environment)
        text, data, failed = await call("triage", path=lessons)
        is_true(data["answers"][0]["findings"][0]["cause"] == "pool-quota", "what was taught meanwhile: " + text)
        text, data, failed = await call("triage", path=os.path.join(folder, "run.zip"))
        steps = [answer["log"]["step"] for answer in data["answers"]]
        is_true(steps == ["Run tests", "Run tests"] and "step Run tests" in text, text)
        report = os.path.join(TOP, "tests/reports/pytest")
        text, data, failed = await call("triage", path=report + ".log", reports=report + ".xml")
        is_true(data["answers"][0]["findings"][0]["tests"][0]["name"] == "test_discount[10]", text)
        text, data, failed = await call("triage", path=report + ".log", reports=log)
        is_true(failed and "reports" in text, text)
        text, data, failed = await call("show", path=log, lines="1-2")
        is_true("ghp_" not in text and "***" in text and "\x1b" not in text and "Error 2" in text, text)
        text, data, failed = await call("show", path=log, lines="9")
        is_true(failed and "only 2 lines" in text, text)
        text, data, failed = await call("history")
        is_true(not failed and data == {"failures": []}, text)
        text, data, failed = await call("add", a=9999999999, b=1)
        is_true(text == "10000000000\n" and data == {"sum": 10000000000}, text)
        text, data, failed = await call("add", a="x", b=1)
        is_true(failed, "a word is no number")
        try:
            await session.call_tool("nothing", {})
            is_true(False, "a tool that there is not answers")
        except Exception as error:
            is_true("no tool" in str(error), str(error))
    print(f"{checks} passed, 0 failed, 0 skipped")


def main():
    bantam, folder = map(os.path.abspath, sys.argv[1:3])
    if len(sys.argv) == 3:
        python = client(folder)
        if not python:
            sys.stderr.write("the client library of the protocol can't be installed here\n")
            sys.exit(77)
        sys.exit(subprocess.run([python, __file__, bantam, folder, "talk"]).returncode)
    import asyncio

    with tempfile.TemporaryDirectory() as own:
        asyncio.run(talk(bantam, own))


main()
