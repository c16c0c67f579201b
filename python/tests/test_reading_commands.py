"""Commands that read runs back: logs, dump and tag."""

import pickle
import re

import pytest

FLOW = """
    import os, sys
    from metaflow import FlowSpec, Parameter, retry, step

    class Reads(FlowSpec):
        n = Parameter("n", default=3)

        @retry(times=1)
        @step
        def start(self):
            from metaflow import current

            print("out", current.retry_count)
            print("err", current.retry_count, file=sys.stderr)
            if current.retry_count == 0:
                raise ValueError("not yet")
            self.items = list(range(self.n))
            self.long = "x" * 5000
            self._private = 1
            self.next(self.a, foreach="items")

        @step
        def a(self):
            print("item", self.input)
            self.next(self.end_a)

        @step
        def end_a(self, inputs):
            self.next(self.end)

        @step
        def end(self):
            pass
    """


@pytest.fixture
def done(place):
    outcome = place.flow(FLOW, "run", "--tag", "mine")
    assert outcome.code == 0, outcome.err + outcome.out
    return outcome


def test_logs(place, done):
    shown = place.flow(FLOW, "logs", "show", f"{done.run_id}/start")
    assert shown.code == 0 and shown.out == "out 1\nerr 1\n"
    assert f"Dumping logs of run_id={done.run_id} step=start task_id=1\nstdout\nstderr\n" in shown.err
    assert place.flow(FLOW, "--quiet", "logs", f"{done.run_id}/start/1", "--stdout").out == "out 1\n"
    first = place.flow(FLOW, "logs", f"{done.run_id}/start/1", "--stderr", "--attempt", "0").out
    assert "err 0\n" in first and "ValueError: not yet" in first
    assert place.flow(FLOW, "logs", f"{done.run_id}/a").out == "item 0\nitem 1\nitem 2\n"
    timed = place.flow(FLOW, "logs", f"{done.run_id}/start", "--stdout", "--timestamps").out
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} out 1\n", timed)
    for path, text in (("55/start", "No Tasks found"), ("55", "input_path should either be run_id/step_name")):
        shown = place.flow(FLOW, "logs", path)
        assert shown.code == 1 and text in shown.err


def test_dump(place, done):
    shown = place.flow(FLOW, "dump", f"{done.run_id}/start")
    assert shown.code == 0 and f"Dumping output of run_id={done.run_id} step=start task_id=1" in shown.err
    assert re.search(r"^items \[size: \d+ type: <class 'list'>\] = \[0, 1, 2\]$", shown.out, re.M)
    assert re.search(r"^long \[size: \d+ type: <class 'str'>\]$", shown.out, re.M)
    assert re.search(r"^n \[size: \d+ type: <class 'int'>\] = 3$", shown.out, re.M)
    assert "_private" not in shown.out
    assert place.flow(FLOW, "dump", f"{done.run_id}/start", "--include", "items,n").out.count("\n") == 2
    shown = place.flow(FLOW, "dump", f"{done.run_id}/a", "--include", "n", "--file", "kept")
    assert shown.code == 0 and "Artifacts written to kept" in shown.err
    kept = pickle.loads((place.folder / "kept").read_bytes())
    assert kept == {f"Reads/{done.run_id}/a/{i}": {"n": 3} for i in (2, 3, 4)}


def test_tags(place, done):
    def tag(*words, quiet=True):
        return place.flow(FLOW, *(["--quiet"] if quiet else []), "tag", *words)

    shown = tag("add", "--run-id", done.run_id, "x", "y:z", quiet=False)
    assert shown.code == 0 and "Operation successful. New tags:" in shown.out
    assert "System tags and tags; only tags can be modified" in shown.out
    assert tag("remove", "--run-id", done.run_id, "x").out.endswith(" ; mine,y:z\n")
    assert tag("replace", "--run-id", done.run_id, "--remove", "mine", "--add", "yours").out.endswith(" ; y:z,yours\n")
    line = tag("list", "--run-id", done.run_id).out
    assert line.startswith(f"Reads/{done.run_id} ; ") and "user:tester" in line and line.endswith(" ; y:z,yours\n")
    assert tag("list", "--flat", "--hide-system-tags").out == "y:z\nyours\n"
    grouped = tag("list", "--my-runs", "--group-by-tag").out
    assert f"user:yours ; Reads/{done.run_id}\n" in grouped and f"system:user:tester ; Reads/{done.run_id}\n" in grouped


def test_tags_that_cannot_be(place, done):
    def refused(text, *words):
        shown = place.flow(FLOW, "tag", *words)
        assert shown.code == 1 and text in shown.err, shown.err

    latest = f"Reads's latest run in namespace user:tester has id {done.run_id}."
    refused(f"Please specify a run-id using --run-id.\n    {latest}", "add", "x")
    refused("No run Reads/5 found for flow Reads", "add", "x", "--run-id", "5")
    refused("is not a valid run-id", "add", "x", "--run-id", f"Reads/{done.run_id}")
    refused("in namespace user:eve", "add", "x", "--run-id", done.run_id, "--namespace", "user:eve")
    refused("Specify at least one tag", "replace", "--run-id", done.run_id)
    shown = place.flow(FLOW, "tag", "remove", "user:tester", "--run-id", done.run_id)
    assert shown.code == 1
    assert place.flow(FLOW, "tag", "add", "--run-id", done.run_id).code == 2
