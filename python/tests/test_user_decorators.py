"""Custom decorators and mutators: what is refused, with its line, and what has no recording of Metaflow's."""

import textwrap

HEAD = """\
import sys
from metaflow import FlowSpec, UserStepDecorator, StepMutator, FlowMutator, Parameter, Config
from metaflow import USER_SKIP_STEP, card, current, project, retry, step, user_step_decorator

calls = []

@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    print("tells", step_name, attributes)
    yield
"""
TAIL = """
    @step
    def end(self):
        print("calls", calls)
"""


def flow(above="", at_start="", body="pass", definitions="", members=""):
    start = ["    @step", "    def start(self):", textwrap.indent(body, " " * 8), "        self.next(self.end)"]
    lines = [HEAD, definitions, above, "class Custom(FlowSpec):", textwrap.indent(members, "    ")]
    return "\n".join([*lines, *(f"    {line}" for line in at_start.splitlines()), *start, TAIL])


def line_of(source, text):
    return 1 + [text in line for line in source.splitlines()].index(True)


def refused(place, source, text, at=None, *words):
    """One typed error, with the line where `at` stands, before anything is written."""
    done = place.flow(source, *(words or ("run",)))
    assert done.code == 1 and text in done.err, done.out + done.err
    assert "Traceback" not in done.err, done.err
    assert not (place.folder / "home").exists()
    if at is not None:
        assert f"in file custom.py on line {line_of(source, at)}:" in done.err, done.err
    return done


# --- refused ---------------------------------------------------------------------------------------------------------

NO_INIT = "class OfStep(UserStepDecorator): pass\nclass Mutates(StepMutator): pass\nclass OfFlow(FlowMutator): pass\n"


def test_arguments_that_nobody_takes(place):
    text = "is used with arguments but does not implement init"
    for name, at in (("OfStep", "@OfStep(n=1)"), ("Mutates", "@Mutates(1)")):
        refused(place, flow(at_start=at, definitions=NO_INIT), f"{name}(__main__.{name}) {text}", at)
    refused(place, flow(above="@OfFlow(n=1)", definitions=NO_INIT), f"OfFlow(__main__.OfFlow) {text}", "@OfFlow(n=1)")
    refused(place, flow(at_start="@tells(1)"), "takes its arguments by name: write @tells(name=value)", "@tells(1)")
    refused(place, flow(definitions=NO_INIT), text, None, "run", "--with", "OfStep:n=1")


def test_generators_that_cannot_be(place):
    def wrong(definition, text):
        source = flow(definitions=f"@user_step_decorator\n{definition}")
        done = place.flow(source, "run")
        assert done.code == 1 and text in done.err, done.err
        assert f'custom.py", line {line_of(source, definition) - 1}' in done.err

    wrong("def plain(step_name, flow, inputs, attributes): pass", "*plain* is none: it has no `yield`")
    wrong("def two(step_name, flow): yield", "(step_name, flow, inputs, attributes), and *two* has 2")


def test_what_is_no_step_is_not_decorated(place):
    definitions = "class Plain(UserStepDecorator): pass\n"
    definitions += "class Mutates(StepMutator): pass\n"
    for decorator in ("@tells", "@tells()", "@Plain", "@Plain()", "@Mutates", "@Mutates()"):
        source = flow(members=f"{decorator}\ndef helper(self): pass", definitions=definitions)
        done = place.flow(source, "run")
        assert done.code == 1 and "attempting to decorate 'helper'" in done.err, done.err
        assert f'custom.py", line {line_of(source, decorator)}' in done.err
    definitions = "class Takes(StepMutator):\n    def init(self, function): pass\n"
    done = place.flow(flow(members="@step\n@Takes\ndef helper(self): pass", definitions=definitions), "run")
    assert done.code == 1 and "@step stands above a function" in done.err
    done = place.flow(flow(above="class Other: pass\n@OfFlow()\nclass Wrong: pass", definitions=NO_INIT), "run")
    assert done.code == 1 and "@OfFlow stands above a flow" in done.err


def test_an_init_with_underscores(place):
    definitions = "class Wrong(UserStepDecorator):\n    def __init__(self, n=1): self.n = n\n"
    done = place.flow(flow(at_start="@Wrong(n=2)", definitions=definitions), "run")
    assert done.code == 1 and "has an `__init__` of its own. Call it `init` instead." in done.err


