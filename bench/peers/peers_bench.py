#!/usr/bin/env python3
"""Metaflow beside us: the same flows, run by both in the same run, answers read back by each one's client and asserted.

    peers_bench.py PROGRAMS SCRATCH [--alone]

PROGRAMS is the folder of peer_flows and backlot. Metaflow is installed by pip, by its name, into a virtual environment
in SCRATCH, and everything it writes stays there. Prints JSON: medians of five, of three for the slow flows; CPU is user
and system time of all processes. Where Metaflow cannot be installed, our side is measured alone and "metaflow" says
"not measured here" and why. `--alone` leaves Metaflow out.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

FLOWS = Path(__file__).resolve().parent / "metaflow_flows"
WORKERS = str(len(os.sched_getaffinity(0)))
#        name       tasks  runs  artifact of the last step, and what it must be
CASES = [("Linear", 3, 5, "sum", 6),
         ("Wide", 53, 3, "sum", 50 * 49 // 2),
         ("Doubles", 2, 3, "lost", 0)]


class NotHere(Exception):
    """A peer cannot run on this machine, and why."""


class Side:
    """One of the two that are compared; `home` is all that it writes to."""

    def __init__(self, scratch, name, environment):
        self.name, self.home, self.log = name, scratch / name, scratch / (name + ".log")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("METAFLOW_", "BACKLOT_", "PYTHON"))}
        self.environment = kept | environment(self.home)

    def execute(self, words):
        """CPU and wall seconds of a program and all that it started."""
        began = time.monotonic()
        with open(self.log, "wb") as log:
            child = subprocess.Popen(words, env=self.environment, cwd=self.home, stdout=log, stderr=log)
            _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"peers_bench: {' '.join(map(str, words))} ended badly:\n{self.log.read_text()[-2000:]}")
        return used.ru_utime + used.ru_stime, time.monotonic() - began

    def measure(self, flow, tasks, runs, artifact, expected):
        cpu, wall = [], []
        for _ in range(runs):
            shutil.rmtree(self.home, ignore_errors=True)
            self.home.mkdir(parents=True)
            self.execute(self.run_words("Linear"))  # what is made once is made: folders, catalog, byte code
            one_cpu, one_wall = self.execute(self.run_words(flow))
            cpu.append(one_cpu)
            wall.append(one_wall)
            self.execute(self.read_words(flow, artifact))
            if (got := json.loads(self.log.read_text())) != expected:
                sys.exit(f"peers_bench: {self.name} says that {artifact} of {flow} is {got}, not {expected}")
        shutil.rmtree(self.home)
        return {"cpu_ms_per_task": 1e3 * statistics.median(cpu) / tasks, "wall_s": statistics.median(wall)}


class Backlot(Side):
    def __init__(self, scratch, programs):
        super().__init__(scratch, "backlot", lambda home: {"BACKLOT_HOME": str(home)})
        self.programs = programs

    def run_words(self, flow):
        return [self.programs / "peer_flows", "run", flow, "--quiet", "--max-workers", WORKERS]

    def read_words(self, flow, artifact):
        return [self.programs / "backlot", "get", f"{flow}/last/end/{artifact}", "--json"]


class Metaflow(Side):
    def __init__(self, scratch):
        super().__init__(scratch, "metaflow", lambda home: {
            "HOME": str(home), "METAFLOW_HOME": str(home), "METAFLOW_DATASTORE_SYSROOT_LOCAL": str(home),
            "METAFLOW_DEFAULT_DATASTORE": "local", "METAFLOW_DEFAULT_METADATA": "local", "METAFLOW_USER": "bench"})
        self.python = scratch / "venv/bin/python"
        self.install(scratch / "venv")

    def install(self, venv):
        question = [self.python, "-c", "import metaflow, numpy; print(metaflow.__version__)"]
        try:
            if not self.python.exists() or subprocess.run(question, capture_output=True).returncode != 0:
                print("peers_bench: installing metaflow from PyPI", file=sys.stderr)
                output_of([sys.executable, "-m", "venv", "--clear", venv])
                output_of([self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
                           "metaflow", "numpy"])
            self.version = output_of(question).strip()
        except (OSError, subprocess.CalledProcessError) as e:
            said = (getattr(e, "stderr", "") or getattr(e, "stdout", "") or str(e)).strip().splitlines()
            raise NotHere(said[-1]) from e

    def run_words(self, flow):
        return [self.python, FLOWS / (flow.lower() + ".py"), "run", "--max-workers", WORKERS]

    def read_words(self, flow, artifact):
        return [self.python, FLOWS / "read.py", flow, artifact]


def output_of(words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def main(programs, scratch, alone):
    programs, scratch = Path(programs).resolve(), Path(scratch).resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    ours, theirs = Backlot(scratch, programs), None
    report = {"metaflow": "left out"}
    if not alone:
        try:
            theirs = Metaflow(scratch)
            report = {"metaflow": theirs.version, "python": sys.version.split()[0]}
        except NotHere as e:
            report = {"metaflow": "not measured here", "why": str(e)}
            print(f"peers_bench: Metaflow is not measured here: {e}", file=sys.stderr)
    for case in CASES:
        flow, tasks = case[:2]
        figures = report[flow] = {"tasks": tasks, "backlot": ours.measure(*case)}
        if theirs:
            figures["metaflow"] = theirs.measure(*case)
            for what in ("cpu_ms_per_task", "wall_s"):
                figures["times_" + what] = figures["metaflow"][what] / figures["backlot"][what]
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    if sys.argv[3:] not in ([], ["--alone"]):
        sys.exit(__doc__)
    main(*sys.argv[1:3], alone="--alone" in sys.argv)
