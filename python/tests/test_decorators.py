"""Decorators: what they do, how they are given, and what is refused."""

import sys
import time


def flow(*decorators, body="pass", above="", imports=""):
    lines = "\n        ".join(decorators) or "# none"
    return f"""
    import os, sys, time
    from metaflow import *
    from metaflow import FlowSpec, current, step
    {imports}

    {above or "# none"}
    class Decorated(FlowSpec):
        {lines}
        @step
        def start(self):
            print("try", current.retry_count)
            {body}
            self.next(self.end)

        @step
        def end(self):
            print("end", getattr(self, "problem", "nothing"))
    """


FAILS_TWICE = "assert current.retry_count == 2, 'not yet'"


def test_retry(place):
    done = place.flow(flow("@retry(times=2, minutes_between_retries=5)", body=FAILS_TWICE), "run")
    assert done.code == 0, done.err + done.out
    assert [line for line in done.lines_of("start") if line.startswith("try")] == ["try 0", "try 1", "try 2"]
    assert place.flow(flow("@retry(times=1)", body=FAILS_TWICE), "run").code == 1
    assert place.flow(flow("@retry", body=FAILS_TWICE), "run").code == 0


def test_retry_waits_when_it_is_told_to(place):
    began = time.monotonic()
    waits = flow("@retry(times=2, minutes_between_retries=0.02)", body=FAILS_TWICE)
    done = place.flow(waits, "run", BACKLOT_RETRY_WAIT="1")
    assert done.code == 0, done.err + done.out
    assert time.monotonic() - began > 2.4
    for command in (["run"], ["resume", "start"]):
        began = time.monotonic()
        done = place.flow(waits, *command, "--retry-wait")
        assert done.code == 0, done.err + done.out
        assert time.monotonic() - began > 2.4
        assert done.lines_of("start").count("Task waits 1.2 s before it is tried again.") == 2


def test_retries_that_are_used_up_at_once_say_so(place):
    told = "All 3 attempts of step start were used up within a second"

    def tells(decorator, body, *words):
        return told in place.flow(flow("@catch", decorator, body=body), "run", *words).out

    assert tells("@retry(times=2)", "1 / 0") and tells("@retry(times=2)", "os.kill(os.getpid(), 9)")
    assert not tells("@retry(times=2)", FAILS_TWICE)
    assert not tells("@retry(times=2)", "import time; time.sleep(0.6); 1 / 0")
    assert not tells("@retry(times=2, minutes_between_retries=0)", "1 / 0")
    assert not tells("@retry(times=2, minutes_between_retries=0.001)", "1 / 0", "--retry-wait")


def test_catch(place):
    done = place.flow(flow('@catch(var="problem")', body="1 / 0"), "run")
    assert done.code == 0, done.err + done.out
    assert "@catch caught an exception from <flow Decorated step start>" in done.lines_of("start")
    assert any("ZeroDivisionError" in line for line in done.lines_of("end"))
    assert "end None" in place.flow(flow('@catch(var="problem")'), "run").lines_of("end")
    done = place.flow(flow('@catch(var="problem", print_exception=False)', body="1 / 0"), "run")
    assert done.code == 0 and "@catch caught" not in done.out


def test_catch_after_a_kill(place):
    done = place.flow(flow('@retry(times=1)', '@catch(var="problem")', body="os.kill(os.getpid(), 9)"), "run")
    assert done.code == 0, done.err + done.out
    assert done.lines_of("start").count("Task failed.") == 2


def test_timeout_is_raised_inside_of_the_step(place):
    body = "try:\n                time.sleep(30)\n            finally:\n                print('cleaned')"
    done = place.flow(flow("@timeout(seconds=1)", body=body), "run")
    assert done.code == 1
    assert "cleaned" in done.lines_of("start")
    assert any("timed out after 0 hours, 0 minutes, 1 seconds" in line for line in done.lines_of("start"))


def test_environment_is_set_before_the_interpreter_starts(place):
    body = "print(os.environ['WORD'], os.environ['COUNT'])"
    done = place.flow(flow('@environment(vars={"WORD": "hej", "COUNT": 3})', body=body), "run")
    assert "hej 3" in done.lines_of("start")


def test_resources_above_the_machine_are_clamped(place):
    done = place.flow(flow("@resources(cpu=4000, memory=100000000000)"), "run")
    assert done.code == 0, done.err + done.out
    assert "@resources(step start): cpu=4000 is more than this machine has; the step gets " in done.err
    assert "memory=1e+11 is more than this machine has" in done.err
    assert place.flow(flow('@resources(cpu="1", memory="10")'), "run").err.count("more than") == 0


# --- --with ----------------------------------------------------------------------------------------------------------


def test_with_before_and_after_run(place):
    plain = flow(body=FAILS_TWICE)
    assert place.flow(plain, "--with", "retry:times=2", "run").code == 0
    assert place.flow(plain, "run", "--with", "retry:times=2,minutes_between_retries=0").code == 0
    assert place.flow(plain, "run", METAFLOW_DEFAULT_DECOSPECS="retry:times=2 resources:cpu=1").code == 0
    assert place.flow(plain, "run", METAFLOW_RUN_DECOSPECS="retry:times=2").code == 0
    assert place.flow(flow("@retry(times=0)", body=FAILS_TWICE), "run", "--with", "retry:times=2").code == 1


def test_with_values_are_json(place):
    shows = flow(body="print('got', os.environ.get('WORD'))")
    done = place.flow(shows, "run", "--with", 'environment:vars={"WORD": "a,b=c"}')
    assert "got a,b=c" in done.lines_of("start"), done.err + done.out
    done = place.flow(flow(body="1 / 0"), "run", "--with", "catch:print_exception=false")
    assert done.code == 0 and "@catch caught" not in done.out