def test_what_mutators_may_not(place):
    def wrong(kind, method, code, text):
        definitions = f"class Wrong({kind}):\n    def {method}(self, it):\n        {code}\n"
        definitions += "class Other(StepMutator): pass\n"
        above, at_start = ("@Wrong", "") if kind == "FlowMutator" else ("", "@Wrong")
        refused(place, flow(above, at_start, definitions=definitions), text, code)

    late = "is only possible in the method `pre_mutate`, not in `mutate`"
    wrong("StepMutator", "pre_mutate", 'it.add_decorator("nosuch")', "Unknown step decorator nosuch")
    wrong("StepMutator", "pre_mutate", 'it.add_decorator("retry:times")', "cannot be read at 'times'")
    wrong("StepMutator", "mutate", 'it.add_decorator("retry:times=1", None, {"times": 2})', "has arguments already")
    wrong("StepMutator", "mutate", "it.add_decorator(retry(times=1))", "takes a step decorator without parentheses")
    wrong("StepMutator", "mutate", "it.add_decorator(project)", "takes a step decorator without parentheses")
    wrong("StepMutator", "mutate", "it.add_decorator(retry, deco_args=[1])", "'retry' takes its arguments by name")
    wrong("StepMutator", "mutate", 'it.add_decorator(retry, deco_kwargs={"n": 1})', "not support the attribute 'n'")
    wrong("StepMutator", "mutate", "it.add_decorator(retry, duplicates=7)", "IGNORE, ERROR or OVERRIDE, not 7")
    wrong("StepMutator", "mutate", "it.add_decorator(Other)", f"Adding the step mutator 'Other' {late}")
    wrong("StepMutator", "mutate", 'it.remove_decorator("Wrong")', f"Removing the step mutator 'Wrong' {late}")
    wrong("StepMutator", "mutate", 'it.add_decorator("timeout")', "Specify a duration for @timeout.")
    wrong("FlowMutator", "mutate", 'it.add_parameter("p", Parameter("p"))', f"Adding the parameter 'p' {late}")
    wrong("FlowMutator", "mutate", 'it.remove_parameter("p")', f"Removing the parameter 'p' {late}")
    wrong("FlowMutator", "mutate", "it.add_decorator(project)", f"Adding the flow decorator 'project' {late}")
    wrong("FlowMutator", "mutate", 'it.remove_decorator("project")', f"Removing the flow decorator 'project' {late}")
    wrong("FlowMutator", "pre_mutate", 'it.remove_decorator("Wrong")', "FlowMutator 'Wrong' cannot be removed")
    wrong("FlowMutator", "pre_mutate", 'it.add_parameter("p", 5)', "Only a Parameter or an IncludeFile can be added")
    wrong("FlowMutator", "pre_mutate", 'it.add_parameter("start", Parameter("a"))', "has a class member 'start'")
    wrong("FlowMutator", "pre_mutate", 'it.add_decorator("retry")', "Unknown flow decorator retry")
    wrong("FlowMutator", "pre_mutate", 'it.add_decorator("project")', "@project needs a name")
    wrong("FlowMutator", "pre_mutate", "it.add_decorator(tells)", "takes a flow decorator without parentheses")


def test_what_a_mutator_raises_is_told_with_its_line(place):
    definitions = "class Fails(FlowMutator):\n    def {}(self, *it):\n        1 / 0\n"
    for method in ("init", "pre_mutate", "mutate"):
        source = flow(above="@Fails", definitions=definitions.format(method))
        done = place.flow(source, "run")
        assert done.code == 1 and f"Fails.{method} raised an exception:" in done.err, done.err
        assert f"Custom decorator failed in file custom.py on line {line_of(source, '1 / 0')}:" in done.err
        assert "ZeroDivisionError" in done.err and "backlot/" not in done.err
        assert not (place.folder / "home").exists()


