"""`current`: what a task is told about itself, and what it is outside of one."""


def test_in_a_task(place):
    done = place.flow(
        """
        import os
        from metaflow import FlowSpec, Parameter, current, step

        class Now(FlowSpec):
            alpha = Parameter("alpha", default=2)
            const = "c"

            @step
            def start(self):
                assert current.is_running_flow and current.flow_name == "Now" and current.step_name == "start"
                assert current.run_id.isdigit() and current.task_id == "1" and current.retry_count == 0
                assert current.pathspec == f"Now/{current.run_id}/start/1"
                assert current.namespace == "user:tester" and current.username == "tester"
                assert current.tags == {"t1", "t2"} and type(current.tags) is set and current.origin_run_id is None
                assert os.path.isdir(current.tempdir)
                assert current.parameters.alpha == 7 and current.parameters.get("nope") is None
                assert current.parameter_names == ["alpha"] and list(current.parameters) == ["alpha"]
                assert current.graph["steps"]["start"]["next"] == ["body"] and current.graph["start_step"] == "start"
                assert "run_id" in current and "project_name" not in current and "origin_run_id" not in current
                assert current.get("step_name") == "start" and current.get("nope", 5) == 5
                assert current.trigger is None and current.parallel.num_nodes == 1
                try:
                    current.project_name
                except AttributeError:
                    pass
                else:
                    raise AssertionError("there is no project")
                self.items = "ab"
                self.next(self.body, foreach="items")

            @step
            def body(self):
                from metaflow import current as again

                assert again is current and again.step_name == "body"
                self.ids = current.task_id
                self.next(self.join)

            @step
            def join(self, inputs):
                assert sorted(i.ids for i in inputs) == ["2", "3"] and current.parameters.alpha == 7
                self.next(self.end)

            @step
            def end(self):
                assert current.graph_info == current.graph
        """,
        "run", "--tag", "t1", "--tag", "t2", "--alpha", "7",
    )  # fmt: skip
    assert done.code == 0, done.out + done.err


def test_in_a_fresh_process(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, current, get_namespace, step

        class Fresh(FlowSpec):
            @step
            def start(self):
                assert current.tags == {"x"} and current.namespace == get_namespace() == "user:somebody"
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run", "--tag", "x", "--namespace", "user:somebody",
        BACKLOT_FRESH="1",
    )  # fmt: skip
    assert done.code == 0, done.out + done.err


def test_the_empty_namespace_is_all_of_them(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, current, get_namespace, step

        class Global(FlowSpec):
            @step
            def start(self):
                assert current.namespace is None and get_namespace() is None
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run", "--namespace=",
    )  # fmt: skip
    assert done.code == 0, done.out + done.err


def test_a_retry_and_a_resume_know_what_they_are(place):
    flow = """
        import os
        from metaflow import FlowSpec, current, retry, step

        class Again(FlowSpec):
            @retry(times=2, minutes_between_retries=0)
            @step
            def start(self):
                if current.retry_count < 2:
                    raise ValueError("not yet")
                self.count = current.retry_count
                self.next(self.end)

            @step
            def end(self):
                print("origin", current.origin_run_id, self.count)
        """
    first = place.flow(flow, "run")
    assert first.code == 0, first.out + first.err
    assert "origin None 2" in first.lines_of("end")
    second = place.flow(flow, "resume", "end")
    assert second.code == 0, second.out + second.err
    assert f"origin {first.run_id} 2" in second.lines_of("end")


def test_a_project(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, current, project, step

        @project(name="shop")
        class Proj(FlowSpec):
            @step
            def start(self):
                assert current.project_name == "shop" and current.branch_name == "user.tester"
                assert current.is_production is False and current.is_user_branch is True
                assert current.project_flow_name == "shop.user.tester.Proj"
                self.next(self.end)

            @step
            def end(self):
                assert {"project:shop", "project_branch:user.tester"} < current.run.system_tags
        """,
        "run",
    )
    assert done.code == 0, done.out + done.err


def test_cards_take_what_they_are_given(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, card, current, step
        from metaflow.cards import Markdown, ProgressBar, Table

        class Cards(FlowSpec):
            @card(id="a")
            @step
            def start(self):
                current.card.append(Markdown("# hello"))
                current.card["a"].append(Table([[1, 2]], headers=["x", "y"]))
                bar = ProgressBar(max=10, label="work")
                current.card.extend([bar])
                bar.update(5)
                current.card.refresh()
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 0, done.out + done.err
    assert sum("not drawn" in line for line in done.lines_of("start")) == 1


def test_outside_of_a_task(place):
    place.script(
        """
        from metaflow import current
        assert not current.is_running_flow
        for name in ("flow_name", "run_id", "step_name", "task_id", "retry_count", "pathspec", "origin_run_id",
                     "namespace", "username", "task", "run", "parameters"):
            assert getattr(current, name) is None, name
        assert "run_id" not in current and current.get("run_id") is None and "nope" not in current
        try:
            current.graph
        except RuntimeError as error:
            assert "Graph is not available" in str(error)
        """
    )


def test_outside_of_a_run(place):
    asked = "current.tags, current.flow_name, current.parameter_names, hasattr(current, 'project_name')"
    assert place.script(f"from metaflow import current; print({asked})") == "None None None False\n"


def test_the_project_in_functions_of_defaults(place):
    source = """
        from metaflow import FlowSpec, Parameter, current, project, step

        def table(context):
            return f"{current.project_name}.{current.branch_name}.{current.is_production}.{current.flow_name}"

        @project(name="films")
        class Told(FlowSpec):
            table = Parameter("table", default=table)

            @step
            def start(self):
                print(self.table)
                self.next(self.end)

            @step
            def end(self):
                pass
    """
    assert "films.user.tester.False.Told" in place.flow(source, "run").lines_of("start")
    assert "films.prod.True.Told" in place.flow(source, "--production", "run").lines_of("start")
    assert "films.test.b.False.Told" in place.flow(source, "--branch", "b", "run", BACKLOT_FRESH="1").lines_of("start")
