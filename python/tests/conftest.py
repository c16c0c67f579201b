"""Running real flows in a home of their own. BACKLOT_PACKAGE is the folder that `backlot` is imported from."""

import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest

PACKAGE = os.environ.get("BACKLOT_PACKAGE") or str(
    pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "python"
)
sys.path.insert(0, PACKAGE)


class Outcome:
    """How a command ended and what it printed."""

    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def run_id(self):
        return re.search(r"\(run-id (\d+)\)", self.out).group(1)

    def lines_of(self, step):
        """What the tasks of a step printed, and what is told of them, without time and address."""
        return re.findall(rf"^\S+ \S+ \[\d+/{step}/\d+[^\]]*\] (.*)$", self.out, re.M)


class Workplace:
    """A folder with flows, a home for their runs, and a user."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "USER": "tester",
            "BACKLOT_HOME": str(folder / "home"),
            "PYTHONPATH": f"{PACKAGE}:{PACKAGE}/backlot/shim",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def write(self, name, source):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
        return path

    def python(self, *words, **environment):
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return Outcome(done)

    def script(self, source, **environment):
        """Runs a script that must succeed; returns what it printed."""
        done = self.python(self.write("script.py", source).name, **environment)
        assert done.code == 0, done.out + done.err
        return done.out

    def flow(self, source, *words, **environment):
        """Runs the flow of this source: its last lines, that start it, are added."""
        name = re.search(r"^\s*class (\w+)\(FlowSpec", source, re.M).group(1)
        main = f"\nif __name__ == '__main__':\n    {name}()\n"
        path = self.write(f"{name.lower()}.py", textwrap.dedent(source) + main)
        return self.python(path.name, *words, **environment)


@pytest.fixture
def place(tmp_path):
    return Workplace(tmp_path)
