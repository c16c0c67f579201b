"""The command line: the lines that scripts match on, exit codes, and every command."""

import json
import os
import re
import signal
import subprocess
import sys
import time

FLOW = '''
    import os
    from metaflow import FlowSpec, Parameter, retry, step

    class Lines(FlowSpec):
        """What the flow is for."""

        n = Parameter("n", default=3, help="how many")

        @step
        def start(self):
            "The first step."
            print("hi")
            self.items = [1, 2]
            self.next(self.a, foreach="items")

        @retry(times=1, minutes_between_retries=0)
        @step
        def a(self):
            self.x = self.input * self.n
            if self.input == 2 and os.environ.get("BOO"):
                raise ValueError("boo")
            self.next(self.j)

        @step
        def j(self, inputs):
            self.total = sum(i.x for i in inputs)
            self.next(self.end)

        @step
        def end(self):
            print("total", self.total)
    '''


def test_lines_of_a_run(place):
    done = place.flow(FLOW, "run", "--n", "4")
    assert done.code == 0, done.err + done.out
    assert done.err.startswith("Backlot ") and " executing Lines for user:tester\n" in done.err
    assert "Validating your flow...\n    The graph looks good!\n" in done.err
    lines = done.out.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ", line) for line in lines)
    assert re.search(r" Workflow starting \(run-id \d{16}\):$", lines[0])
    assert re.search(r" \[\d+/start/1 \(pid \d+\)\] Task is starting\.$", lines[1])
    told = ["Task is starting.", "hi", "Foreach yields 2 child steps.", "Task finished successfully."]
    assert done.lines_of("start") == told
    assert done.lines_of("end") == ["Task is starting.", "total 12", "Task finished successfully."]
    assert lines[-1].endswith(" Done!")


def test_lines_of_a_failure_and_its_retry(place):
    done = place.flow(FLOW, "run", BOO="1")
    assert done.code == 1
    lines = done.lines_of("a")
    assert "Task is starting (retry)." in lines and lines.count("Task failed.") == 2
    texts = [line[24:] for line in done.out.splitlines()]
    assert texts[-1] == "Flushing logs..."
    after = texts[texts.index("Workflow failed.") + 1]
    assert re.fullmatch(r"Terminating [01] active tasks\.\.\.", after)
    assert re.search(r"\n    Step failure:\n    Step a \(task-id \d+\) failed\.\n", done.err)


def test_quiet_keeps_the_lines_of_the_run_only(place):
    done = place.flow(FLOW, "--quiet", "run")
    assert done.code == 0 and done.err == ""
    assert "Task is starting." in done.out


