"""Writes what the runs of a flow left behind, read through the client API, as JSON: `python read.py Flow FILE`."""

import json
import re
import sys

import flow  # the case: values of its own classes were pickled as classes of __main__

from metaflow import Flow, namespace

for name, value in vars(flow).items():
    if not name.startswith("__"):
        globals().setdefault(name, value)

PLAIN = (type(None), bool, int, float, complex, str, bytes)
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def shown(value, around=()):
    """A value as text which is the same whenever the value and all types inside of it are the same."""
    kind = type(value)
    if kind in PLAIN:
        return repr(value)
    if any(value is outer for outer in around):
        return "..."

    def inner(v):
        return shown(v, (*around, value))

    if kind in (list, tuple):
        text = ", ".join(map(inner, value))
        return f"[{text}]" if kind is list else f"({text},)"
    if kind in (set, frozenset):
        return f"{kind.__name__}({', '.join(sorted(map(inner, value)))})"
    if kind is dict:
        return "{%s}" % ", ".join(f"{inner(k)}: {inner(v)}" for k, v in value.items())
    return f"{kind.__qualname__} {ADDRESS.sub('', repr(value))}"


def shown_artifact(artifact):
    try:
        return shown(artifact.data)
    except Exception as error:
        return f"cannot be read: {type(error).__name__}"


def readable(form, of):
    """What `form` gives, or that it fails: Metaflow cannot read what a killed task left."""
    try:
        return form(of)
    except Exception as error:
        return {"cannot be read": type(error).__name__}


def task_form(task):
    return {
        "index": task.index,
        "attempt": task.current_attempt,
        "successful": task.successful,
        "finished": task.finished,
        "exception": readable(shown_exception, task),
        "artifacts": {a.id: shown_artifact(a) for a in sorted(task, key=lambda a: a.id)},
        "stdout": lines(task.stdout),
        "stderr": lines(task.stderr),
        "metadata": sorted({m.name for m in task.metadata}),
        "attempts": sorted(m.value for m in task.metadata if m.type == "attempt"),
        "parents": sorted(t.parent.id for t in task.parent_tasks),
        "children": sorted(t.parent.id for t in task.child_tasks),
    }


def lines(text):
    # Metaflow notes in a task's log that it failed; Backlot keeps what the task itself wrote.
    return [line for line in text.splitlines() if line != "Task failed."]


def shown_exception(task):
    found = task.exception
    if found is None:
        return None
    return f"{getattr(found, 'type', type(found).__name__)}: {getattr(found, 'exception', found)}"


def run_form(run):
    return {
        "successful": run.successful,
        "finished": run.finished,
        "user tags": sorted(run.user_tags),
        "system tags": sorted(tag_form(tag) for tag in run.system_tags),
        "origin": readable(has_origin, run),
        "steps": {
            step.id: {
                "tasks": sorted((readable(task_form, t) for t in step), key=json.dumps),
                "parents": readable(parents, step),
            }
            for step in sorted(run, key=lambda s: s.id)
        },
    }


def parents(step):
    return sorted(s.id for s in step.parent_steps)


def has_origin(run):
    found = {task.metadata_dict.get("origin-run-id") for step in run for task in step}
    return bool(found - {None, "None"})


def tag_form(tag):
    """A system tag without what depends on day and version."""
    key, colon, _ = tag.partition(":")
    return key + colon + "*" if key in ("date", "metaflow_version", "python_version", "r_version") else tag


def main():
    namespace(None)
    try:
        runs = [run_form(run) for run in Flow(sys.argv[1])]
    except Exception as error:
        if type(error).__name__ != "MetaflowNotFound":
            raise
        runs = []
    with open(sys.argv[2], "w") as file:
        json.dump(runs[::-1], file)


if __name__ == "__main__":
    main()
