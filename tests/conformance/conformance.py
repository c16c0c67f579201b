"""Runs the conformance cases on Backlot and compares them with what Metaflow did.

    python3 conformance.py [AREA/NAME ...]             on Backlot, against the recordings
    python3 conformance.py --oracle FOLDER [...]       on Metaflow: what differs from the recordings; with
                                                       --record: writes them

A case is a flow, cases/AREA/NAME.py, with a docstring: what is tested, the documented sentence, and after `$` the shell
commands that are run, with `python` for the interpreter, `flow.py` for the case and $RUN for the last run's id.
BACKLOT_PACKAGE is the folder that `backlot` is imported from; FOLDER is one into which Metaflow was installed:
`pip install --target FOLDER metaflow`.
"""

import argparse
import ast
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import allowed  # noqa: E402
from normal import lines_form, output_form, shortened  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = os.environ.get("BACKLOT_PACKAGE") or str(HERE.parents[1] / "build" / "release" / "python")
EXTRA = {}  # variables of the environment for all commands
SECONDS = 120  # for one command


class Case:
    def __init__(self, path):
        self.path = path
        self.name = f"{path.parent.name}/{path.stem}"
        self.recording = HERE / "recorded" / path.parent.name / f"{path.stem}.json"
        source = path.read_text()
        docstring = ast.get_docstring(ast.parse(source)) or ""
        self.commands = re.findall(r"^\$ (.*)$", docstring, re.M)
        if not self.commands or '"' not in docstring:
            raise SystemExit(f"{path}: the docstring needs a quoted sentence and commands after `$`")
        self.flow = re.findall(r"^class (\w+)\(", source, re.M)[-1]

    def run(self, package):
        """The normal form of what the case does with the engine in `package`."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="conformance-"))
        try:
            shutil.copy(self.path, folder / "flow.py")
            place = Place(folder, package)
            commands = [place.command(c) for c in self.commands]
            return {"commands": commands, "runs": place.read(self.flow)}
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class Place:
    """A folder with a flow, in which commands are run."""

    def __init__(self, folder, package):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "bin" / "python").symlink_to(sys.executable)
        self.environment = {
            "PATH": f"{folder}/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "USER": "bob",
            "USERNAME": "bob",
            "LC_ALL": "C.UTF-8",
            "METAFLOW_HOME": str(folder / "configuration"),
            "BACKLOT_HOME": str(folder / "home"),
            "PYTHONPATH": package,
            "PYTHONDONTWRITEBYTECODE": "1",
            **EXTRA,
        }

    def command(self, command):
        done = self.shell(command)
        runs = re.findall(r"\(run-id (\d+)\)", done.stdout)
        if runs:
            self.environment["RUN"] = runs[-1]
        return {
            "command": command,
            "exit": done.returncode,
            "out": output_form(done.stdout),
            "err": lines_form(done.stderr.splitlines()),
        }

    def shell(self, command):
        process = subprocess.Popen(
            ["/bin/sh", "-c", command], cwd=self.folder, env=self.environment, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            err += f"\nkilled: it took more than {SECONDS} seconds"
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def read(self, flow):
        shutil.copy(HERE / "read.py", self.folder / "bin" / "read.py")
        self.environment["PYTHONPATH"] += f":{self.folder}"
        done = self.shell(f"python bin/read.py {flow} runs.json")
        if done.returncode:
            return f"cannot be read: {done.stderr[-2000:]}"
        return read_form(json.loads((self.folder / "runs.json").read_text()))


def read_form(value):
    """The same normal form for texts that were read back."""
    if isinstance(value, dict):
        return {key: read_form(v) for key, v in value.items()}
    if isinstance(value, list):
        texts = value and all(isinstance(v, str) for v in value)
        if not texts:
            return [read_form(v) for v in value]
        lines = lines_form(value)
        return [shortened(line) for line in lines] if len(lines) <= 1000 else [shortened("\n".join(lines))]
    return shortened("\n".join(lines_form(value.splitlines()))) if isinstance(value, str) else value


def differences(expected, found, place=""):
    """(place, expected, found) of everything that is not the same."""
    if isinstance(expected, dict) and "cannot be read" in expected:
        return
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            yield from differences(expected.get(key), found.get(key), f"{place}/{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (a, b) in enumerate(zip(expected, found)):
            yield from differences(a, b, f"{place}/{number}")
    elif expected != found:
        yield place, expected, found


def is_allowed(case, place, allowances, used):
    """Whether one of the allowances is for this place; the number of the one is added to `used`."""
    for number, (cases, places, _) in enumerate(allowances):
        if fnmatch.fnmatch(case, cases) and fnmatch.fnmatch(place, places):
            used.add(number)
            return True
    return False


USED = set()  # numbers of the allowances that were needed


def compare(case, form, strict):
    if not case.recording.exists():
        return [f"  there is no recording {case.recording}: make one with --oracle FOLDER --record"]
    expected = json.loads(case.recording.read_text())
    return [
        f"  {place}\n    Metaflow: {json.dumps(a)}\n    here:     {json.dumps(b)}"
        for place, a, b in differences(expected, form)
        if strict or not is_allowed(case.name, place, allowed.ALLOWED, USED)
    ]


def record(case, form):
    case.recording.parent.mkdir(parents=True, exist_ok=True)
    case.recording.write_text(json.dumps(form, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", nargs="*", default=["*"], help="names or patterns, graph/linear or graph/*")
    parser.add_argument("--oracle", metavar="FOLDER", help="where Metaflow is installed")
    parser.add_argument("--record", action="store_true", help="with --oracle: write down what Metaflow does")
    parser.add_argument("--new", action="store_true", help="only cases that have no recording")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--fresh", action="store_true", help="every task as a fresh process, not as a fork")
    parser.add_argument("--only", default="*", help="compare only these places, such as /commands/*")
    arguments = parser.parse_args()
    if arguments.fresh:
        EXTRA["BACKLOT_FRESH"] = "1"
    cases = [Case(path) for path in sorted(HERE.glob("cases/*/*.py"))]
    cases = [c for c in cases if any(fnmatch.fnmatch(c.name, p) for p in arguments.cases)]
    if arguments.new:
        cases = [c for c in cases if not c.recording.exists()]
    package = arguments.oracle or f"{PACKAGE}:{PACKAGE}/backlot/shim"
    failed = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        running = {pool.submit(case.run, package): case for case in cases}
        for done in concurrent.futures.as_completed(running):
            case = running[done]
            if arguments.record:
                record(case, done.result())
                print(f"{case.name} recorded", flush=True)
                continue
            found = compare(case, done.result(), strict=bool(arguments.oracle))
            found = [line for line in found if fnmatch.fnmatch(line.split("\n")[0].strip(), arguments.only)]
            if found:
                failed.append(case.name)
                print(f"{case.name}: {len(found)} differences ({case.path})", *found, sep="\n", flush=True)
    if arguments.record:
        return 0
    print(f"{len(cases)} cases, {len(failed)} differ", *sorted(failed))
    whole = arguments.cases == ["*"] and not (arguments.oracle or arguments.new or arguments.fresh)
    needless = [entry for number, entry in enumerate(allowed.ALLOWED) if number not in USED] if whole else []
    for entry in needless:
        print(f"allowed.py: nothing differs any more at {entry}")
    return 1 if failed or needless else 0


if __name__ == "__main__":
    sys.exit(main())
