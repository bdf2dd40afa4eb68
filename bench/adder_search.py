#!/usr/bin/env python3
"""Looks for adders with ever fewer trained parameters: which numbers may be fixed or tied, and are the others still found?

usage: bench/adder_search.py [--bantam PROGRAM] [--seconds N] [--parameters LEAST-MOST] [--threads N] [--keep FOLDER]

The family is that of models/adder/eight/recipe.json. Five of its numbers are learned or fixed or tied to another one, which makes
32 recipes of 4 to 9 trained parameters. `bantam train` races one cohort of starts for each, the most parameters first; what comes out
is checked on the official pairs and proved or refuted. The table on standard output has a line a recipe: how many of the selection
of training were wrong, the official pairs that are right, and whether all pairs are. --seconds ends the search after so long,
--keep leaves recipes and models in a folder.
"""
import argparse
import itertools
import json
import os
import re
import subprocess
import tempfile
import time


def learned(deviation, mean=0):
    return {"learned": deviation, "mean": mean}


def tied(name, factor):
    return {"scale": factor, "of": name}


FREE = {
    "step": learned(0.1, 1),  # between the values of two digits
    "sharpness": learned(1.5, 3.5),  # of the attention
    "gain": learned(2),  # of what the attention finds
    "slope": learned(0.3),  # of the logistic unit …
    "threshold": learned(6),
    "wrap": learned(3),  # … and what it adds
    "linear": learned(0.1),  # of the head in the digit …
    "square": learned(0.1, -0.1),  # … and in its square
}
SAVINGS = {
    "step": 1,
    "sharpness": tied("gain", -1),
    "slope": -1,
    "threshold": tied("wrap", -1),
    "square": -1,
}


def recipe(origins):
    shared = {name: {"rows": 1, "columns": 1, "from": origin} for name, origin in origins.items()}
    shared["digits"] = {"rows": 10, "columns": 1, "from": {
        "inner": 3, "product": [{"spiral": {"radius": 0, "slope": "step"}}, [[0], [0], [1]]]}}
    shared["squares"] = {"rows": 10, "columns": 1, "from": {
        "inner": 10, "product": [{"diagonal": {"transpose": "digits"}}, "digits"]}}
    query = {"inner": 2, "product": [{"rotation": learned(3)}, {"rows": [[1, "sharpness"], [1, 0]]}]}
    return {
        "kind": "neural", "seed": 1, "task": "addition",
        "model": {
            "symbols": "0123456789", "length": 35, "prompt": 24, "width": 2, "head_width": 2, "norm": False,
            # A sharpness that is the gain, too, is half of what it is elsewhere.
            "score_scale": 1 if origins["sharpness"] is FREE["sharpness"] else 2,
            "rotary_angles": [0.5235987755982988], "feed_forward": "logistic", "hidden": 1, "shared": shared,
            "tensors": {
                "embedding": {"columns": [[1, "digits"], [1, 1]]},
                "layer0.query": {"columns": [[1, 0], [1, query]]},
                "layer0.key": [[0, 1], [0, 0]],
                "layer0.value": [[1, 0], [0, 0]],
                "layer0.output": {"rows": [[1, {"columns": [[1, "gain"], [1, 0]]}], [1, 0]]},
                "layer0.up": {"columns": [[1, "slope"], [1, "threshold"]]},
                "layer0.down": {"rows": [[1, "wrap"], [1, 0]]},
                "head": {"columns": [[1, {"scale": "linear", "of": "digits"}], [1, {"scale": "square", "of": "squares"}]]},
            },
        },
        "parameters": {
            "steps": 40000, "batch": 64, "learning_rate": 0.03, "final_learning_rate": 0.0003, "warm_up": 200,
            "beta2": 0.99, "weight_decay": 0, "hard_start": 0.5, "hard_end": 0.5, "mixed_steps": 8000,
            "starts": 128, "first_steps": 1000, "keep": 0.1, "goal": 1, "cohorts": 1,
        },
    }


def candidates():
    """(trained parameters, what is saved, recipe), the most parameters first."""
    for n_saved in range(len(SAVINGS) + 1):
        for saved in itertools.combinations(SAVINGS, n_saved):
            origins = {name: SAVINGS[name] if name in saved else origin for name, origin in FREE.items()}
            yield len(FREE) + 1 - n_saved, saved, recipe(origins)  # and the angle of the query


def answer_of(options, *words):
    return subprocess.run([options.bantam, *words], capture_output=True, text=True).stdout


def try_recipe(options, folder, n_parameters, saved, described):
    name = f"{n_parameters}-" + ("-".join(saved) or "all")
    path, model = os.path.join(folder, name + ".json"), os.path.join(folder, name + ".safetensors")
    with open(path, "w", encoding="ascii") as file:
        json.dump(described, file, indent=1)
    start = time.monotonic()
    told = answer_of(options, "train", "-q", "-j", str(options.threads), "-o", model, path)
    seconds = time.monotonic() - start
    wrong = re.search(r"(\d+) of (\d+) sequences", told)
    check, proof = answer_of(options, "add", "--check", "--model", model), answer_of(options, "add", "--prove", "--model", model)
    right = re.search(r"^\d+", check)
    print(f"| {n_parameters} | {', '.join(saved) or '–'} | {wrong[1] if wrong else '–'} | {right[0] if right else '–'} "
          f"| {proof.split(':')[0]} | {seconds:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bantam", default="build/bantam")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--parameters", default="4-9")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--keep")
    options = parser.parse_args()
    least, most = map(int, options.parameters.split("-"))
    end = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        print("| trained | fixed or tied | wrong of 4,096 | right of 10,010 | all pairs | seconds |")
        print("|---|---|---|---|---|---|")
        for n_parameters, saved, described in candidates():
            if least <= n_parameters <= most and time.monotonic() < end:
                try_recipe(options, folder, n_parameters, saved, described)


main()