def test_with_that_cannot_be(place):
    text = "Unknown step decorator nope. The following decorators are supported: tells, retry"
    refused(place, flow(), text, None, "run", "--with", "nope")
    refused(place, flow(), "there is no module nope", None, "run", "--with", "nope.tells")
    refused(place, flow(), "'tells:x' cannot be read at 'x'", None, "run", "--with", "tells:x")
    for name in ("one", "two"):
        place.write(f"{name}.py", HEAD + "\ndef unused(): pass\n")
    source = flow(definitions="import one, two\n")
    text = "There are several decorators 'tells'. Say which: __main__.tells, one.tells"
    refused(place, source, text, None, "run", "--with", "tells")
    assert "tells start {}" in place.flow(source, "run", "--with", "two.tells").lines_of("start")
    done = place.flow(flow(), "run", "--with", "custom.tells:own=1")
    assert "tells start {'own': 1}" in done.lines_of("start"), done.out + done.err
    done = place.flow(flow(), "run", "--with", "custom.nope")
    assert done.code == 1 and "Unknown step decorator custom.nope." in done.err


# --- in a task -------------------------------------------------------------------------------------------------------


KEEPS = """
@user_step_decorator
def keeps(step_name, flow, inputs):
    try:
        yield
    except Exception:
        pass
"""


def test_misuse_in_a_task_is_told_and_not_swallowed(place):
    def wrong(generator, text):
        definitions = f"{KEEPS}\n@user_step_decorator\ndef wrong(step_name, flow, inputs):\n    {generator}\n"
        done = place.flow(flow(at_start="@keeps\n@wrong", definitions=definitions), "run")
        assert done.code == 1 and any(text in line for line in done.lines_of("start")), done.out + done.err

    wrong("yield; yield", "@wrong should only yield once")
    wrong("yield; return 5", "@wrong returned 5 after step start")
    wrong("if 0: yield", "@wrong ended without a yield in step start")
    wrong("yield lambda self: 5", "What was called instead of step start returned 5")
    wrong("yield {'foreach': 'x'}", "Foreach variable self.x in step start does not exist")
    wrong("yield {'nosuch': 1}", "unknown keyword nosuch")


def test_a_function_in_place_of_a_step_goes_on_as_the_step_does(place):
    # What the documentation's @fallback relies on.
    instead = "@user_step_decorator\ndef instead(step_name, flow, inputs):\n    yield lambda self: print('instead')\n"
    done = place.flow(flow(at_start="@instead", definitions=instead), "run")
    assert done.code == 0 and "instead" in done.lines_of("start"), done.out


def test_a_switch_that_failed_goes_by_its_condition(place):
    done = place.flow(
        HEAD
        + KEEPS
        + """
class Switch(FlowSpec):
    config = Config("config", default_value={"case": "k"})
    @keeps
    @step
    def start(self):
        self.kind = "k"
        if self.kind:
            raise ValueError
        self.next({self.config.case: self.one, "m": self.two}, condition="kind")
    @step
    def one(self):
        self.next(self.end)
    @step
    def two(self):
        self.next(self.end)
    @step
    def end(self):
        print("one")
""",
        "run",
    )
    assert done.code == 0 and done.lines_of("one") and not done.lines_of("two"), done.out + done.err


def test_a_traceback_has_the_authors_frames_only(place):
    wraps = "class Wraps(UserStepDecorator):\n    def post_step(self, *it): return it[2]\n"
    done = place.flow(flow(at_start="@tells\n@Wraps", body="1 / 0", definitions=wraps), "run")
    frames = [line.strip() for line in done.lines_of("start") if line.strip().startswith("File")]
    assert len(frames) == 2 and frames[1].endswith("in start") and "in tells" in frames[0], done.out


# --- what mutators do ------------------------------------------------------------------------------------------------


def test_several_cards_are_kept(place):
    adds = "class Adds(StepMutator):\n    def mutate(self, it):\n"
    adds += "        it.add_decorator('card:id=\"b\"', duplicates=it.ERROR)\n"
    told = "print([d['attributes']['id'] for d in self._graph_info['steps']['start']['decorators'][:2]])"
    done = place.flow(flow(at_start="@Adds\n@card(id='a')", body=told, definitions=adds), "run")
    assert "['a', 'b']" in done.lines_of("start"), done.out + done.err


