"""Runner: flows run and resumed from Python."""

import pytest

FLOW = """
    import os, sys, time
    from metaflow import FlowSpec, Parameter, current, step

    class Ran(FlowSpec):
        alpha = Parameter("alpha", default=1)
        my_text = Parameter("my_text", default="none")
        flag = Parameter("flag", default=False)

        @step
        def start(self):
            print("starting", current.tags)
            print("to err", file=sys.stderr)
            time.sleep(float(os.environ.get("SLEEP", "0")))
            self.x = self.alpha * 2
            self.next(self.end)

        @step
        def end(self):
            if "BOO" in os.environ:
                raise ValueError("boo")
            self.y = self.x + 1

    if __name__ == "__main__":
        Ran()
    """


def ask(place, source):
    import textwrap

    place.write("ran.py", FLOW)
    return place.script("from metaflow import *\n" + textwrap.dedent(source))


def test_a_run_to_its_end(place):
    shown = ask(
        place,
        """
        runner = Runner("ran.py", env={"X": "1"})
        with runner.run(alpha=5, my_text="a b", flag=True, tags=["t1", "t2"], max_workers=2) as done:
            assert done.status == "successful" and done.returncode == 0
            assert done.run.successful and done.run.data.x == 10 and done.run.data.y == 11
            assert done.run.data.my_text == "a b" and done.run.data.flag is True
            assert done.run.user_tags == {"t1", "t2"}
            assert "Workflow starting" in done.stdout and "Done!" in done.stdout
            assert "Validating your flow" in done.stderr
            assert repr(done).startswith("<ExecutingRun Ran/")
        """,
    )
    assert "Workflow starting" in shown  # the output is shown as it comes


def test_nothing_is_shown_if_so_wished(place):
    (place.folder / "tmp").mkdir()
    place.environment["TMPDIR"] = str(place.folder / "tmp")
    assert ask(place, "Runner('ran.py', show_output=False).run()\n") == ""
    assert list((place.folder / "tmp").glob("backlot-runner-*")) == []  # removed with the objects


def test_a_failure_is_a_status_and_is_resumed(place):
    ask(
        place,
        """
        import os
        with Runner("ran.py", show_output=False, env={"BOO": "1"}) as runner:
            failed = runner.run(alpha=4)
            assert failed.status == "failed" and failed.returncode == 1 and not failed.run.successful
            assert "boo" in failed.stdout + failed.stderr
        with Runner("ran.py", show_output=False) as runner:
            done = runner.resume(origin_run_id=failed.run.id)
            assert done.status == "successful" and done.run.data.y == 9
            assert done.run.origin_pathspec == failed.run.pathspec
            again = runner.resume(step_to_rerun="end", origin_run_id=failed.run.id)
            assert again.run.id != done.run.id and again.run.data.y == 9
        """,
    )


def test_top_options(place):
    ask(
        place,
        """
        done = Runner("ran.py", show_output=False, decospecs=["retry:times=1"], quiet=True, pylint=False).run()
        assert done.status == "successful" and "Validating" not in done.stderr
        info = done.run["start"].task["_graph_info"].data
        assert [d["name"] for d in info["steps"]["start"]["decorators"]] == ["retry"]
        """,
    )


def test_what_cannot_run(place):
    ask(
        place,
        """
        try:
            Runner("ran.py", show_output=False).run(nope=1)
        except ValueError as error:
            assert "Unknown argument" in str(error) and "nope" in str(error)
        else:
            raise AssertionError
        try:
            Runner("ran.py", show_output=False).run(alpha="text")
        except RuntimeError as error:
            assert "alpha" in str(error)
        else:
            raise AssertionError
        try:
            Runner("nowhere.py")
        except FileNotFoundError as error:
            assert "nowhere.py" in str(error)
        else:
            raise AssertionError
        """,
    )


def test_asynchronously(place):
    ask(
        place,
        """
        import asyncio

        async def main():
            async with Runner("ran.py", env={"SLEEP": "0.3"}) as runner:
                first, second = await asyncio.gather(runner.async_run(alpha=1), runner.async_run(alpha=2))
                assert first.status == second.status == "running" and first.returncode is None
                assert not first.run.finished and first.run.id != second.run.id
                lines = [line async for _, line in first.stream_log("stdout")]
                assert any("starting" in line for line in lines) and lines[-1].endswith("Done!")
                await asyncio.gather(first.wait(), second.wait())
                assert first.status == "successful" and second.returncode == 0
                assert (first.run.data.x, second.run.data.x) == (2, 4)
                at = [position async for position, _ in first.stream_log("stdout")]
                rest = [line async for _, line in first.stream_log("stdout", position=at[0])]
                assert rest == lines[1:]
                resumed = await runner.async_resume(origin_run_id=first.run.id, step_to_rerun="end")
                assert (await resumed.wait()).status == "successful"

        asyncio.run(main())
        """,
    )


