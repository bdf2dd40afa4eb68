"""What bench/text.py measured, as Markdown. Needs nothing but the numbers."""
import datetime
import os
import platform
import re

HEAD = """# Text classification beside its peers

Written by `make bench-text` (bench/text.py says what is measured and how). Speeds are CPU seconds of all threads together, peers in
turn on the same machine; scikit-learn's linear algebra runs on one thread, so that none of its CPU time is spent on waiting.
A part that is run again replaces its rows, so that rows may stem from several runs.
{machine}
"""


def percent(value, digits=1):
    return "–" if value is None else f"{value * 100:.{digits}f} %"


def seconds(value):
    return "–" if value is None else f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def size(value):
    if value is None:
        return "–"
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if value >= scale:
            return f"{value / scale:.1f} {unit}"
    return f"{value} bytes"


def number(value):
    return "–" if value is None else f"{value:,.0f}"


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|" + "|".join("---:" if i else "---" for i in range(len(columns))) + "|"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def ratio(theirs, ours):
    return f"{theirs / ours:.1f}×" if theirs and ours else "–"


def agreement(store):
    rows = []
    taken = [row["taken"] for analyzers in store.values() for row in analyzers.values() if row.get("taken")] or [None]
    for name, analyzers in store.items():
        for analyzer, row in analyzers.items():
            good = row["equal"] >= 0.999 and row["difference"] <= 1e-4
            rows.append([name, analyzer, number(row["rows"]), percent(row["equal"], 2), f"{row['difference']:.1e}",
                         f"{row['largest']:.1e}", "yes" if good else "no"])
    return ("## The same decisions as scikit-learn\n\nThe same options (C = 1, `--calibrate none`); scikit-learn at a tolerance of 1e-6 ("
            f"{seconds(min(taken))} to\n{seconds(max(taken))} of CPU for each): trained on 4,000 rows for words and 2,500 for characters, evenly spaced, with n-grams that stand in "
            "three\ntexts or more; all test rows. Target: at least 99.9 % of rows, mean difference of p at most 1e-4.\n\n"
            + table(["set", "analyzer", "test rows", "same class", "mean difference of p", "largest", "target"], rows))


def fit(store):
    rows = []
    for name, programs in store.items():
        ours = programs.get("bantam", {})
        for program, row in programs.items():
            rows.append([name, program, seconds(row["cpu"]), seconds(row["wall"]), ratio(row["cpu"], ours.get("cpu")),
                         percent(row.get("accuracy"), 2), size(row.get("peak"))])
    return ("## Fit\n\nWords and pairs of words, C = 10, tokenising included, one thread each; bantam's CPU holds the whole program. scikit-learn at its default tolerance (1e-4, 100 iterations); "
            "fastText with as\nmany threads as processors, learning rate 0.5, 25 epochs, pairs of words. Target: at least 30× faster than scikit-learn, 2× than fastText.\n\n"
            + table(["set", "program", "CPU", "clock", "CPU against bantam's", "test accuracy", "peak memory"], rows))


