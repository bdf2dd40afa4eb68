#!/usr/bin/env python3
"""Training speed, success rate, speed of adding and the shipped adders; see bench/neural.sh.

Speeds are of processor time, one thread each, bantam and PyTorch in turn, and the median of the rounds: other work on the machine
disturbs them little. Seconds of the whole recipe are of the wall and of the processor.
"""
import argparse, json, os, random, re, statistics, subprocess, sys, tempfile, time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BANTAM = os.path.join(TOP, "build", "bantam")
RECIPE = os.path.join(TOP, "models", "adder", "recipe.json")
STEPS = 20000


def run(arguments, **more):
    """Standard output, seconds of the wall, seconds of the processor (user)."""
    start = time.monotonic()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=TOP, **more) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(arguments)} ended with {child.returncode}")
    return output, time.monotonic() - start, usage.ru_utime


def steps_of_bantam(folder):
    """One run without a race, and without what the recipe does before and after its steps."""
    with open(RECIPE) as file:
        recipe = json.load(file)
    recipe["parameters"] = {"steps": STEPS, "starts": 1, "finalists": 1, "check_steps": STEPS, "cohorts": 1, "selection": 16, "goal": 1}
    path = os.path.join(folder, "speed.json")
    with open(path, "w") as file:
        json.dump(recipe, file)
    _, _, user = run([BANTAM, "train", "-q", "-j", "1", "-o", os.path.join(folder, "speed.safetensors"), path])
    return STEPS / user


def speeds(folder, peers, rounds):
    names = ["bantam", "eager", "compiled"]
    seen = {name: [] for name in names}
    for _ in range(rounds):
        seen["bantam"].append(steps_of_bantam(folder))
        for mode in names[1:]:
            seen[mode].append(float(run([peers, os.path.join(TOP, "bench", "neural_torch.py"), mode, "200"])[0]))
    return {name: statistics.median(values) for name, values in seen.items()}


def starts(folder, n):
    """The documented command with other seeds: right sums of the official pairs, seconds of the wall and of the processor."""
    rows = []
    for seed in range(1, n + 1):
        path = os.path.join(folder, f"start-{seed}.safetensors")
        _, wall, user = run([BANTAM, "train", "-q", "-j", "2", "--recipe-seed", str(seed), "-o", path, RECIPE])
        right = int(re.match(r"(\d+) of 10010", run([BANTAM, "add", "--model", path, "--check"])[0])[1])
        rows.append((seed, right, wall, user))
    return rows


def sums_a_second(folder, model):
    path, n = os.path.join(folder, "pairs"), 200000
    draw = random.Random(7)
    with open(path, "w") as file:
        file.writelines(f"{draw.randrange(10**10)} {draw.randrange(10**10)}\n" for _ in range(n))
    with open(path) as pairs:
        _, _, user = run([BANTAM, "add", "--model", model], stdin=pairs)
    return n / user


def adders(folder):
    """The shipped adders: name, what --check says, sums a second, what --prove says."""
    for name in re.findall(r"^ *([\w-]+)", run([BANTAM, "add", "--list"])[0], re.M):
        check = run([BANTAM, "add", "--model", name, "--check"])[0].strip().split("\n")
        proving = subprocess.run([BANTAM, "add", "--model", name, "--prove"], capture_output=True, text=True, check=False)
        proof = proving.stdout.strip().split("\n")[0]
        yield name, check[0], check[1], sums_a_second(folder, name), proof


def report(speed, rows, shipped, out):
    print("# Tiny transformers, measured", file=out)
    print("\nWritten by `make bench-neural`. Speeds are of processor time on one thread, medians, taken in turn.\n", file=out)
    print("## Training: the plain adder of 122 parameters, 128 sequences a step\n", file=out)
    print("| program | steps a second | bantam is faster |\n|---|---:|---:|", file=out)
    titles = {"bantam": "bantam train", "eager": "PyTorch 2.2.2, eager", "compiled": "PyTorch 2.2.2, torch.compile"}
    for name, title in titles.items():
        ratio = "" if name == "bantam" else f"{speed['bantam'] / speed[name]:.0f} times"
        print(f"| {title} | {speed[name]:,.0f} | {ratio} |", file=out)
    print("\nbantam draws its sequences within these steps; PyTorch's are drawn beforehand and not counted.", file=out)
    print("\n## The whole recipe: `bantam train models/adder/recipe.json`, from nothing, two threads\n", file=out)
    print("| seed | right of the 10,010 official pairs | seconds, wall | seconds, processor |\n|---:|---:|---:|---:|", file=out)
    for seed, right, wall, user in rows:
        print(f"| {seed} | {right:,} ({right / 100.10:.2f} %) | {wall:.0f} | {user:.0f} |", file=out)
    passed = sum(right >= 0.99 * 10010 for _, right, _, _ in rows)
    print(f"\n{passed} of {len(rows)} seeds reach 99 %. Half the seconds of the processor are what two idle cores take.", file=out)
    print("\n## The shipped adders\n", file=out)
    print("| adder | official pairs | parameters | sums a second | proof |\n|---|---|---|---:|---|", file=out)
    for name, check, counts, sums, proof in shipped:
        print(f"| {name} | {check} | {counts} | {sums:,.0f} | {proof} |", file=out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peers = os.path.abspath(options.peers)
        speed = speeds(folder, peers, options.rounds)
        rows, shipped = starts(folder, options.starts), list(adders(folder))
    with open(os.path.join(TOP, "bench", "results", "neural.md"), "w") as out:
        report(speed, rows, shipped, out)


main()