def test_parameters_of_a_base_class_are_changed(place):
    source = (
        HEAD
        + """
class Changes(FlowMutator):
    def pre_mutate(self, it):
        it.remove_parameter("gone-from-here")
        it.add_parameter("new", Parameter("new-one", type=int, required=True))

@Changes()
class Base(FlowSpec):
    gone = Parameter("gone-from-here", default=1)

class Derived(Base):
    @step
    def start(self):
        print(self.new, hasattr(self, "gone"), current.parameter_names)
        self.next(self.end)
    @step
    def end(self): pass

class Never(FlowSpec): pass

if __name__ == "__main__":
    Derived()
"""
    )
    place.write("derived.py", source)
    done = place.python("derived.py", "run", "--new-one", "3")
    assert "3 False ['new']" in done.lines_of("start"), done.out + done.err
    assert "--new-one INTEGER" in place.python("derived.py", "run", "--help").out
    done = place.python("derived.py", "run")
    assert done.code == 2 and "Missing option '--new-one'" in done.err


def test_configs_in_arguments_are_config_values(place):
    takes = "class Takes(UserStepDecorator):\n    def init(self, **given): self.given = given\n"
    takes += "    def pre_step(self, *it): print(self.given['cfg'].a.b, self.given['n'])\n"
    cfg = "cfg = Config('cfg', default_value=dict(a=dict(b=3), more=dict(n=4)))"
    source = flow(at_start="@Takes(cfg=cfg, **cfg.more)", members=cfg, definitions=takes)
    assert "3 4" in place.flow(source, "run").lines_of("start")


def test_fresh_processes_are_decorated_the_same(place):
    place.write("marks.py", HEAD.replace("tells", "marks"))
    adds = "class Adds(FlowMutator):\n    def mutate(self, it):\n"
    adds += "        it.end.add_decorator(tells, deco_kwargs={'by': 'mutator'})\n"
    source = flow(above="@Adds", at_start="@tells(n=1)", definitions=adds)
    for environment in ({}, {"BACKLOT_FRESH": "1"}):
        done = place.flow(source, "run", "--with", "marks.marks:n=2", **environment)
        assert done.code == 0, done.out + done.err
        told = [line for line in done.lines_of("start") if " start " in line]
        assert told == ["marks start {'n': 2}", "tells start {'n': 1}"]
        assert "tells end {'by': 'mutator'}" in done.lines_of("end")


# --- names and costs -------------------------------------------------------------------------------------------------


def test_the_modules_of_metaflow_have_them(place):
    assert place.script(
        """
        import metaflow
        from metaflow.user_decorators.mutable_flow import MutableFlow
        from metaflow.user_decorators.mutable_step import MutableStep
        from metaflow.user_decorators.user_flow_decorator import FlowMutator
        from metaflow.user_decorators.user_step_decorator import (
            StepMutator, UserStepDecorator, UserStepDecoratorBase, user_step_decorator
        )
        assert FlowMutator is metaflow.FlowMutator and StepMutator is metaflow.StepMutator
        assert metaflow.USER_SKIP_STEP == {} and issubclass(metaflow.UserStepDecorator, UserStepDecoratorBase)
        print(MutableStep.IGNORE, MutableFlow.ERROR, MutableStep.OVERRIDE)

        @metaflow.user_step_decorator()
        def one(step_name, flow, inputs):
            "Says something."
            yield

        print(one.__name__, one.__doc__, one.decorator_name, type(one).get_decorator_by_name("one") is one)
        """
    ).splitlines() == ["1 2 3", "one Says something. __main__.one True"]


def test_flows_without_them_import_nothing(place):
    source = "import sys\nfrom metaflow import FlowSpec, retry, step\nclass Plain(FlowSpec):\n    @retry\n    @step\n"
    source += "    def start(self): self.next(self.end)\n    @step\n    def end(self):\n"
    source += "        print([m for m in sys.modules if 'user_decorators' in m])\n"
    assert "[]" in place.flow(source, "run", "--with", "catch").lines_of("end")


def test_a_step_decorator_above_a_flow_is_refused(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, step, user_step_decorator

        @user_step_decorator
        def timed(step_name, flow, inputs=None, attributes=None):
            yield

        @timed
        class Above(FlowSpec):
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 1 and "'Above' with @timed, but it is no step. Put @timed above @step" in done.out + done.err
