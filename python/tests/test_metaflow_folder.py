"""A look-up that finds nothing in the home reads a folder .metaflow through.

The folder is written here as Metaflow 2.19 writes one. With METAFLOW_PYTHON, an interpreter that has Metaflow, one that
it writes itself is read too.
"""

import gzip
import hashlib
import json
import os
import pickle
import subprocess
import sys
import textwrap

import pytest

RUN = "1795657214633003"
EPOCH = 1795657214633
TAGS = {"tags": ["t1"], "system_tags": ["user:tester", "runtime:dev", "metaflow_version:2.19.39"]}


class Folder:
    """Writes a folder in the form of Metaflow's."""

    def __init__(self, place, flow):
        self.root, self.flow = place / ".metaflow", flow
        self.clock = EPOCH
        self.json({"flow_id": flow, "ts_epoch": EPOCH}, "_meta", "_self.json")
        self.json({**self.about(), "user_name": "tester", **TAGS}, RUN, "_meta", "_self.json")

    def about(self):
        self.clock += 10
        return {"flow_id": self.flow, "run_number": RUN, "ts_epoch": self.clock}

    def write(self, data, *parts):
        path = self.root.joinpath(self.flow, *parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def json(self, value, *parts):
        self.write(json.dumps(value).encode(), *parts)

    def step(self, step):
        self.json({**self.about(), "step_name": step, **TAGS}, RUN, step, "_meta", "_self.json")

    def task(self, step, task, values, attempt=0, ok=True, path="", logs="", pickles=None):
        if not (self.root / self.flow / RUN / step).exists():
            self.step(step)
        here = (RUN, step, task)
        if not self.root.joinpath(self.flow, *here, "_meta", "_self.json").exists():
            self.json({**self.about(), "step_name": step, "task_id": task, **TAGS}, *here, "_meta", "_self.json")
        begun = self.about()["ts_epoch"]
        self.json({"time": begun / 1000}, *here, f"{attempt}.attempt.json")
        objects, info = {}, {}
        for name, value in {**values, "_task_ok": ok, "_success": ok}.items():
            data = (pickles or {}).get(name) or pickle.dumps(value, protocol=4)
            sha = objects[name] = hashlib.sha1(data).hexdigest()
            self.write(gzip.compress(data), "data", sha[:2], sha)
            info[name] = {"size": len(data), "type": str(type(value)), "encoding": "pickle-v4"}
            noted = {**self.about(), "name": name, "sha": sha}
            self.json(noted, *here, "_meta", f"{attempt}_artifact_{name}.json")
        self.json({"datastore": "local", "objects": objects, "info": info}, *here, f"{attempt}.data.json")
        self.write(b'""', *here, f"{attempt}.DONE.lock")
        line = f"[MFLOG|0|2026-11-26T01:40:21.512968Z|runtime|91e82c65-73c0-45f8-bcbe-4d4c19df7c2e]{logs}\n"
        self.write(line.encode() if logs else b"", *here, f"{attempt}.runtime_stdout.log")
        self.write(b"", *here, f"{attempt}.runtime_stderr.log")
        noted = {"attempt": str(attempt), "attempt_ok": str(ok), "origin-run-id": "None", "script-name": "old.py"}
        if path:
            noted["foreach-execution-path"] = path
        for key, value in noted.items():
            one = {"field_name": key, "type": key, "value": value, "tags": [f"attempt_id:{attempt}"], **self.about()}
            self.json(one, *here, "_meta", f"sysmeta_{key}_{one['ts_epoch']}.json")


def renamed(value, module):
    """The pickle of a value whose class is found in `module` by whoever reads it."""
    kind = type(value)
    ours, theirs = (f"c{place}\n{kind.__qualname__}\n".encode() for place in (kind.__module__, module))
    return pickle.dumps(value, protocol=0).replace(ours, theirs)


@pytest.fixture
def old(place):
    steps = {
        "start": {"name": "start", "type": "split-foreach", "next": ["body"]},
        "body": {"name": "body", "type": "linear", "next": ["join"]},
        "join": {"name": "join", "type": "join", "next": ["end"]},
        "end": {"name": "end", "type": "end", "next": []},
    }
    always = {"name": "Old", "alpha": 3}
    graph = {"_graph_info": {"file": "old.py", "steps": steps}}
    folder = Folder(place.folder, "Old")
    folder.task("_parameters", "0", {**always, **graph})
    folder.task("start", "1", {**always, **graph, "items": [1, 2]}, logs="hello")
    folder.task("body", "2", {**always, **graph, "x": 10}, path="body:0")
    folder.task("body", "3", {**always, **graph, "_exception": None}, attempt=0, ok=False, path="body:1", logs="first")
    folder.task("body", "3", {**always, **graph, "x": 20}, attempt=1, path="body:1", logs="second")
    folder.task("join", "4", {**always, **graph, "total": 30})
    folder.task("end", "5", {**always, **graph, "total": 30})
    return folder


LOOK = """
    from metaflow import *
    run = Flow("Old").latest_run
    assert run.successful and run.finished and run.pathspec == "Old/1795657214633003"
    assert [s.id for s in run] == ["end", "join", "body", "start"]
    assert run.data.total == 30 and run.data.alpha == 3 and "x" not in run.data
    assert sorted(a.id for a in run["start"].task) == ["alpha", "items", "name"]
    assert run["start"].task.stdout == "hello\\n" and run["start"].task.stderr == ""
    assert [t.index for t in run["body"]] == [1, 0]
    first, last = Task(run.pathspec + "/body/3", attempt=0), Task(run.pathspec + "/body/3")
    assert last.successful and not first.successful and last.current_attempt == 1
    assert first.stdout == "first\\n" and last.stdout == "second\\n" and "x" not in first.data and last.data.x == 20
    assert run.user_tags == {"t1"} and "user:tester" in run.system_tags
    assert last.metadata_dict["attempt"] == "1" and last.metadata_dict["script-name"] == "old.py"
    assert [t.id for t in last.parent_tasks] == ["1"] and [t.id for t in run["join"].task.parent_tasks] == ["2", "3"]
    assert [t.id for t in run["start"].task.child_tasks] == ["2", "3"]
    assert run["_parameters"].task.data.alpha == 3
    assert [s.id for s in run["body"].child_steps] == ["join"]
    assert Run(run.pathspec).created_at.timestamp() == 1795657214.633
    assert run.origin_pathspec is None and run.code is None
    try:
        run.add_tag("x")
    except Exception as error:
        assert "only read" in str(error)
    else:
        raise AssertionError
    try:
        Run("Old/1")
    except Exception as error:
        assert type(error).__name__ == "MetaflowNotFound"
    namespace("user:nobody")
    assert Metaflow().flows == []
    """


def listing(folder):
    return sorted(str(p) for p in folder.rglob("*"))


def test_the_nearest_folder_is_read_through(place, old):
    before = listing(place.folder)
    place.script(LOOK)
    assert not (place.folder / "home").exists()
    after = [p for p in listing(place.folder) if not p.endswith("script.py")]
    assert after == before


def test_from_below_and_by_the_environment(place, old, tmp_path_factory):
    below = place.folder / "a" / "b"
    below.mkdir(parents=True)
    (below / "look.py").write_text(textwrap.dedent(LOOK))
    far, chosen = tmp_path_factory.mktemp("far"), {"METAFLOW_DATASTORE_SYSROOT_LOCAL": str(place.folder)}
    for folder, more in ((below, {}), (far, chosen)):
        done = subprocess.run(
            [sys.executable, str(below / "look.py")],
            cwd=folder, env={**place.environment, **more}, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_by_metadata(place, old, tmp_path_factory):
    (place.folder / ".metaflow").rename(place.folder / "kept")
    far = tmp_path_factory.mktemp("far")
    (place.folder / "kept").rename(far / ".metaflow")
    place.script(
        f"""
        from metaflow import Flow, Metaflow, Run, get_metadata, metadata, default_metadata
        import pickle
        assert Metaflow().flows == []
        assert metadata("local@{far}") == "local@{far}"
        run = Flow("Old").latest_run
        assert run.data.total == 30
        default_metadata()
        assert Metaflow().flows == [] and run["start"].task.data.alpha == 3
        assert pickle.loads(pickle.dumps(run)).data.total == 30
        """
    )


def test_what_is_in_the_home_comes_first(place, old):
    done = place.flow(
        """
        from metaflow import FlowSpec, step

        class Old(FlowSpec):
            @step
            def start(self):
                self.total = 1
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 0
    place.script(
        f"""
        from metaflow import Flow, Run
        assert Flow("Old").latest_run.id == "{done.run_id}" and Flow("Old").latest_run.data.total == 1
        assert Run("Old/{RUN}").data.total == 30
        """
    )


def test_pickles_under_metaflows_own_names(place):
    from backlot.client.metaflow_folder import IncludedFile
    from backlot.exception import MetaflowExceptionWrapper

    wrapper = MetaflowExceptionWrapper(ValueError("boo"))
    included = IncludedFile()
    content = gzip.compress("text".encode())
    included.__dict__["_descriptor"] = {
        "type": "uploader-v2", "url": "local:///long/gone/.metaflow/data/Old/abc", "is_text": True, "encoding": "utf-8",
    }  # fmt: skip
    folder = Folder(place.folder, "Old")
    folder.task(
        "start", "1", {"err": wrapper, "file": included},
        pickles={
            "err": renamed(wrapper, "metaflow.exception"), "file": renamed(included, "metaflow.includefile"),
        },
    )  # fmt: skip
    (place.folder / ".metaflow" / "data" / "Old").mkdir(parents=True)
    (place.folder / ".metaflow" / "data" / "Old" / "abc").write_bytes(content)
    place.script(
        """
        from backlot import Flow  # without the shim
        import sys
        task = Flow("Old").latest_run["start"].task
        assert task.data.err.exception == "boo" and task.data.err.type == "builtins.ValueError"
        assert task.data.file == "text"
        assert not Flow("Old").latest_run.finished and Flow("Old").latest_run.data is None
        """
    )


@pytest.mark.skipif("METAFLOW_PYTHON" not in os.environ, reason="METAFLOW_PYTHON names no Python that has Metaflow")
def test_what_metaflow_itself_wrote(place):
    place.write(
        "real.py",
        """
        from metaflow import FlowSpec, IncludeFile, Parameter, catch, step

        class Real(FlowSpec):
            alpha = Parameter("alpha", default=3)
            text = IncludeFile("text", default="real.py")

            @step
            def start(self):
                self.items = [1, 2]
                print("hello")
                self.next(self.body, foreach="items")

            @step
            def body(self):
                self.x = self.input * 10
                self.next(self.join)

            @catch(var="oops")
            @step
            def join(self, inputs):
                self.total = sum(i.x for i in inputs)
                1 / 0
                self.next(self.end)

            @step
            def end(self):
                pass

        if __name__ == "__main__":
            Real()
        """,
    )
    environment = {k: v for k, v in place.environment.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [os.environ["METAFLOW_PYTHON"], "real.py", "run", "--tag", "mine"],
        cwd=place.folder, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    place.script(
        """
        from metaflow import *
        run = Flow("Real").latest_successful_run
        assert run.user_tags == {"mine"} and run.data.alpha == 3 and "class Real" in run.data.text
        assert run.data.oops.type == "builtins.ZeroDivisionError" and run.data.total == 30, run.data
        assert run["start"].task.stdout == "hello\\n" and [t.index for t in run["body"]] == [1, 0]
        assert run["body"].task["_foreach_stack"].data[-1].index == 1
        assert sorted(t.id for t in run["join"].task.parent_tasks) == ["2", "3"]
        """
    )
