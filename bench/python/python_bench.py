#!/usr/bin/env python3
"""Python flows, with Metaflow beside them: the same files, run by both in the same run, answers read back and asserted.

    python_bench.py PACKAGE SCRATCH [full] [--alone]

PACKAGE is the folder that `backlot` is imported from. Metaflow is looked for, or installed from PyPI, in SCRATCH; where
that cannot be, its figures say "not measured here". Prints JSON: medians of five; CPU is user and system time of all
processes. `full` adds what takes minutes: 10,000 and 100,000 tasks, and an array of 2 GB. `--alone` leaves Metaflow out.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers"))
from peers_bench import Metaflow, NotHere, Side  # noqa: E402

FLOWS = Path(__file__).resolve().parent / "flows"
PYTHON = "/usr/bin/python3"
COMMON = ["--max-workers", str(len(os.sched_getaffinity(0))), "--max-num-splits", "1000000"]


class Backlot(Side):
    def __init__(self, scratch, package):
        super().__init__(scratch, "backlot", lambda home: {
            "BACKLOT_HOME": str(home), "PYTHONPATH": f"{package}:{package}/backlot/shim", "METAFLOW_USER": "bench"})
        self.python = PYTHON


def run(side, flow, *words, **environment):
    """CPU and wall seconds of one run."""
    before = side.environment
    side.environment = {**before, **environment}
    try:
        return side.execute([side.python, FLOWS / f"{flow}.py", "run", *COMMON, *words])
    finally:
        side.environment = before


def read(side, flow, step, *names):
    side.execute([side.python, FLOWS / "read.py", flow, step, *names])
    return json.loads(side.log.read_text().splitlines()[-1])


def must(got, wanted, what):
    if got != wanted:
        sys.exit(f"python_bench: {what} is {got}, not {wanted}")


def median(measure, runs=5):
    return statistics.median(measure() for _ in range(runs))


def begin(side):
    shutil.rmtree(side.home, ignore_errors=True)
    side.home.mkdir(parents=True)
    run(side, "hello")  # what is made once is made: folders, catalog, byte code


def hello(side, runs=5):
    walls = [run(side, "hello") for _ in range(runs)]
    must(read(side, "Hello", "end", "answer")["answer"], 5, "the answer of Hello")
    return {"wall_s": statistics.median(w for _, w in walls), "cpu_ms": 1e3 * statistics.median(c for c, _ in walls)}


def per_task(side, few, many, runs=5, **environment):
    """CPU milliseconds of one more trivial task."""
    def cpu(n):
        seconds, _ = run(side, "wide", "--n", str(n), **environment)
        must(read(side, "Wide", "join", "answer")["answer"], n * (n - 1) // 2, "the sum of Wide")
        return seconds
    return 1e3 * (median(lambda: cpu(many), runs) - median(lambda: cpu(few), runs)) / (many - few)


def fresh_share(side, modules):
    """Whether the tasks of a flow that imports these were fresh processes."""
    run(side, "wide", "--n", "2", WIDE_IMPORTS=modules)
    return "fresh process" in side.log.read_text()


def arrays(side, megabytes, runs=5):
    def cpu(keep):
        return run(side, "arrays", "--megabytes", str(megabytes), "--keep", keep)[0]
    save = median(lambda: cpu("True"), runs) - median(lambda: cpu("False"), runs)
    run(side, "arrays", "--megabytes", str(megabytes), "--keep", "True")
    wanted = read(side, "Arrays", "start", "answer")["answer"]
    must(read(side, "Arrays", "first", "answer")["answer"], wanted, "the first element of Arrays")
    first, left = read(side, "Arrays", "first", "first_s"), read(side, "Arrays", "read", "ended")
    return {"save_and_read_cpu_s": save, "first_element_ms": 1e3 * first["first_s"],
            "end_of_a_task_that_read_all_ms": 1e3 * (left["finished"] - left["ended"])}


def resume(side, n):
    try:
        run(side, "wide", "--n", str(n), WIDE_FAILS="1")
    except SystemExit:
        pass
    cpu, wall = side.execute([side.python, FLOWS / "wide.py", "resume", *COMMON])
    must(read(side, "Wide", "join", "answer")["answer"], n * (n - 1) // 2, "the sum of the resumed Wide")
    return {"wall_s": wall, "cpu_s": cpu}


def imported_by(python, modules):
    """Those of the modules that can be imported."""
    return " ".join(m for m in modules if subprocess.run([python, "-c", f"import {m}"], capture_output=True).returncode == 0)


def measure(ours, theirs, full):
    report = {}
    begin(ours)
    report["hello"] = {"backlot": hello(ours)}
    report["task_cpu_ms"] = {"backlot": per_task(ours, 10, 1010),
                             "fresh_process": per_task(ours, 2, 52, runs=3, BACKLOT_FRESH="1")}
    modules = imported_by(PYTHON, ["numpy", "pandas", "sklearn"])
    report["task_cpu_ms_with_imports"] = {"modules": modules, "fresh_processes": fresh_share(ours, modules),
                                          "backlot": per_task(ours, 10, 510, runs=3, WIDE_IMPORTS=modules)}
    report["array_200_mb"] = {"backlot": arrays(ours, 200)}
    run(ours, "many")
    many = read(ours, "Many", "start", "*")
    must((many["count"], many["sum"]), (1000, 499500), "the number and sum of the small artifacts")
    report["client_1000_artifacts_s"] = {"backlot": median(lambda: read(ours, "Many", "start", "*")["seconds"])}
    report["resume_1000"] = {"backlot": resume(ours, 1000)}
    run(ours, "wide", "--n", "10000")
    report["join_of_10000_s"] = {"backlot": read(ours, "Wide", "join", "join_s")["join_s"]}
    if full:
        begin(ours)
        report["task_cpu_ms_at"] = {n: per_task(ours, 10, n, runs=1) for n in (10_000, 100_000)}
        report["array_2_gb"] = {"backlot": arrays(ours, 2000, runs=1)}
    if theirs:
        begin(theirs)
        report["hello"]["metaflow"] = hello(theirs, runs=3)
        report["task_cpu_ms"]["metaflow"] = per_task(theirs, 2, 22, runs=1)
        report["array_200_mb"]["metaflow"] = arrays(theirs, 200, runs=1)
        run(theirs, "many")
        report["client_1000_artifacts_s"]["metaflow"] = read(theirs, "Many", "start", "*")["seconds"]
        for name in ("hello",):
            report[name]["times_cpu"] = report[name]["metaflow"]["cpu_ms"] / report[name]["backlot"]["cpu_ms"]
            report[name]["times_wall"] = report[name]["metaflow"]["wall_s"] / report[name]["backlot"]["wall_s"]
        task = report["task_cpu_ms"]
        task["times"], task["fresh_times"] = task["metaflow"] / task["backlot"], task["metaflow"] / task["fresh_process"]
    return report


def main(package, scratch, *options):
    scratch = Path(scratch).resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    theirs, told = None, {"metaflow": "left out"}
    if "--alone" not in options:
        try:
            theirs = Metaflow(scratch)
            told = {"metaflow": theirs.version}
        except NotHere as e:
            told = {"metaflow": "not measured here", "why": str(e)}
    print(json.dumps({**told, **measure(Backlot(scratch, Path(package).resolve()), theirs, "full" in options)}, indent=2))


if __name__ == "__main__":
    if len(sys.argv) < 3 or not set(sys.argv[3:]) <= {"full", "--alone"}:
        sys.exit(__doc__)
    main(*sys.argv[1:])
