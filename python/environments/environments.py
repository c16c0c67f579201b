#!/usr/bin/env python3
"""The package in the environments that people have: several Pythons, each with its NumPy and pandas.

    environments.py SOURCE PACKAGE SCRATCH [NAME...]

SOURCE is the repository, PACKAGE the folder with the module that CMake built for Debian's Python. For every other Python a
wheel is built. In each environment the Python tests run; then each keeps values of every kind, and all others read them:
every value is the same bit by bit, or is refused with the versions that wrote and that read. NAMES choose environments.
Needs PyPI. Exit status 77: nothing could be run here.
"""

import datetime
import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEBIAN = "/usr/bin/python3"
NOT_RUN = 77
QUIET = ["--quiet", "--disable-pip-version-check"]
INSTALL = ["install", *QUIET, "--no-compile"]
TOOLS = ["pytest", "pyyaml", "scikit-build-core>=0.10", "pybind11>=2.13", "ninja"]  # for the tests and for wheels

# Name, Python (None: Debian's, with the module that CMake built), packages from PyPI (None: Debian's own).
ENVIRONMENTS = [
    ("debian", None, None),
    ("debian-newest", None, ["numpy>=2", "pandas", "pyarrow"]),
    ("3.9", "3.9", ["numpy==1.24.*", "pandas==2.0.*", "pyarrow==17.*"]),
    ("3.10", "3.10", ["numpy", "pandas"]),
    ("3.11", "3.11", ["numpy"]),  # without pandas
    ("3.12", "3.12", ["numpy==1.26.*", "pandas==2.2.*", "pyarrow==17.*"]),
    ("3.13", "3.13", ["numpy", "pandas", "pyarrow"]),
    ("3.14", "3.14", ["numpy", "pandas", "pyarrow"]),
]


class NotHere(Exception):
    """Why something is not run here."""


