"""What can be a step and what cannot; where a step goes on over what it cannot; whose frames a traceback shows."""

HEAD = """
    import contextlib, functools, types
    from metaflow import FlowSpec, retry, step

    def loud(function):
        @functools.wraps(function)
        def inner(*arguments):
            print("before", function.__name__)
            return function(*arguments)
        return inner

    def bare(function):
        def inner(self):
            return function(self)
        return inner

    class Callable:
        def __init__(self, function):
            functools.update_wrapper(self, function)
            self.function = function
        def __call__(self, *arguments):
            return self.function(*arguments)

    def elsewhere(self):
        self.next(self.end)

    class Again:
        def __iter__(self):
            return iter([3, 4])

    class Mute:
        def __str__(self):
            raise ValueError("no text")

    class Odd(FlowSpec):
"""
LINE = HEAD.count("\n") + 1  # of the first step
END = """
        @step
        def end(self):
            print("arrived")
"""
START = """
        def start(self):
            self.next(self.end)
"""


def flow(place, steps, *words, **environment):
    return place.flow(HEAD + steps + END, *(words or ("run",)), **environment)


def test_wrapped_functions_are_steps(place):
    for decorators in (("step", "loud"), ("loud", "step"), ("retry(times=1)", "step", "loud", "loud")):
        done = flow(place, decorated(*decorators))
        assert done.code == 0, done.err + done.out
        assert "before start" in done.lines_of("start") and "arrived" in done.lines_of("end")


def decorated(*decorators):
    return "".join(f"        @{name}\n" for name in decorators).rstrip() + START


def refused(place, steps, line, text):
    for command in ("run", "check", "show", "output-dot"):
        done = flow(place, steps, command)
        assert done.code == 1 and "Traceback" not in done.err + done.out, done.err
        assert "Validity checker found an issue in file" in done.err and f"on line {line}:" in done.err, done.err
        assert text in done.err, done.err
        assert not (place.folder / "home").exists()


def test_what_is_no_step_is_refused_with_file_and_line(place):
    refused(place, decorated("step", "bare"), 13, "Step start is the function inner. Write it with def start;")
    refused(place, decorated("step", "Callable"), LINE, "an object of type Callable, not a function")
    refused(place, decorated("step", "functools.lru_cache"), LINE, "_lru_cache_wrapper, not a function")
    refused(place, decorated("step", "staticmethod"), LINE, "Step start is a staticmethod.")
    refused(place, decorated("classmethod", "step"), LINE, "Step start is a classmethod.")
    refused(place, "        start = step(elsewhere)", 24, "Step start is the function elsewhere.")
    refused(place, "        start = step(lambda self: self.next(self.end))", LINE, "Step start is the function <lambda>")
    refused(place, decorated("step").replace("def ", "async def "), LINE, "Step start is a coroutine")
    refused(place, decorated("step").replace("self.next", "yield; self.next"), LINE, "Step start is a generator")
    source = "@step\\ndef start(self):\\n    self.next(self.end)"
    refused(place, f"        exec('{source}')", 1, "The source of step start cannot be read.")


def test_step_above_no_method_is_told(place):
    done = flow(place, decorated("step", "property"))
    assert done.code == 1 and "@step stands above a function, not <property object" in done.err


# --- foreach ---------------------------------------------------------------------------------------------------------


def over(place, items):
    steps = f"""
        @step
        def start(self):
            self.items = {items}
            self.next(self.a, foreach="items")
        @step
        def a(self):
            print("item", self.input)
            self.next(self.join)
        @step
        def join(self, inputs):
            self.next(self.end)
    """
    return flow(place, steps)


def test_a_foreach_over_what_can_be_gone_through_once(place):
    many = ("iter([1, 2])", "map(str, [1])", "zip([1], [2])", "(i for i in [1])", "iter(int, 1)", "iter([])")
    for items in (*many, "open(__file__)"):
        done = over(place, items)
        assert done.code == 1, done.out
        told = "\n".join(done.lines_of("start"))
        assert "Foreach variable self.items in step start is of type" in told and "only once" in told, told
        assert "Make it a list: self.items = list(...)." in told
        assert "engine failed" not in done.out and "pickle" not in done.out and not done.lines_of("a")


def test_a_foreach_over_what_can_be_gone_through_again(place):
    for items in ("{3, 4}", "range(3, 5)", "'34'", "Again()"):
        done = over(place, items)
        assert done.code == 0, done.out
        assert sorted(line for line in done.lines_of("a") if line.startswith("item")) == ["item 3", "item 4"]


# --- tracebacks ------------------------------------------------------------------------------------------------------


def frames(place, body, **environment):
    """The functions of a failing step's traceback, innermost last."""
    done = flow(place, f"""
        x = 1
        def helper(self):
            {body}
        @step
        def start(self):
            self.helper()
            self.next(self.end)
    """, **environment)  # fmt: skip
    assert done.code == 1, done.out
    lines = [line for line in done.lines_of("start") if line.lstrip().startswith("File ")]
    assert all("odd.py" in line for line in lines), lines
    return [line.rpartition(" ")[2] for line in lines]


def test_a_traceback_ends_in_the_flows_own_code(place):
    assert frames(place, "self.nope") == ["start", "helper"]
    assert frames(place, "self.nope", BACKLOT_FRESH="1") == ["start", "helper"]
    assert frames(place, "self.x = 2") == ["start", "helper"]
    assert frames(place, "from metaflow import current; current.parameters.nope") == ["start", "helper"]


def test_also_that_of_a_cause(place):
    lines = ("try:", "    self.nope", "except AttributeError as error:", "    raise ValueError from error")
    assert frames(place, "\n            ".join(lines)) == ["helper", "start", "helper"]


def test_an_item_without_text_does_not_hide_the_failure(place):
    done = flow(place, """
        @step
        def start(self):
            self.items = [Mute()]
            self.next(self.a, foreach="items")
        @step
        def a(self):
            raise ValueError("the real one")
            self.next(self.join)
        @step
        def join(self, inputs):
            self.next(self.end)
    """)  # fmt: skip
    assert done.code == 1 and any("ValueError: the real one" in line for line in done.lines_of("a"))
