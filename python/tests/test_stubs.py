"""The stubs of the core name what the core has."""

import ast
import importlib
import pathlib

from conftest import PACKAGE


def names(body):
    for item in body:
        if isinstance(item, ast.FunctionDef) and item.name not in ("__getattr__", "__setattr__"):
            yield item.name
        elif isinstance(item, ast.AnnAssign):
            yield item.target.id


def test_all_that_is_in_the_stubs_is_in_the_core():
    core = importlib.import_module("backlot._core")
    stubs = ast.parse((pathlib.Path(PACKAGE) / "backlot" / "_core.pyi").read_text())
    for item in stubs.body:
        if isinstance(item, ast.ClassDef):
            missing = [name for name in names(item.body) if not hasattr(getattr(core, item.name), name)]
            assert not missing, (item.name, missing)
    assert all(hasattr(core, name) for name in names(stubs.body))


def test_all_that_is_in_the_core_is_in_the_stubs():
    core = importlib.import_module("backlot._core")
    stubs = ast.parse((pathlib.Path(PACKAGE) / "backlot" / "_core.pyi").read_text())
    told = {item.name for item in stubs.body if isinstance(item, (ast.ClassDef, ast.FunctionDef))}
    assert {name for name in vars(core) if not name.startswith("_")} <= told