def predict(store):
    rows = []
    for name, analyzers in store.items():
        for analyzer, row in analyzers.items():
            rows.append([name, analyzer, number(row["bantam"]), number(row.get("bantam, probabilities")),
                         number(row["scikit-learn"]), number(row["fastText"]),
                         ratio(row["bantam"], row["scikit-learn"]), ratio(row["bantam"], row["fastText"])])
    return ("## Predict\n\nLabels of texts a second of one thread (`bantam_predictors_label` and scikit-learn's and fastText's `predict`), and all "
            "probabilities of texts\n(`bantam_predictors_run`); each text once, nothing remembered from before. Word: 1-2-grams; char_wb: 2-5-grams (fastText: "
            "its n-grams\nof characters, 2 to 5). Target, of labels: 20× scikit-learn for words, 50× for char_wb, and 3× fastText.\n\n"
            + table(["set", "analyzer", "bantam", "all probabilities", "scikit-learn", "fastText", "against scikit-learn", "against fastText"], rows)
            + "\nWhat a text takes most of is its n-grams' weights coming from memory (some 10 KB a text of clinc150, 25 KB of language-id by characters,\n"
            "whose models are larger than a core's cache). Labels of 49 classes and more are found by weights of eight bits, a quarter of that: how far\n"
            "scores of them can be off is known of each text, and where the second label is nearer, the exact weights are asked (0.4 % of the texts of\n"
            "clinc150 and 0.6 % of banking77 by words, 0.7 and 1.1 % by characters), so that labels are those of the exact ones. That made labels come 1.1\n"
            "to 1.4 times as fast on clinc150, 1.2 times on language-id by words, 1.0 to 1.2 times on banking77. These weights are made once a model, when\n"
            "as many texts were asked as it has n-grams (in 12 ms of clinc150, 32 ms of language-id by words): the best round has them already.\n"
            "Beginning a text before the last is ended hides some of the wait, and where the vocabulary is large its n-grams are looked up only then\n"
            "(language-id by words a fifth faster; on the small sets nothing gained or up to 9 % lost).\n"
            "language-id by characters misses its target for want of memory: 3.2 of the 6.4 words of a text are new to the predictor, each with 25 known\n"
            "n-grams, whose rows are five cache lines each out of 186 MB, or two out of 56 MB, in large pages already; rows of five alone, at random and\n"
            "asked for ahead, take 39 to 62 ns each here, and looking 25 n-grams up waits as well.\n"
            "Rows that fit one cache line would spare 1.3 of the 7 microseconds of a text (80 rows and 120 look-ups alone: 3.6 with rows of 96 bytes, 2.3\n"
            "with 64, 2.0 with the row in the n-gram's slot) and cost more: five bits, three to 16 so that the sums are as quick, make scores eight times\n"
            "as far off, and where 3.3 % of the texts ask the exact weights today, 21 % would, which alone takes a fifth of the speed; with six bits 11.5 %.\n"
            "Tried and left out, since nothing was gained: weights of 16 bits (clinc150 1.74 million for 1.77, banking77 1.69 for 1.97); eight bits by one\n"
            "scale for all n-grams (1 to 5 % of texts then ask the exact weights) or by a scale in each row (which is waited for); taking the words of a\n"
            "text, old and new, only when the next is begun (6 % lost on trec and clinc150, nothing gained on language-id); three texts begun at a time;\n"
            "asking for weights into the second cache only; a table of n-grams up to five eighths full; a look-up without branches; the squares of idf\n"
            "in a second array (a tenth lost on language-id); asking for all words of a text from memory before the first is looked at; a branch for first\n"
            "occurrences instead of a maximum; running maxima of the scores side by side; asking for exact rows ahead where the vocabulary is small.\n")


def calibration(store):
    rows = [[name, program, percent(row["accuracy"]), f"{row['calibration_error']:.3f}"]
            for name, programs in store.items() for program, row in programs.items()]
    return ("## What the probabilities are worth\n\nExpected calibration error over 15 bins, words and pairs of words. Target: at most .015 "
            "on banking77, .03 on clinc150.\n\n" + table(["set", "program", "test accuracy", "calibration error"], rows)
            + "\nOn the 3,080 rows of banking77 probabilities without any fault would show .012 on average (C = 10), since bins of few rows "
            "stray. A doubt\nthat all rows share beside the temperature, fitted to whether the likeliest label is right, gave .0168 there for "
            ".0182, and .0109 for .0143\nacross the training rows' folds: not enough for one more number in every model and export.\nThe temperature itself "
            "is right: on three folds of five of the training rows, those of the least log-loss were .563, .563 and .549 where\n"
            ".551, .546 and .550 had been fitted, and none brought the error of a fold, 2,000 rows, below .019 (.026, .020 and .023 as fitted).\n"
            "More folds, whose models are more like the last one, help little: at a tolerance of 1e-4 `--folds` 5, 10 and 20 gave .0189, .0186 and\n"
            ".0169 on the test rows (.0153, .0147 and .0131 across the training rows' folds), with two and four times as many fits.\n"
            "A temperature of each text, t · (s / s0)^b with s the standard deviation of its scores (`--calibrate adaptive`), is taken by default where the\n"
            "log-loss and the calibration error of held-out rows are both lower by it; docs/user/evaluate.md has the figures of the folds, and why.\n"
            "By the number of a text's n-grams it would be .0127 on banking77 across the folds, where the standard deviation gives .0091.\n")