def test_a_run_that_takes_too_long_is_ended(place):
    ask(
        place,
        """
        import asyncio, time

        async def main():
            with Runner("ran.py", env={"SLEEP": "60"}) as runner:
                running = await runner.async_run()
                begin = time.monotonic()
                await running.wait(timeout=0.5)
                assert running.status == "timeout" and time.monotonic() - begin < 10

        asyncio.run(main())
        """,
    )


def test_a_runner_within_a_step(place):
    place.write("ran.py", FLOW)
    done = place.flow(
        """
        from metaflow import FlowSpec, Runner, step

        class Outer(FlowSpec):
            @step
            def start(self):
                with Runner("ran.py").run(alpha=21) as inner:
                    self.inner = inner.run.data.x
                self.next(self.end)

            @step
            def end(self):
                print("inner", self.inner)
        """,
        "run",
    )
    assert done.code == 0, done.out + done.err
    assert "inner 42" in done.lines_of("end")


def test_a_cell_of_a_notebook_becomes_a_file():
    from backlot.runner import _flow_of_cell

    cell = (
        "%time\nfrom metaflow import FlowSpec, step, NBRunner\nimport os\n\nclass Nb(FlowSpec):\n    @step\n"
        "    def start(self):\n        self.next(self.end)\n    @step\n    def end(self):\n        pass\n\n"
        "run = NBRunner(Nb).nbrun()\n"
    )
    source = _flow_of_cell(cell, "Nb")
    assert "NBRunner(" not in source and "%time" not in source
    assert source.endswith("if __name__ == '__main__':\n    Nb()\n")
    compile(source, "nb.py", "exec")


def test_nbrunner_wants_a_notebook(place):
    ask(
        place,
        """
        try:
            NBRunner(FlowSpec)
        except Exception as error:
            assert "notebook" in str(error)
        else:
            raise AssertionError
        """,
    )


def test_parallel_map(place):
    ask(
        place,
        """
        import os, time
        from metaflow.multicore_utils import MulticoreException
        base = 10
        assert parallel_map(lambda x: x + base, range(20)) == list(range(10, 30))
        assert parallel_map(lambda x: (x, os.getpid()), [1], max_parallel=1)[0][1] != os.getpid()
        assert sorted(parallel_imap_unordered(lambda x: x * x, [3, 1, 2], max_parallel=2)) == [1, 4, 9]
        assert parallel_map(str, []) == []

        def slow_first(x):
            time.sleep(0.5 if x == 0 else 0)
            return x

        assert list(parallel_imap_unordered(slow_first, range(2), max_parallel=2)) == [1, 0]
        try:
            parallel_map(lambda x: 1 / x, [1, 0])
        except MulticoreException as error:
            assert "Child failed" in str(error)
        else:
            raise AssertionError
        """,
    )


def test_a_cell_of_a_real_notebook_runs(place):
    """In a Jupyter kernel, as a notebook's cell: the flow, the run and its artifacts, and no file left behind."""
    pytest.importorskip("ipykernel")
    manager = pytest.importorskip("jupyter_client").manager
    kernels, client = manager.start_new_kernel(
        kernel_name="python3", cwd=str(place.folder), env={**place.environment, "JPY_SESSION_NAME": "notebook"}
    )
    cell = """
from metaflow import FlowSpec, NBRunner, step

class Cell(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2, 3]
        self.next(self.double, foreach="items")

    @step
    def double(self):
        self.twice = 2 * self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        self.sum = sum(i.twice for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        print("the sum is", self.sum)

run = NBRunner(Cell, show_output=True).nbrun()
print(run.successful, run.data.sum)
"""
    printed = []
    try:
        done = client.execute_interactive(
            cell,
            timeout=60,
            output_hook=lambda m: printed.append(m["content"].get("text") or "\n".join(m["content"].get("traceback", []))),
        )
    finally:
        client.stop_channels()
        kernels.shutdown_kernel(now=True)
    text = "".join(printed)
    assert done["content"]["status"] == "ok", text
    assert "True 12" in text and "the sum is 12" in text
    assert not list(place.folder.glob("Cell*.py"))


def test_lists(place):
    place.flow(
        """
        from metaflow import FlowSpec, JSONType, Parameter, step

        class Lists(FlowSpec):
            names = Parameter("names", multiple=True)
            counts = Parameter("counts", multiple=True, type=int)
            rows = Parameter("rows", multiple=True, type=JSONType)
            one = Parameter("one", type=JSONType)

            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                print(self.names, self.counts, self.rows, self.one)
        """,
        "check",
    )
    script = """
        from metaflow import Runner

        with Runner("lists.py", show_output=False) as runner:
            given = dict(names=["a", "b,c"], counts=(1, 2), rows=[{"x": 1}, [2]], one=[3, "d"])
            data = runner.run(**given).run.data
            print(data.names, data.counts, data.rows, data.one)
            data = runner.run(counts=[], one=[]).run.data
            print(data.names, data.counts, data.rows, data.one)
    """
    told = "('a', 'b,c') (1, 2) ({'x': 1}, [2]) [3, 'd']\n() () () []\n"
    assert place.script(script) == told == place.script(script, BACKLOT_FRESH="1")