def test_with_that_cannot_be(place):
    def refused(text, spec):
        done = place.flow(flow(), "run", "--with", spec)
        assert done.code == 1 and text in done.err, done.err
        assert not (place.folder / "home").exists()

    refused("Unknown step decorator nope. The following decorators are supported: retry, catch", "nope")
    refused("Decorator 'retry' does not support the attribute 'foo'. These attributes are supported:", "retry:foo=1")
    refused("The maximum number of retries is @retry(times=4).", "retry:times=9")
    refused("cannot be read at 'x'", "retry:x")
    refused("@retry cannot have times='many'", "retry:times=many")


# --- project and hooks -----------------------------------------------------------------------------------------------

PROJECT = flow(
    above='@project(name="films")',
    body="c = current; print(c.project_name, c.branch_name, c.is_user_branch, c.is_production, c.project_flow_name)",
)


def test_project_and_its_branches(place):
    def told(*words):
        done = place.flow(PROJECT, *words, "run")
        assert done.code == 0, done.err + done.out
        return done.lines_of("start")[2]

    assert told() == "films user.tester True False films.user.tester.Decorated"
    assert told("--branch", "try_it") == "films test.try_it False False films.test.try_it.Decorated"
    assert told("--production") == "films prod False True films.prod.Decorated"
    assert told("--production", "--branch", "b") == "films prod.b False True films.prod.b.Decorated"


def line(decorator, definition):
    """Where Python says that a decorator was called: before 3.11 at the line of what it decorates."""
    return decorator if sys.version_info >= (3, 11) else definition


def test_projects_that_cannot_be(place):
    def refused(text, above, *words):
        done = place.flow(flow(above=above), *words, "run")
        assert done.code == 1 and text in done.err, done.err
        assert f"in file decorated.py on line {line(7, 8)}:" in done.err
        assert not (place.folder / "home").exists()

    refused("@project needs a name.", "@project")
    refused("The @project name must contain only lowercase", '@project(name="A b")')
    refused("The branch name must contain only lowercase", '@project(name="a")', "--branch", "B")
    refused("You cannot pass branch as both", '@project(name="a", branch="b")', "--branch", "c")
    refused("Decorator 'project' does not support the attribute 'nmae'", '@project(nmae="a")')


def test_exit_hooks(place):
    imports = (
        "def good(): print('it ended well')\n    def bad(run): print('it failed', run.id)\n"
        "    def worse(): raise ValueError('x')"
    )
    above = "@exit_hook(on_success=[good], on_error=[worse, bad])"
    done = place.flow(flow(above=above, imports=imports), "run")
    assert done.out.endswith("it ended well\n"), done.err + done.out
    done = place.flow(flow(above=above, imports=imports, body="1 / 0"), "run")
    assert done.code == 1 and done.out.endswith(f"it failed {done.run_id}\n")
    assert "[exit_hook] Hook 'worse' failed with error: ValueError: x" in done.out


# --- those that are only kept ----------------------------------------------------------------------------------------

KEPT = flow(
    "@card(type='blank', id='x')", "@card", "@conda(packages={'numpy': '1'})", "@pypi(packages={})",
    "@kubernetes(cpu=2, image='x')", "@batch(queue='q')", "@secrets(sources=['s'])",
    above="@schedule(hourly=True)\n    @trigger(event='e')\n    @trigger_on_finish(flow='Other')\n    "
    "@conda_base(python='3.11')\n    @pypi_base(packages={})",
)  # fmt: skip


def test_other_decorators_are_accepted_and_told_of(place):
    done = place.flow(KEPT, "run")
    assert done.code == 0, done.err + done.out
    done = place.flow(KEPT, "check")
    for text in (
        "@kubernetes (step start): the step runs on this machine.",
        "@batch (step start): the step runs on this machine.",
        "@conda (step start): no environment is made: the packages of this Python are used.",
        "@secrets (step start): no secrets are fetched",
        "@card (step start): no card is made yet.",
        "@schedule: not used by `run`",
        "@conda_base: no environment is made",
    ):
        assert text in done.err, done.err


def test_decorators_that_cannot_be(place):
    def refused(text, *decorators, body="pass"):
        done = place.flow(flow(*decorators, body=body), "run")
        assert done.code == 1 and text in done.err, done.err
        assert f"in file decorated.py on line {line(9, 10 + len(decorators))}:" in done.err
        assert not (place.folder / "home").exists()

    refused("Decorator 'retry' does not support the attribute 'foo'", "@retry(foo=1)")
    refused("Specify a duration for @timeout.", "@timeout")
    refused("@timeout cannot have seconds='x'", "@timeout(seconds='x')")
    refused("The maximum number of retries is @retry(times=4).", "@retry(times=7)")
    refused("@resources cannot have cpu=-1", "@resources(cpu=-1)")
    refused("@environment takes vars=", "@environment(vars=3)")
    refused("Step 'start' already has a decorator 'retry'", "@retry(times=1)", "@retry(times=2)")


def test_what_is_no_step_is_not_decorated(place):
    place.write(
        "bad.py",
        "from metaflow import FlowSpec, retry, step\nclass A(FlowSpec):\n    @step\n    @retry\n"
        "    def start(self): pass\n",
    )
    done = place.python("bad.py", "run")
    assert done.code == 1 and "attempting to decorate 'start' with @retry" in done.err
    assert f'bad.py", line {line(4, 5)}' in done.err