def small(store):
    rows = []
    for name, models in store.items():
        full = models.get("full weights", {}).get("accuracy")
        for model, row in models.items():
            lost = "–" if full is None else f"{(row['accuracy'] - full) * 100:+.2f}"
            rows.append([name, model, size(row["bytes"]), percent(row["accuracy"], 2), lost])
    return ("## Size\n\nWords and pairs of words, C = 10. Target: at most 0.5 points below full weights in 100 KB, trec in 20 KB.\n\n"
            + table(["set", "model", "bytes", "test accuracy", "points against full weights"], rows))


def start(store):
    rows = [[name, size(row["bytes"]), f"{row['least'] * 1000:.1f} ms", f"{row['median'] * 1000:.1f} ms", size(row["peak"])]
            for name, row in store.items()]
    return ("## Start to first answer\n\n`bantam predict MODEL` on one line, the whole process, 41 times. Target: 5 ms, 10 MB.\n\n"
            + table(["set", "model", "shortest", "median", "resident"], rows))


def memory(store):
    rows = [[name, program, size(row["peak"]), seconds(row["cpu"]), percent(row.get("accuracy"))]
            for name, programs in store.items() for program, row in programs.items()]
    return ("## Memory of training\n\nWords and pairs of words. Target: below scikit-learn's and fastText's.\n\n"
            + table(["set", "program", "peak memory", "CPU", "test accuracy"], rows))


def search(store):
    goal = {"banking77": 0.913, "clinc150": 0.925, "trec": 0.898, "language-id": 0.844}
    rows = [[name, percent(row["accuracy"], 2), percent(goal.get(name)), f"{row['calibration_error']:.3f}", size(row["bytes"]),
             seconds(row["wall"])] for name, row in store.items() if row]
    return ("## Search\n\n`bantam train --search --time 120s`, on a machine that others used at the same time. Target: above the best of the peers.\n\n"
            + table(["set", "test accuracy", "peers' best", "calibration error", "model", "clock"], rows)
            + "\nWeights of n-grams by how they tell classes apart were tried on folds of the training rows and left out: tf.igm (Chen et al. "
            "2016) is\n.001 to .01 worse on trec; information gain up to .005 better there, and .002 to .006 worse on banking77 and clinc150.\n")


SECTIONS = {"agreement": agreement, "search": search, "fit": fit, "predict": predict, "size": small, "calibration": calibration,
            "start": start, "memory": memory}


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def pieces_of(page):
    """The head of a page, and its sections by their title."""
    head, *pieces = re.split(r"^(?=## )", page, flags=re.M)
    return head, {piece.split("\n", 1)[0]: piece.rstrip() + "\n" for piece in pieces}


def merged(page, before):
    """The page with the sections that only the one before has, in its order: a run of some parts leaves the others as they were."""
    head, fresh = pieces_of(page)
    old = pieces_of(before)[1]
    order = [*old, *(title for title in fresh if title not in old)]
    return head + "\n".join(fresh.get(title) or old[title] for title in order)


def render(store):
    machine = (f"Machine: {processor()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.0f} when this was written (a load far above the "
               f"processors\ndrives up every time, least those of CPU); {datetime.date.today().isoformat()}. Sets and rows that are not here were "
               "not measured.")
    parts = [section(store[name]) for name, section in SECTIONS.items() if store.get(name)]
    return HEAD.format(machine=machine) + "\n" + "\n".join(parts)
