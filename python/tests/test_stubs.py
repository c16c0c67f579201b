"""The stubs of the C++ modules name what those have."""

import ast
import importlib
import pathlib

import pytest
from conftest import PACKAGE

STUBS = (pathlib.Path(PACKAGE) / "backlot").glob("_*.pyi")
modules = pytest.mark.parametrize("module", sorted(stubs.stem for stubs in STUBS))


def names(body):
    for item in body:
        if isinstance(item, ast.FunctionDef) and item.name not in ("__getattr__", "__setattr__"):
            yield item.name
        elif isinstance(item, ast.AnnAssign):
            yield item.target.id


@modules
def test_all_that_is_in_the_stubs_is_in_the_module(module):
    core = importlib.import_module(f"backlot.{module}")
    stubs = ast.parse((pathlib.Path(PACKAGE) / "backlot" / f"{module}.pyi").read_text())
    for item in stubs.body:
        if isinstance(item, ast.ClassDef):
            missing = [name for name in names(item.body) if not hasattr(getattr(core, item.name), name)]
            assert not missing, (item.name, missing)
    assert all(hasattr(core, name) for name in names(stubs.body))


@modules
def test_all_that_is_in_the_module_is_in_the_stubs(module):
    core = importlib.import_module(f"backlot.{module}")
    stubs = ast.parse((pathlib.Path(PACKAGE) / "backlot" / f"{module}.pyi").read_text())
    told = {item.name for item in stubs.body if isinstance(item, ast.ClassDef)} | set(names(stubs.body))
    assert {name for name in vars(core) if not name.startswith("_")} <= told
