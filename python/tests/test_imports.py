"""Who imports whom in the package: nothing in a circle, and inside of functions only what would take long at the start."""

import ast
import pathlib

PACKAGE = pathlib.Path(__file__).resolve().parents[1] / "backlot"

CLIENT = "only who reads runs back needs the client"
FAILURE = "only told of what fails"
SHIM = "the tables and classes of what Metaflow has besides are needed when such a name is asked for"

# What is imported inside of functions, (by, which), and why.
ALLOWED = {
    ("backlot", "backlot.cli"): "who does not run a flow needs no command line",
    ("backlot._pickle", "backlot._unpickle"): "a task that only saves need not load",
    ("backlot.cli.read", "backlot.client"): CLIENT,
    ("backlot.cli.run", "backlot._pickle"): FAILURE,
    ("backlot.cli.run", "backlot.client"): CLIENT,
    ("backlot.cli.tags", "backlot.client"): CLIENT,
    ("backlot.client.archives", "backlot.client.metaflow_folder"): "it imports `pickle`, and what is asked for is mostly in a home",
    ("backlot.client.runs", "backlot.errors"): FAILURE,
    ("backlot.current", "backlot.cards"): "many classes, for the few flows that have cards",
    ("backlot.flowspec", "backlot.graph"): "it imports `ast`, and the graph is read when a flow runs",
    ("backlot.flowspec", "backlot.plain_names"): "named tuples take long to make, and are seldom asked for",
    ("backlot.metaflow_names", "backlot.absent"): SHIM,
    ("backlot.metaflow_names", "backlot.extensions"): SHIM,
    ("backlot.metaflow_names", "backlot.metaflow_absent"): SHIM,
    ("backlot.process", "backlot._numpy_check"): "it tries NumPy, where that is imported",
    ("backlot.program", "backlot.user_decorators"): "flows without decorators of their own do without",
    ("backlot.runner", "backlot.client"): CLIENT,
    ("backlot.s3.client", "backlot.s3.run_folder"): "S3 with a folder does without the core",
    ("backlot.s3.run_folder", "backlot.client"): CLIENT,
    ("backlot.shim.metaflow", "backlot.about"): SHIM,
    ("backlot.shim.metaflow", "backlot.absent"): SHIM,
    ("backlot.shim.metaflow", "backlot.extensions"): SHIM,
    ("backlot.shim.metaflow", "backlot.vendored"): SHIM,
    ("backlot.task", "backlot._pickle"): FAILURE,
    ("backlot.task", "backlot.client"): CLIENT,
}


def modules():
    """Our modules by name; those that are compiled stand there as their stubs."""
    found = {}
    for file in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.pyi")]:
        name = ".".join(("backlot", *file.relative_to(PACKAGE).with_suffix("").parts))
        found[name.removesuffix(".__init__")] = file
    return found


def import_statements(node, inside=False):
    """(statement, whether inside of a function)."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, inside
        yield from import_statements(child, inside or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)))


def imported(node, known):
    """Our modules that an import statement names."""
    assert not getattr(node, "level", 0), f"line {node.lineno}: ours are imported by their whole names"
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{name}" if f"{node.module}.{name}" in known else node.module for name in names]
    return {name for name in names if name in known}


def packages_entered(by, name):
    """The packages that are imported before a module in them is: not `backlot`, nor those that `by` lies in."""
    parts = name.split(".")
    around = (".".join(parts[:count]) for count in range(2, len(parts)))
    return {package for package in around if not f"{by}.".startswith(f"{package}.")}


def imports():
    """(by, which, whether inside of a function)."""
    known = modules()
    for by, file in known.items():
        for statement, inside in import_statements(ast.parse(file.read_text(encoding="utf-8"))):
            for name in imported(statement, known):
                yield by, name, inside
                yield from ((by, package, False) for package in packages_entered(by, name))


def test_no_module_imports_itself_by_way_of_others():
    left = {name: set() for name in modules()}
    for by, name, _ in imports():
        left[by].add(name)
    while free := {name for name, others in left.items() if not others}:
        left = {name: others - free for name, others in left.items() if name not in free}
    assert left == {}, "these import one another, or what does"


def test_what_is_imported_inside_of_functions():
    found = {(by, name) for by, name, inside in imports() if inside}
    assert found - set(ALLOWED) == set(), "import these at the top of their files, or say why not"
    assert set(ALLOWED) - found == set(), "these are no longer"
