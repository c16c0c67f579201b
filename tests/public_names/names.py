#!/usr/bin/env python3
"""Which names of Metaflow public code imports, and what Backlot answers: makes names.tsv. Needs PyPI.

    names.py FOLDER    downloads the packages of packages.txt, and Metaflow with its tutorials, into the folder

The names are read from the sources by `ast`; nothing of the packages is run. What Backlot answers with:
    works       what it is in Metaflow
    refused     it can be imported; who uses it is told why it is not here
    extension   a package gives it to itself, by extending Metaflow
    package     metaflow._vendor: the package of that name, where it is installed
    none        importing it raises NotInBacklot
"""

import ast
import collections
import json
import os
import pathlib
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
METAFLOW = "metaflow==2.19.39"
PACKAGE = os.environ.get("BACKLOT_PACKAGE") or str(HERE.parents[1] / "build" / "release" / "python")


def packages():
    return (HERE / "packages.txt").read_text().split()


def download(requirements, folder):
    """The downloaded files of packages; those that are not there yet are fetched. Raises without PyPI."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [requirement for requirement in requirements if not _file(requirement, folder)]
    if missing:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--only-binary=:all:", "--dest", str(folder), *missing], check=True)
    return [_file(requirement, folder) for requirement in requirements]


def _file(requirement, folder):
    name, _, version = requirement.partition("==")
    wanted = f"{name}-{version}".replace("-", "_").lower()
    for file in folder.glob("*.whl"):
        if "-".join(file.name.split("-")[:2]).replace("-", "_").lower() == wanted:
            return file
    return None


def sources(file, begin=""):
    """(path, text) of the Python in a package: its modules, and the cells of notebooks."""
    with zipfile.ZipFile(file) as archive:
        for name in sorted(n for n in archive.namelist() if n.startswith(begin)):
            if name.endswith(".py"):
                yield name, archive.read(name).decode("utf-8", "replace")
            elif name.endswith(".ipynb"):
                for cell in json.loads(archive.read(name))["cells"]:
                    if cell["cell_type"] == "code":
                        lines = "".join(cell["source"]).splitlines()
                        yield name, "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def imported(text):
    """(module, name) of all that is imported from Metaflow; the name is empty when it is a module alone."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _is_metaflow(node.module):
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if _is_metaflow(alias.name))


def _is_metaflow(module):
    return module.partition(".")[0] == "metaflow"


def given(path, text):
    """The names under `metaflow` that a module of an extension gives: settings, toplevel names, decorators."""
    parts = path.split("/")
    if len(parts) < 4 or parts[0] != "metaflow_extensions" or parts[2] not in ("config", "toplevel", "plugins"):
        return
    described = len(parts) == 4 and (parts[3].startswith("mfextinit_") or parts[3] == "__init__.py")
    below = {"config": "metaflow.metaflow_config.", "toplevel": "metaflow."}.get(parts[2])
    for node in ast.parse(text).body:
        names = [a.asname or a.name for a in node.names] if isinstance(node, (ast.ImportFrom, ast.Import)) else []
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if described and names and names[0].endswith("_DECORATORS_DESC"):
                yield from (f"metaflow.{pair[0]}" for pair in ast.literal_eval(node.value))
            if described and names == ["__mf_promote_submodules__"]:
                between = "plugins." if parts[2] == "plugins" else ""
                yield from (f"metaflow.{between}{promoted}" for promoted in ast.literal_eval(node.value))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        if below is not None and (parts[2] == "toplevel" or described):
            yield from (below + name for name in names)


ANSWER = """
import importlib, json, sys
from backlot.absent import NotInBacklot

def answer(module, name):
    try:
        if not name:
            importlib.import_module(module)
            return "works"
        scope = {}
        exec(f"from {module} import {name}", scope)
    except NotInBacklot:
        return "none"
    absent = getattr(scope[name], "__module__", "") in ("backlot.absent", "backlot.metaflow_absent")
    return "refused" if absent else "works"

json.dump([answer(*pair) for pair in json.load(sys.stdin)], sys.stdout)
"""


def answers(pairs):
    """What Backlot does with each (module, name), asked in a Python of its own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{PACKAGE}:{PACKAGE}/backlot/shim"}
    asked = subprocess.run(
        [sys.executable, "-c", ANSWER], input=json.dumps(pairs), env=environment, stdout=subprocess.PIPE, text=True
    )
    asked.check_returncode()
    return json.loads(asked.stdout)


def answer_of(module, name, answer, extensions):
    whole = f"{module}.{name}" if name else module
    if whole.startswith("metaflow._vendor"):
        return "package"
    if answer == "none" and any(whole == own or whole.startswith(f"{own}.") for own in extensions):
        return "extension"
    return answer


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    users, extensions = collections.defaultdict(set), set()
    requirements = [*packages(), METAFLOW]
    for requirement, file in zip(requirements, download(requirements, pathlib.Path(sys.argv[1]))):
        tutorials = requirement == METAFLOW
        for path, text in sources(file, "metaflow/tutorials/" if tutorials else ""):
            try:
                found = set(imported(text))
                extensions.update(given(path, text))
            except SyntaxError:
                continue  # a template, that is filled in before it is Python
            for pair in found:
                users[pair].add("tutorials" if tutorials else requirement)
    pairs = sorted(users)
    with open(HERE / "names.tsv", "w") as table:
        print("module", "name", "answer", "packages", sep="\t", file=table)
        for pair, answer in zip(pairs, answers(pairs)):
            answer = answer_of(*pair, answer, extensions)
            print(*pair, answer, " ".join(sorted(users[pair])), sep="\t", file=table)


if __name__ == "__main__":
    main()
