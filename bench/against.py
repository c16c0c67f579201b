#!/usr/bin/env python3
"""Two builds measured in turn: this working tree and another commit of it (`./dev bench NAME --against COMMIT`).

    against.py NAME --against COMMIT [--pairs N] [--json] [WORD...]

The other commit is built in a worktree of its own, build/against/HASH, which stays for the next call. Then the bench runs
here, there, here, there … Of each figure that it prints, the ratio of every pair (here / there) is taken, and of these
the median and the spread: what slows a machine down for a minute slows both sides of a pair. WORDS go to the bench, such
as `full`. Peers and the browser are left out. What this tree measures with Python measures the other build, too; programs
of C++ measure what they were built with.
"""
import argparse
import json
import math
import shutil
import signal
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "against"

# What is built for each bench.
TARGETS = {
    "engine": ["engine_bench"],
    "store": ["store_bench"],
    "catalog": ["catalog_bench"],
    "fork": ["fork_bench"],
    "python": ["python_package"],
    "console": ["backlot-server", "console_fixture"],
    "signals": ["kernels_bench", "incidents_bench", "backlot", "backlot-signals", "python_package"],
    "peers": ["peer_flows", "backlot"],
}

# An item of a list is called by these of its fields, where it has one: they say what was measured.
CALLED_BY = ("goal", "samples", "changes_made", "target_gaps", "gaps", "candidates", "points_after", "history_weeks",
             "minutes", "shift")  # fmt: skip


def words_for(name, build, scratch, words):
    """The command that runs a bench on a build. All of Python's measuring code is this tree's own."""
    here = ROOT / "bench"
    if name == "python":
        return [sys.executable, here / "python/python_bench.py", build / "python", scratch, *words, "--alone"]
    if name == "console":
        return [sys.executable, here / "console/console_bench.py", build / "bin", scratch, *words, "--alone"]
    if name == "signals":
        return [sys.executable, ROOT / "apps/signals/bench/signals_bench.py", build, *words, "--alone"]
    if name == "peers":
        return [sys.executable, here / "peers/peers_bench.py", build / "bin", scratch, *words, "--alone"]
    return [build / "bench" / f"{name}_bench", *words]


def figures_of(report):
    """{path: number} of all numbers in what a bench printed."""
    found = {}

    def walk(value, path):
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, path + (key,))
        elif isinstance(value, list):
            taken = {}
            for number, inner in enumerate(value):
                name = _called(inner, number)
                taken[name] = taken.get(name, 0) + 1
                walk(inner, path + (name if taken[name] == 1 else f"{name} #{taken[name]}",))
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found["/".join(path)] = value

    walk(report, ())
    return found


def _called(item, number):
    told = [(key, item[key]) for key in CALLED_BY if key in item] if isinstance(item, dict) else []
    if not told:
        return str(number)
    return ",".join(value if isinstance(value, str) else f"{key}={value}" for key, value in told)


def ratio(here, there):
    if there != 0:
        return here / there
    return 1.0 if here == 0 else math.inf


def compare(here, there):
    """What the runs say: lists of {path: number}, one of each side for each pair.

    A number that was the same in every run of both sides is an input or an exact count: it is listed apart.
    """
    ours, theirs = set.intersection(*map(set, here)), set.intersection(*map(set, there))
    figures, same = {}, {}
    for path in [path for path in here[0] if path in ours & theirs]:
        a, b = [run[path] for run in here], [run[path] for run in there]
        if len({*a, *b}) == 1:
            same[path] = a[0]
            continue
        ratios = [ratio(x, y) for x, y in zip(a, b)]
        low, middle, high = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
        figures[path] = {"here": statistics.median(a), "there": statistics.median(b), "ratio": middle,
                         "quartiles": [low, high], "range": [min(ratios), max(ratios)]}  # fmt: skip
    return {"figures": figures, "same": same, "only_here": sorted(ours - theirs), "only_there": sorted(theirs - ours)}


def as_table(result):
    def brief(x):
        return f"{x:.4g}" if abs(x) < 1e5 else f"{x:.0f}"

    rows = [("figure", "here", "there", "ratio", "quartiles", "least to most")]
    for path, f in result["figures"].items():
        spans = [f"{low:.3f} {high:.3f}" for low, high in (f["quartiles"], f["range"])]
        rows.append((path, brief(f["here"]), brief(f["there"]), f"{f['ratio']:.3f}", *spans))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))) for row in rows]
    for title, key in (("only here", "only_here"), ("only there", "only_there")):
        lines += [f"{title}: {path}" for path in result[key]]
    if result["same"]:
        lines.append(f"the same in all runs of both: {len(result['same'])} numbers (--json lists them)")
    return "\n".join(lines)


def as_json(result):
    """A ratio to zero is no JSON number: null."""
    def plain(value):
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner) for inner in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(plain(result), indent=1)


def git(*words, folder=ROOT):
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout.strip()


def build_of(commit, targets):
    """The build folder of a commit, made or brought up to date."""
    tree = PLACE / git("rev-parse", "--short=12", commit)
    if not (tree / "CMakeLists.txt").exists():
        shutil.rmtree(tree, ignore_errors=True)
        tree.parent.mkdir(parents=True, exist_ok=True)
        git("worktree", "prune")  # `./dev clean` takes the folder, and git remembers it
        git("worktree", "add", "--detach", tree, commit)
    build = tree / "build" / "release"
    if not (build / "build.ninja").exists():
        log(f"configuring {commit}")
        subprocess.run(["cmake", "--preset", "release"], cwd=tree, check=True, stdout=sys.stderr)
    log(f"building {commit}")
    subprocess.run(["cmake", "--build", "--preset", "release", "--target", *targets], cwd=tree, check=True, stdout=sys.stderr)
    return build


def measured(name, build, scratch, words):
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    command = [str(word) for word in words_for(name, build, scratch, words)]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"against: {' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return figures_of(json.loads(done.stdout))


def measured_pairs(given, sides):
    """(figures here, figures there) of each pair; when it is interrupted or terminated, of those that were whole by then."""
    pairs = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for pair in range(given.pairs):
            log(f"pair {pair + 1} of {given.pairs}")
            pairs.append([measured(given.name, build, PLACE / f"scratch-{side}", given.words) for side, build in sides.items()])
    except KeyboardInterrupt:
        pass
    return pairs


def log(text):
    print(f"against: {text}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure this tree and another commit in turn.")
    parser.add_argument("name", choices=sorted(TARGETS))
    parser.add_argument("--against", metavar="COMMIT", required=True)
    parser.add_argument("--pairs", type=int, default=9, help="how often both are run (9)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("words", nargs="*", help="what the bench itself takes, such as full")
    given = parser.parse_args()
    if given.pairs < 1:
        parser.error("--pairs takes a number from 1")
    try:
        commit = git("rev-parse", "--short=12", "--verify", "--quiet", given.against + "^{commit}")
    except subprocess.CalledProcessError:
        parser.error(f"there is no commit {given.against} here")
    sides = {"here": ROOT / "build" / "release", "there": build_of(commit, TARGETS[given.name])}
    pairs = measured_pairs(given, sides)
    if not pairs:
        sys.exit("against: stopped before a pair was measured")
    result = {"bench": given.name, "against": commit, "pairs": len(pairs), **compare(*map(list, zip(*pairs)))}
    print(as_json(result) if given.json else as_table(result))
    if len(pairs) < given.pairs:
        sys.exit(f"against: stopped after {len(pairs)} of {given.pairs} pairs: these are their figures")


if __name__ == "__main__":
    main()
