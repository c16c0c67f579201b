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
