"""The thinnest whole thing: flows of every shape run and leave what they should."""

FAN = """
    from metaflow import FlowSpec, step

    class Fan(FlowSpec):
        @step
        def start(self):
            self.items = [1, 2, 3]
            self.next(self.body, foreach="items")

        @step
        def body(self):
            self.x = self.input * 2
            self.next(self.join)

        @step
        def join(self, inputs):
            self.total = sum(i.x for i in inputs)
            self.next(self.end)

        @step
        def end(self):
            print("total", self.total)
    """


def test_a_foreach_runs_and_is_joined(place):
    done = place.flow(FAN, "run")
    assert done.code == 0, done.err + done.out
    assert done.lines_of("start") == ["Task is starting.", "Foreach yields 3 child steps.", "Task finished successfully."]
    assert "total 12" in done.lines_of("end")
    assert done.out.rstrip().endswith("Done!")


def test_fresh_processes_do_the_same(place):
    done = place.flow(FAN, "run", BACKLOT_FRESH="1")
    assert done.code == 0, done.err + done.out
    assert "total 12" in done.lines_of("end")


def test_a_switch_goes_one_way_and_back_to_itself(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, step

        class Switch(FlowSpec):
            @step
            def start(self):
                self.n = 0
                self.next(self.train)

            @step
            def train(self):
                self.n += 1
                self.way = "again" if self.n < 3 else "done"
                self.next({"again": self.train, "done": self.finish, "never": self.end}, condition="way")

            @step
            def finish(self):
                self.next(self.end)

            @step
            def end(self):
                print("n is", self.n)
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    assert len(done.lines_of("train")) == 6
    assert "n is 3" in done.lines_of("end")


def test_a_failure_is_told_and_resumed(place):
    flow = """
        import os
        from metaflow import FlowSpec, step

        class Fails(FlowSpec):
            @step
            def start(self):
                self.x = 1
                self.next(self.end)

            @step
            def end(self):
                if "BOO" in os.environ:
                    raise ValueError("boo")
                print("x is", self.x)
        """
    failed = place.flow(flow, "run", BOO="1")
    assert failed.code == 1
    assert "ValueError: boo" in failed.lines_of("end")
    done = place.flow(flow, "resume")
    assert done.code == 0, done.err + done.out
    assert "x is 1" in done.lines_of("end")
    assert "Task is starting." not in done.lines_of("start")


def test_resume_goes_on_from_the_last_run_be_it_resumed_itself(place):
    source = """
        import os
        from metaflow import FlowSpec, step

        class Last(FlowSpec):
            @step
            def start(self):
                self.next(self.a)

            @step
            def a(self):
                assert os.environ.get("AT") != "a"
                self.next(self.b)

            @step
            def b(self):
                assert os.environ.get("AT") != "b"
                self.next(self.end)

            @step
            def end(self):
                pass
    """
    first = place.flow(source, "run", AT="a")
    second = place.flow(source, "resume", "--origin-run-id", first.run_id, AT="b")
    third = place.flow(source, "resume")
    assert f"Going on from the last run, Last/{second.run_id}." in third.err
    assert third.code == 0 and any("Cloning previously run task" in line for line in third.lines_of("a"))
    assert "Going on from" not in place.flow(source, "resume", "--origin-run-id", first.run_id).err


LONG = """
    from metaflow import FlowSpec, step

    class Long(FlowSpec):
        @step
        def start(self):
            for i in range(400000):
                print("line", i)
            self.next(self.end)

        @step
        def end(self):
            raise ValueError("at the end")
    """


def test_of_a_log_above_its_cap_the_first_and_the_last_are_kept_and_it_says_so(place):
    outcome = place.flow(LONG, "run", "--max-log-size", "1")
    assert outcome.code == 1
    shown = place.flow(LONG, "--quiet", "logs", f"{outcome.run_id}/start").out.splitlines()
    assert shown[0] == "line 0" and shown[-1] == "line 399999"
    gap = [i for i, line in enumerate(shown) if not line.startswith("line ")]
    assert len(gap) == 1 and " lines were left out here" in shown[gap[0]]
    left_out = int(shown[gap[0]].split(", ")[1].split()[0])
    assert left_out + len(shown) - 1 == 400000
    assert int(shown[gap[0] + 1].split()[1]) == int(shown[gap[0] - 1].split()[1]) + 1 + left_out


KEEPS_GOING = """
    from metaflow import FlowSpec, step

    class Going(FlowSpec):
        @step
        def start(self):
            self.items = [1, 2, 3, 4]
            self.next(self.work, foreach="items")

        @step
        def work(self):
            if self.input == 1:
                raise ValueError("no")
            print("did", self.input)
            self.next(self.join)

        @step
        def join(self, inputs):
            self.next(self.end)

        @step
        def end(self):
            pass
    """


def test_with_keep_going_all_but_what_depends_on_the_failure_runs(place):
    outcome = place.flow(KEEPS_GOING, "run", "--keep-going", "--max-workers", "1")
    assert outcome.code == 1
    assert [line for line in outcome.out.splitlines() if "] did " in line][-1].endswith("did 4")
    assert "/join/" not in outcome.out
    assert outcome.out.index("did 4") < outcome.out.index("Workflow failed.")
