#!/usr/bin/env python3
"""Imports every module of the packages of packages.txt where `import metaflow` is answered by Backlot: imports.py FOLDER

Each package lies in a folder of its own, below FOLDER, without what it depends on; beside it are the few small
packages of light.txt. What comes out is compared with imports.tsv: a line for each package, with how many of its modules
were imported, and one for each module that was not, with the reason. `--record` writes it anew. Exit status 77: there is
no PyPI here.
"""

import json
import os
import pathlib
import subprocess
import sys
import zipfile

import names

HERE = names.HERE

# Each module is imported in a fork: what one does to the process, or a loop that it is caught in, is no other's concern.
ASK = """
import importlib, json, os, signal, sys

def reason(error):
    from backlot.absent import NotInBacklot
    if isinstance(error, ModuleNotFoundError) and not isinstance(error, NotInBacklot):
        return f"needs {error.name.partition('.')[0]}"
    told = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {told[0]}"

def ask(name):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        silent = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(silent, fd)
        signal.alarm(60)
        sys.argv = [name]
        try:
            importlib.import_module(name)
            told = ""
        except BaseException as error:
            told = reason(error)
        os.write(write, told.encode()[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        told = pipe.read()
    status = os.waitpid(pid, 0)[1]
    return told if status == 0 else "takes longer than a minute"

json.dump({name: ask(name) for name in json.load(sys.stdin)}, sys.stdout)
"""


def unpacked(requirements, folder):
    """The folders with packages: what pip makes of a wheel that holds Python alone."""
    for requirement, file in zip(requirements, names.download(requirements, folder / "files")):
        target = folder / "installed" / requirement
        if not target.exists():
            with zipfile.ZipFile(file) as archive:
                archive.extractall(target)
        yield target


def modules(target):
    """The names of all modules of a package."""
    for path in sorted(target.rglob("*.py")):
        parts = path.relative_to(target).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if parts and all(part.isidentifier() for part in parts):  # else nothing that an import can name
            yield ".".join(parts)


def outcome(requirement, target, beside):
    """The lines of a package in the table."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(target.parent),
        "USER": "tester",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([names.PACKAGE, f"{names.PACKAGE}/backlot/shim", str(target), *map(str, beside)]),
    }
    asked = subprocess.run(
        [sys.executable, "-S", "-c", ASK], input=json.dumps(list(modules(target))), env=environment, cwd=target.parent,
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found = json.loads(asked.stdout)
    bad = {name: why for name, why in found.items() if why}
    yield f"{requirement}\t{len(found) - len(bad)} of {len(found)}\t"
    yield from (f"{requirement}\t{name}\t{why.replace(str(target.parent), '…')}" for name, why in bad.items())


def main():
    words = [word for word in sys.argv[1:] if word != "--record"]
    if len(words) != 1:
        sys.exit(__doc__)
    folder = pathlib.Path(words[0]).resolve()
    light = (HERE / "light.txt").read_text().split()
    try:
        beside = list(unpacked(light, folder))
        targets = list(unpacked(names.packages(), folder))
    except subprocess.CalledProcessError:
        print("imports.py: no PyPI here")
        sys.exit(77)
    lines = [line for pair in zip(names.packages(), targets) for line in outcome(*pair, beside)]
    table = HERE / "imports.tsv"
    if "--record" in sys.argv:
        table.write_text("\n".join(lines) + "\n")
    expected = table.read_text().splitlines()
    for line in expected:
        if line not in lines:
            print("expected:", line)
    for line in lines:
        if line not in expected:
            print("found:   ", line)
    whole = sum(1 for line in lines if line.endswith("\t") and len(set(line.split("\t")[1].split(" of "))) == 1)
    print(f"{whole} of {len(names.packages())} packages import whole")
    sys.exit(lines != expected)


if __name__ == "__main__":
    main()