class Environment:
    """An interpreter with packages, and the folder that `backlot` is imported from."""

    def __init__(self, name, python, package, scratch):
        self.name, self.python, self.package, self.home = name, python, package, scratch / f"{name}-home"

    def run(self, words, **more):
        path = f"{self.package}:{self.package}/backlot/shim"
        environment = {**os.environ, "BACKLOT_PACKAGE": str(self.package), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        environment.update({name: str(value) for name, value in more.pop("environment", {}).items()})
        return subprocess.run([self.python, *map(str, words)], env=environment, **more)

    def versions(self):
        told = "import sys; print('Python %d.%d.%d' % sys.version_info[:3], end='')"
        for name in ("numpy", "pandas", "pyarrow"):
            told += f"\ntry:\n import {name}\n print(', {name}', {name}.__version__, end='')\nexcept ImportError:\n pass"
        return self.run(["-c", told], capture_output=True, text=True, check=True).stdout


def interpreter(version):
    """A Python of this version, on PATH or of pyenv."""
    check = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    places = [shutil.which(f"python{version}"), *glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python3"))]
    for place in filter(None, places):
        if subprocess.run([place, "-c", check], capture_output=True).returncode == 0:
            return place
    raise NotHere(f"Python {version}")


def pip(python, *words):
    return subprocess.run([python, "-m", "pip", *words], stdout=sys.stderr).returncode == 0


def made(name, version, packages, source, package, scratch):
    """The environment of a row of the table above."""
    if packages is None:
        return Environment(name, DEBIAN, package, scratch)
    python = with_packages(interpreter(version) if version else DEBIAN, packages, scratch / name)
    if version:
        # As deep below the source as build/release, so that ccache knows most of it from there.
        package = with_wheel(python, scratch / name, source, source / "build" / f"wheel-{version}")
    return Environment(name, python, package, scratch)


def with_packages(base, packages, venv):
    """The Python of a virtual environment; one that was made today with these packages is kept."""
    python, stamp, wanted = venv / "bin/python", venv / "made", f"{datetime.date.today()} {base} {' '.join(packages)}\n"
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    say(f"making {venv.name}")
    subprocess.run([base, "-m", "venv", "--clear", venv], check=True, stdout=sys.stderr)
    if not pip(python, *INSTALL, *TOOLS):
        raise NotHere("PyPI")
    # Wheels only: a package that has none for this Python would be compiled for an hour.
    if not pip(python, *INSTALL, "--only-binary", ":all:", *packages):
        raise NotHere(f"{venv.name}: no wheels of {' '.join(packages)}")
    stamp.write_text(wanted)
    return python


def with_wheel(python, venv, source, build):
    """Builds the wheel for a Python, installs it, and returns the folder that it is in."""
    say(f"building the wheel for {venv.name}")
    shutil.rmtree(venv / "wheels", ignore_errors=True)
    # The build's scripts are those of the environment: pip's isolation would fetch CMake and compilers anew each time.
    wheel = ["wheel", *QUIET, "--no-build-isolation", "--no-deps", f"--config-settings=build-dir={build}"]
    built = pip(python, *wheel, "--wheel-dir", venv / "wheels", source / "python")
    found = list((venv / "wheels").glob("backlot-*.whl"))
    if not (built and pip(python, *INSTALL, "--force-reinstall", "--no-deps", *found)):
        raise RuntimeError(f"the wheel for {python} could not be built")
    where = "import backlot, os; print(os.path.dirname(os.path.dirname(backlot.__file__)))"
    return Path(subprocess.run([python, "-c", where], check=True, capture_output=True, text=True).stdout.strip())


def tested(environment, source):
    """Whether the Python tests pass in an environment."""
    say(f"{environment.name}: {environment.versions()}")
    return environment.run(["-m", "pytest", "-q", "-p", "no:cacheprovider", source / "python/tests"]).returncode == 0


def kept(environment):
    """Whether an environment kept its values."""
    shutil.rmtree(environment.home, ignore_errors=True)
    done = environment.run([HERE / "flow.py", "run"], capture_output=True, text=True, environment={"BACKLOT_HOME": environment.home})
    if done.returncode != 0:
        say(f"{environment.name} could not keep the values:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.returncode == 0


def read(environment, writer):
    """Whether an environment reads what another one kept."""
    done = environment.run([HERE / "read.py"], capture_output=True, text=True, environment={"BACKLOT_HOME": writer.home})
    if done.returncode != 0:
        say(f"{environment.name} could not read what {writer.name} kept:\n{done.stderr[-3000:]}")
        return False
    told = json.loads(done.stdout.splitlines()[-1])
    say(f"{writer.name} → {environment.name}: {told['same']} the same, {len(told['refused'])} refused, {len(told['wrong'])} wrong")
    for kind in ("refused", "wrong"):
        for name, why in told[kind].items():
            say(f"    {kind} {name}: {why}")
    return not told["wrong"]


def has_pandas(environment):
    return environment.run(["-c", "import numpy, pandas"], capture_output=True).returncode == 0


def say(text):
    print(f"environments: {text}", flush=True)


def main(source, package, scratch, *names):
    source, package, scratch = (Path(folder).resolve() for folder in (source, package, scratch))
    scratch.mkdir(parents=True, exist_ok=True)
    environments, passed = [], True
    for row in ENVIRONMENTS:
        if names and row[0] not in names:
            continue
        try:
            environments.append(made(*row, source, package, scratch))
        except NotHere as why:
            say(f"not run here: {why}")
    if not [e for e in environments if e.python != DEBIAN]:
        return NOT_RUN
    for environment in environments:
        passed &= tested(environment, source)
    able = [e for e in environments if has_pandas(e)]
    writers = [e for e in able if kept(e)]
    passed &= writers == able
    for writer in writers:
        for reader in able:
            passed &= read(reader, writer)
    say(f"{len(environments)} environments, " + ("all passed" if passed else "some failed"))
    return 0 if passed else 1


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