def test_prints_come_while_the_task_runs(place):
    path = place.write(
        "live.py",
        """
        import time
        from metaflow import FlowSpec, step

        class Live(FlowSpec):
            @step
            def start(self):
                print("now", flush=True)
                time.sleep(60)
                self.next(self.end)

            @step
            def end(self):
                pass

        if __name__ == "__main__":
            Live()
        """,
    )
    process = subprocess.Popen(
        [sys.executable, path.name, "run"], cwd=place.folder, env=place.environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    line = ""
    while not line.endswith("] now\n"):
        line = process.stdout.readline()
        assert line
    os.killpg(process.pid, signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert process.returncode == 1
    assert "Workflow interrupted." in out and "Terminating 1 active tasks..." in out and "KeyboardInterrupt" in out
    assert err.endswith("Aborted!\n")


def test_a_task_that_does_not_end_is_killed_after_five_seconds(place):
    path = place.write(
        "stubborn.py",
        """
        import signal
        import time
        from metaflow import FlowSpec, step

        class Stubborn(FlowSpec):
            @step
            def start(self):
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                print("now", flush=True)
                time.sleep(60)
                self.next(self.end)

            @step
            def end(self):
                pass

        if __name__ == "__main__":
            Stubborn()
        """,
    )
    process = subprocess.Popen(
        [sys.executable, path.name, "run"], cwd=place.folder, env=place.environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while not process.stdout.readline().endswith("] now\n"):
        pass
    os.killpg(process.pid, signal.SIGINT)
    began = time.monotonic()
    process.communicate(timeout=30)
    assert 4 < time.monotonic() - began < 8
    assert process.returncode == 1


def test_others_may_go_on_for_a_while_when_a_task_failed(place):
    done = place.flow(
        """
        import time
        from metaflow import FlowSpec, step

        class Siblings(FlowSpec):
            @step
            def start(self):
                self.items = [0, 1]
                self.next(self.a, foreach="items")

            @step
            def a(self):
                if self.input == 0:
                    raise ValueError("boo")
                time.sleep(1)
                self.next(self.j)

            @step
            def j(self, inputs):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 1
    assert "Terminating 1 active tasks..." in done.out
    assert "Task finished successfully." in done.lines_of("a")


# --- options ---------------------------------------------------------------------------------------------------------


def usage(done, command, error):
    assert done.code == 2, done.err + done.out
    assert f"Usage: lines.py{command} [OPTIONS]" in done.err
    assert f"Try 'lines.py{command} --help' for help.\n\nError: {error}\n" in done.err


def test_usage_errors(place):
    usage(place.flow(FLOW, "run", "--n", "x"), " run", "Invalid value for '--n': x is not a valid integer")
    usage(place.flow(FLOW, "run", "--nope"), " run", "no such option: --nope")
    usage(place.flow(FLOW, "run", "--n"), " run", "--n option requires an argument")
    usage(place.flow(FLOW, "run", "extra"), " run", "Got unexpected extra argument (extra)")
    usage(place.flow(FLOW, "--nope", "run"), "", "no such option: --nope")
    usage(place.flow(FLOW, "nope"), "", "No such command 'nope'.")
    usage(place.flow(FLOW, "dump"), " dump", "Missing argument 'INPUT_PATH'.")
    too_small = "-1 is smaller than the minimum valid value 1."
    usage(place.flow(FLOW, "run", "--max-workers", "-1"), " run", f"Invalid value for '--max-workers': {too_small}")
    no_tag = "Invalid value for '--tag': ' ' is no tag: it has 1 to 500 characters"
    usage(place.flow(FLOW, "run", "--tag", " "), " run", no_tag)
    assert not (place.folder / "home").exists()


def test_ignored_options_are_accepted(place):
    done = place.flow(
        FLOW, "--datastore", "local", "--metadata=local", "--environment", "local", "--no-pylint",
        "--datastore-root", "/x", "--package-suffixes", ".py", "--event-logger", "nullSidecarLogger",
        "--monitor", "nullSidecarMonitor", "run", "--max-workers", "2",
    )  # fmt: skip
    assert done.code == 0, done.err


def test_options_from_the_environment(place):
    done = place.flow(FLOW, "run", METAFLOW_RUN_N="5", METAFLOW_QUIET="1", METAFLOW_RUN_RUN_ID_FILE="rid")
    assert done.code == 0 and done.err == "" and "total 15" in done.out
    assert (place.folder / "rid").read_text() == done.run_id
    assert "total 21" in place.flow(FLOW, "run", "--n", "7", METAFLOW_RUN_N="5").out
    done = place.flow(FLOW, "run", METAFLOW_USER="eve", METAFLOW_RUN_N="x")
    assert done.code == 2 and "executing Lines for user:eve" in done.err
    done = place.flow(FLOW, "run", METAFLOW_QUIET="maybe")
    assert done.code == 2 and "Invalid value of METAFLOW_QUIET: maybe is not a valid boolean" in done.err


def test_files_that_tell_of_the_run(place):
    done = place.flow(FLOW, "run", "--run-id-file", "rid", "--runner-attribute-file", "told")
    assert (place.folder / "rid").read_text() == done.run_id
    told = json.loads((place.folder / "told").read_text())
    done_badly = place.flow(FLOW, "run", "--run-id-file", "no/such/folder")
    assert done_badly.code == 1 and "cannot be written to no/such/folder" in done_badly.err and not done_badly.out
    assert (told["run_id"], told["flow_name"]) == (done.run_id, "Lines") and told["metadata"].startswith("local@")


def test_a_foreach_with_too_many_items_fails_and_can_be_resumed(place):
    done = place.flow(FLOW, "run", "--max-num-splits", "1")
    assert done.code == 1
    assert done.lines_of("start")[-1] == "Task finished successfully."
    assert "    Step start (task-id 1) failed: Foreach in step start yielded 2 child steps which is more" in done.err
    assert "--max-num-splits" in done.err
    done = place.flow(FLOW, "resume")
    assert done.code == 0 and "Task is starting." not in done.lines_of("start")


# --- resume ----------------------------------------------------------------------------------------------------------


def test_resume_clones_and_tells_so(place):
    failed = place.flow(FLOW, "run", "--n", "4", "--tag", "x:y", BOO="1")
    done = place.flow(FLOW, "resume", "--run-id-file", "rid")
    assert done.code == 0, done.err + done.out
    texts = [line[24:] for line in done.out.splitlines()]
    assert texts[0] == "Gathering required information to resume run (this may take a bit of time)..."
    assert texts[1] == f"Workflow starting (run-id {done.run_id}):"
    assert texts[2] == f"Cloning Lines/{failed.run_id}"
    assert f"[{done.run_id}/start/1] Cloning previously run task {failed.run_id}/start/1" in texts
    assert f"Lines/{failed.run_id} cloned!" in texts
    assert "total 12" in done.lines_of("end")
    assert (place.folder / "rid").read_text() == done.run_id


def test_a_second_bare_resume_takes_the_run_that_the_first_made(place):
    place.flow(FLOW, "run", BOO="1")
    second = place.flow(FLOW, "resume", BOO="1")
    assert second.code == 1
    assert f"Cloning Lines/{second.run_id}\n" in place.flow(FLOW, "resume").out


def test_resume_from_a_step_and_of_a_named_run(place):
    first = place.flow(FLOW, "run", "--n", "5")
    place.flow(FLOW, "run")
    done = place.flow(FLOW, "resume", "j", "--origin-run-id", first.run_id)
    assert done.code == 0 and "total 15" in done.lines_of("end")
    assert not any(line == "Task is starting." for line in done.lines_of("a"))


def test_resume_after_the_flow_has_changed(place):
    place.flow(FLOW, "run", BOO="1")
    second = place.flow(FLOW, "resume", BOO="1")
    assert "have changed" not in second.err
    report = "        @step\n        def report(self):\n            self.next(self.end)\n\n"
    end = "        @step\n        def end"
    changed = FLOW.replace("self.next(self.end)", "self.next(self.report)").replace(end, report + end)
    done = place.flow(changed, "resume")
    assert done.code == 0, done.err + done.out
    assert f"The steps of the flow have changed since run {second.run_id}." in done.err
    assert "Task is starting." not in done.lines_of("start") and "Task is starting." in done.lines_of("report")


def test_resume_of_nothing(place):
    done = place.flow(FLOW, "resume")
    assert done.code == 1 and "no run of Lines to resume" in done.err
    place.flow(FLOW, "run")
    done = place.flow(FLOW, "resume", "nostep")
    assert done.code == 1 and "There is no step nostep to resume from" in done.err
    done = place.flow(FLOW, "resume", "--origin-run-id", "55")
    assert done.code == 1 and "there is no run Lines/55" in done.err


# --- what tells about the flow ---------------------------------------------------------------------------------------


def test_without_a_command_the_flow_is_checked(place):
    bare, check = place.flow(FLOW), place.flow(FLOW, "check")
    assert bare.code == check.code == 0 and bare.err == check.err
    assert "The graph looks good!" in bare.err and "'lines.py run' runs the flow locally." in bare.err


def test_show(place):
    done = place.flow(FLOW, "show")
    assert "What the flow is for." in done.err
    assert done.out.splitlines()[:6] == ["Step start", "    The first step.", "    => a", "@retry", "Step a", "    ?"]


def test_output_dot(place):
    done = place.flow(FLOW, "output-dot")
    assert done.out.startswith("digraph Lines {\n") and "\nstart -> a;\n" in done.out
    assert '"start"[ label = <<b>start</b> | <font point-size="10">foreach</font>>' in done.out


def test_help_and_version(place):
    for words in (["help"], ["--help"]):
        done = place.flow(FLOW, *words)
        assert done.code == 0 and done.out.startswith("Usage: lines.py [OPTIONS] COMMAND [ARGS]...")
        assert re.search(r"^  resume +Resume execution", done.out, re.M)
    done = place.flow(FLOW, "run", "--help")
    assert re.search(r"^  --n INTEGER +how many  \[default: 3\]$", done.out, re.M)
    assert re.fullmatch(r"\d+\.\d+\.\d+", place.flow(FLOW, "version").err.splitlines()[-1])


# --- bad input -------------------------------------------------------------------------------------------------------


def refused(place, *texts):
    done = place.python("bad.py", "run")
    assert done.code == 1
    for text in texts:
        assert text in done.err, done.err
    assert not (place.folder / "home").exists()


def test_a_syntax_error_and_a_missing_module(place):
    place.write("bad.py", "from metaflow import FlowSpec, step\nclass A(FlowSpec:\n    pass\n")
    refused(place, 'bad.py", line 2', "SyntaxError")
    place.write("bad.py", "from metaflow import FlowSpec, step\nimport nowhere_to_be_found\n")
    refused(place, 'bad.py", line 2', "No module named 'nowhere_to_be_found'")


def test_two_flows_started_by_one_file(place):
    body = "\n    @step\n    def start(self): self.next(self.end)\n    @step\n    def end(self): pass\n"
    text = f"from metaflow import FlowSpec, step\nclass A(FlowSpec):{body}class B(FlowSpec):{body}"
    place.write("bad.py", text + "if __name__ == '__main__':\n    A()\n    B()\n")
    refused(place, "in file bad.py on line 14", "starts two flows, A and B")
    place.write("good.py", text + "if __name__ == '__main__':\n    B()\n")
    assert place.python("good.py", "run").code == 0


def test_a_bad_graph_is_told_with_file_and_line(place):
    place.write(
        "bad.py",
        "from metaflow import FlowSpec, step\nclass A(FlowSpec):\n    @step\n    def start(self):\n"
        "        self.next(self.nowhere)\n    @step\n    def end(self): pass\nA()\n",
    )
    refused(place, "Validity checker found an issue in file", "on line 5:", "nowhere")
