"""Every shape of a graph with every feature: generated flows, run on Backlot, compared with what Metaflow did.

    python3 matrix.py [SHAPE/FEATURE ...]          on Backlot, by command line and by Runner, against the recordings
    python3 matrix.py --tenth                      a tenth of it that has every shape and every feature, each case one way
    python3 matrix.py --oracle FOLDER [...]        on Metaflow, the other way than was recorded: what differs from the
                                                   recordings; with --record: writes them
    python3 matrix.py --list | --show SHAPE/FEATURE

A shape (shapes.py) is a graph, a feature (features/) says what goes into its steps and what is done with it, write.py
makes a flow of both. A case that has no meaning is left out by the rule that the feature states, and --list says so.
Cases are run, brought into a normal form and compared as those of the conformance suite (tests/conformance).
"""

import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "conformance"))

import conformance  # noqa: E402
from differs import DIFFERS  # noqa: E402
from features import FEATURES  # noqa: E402
from recordings import Recordings  # noqa: E402
from shapes import SHAPES  # noqa: E402
from write import flow_name, sources  # noqa: E402

WAYS = ("cli", "runner")


class Case:
    def __init__(self, number, shape, feature):
        self.shape, self.feature = shape, feature
        self.name = f"{shape.name}/{feature.name}"
        # Where it is run one way only: every shape and every feature is run both ways.
        self.way, self.other_way = WAYS[number % 2], WAYS[1 - number % 2]
        self.in_tenth = number % 10 == 0

    def run(self, package, way):
        """The normal form of what the case does with the engine in `package`."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="matrix-"))
        try:
            flow = flow_name(self.shape, self.feature)
            shutil.copy(HERE / "drive.py", folder)
            for name, text in {**sources(self.shape, self.feature), **self.feature.files(self.shape, flow)}.items():
                (folder / name).write_text(text)
            place = conformance.Place(folder, package)
            commands = [place.command(c.line(way)) for c in self.feature.commands(self.shape)]
            for command in commands:
                del command["command"]  # the recording is the same for both ways
            return {"commands": commands, "runs": place.read(flow)}
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def all_cases():
    """The cases, and (name, why) of those that are left out."""
    cases, senseless = [], []
    for i, shape in enumerate(SHAPES):
        for j, feature in enumerate(FEATURES):
            why = feature.senseless(shape)
            case = Case(i + j, shape, feature)
            if why:
                senseless.append((case.name, why))
            else:
                cases.append(case)
    # By feature, so that what was recorded first has all shapes.
    return sorted(cases, key=lambda c: FEATURES.index(c.feature)), senseless


def tenth(cases):
    """Every tenth case, and the first case of each shape and each feature that those do not have."""
    chosen = [c for c in cases if c.in_tenth]
    for part in ("shape", "feature"):
        for case in cases:
            if all(getattr(c, part) is not getattr(case, part) for c in chosen):
                chosen.append(case)
    return chosen


def compare(case, expected, form, allowed):
    if expected is None:
        return ["  there is no recording: make one with --oracle FOLDER --record"]
    return [
        f"  {place}\n    Metaflow: {json.dumps(a)}\n    here:     {json.dumps(b)}"
        for place, a, b in conformance.differences(expected, form)
        if not conformance.is_allowed(case.name, place, allowed, USED)
    ]


USED = set()  # numbers of the allowances that were needed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="*", default=["*"], help="names or patterns, foreach/retry or */retry")
    parser.add_argument("--tenth", action="store_true", help="only the tenth, each case one way")
    parser.add_argument("--oracle", metavar="FOLDER", help="where Metaflow is installed")
    parser.add_argument("--record", action="store_true", help="with --oracle: write down what Metaflow does")
    parser.add_argument("--new", action="store_true", help="only cases that have no recording")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--way", choices=WAYS, help="only by command line, or only by Runner")
    parser.add_argument("--list", action="store_true", help="the cases, and those that are left out")
    parser.add_argument("--show", metavar="SHAPE/FEATURE", help="print a generated flow and its commands")
    arguments = parser.parse_args()
    cases, senseless = all_cases()
    if arguments.show:
        return show(next(c for c in cases if c.name == arguments.show))
    cases = tenth(cases) if arguments.tenth else cases
    cases = [c for c in cases if any(fnmatch.fnmatch(c.name, p) for p in arguments.cases)]
    recordings = Recordings()
    if arguments.new:
        cases = [c for c in cases if not recordings.find(*c.name.split("/"))]
    if arguments.list:
        print(*(c.name for c in cases), *(f"{name} left out: {why}" for name, why in senseless), sep="\n")
        return 0
    package = arguments.oracle or f"{conformance.PACKAGE}:{conformance.PACKAGE}/backlot/shim"
    failed = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        running = {
            pool.submit(case.run, package, way): (case, way)
            for case in cases
            for way in ways(case, arguments)
        }
        for done in concurrent.futures.as_completed(running):
            case, way = running[done]
            if arguments.record:
                recordings.keep(case.shape.name, case.feature.name, done.result())
                print(f"{case.name} recorded", flush=True)
                continue
            expected = recordings.find(case.shape.name, case.feature.name)
            found = compare(case, expected, done.result(), [] if arguments.oracle else DIFFERS)
            if found:
                failed.append(f"{case.name} by {way}")
                print(f"{case.name} by {way}: {len(found)} differences", *found, sep="\n", flush=True)
    if arguments.record:
        return 0
    print(f"{len(cases)} cases, {len(running)} times run, {len(failed)} differ", *sorted(failed))
    whole = arguments.cases == ["*"] and not (arguments.tenth or arguments.oracle or arguments.new)
    needless = [entry for number, entry in enumerate(DIFFERS) if number not in USED] if whole else []
    for entry in needless:
        print(f"differs.py: nothing differs any more at {entry}")
    return 1 if failed or needless else 0


def ways(case, arguments):
    if arguments.way:
        return [arguments.way]
    if arguments.oracle and not arguments.record:
        return [case.other_way]
    return [case.way] if arguments.oracle or arguments.tenth else WAYS


def show(case):
    print(*sources(case.shape, case.feature).values(), sep="\n\n")
    for command in case.feature.commands(case.shape):
        print("$", *sorted({command.line(way) for way in WAYS}, reverse=True), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
