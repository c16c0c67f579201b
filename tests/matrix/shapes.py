"""The shapes of the matrix: graphs, small enough that Metaflow runs each in a few seconds.

A shape names a culprit: the step, and which of its tasks, that goes wrong where a feature needs one that does.
"""

import dataclasses


@dataclasses.dataclass
class Step:
    name: str
    to: tuple = ()  # names of the next steps: one, or several for a split
    items: str = ""  # foreach over this list
    switch: dict = dataclasses.field(default_factory=dict)  # case: next step
    case: str = ""  # which case is taken
    join: bool = False
    lines: tuple = ()  # what the shape itself needs
    marked: str = ""  # arguments of @step


@dataclasses.dataclass
class Shape:
    name: str
    about: str
    steps: list
    culprit: str  # a step
    others: int  # tasks that end even if the culprit fails
    when: str = "True"  # which of its tasks
    caught: str = ""  # @catch is refused at a switch: the step that fails instead
    caught_when: str = "True"

    @property
    def first(self):
        return self.steps[0].name

    @property
    def last(self):
        return self.steps[-1].name

    def joins(self):
        return [s for s in self.steps if s.join]

    def has_foreach(self):
        return any(s.items for s in self.steps)

    def what_is_caught(self):
        """Step and condition of what goes wrong and is no switch."""
        return (self.caught, self.caught_when) if self.caught else (self.culprit, self.when)


def end(name="end", **more):
    return Step(name, **more)


SHAPES = [
    Shape("linear", "One step after the other.", [Step("start", ("a",)), Step("a", ("end",)), end()], "a", 1),
    Shape(
        "own_ends", "The first and the last step have names of their own.",
        [Step("begin", ("finish",), marked="start=True"), end("finish", marked="end=True")], "finish", 1,
    ),
    Shape("single", "One step is the first and the last.", [end("only", marked="start=True, end=True")], "only", 0),
    Shape(
        "branch", "Two branches and their join.",
        [Step("start", ("a", "b")), Step("a", ("join",)), Step("b", ("join",)), Step("join", ("end",), join=True), end()],
        "b", 2,
    ),
    Shape(
        "nested_branch", "A branch inside of a branch.",
        [
            Step("start", ("a", "b")), Step("a", ("c", "d")), Step("b", ("join",)), Step("c", ("meet",)),
            Step("d", ("meet",)), Step("meet", ("join",), join=True), Step("join", ("end",), join=True), end(),
        ],
        "d", 4,
    ),
    Shape(
        "foreach", "One task for each of three items.",
        [Step("start", ("body",), items="[1, 2, 3]"), Step("body", ("join",)), Step("join", ("end",), join=True), end()],
        "body", 3, "self.input == 2",
    ),
    Shape(
        "small_foreach", "One item.",
        [Step("start", ("body",), items="['it']"), Step("body", ("join",)), Step("join", ("end",), join=True), end()],
        "body", 1,
    ),
    Shape(
        "nested_foreach", "A foreach inside of a foreach; one item has one inner item, the other two.",
        [
            Step("start", ("outer",), items="['a', 'b']"),
            Step("outer", ("inner",), items="[1, 2] if self.input == 'b' else [1]"),
            Step("inner", ("collect",)), Step("collect", ("join",), join=True), Step("join", ("end",), join=True), end(),
        ],
        "inner", 6, "self.input == 2",
    ),
    Shape(
        "branch_in_foreach", "Every item goes two ways.",
        [
            Step("start", ("body",), items="[1, 2]"), Step("body", ("x", "y")), Step("x", ("meet",)), Step("y", ("meet",)),
            Step("meet", ("join",), join=True), Step("join", ("end",), join=True), end(),
        ],
        "y", 7, "self.input == 2",
    ),
    Shape(
        "foreach_in_branch", "A foreach in one of two branches.",
        [
            Step("start", ("a", "b")), Step("a", ("body",), items="[1, 2]"), Step("b", ("join",)), Step("body", ("collect",)),
            Step("collect", ("join",), join=True), Step("join", ("end",), join=True), end(),
        ],
        "body", 4, "self.input == 2",
    ),
    Shape(
        "switch", "One of two steps, and both lead to the same.",
        [
            Step("start", switch={"l": "left", "r": "right"}, case="'r'"), Step("left", ("after",)), Step("right", ("after",)),
            Step("after", ("end",)), end(),
        ],
        "right", 1,
    ),
    Shape(
        "switch_in_branch", "A switch in one of two branches.",
        [
            Step("start", ("choose", "plain")), Step("choose", switch={"l": "left", "r": "right"}, case="'l'"),
            Step("left", ("join",)), Step("right", ("join",)), Step("plain", ("join",)),
            Step("join", ("end",), join=True), end(),
        ],
        "left", 3,
    ),
    Shape(
        "switch_in_foreach", "Every item chooses its way.",
        [
            Step("start", ("look",), items="[1, 2]"),
            Step("look", switch={"odd": "odd", "even": "even"}, case="'odd' if self.input % 2 else 'even'"),
            Step("odd", ("join",)), Step("even", ("join",)), Step("join", ("end",), join=True), end(),
        ],
        "even", 4,
    ),
    Shape(
        "switch_in_switch", "A switch leads to a switch.",
        [
            Step("start", switch={"big": "big", "small": "small"}, case="'big'"),
            Step("big", switch={"red": "red", "blue": "blue"}, case="'blue'"),
            Step("small", ("after",)), Step("red", ("after",)), Step("blue", ("after",)), Step("after", ("end",)), end(),
        ],
        "blue", 2,
    ),
    Shape(
        "branch_in_switch", "One of the cases is a split.",
        [
            Step("start", switch={"split": "split", "plain": "plain"}, case="'split'"), Step("split", ("x", "y")),
            Step("x", ("meet",)), Step("y", ("meet",)), Step("meet", ("after",), join=True), Step("plain", ("after",)),
            Step("after", ("end",)), end(),
        ],
        "y", 3,
    ),
    Shape(
        "foreach_in_switch", "One of the cases is a foreach.",
        [
            Step("start", switch={"many": "many", "one": "one"}, case="'many'"), Step("many", ("body",), items="[1, 2]"),
            Step("body", ("meet",)), Step("meet", ("after",), join=True), Step("one", ("after",)),
            Step("after", ("end",)), end(),
        ],
        "body", 3, "self.input == 2",
    ),
    Shape(
        "recursion", "A step is repeated until it says that it is enough.",
        [
            Step("start", ("again",), lines=("self.passes = 0",)),
            Step(
                "again", switch={"more": "again", "enough": "end"}, case="'more' if self.passes < 3 else 'enough'",
                lines=("self.passes += 1",),
            ),
            end(),
        ],
        "again", 2, "self.passes == 2", "end",
    ),
    Shape(
        "recursion_in_foreach", "Every item is repeated as often as it needs.",
        [
            Step("start", ("prepare",), items="[1, 2]"), Step("prepare", ("count",), lines=("self.passes = 0",)),
            Step(
                "count", switch={"more": "count", "enough": "ready"}, case="'more' if self.passes < self.input else 'enough'",
                lines=("self.passes += 1",),
            ),
            Step("ready", ("join",)), Step("join", ("end",), join=True), end(),
        ],
        "count", 6, "self.passes == 2", "ready", "self.input == 2",
    ),
]  # fmt: skip
