"""What is noted about a run besides its values: who and what made it, and how its flow is built."""

import os
import sys

from backlot.exception import MetaflowUnknownUser

METAFLOW_VERSION = "2.19.39"  # whose documented behaviour this package answers with


def version():
    """The version that is told to who asks Metaflow for it."""
    from backlot import __version__

    return f"{METAFLOW_VERSION}+backlot{__version__}"


def username():
    """Who is at work: METAFLOW_USER, SUDO_USER, USERNAME or USER, unless that is root; else None."""
    for variable in ("METAFLOW_USER", "SUDO_USER", "USERNAME", "USER"):
        name = os.environ.get(variable)
        if name and name != "root":
            return name
    return None


def identity():
    """The namespace that is one's own: "user:alice", or "production:TOKEN" where a deployment set its token."""
    token = os.environ.get("METAFLOW_PRODUCTION_TOKEN")
    if token:
        return f"production:{token}"
    name = username()
    if name is None:
        raise MetaflowUnknownUser("Nobody knows who you are: set METAFLOW_USER (or USERNAME) to your name.")
    return f"user:{name}"


def python_version():
    return "{}.{}.{}".format(*sys.version_info)


def system_tags():
    """The tags that every run bears, by which namespaces tell runs apart."""
    return [
        identity(),
        "runtime:dev",
        f"python_version:{python_version()}",
        f"metaflow_version:{version()}",
    ]


def own_the_run():
    """The catalog notes this user as who started what runs from here on."""
    name = username()
    if name is not None:
        os.environ.setdefault("BACKLOT_USER", name)


def constants(program):
    """What every task sees besides the flow's own parameters and constants."""
    return {"name": program.flow.__name__, "_graph_info": graph_info(program)}


def graph_info(program):
    """The flow as a dictionary, in the form in which Metaflow keeps it with each run."""
    flow, graph = program.flow, program.graph
    given = dict(program.parameters)
    return {
        "file": os.path.basename(getattr(sys.modules.get(flow.__module__), "__file__", None) or ""),
        "start_step": graph.start,
        "end_step": graph.end,
        "parameters": [{"name": name, "type": type(p).__name__} for name, p in given.items()],
        "constants": [{"name": n, "type": type(v).__name__} for n, v in _class_constants(flow, given)],
        "steps": {node.name: _step_info(node) for node in graph},
        "graph_structure": _structure(graph, graph.start, None),
        "doc": (flow.__doc__ or "").strip(),
        "decorators": [_decorator_info(d) for d in getattr(flow, "_flow_decorators", ())],
        "extensions": {},
    }


def _class_constants(flow, parameters):
    from backlot.flowspec import FlowSpec

    for name in dir(flow):
        if name.startswith("_") or name in parameters or hasattr(FlowSpec, name):
            continue
        value = getattr(flow, name)
        if not (callable(value) or isinstance(value, property)):
            yield name, value


_KINDS = {"foreach": "split-foreach", "switch": "split-switch"}


def _step_info(node):
    info = {
        "name": node.name,
        "type": _KINDS.get(node.type, node.type),
        "line": node.line,
        "source_file": os.path.abspath(node.file),
        "doc": node.doc,
        "decorators": [_decorator_info(d) for d in node.decorators],
        "next": list(node.targets),
        "node_info": {},
    }
    if node.kind == "foreach":
        info.update(type="split-foreach", foreach_artifact=node.foreach)
    if node.kind == "switch":
        info.update(type="split-switch", condition=node.condition, switch_cases=dict(node.cases))
    if node.kind == "split":
        info["type"] = "split"
    if node.matching_join:
        info["matching_join"] = node.matching_join
    return info


def _decorator_info(decorator):
    return {
        "name": getattr(decorator, "name", type(decorator).__name__),
        "attributes": {k: _plain(v) for k, v in getattr(decorator, "attributes", {}).items()},
        "statically_defined": getattr(decorator, "statically_defined", True),
        "inserted_by": None,
    }


def _plain(value):
    """Attributes of decorators may be anything; what is no plain data is told as text."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if value is None or type(value) in (bool, int, float, str) else str(value)


def _structure(graph, name, until):
    """["start", [["a"], ["b"]], "join", "end"]: the branches of a split stand in a list of their own."""
    found = []
    while name and name != until and name in graph and name not in found:
        node = graph[name]
        found.append(name)
        if node.kind in ("split", "foreach") and node.matching_join:
            found.append([_structure(graph, target, node.matching_join) for target in node.targets])
            name = node.matching_join
        elif node.kind == "switch":
            others = [t for t in node.targets if t != name]
            if others:
                found.append([_structure(graph, target, until) for target in others])
            break
        else:
            name = node.targets[0] if node.targets else None
    return found
