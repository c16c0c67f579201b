#!/usr/bin/env python3
"""Flows as people write them, with today's newest libraries: `newest.py PACKAGE SCRATCH [FLOW...]`.

PACKAGE is the folder that `backlot` is imported from. Each file of this folder that begins with "# needs:" is a flow; it
asserts its own results, and is run as a user runs it: `python flow.py run`. The libraries come from PyPI, without pinned
versions, for Debian's Python. Each group below is installed alone: what cannot be had is said, and its flows are not run.
Exit status 77: nothing could be run here.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
GROUPS = [
    ["numpy", "pandas", "pyarrow", "polars", "scikit-learn", "joblib", "xgboost"],
    ["torch"],
]
IMPORTED_AS = {"scikit-learn": "sklearn"}


def installed(scratch):
    """The Python of an environment with all groups that can be had."""
    venv = scratch / "venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", venv], check=True)
    python = venv / "bin/python"
    for group in GROUPS:
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "--only-binary", ":all:"]
        if subprocess.run([*install, *group], stdout=sys.stderr).returncode != 0:
            say(f"not run here: {' '.join(group)} cannot be installed")
    return python


def versions(python, names):
    """{name: version} of those that can be imported."""
    found = {}
    for name in names:
        module = IMPORTED_AS.get(name, name)
        done = subprocess.run([python, "-c", f"import {module}; print({module}.__version__)"], capture_output=True, text=True)
        if done.returncode == 0:
            found[module] = done.stdout.strip()
    return found


def needs(flow):
    match = re.match(r"# needs: (.*)\n", flow.read_text())
    return match[1].split() if match else None


def run(python, flow, package, scratch):
    """(whether it passed, a line that says so, what it printed)"""
    home = scratch / "homes" / flow.stem
    home.mkdir(parents=True, exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("METAFLOW_", "BACKLOT_", "PYTHON"))},
        "BACKLOT_HOME": str(home), "PYTHONPATH": f"{package}:{package}/backlot/shim", "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    began = time.monotonic()
    done = subprocess.run([python, flow, "run"], cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    how = "fresh processes" if "fresh process" in done.stdout else "forks"
    state = "passed" if done.returncode == 0 else f"FAILED with {done.returncode}"
    return done.returncode == 0, f"{flow.stem}: {state}, {time.monotonic() - began:.1f} s, {how}", done.stdout


def say(text):
    print(f"newest: {text}", flush=True)


def main(package, scratch, *names):
    package, scratch = Path(package).resolve(), Path(scratch).resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    python = installed(scratch)
    there = versions(python, [name for group in GROUPS for name in group])
    if not there:
        say("not run here: PyPI cannot be reached")
        return 77
    say(", ".join(f"{name} {version}" for name, version in there.items()))
    failed = 0
    for flow in sorted(HERE.glob("*.py")):
        wanted = needs(flow)
        if wanted is None or (names and flow.stem not in names):
            continue
        missing = [name for name in wanted if name not in there]
        if missing:
            say(f"{flow.stem}: not run here: no {' '.join(missing)}")
            continue
        passed, line, printed = run(python, flow, package, scratch)
        say(line)
        if not passed:
            failed += 1
            print("\n".join(printed.splitlines()[-30:]), flush=True)
    say("all passed" if not failed else f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
