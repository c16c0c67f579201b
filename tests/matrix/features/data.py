"""What is known to a flow: artifacts, constants, parameters, files, configs."""

import json

from commands import Do
from features.base import NO_FOREACH, NO_JOIN, Feature


class Artifacts(Feature):
    """Artifacts of many types are handed on, changed, and read back.

    "Data artifacts are available in all steps after they have been created, so they behave as any normal instance
    variables." (Creating Flows)
    """

    before = """
class Point:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"Point({self.x})"
"""

    def body(self, shape, step):
        lines = []
        if step.name == shape.first:
            lines = ["self.number = 1", "self.table = {}", "self.point = Point((1, None, 2.5))", "self._private = {b'b'}"]
        if step.join:
            return [
                "self.number = sum(i.number for i in inputs)",
                "self.table = dict(sorted(pair for i in inputs for pair in i.table.items()))",
                "self.point = inputs[0].point",
                "print(self.number, self.table, hasattr(self, '_private'))",
            ]
        return [*lines, f"self.table[{step.name!r}] = self.number", "self.number += 1", "print(self.number, self.point)"]


class Constants(Feature):
    """What the class of the flow sets is read in every step and cannot be set.

    "Class-level constants ... are available in all steps" (Creating Flows)
    """

    members = 'LIMIT = 3\nNAMES = ["x", "y"]\n_HIDDEN = {"a": 1}'

    def body(self, shape, step):
        return [
            "print(self.LIMIT, self.NAMES, self._HIDDEN)",
            "try:",
            "    self.LIMIT = 4",
            "except AttributeError as error:",
            "    print(type(error).__name__)",
        ]


class BaseClass(Feature):
    """The steps stand in a base class of another file, and a derived class sets what they use.

    "You can use inheritance to share steps and parameters between flows" (Composing Flows)
    """

    imports = ("Parameter",)
    members = 'WORD = "base"\nsize = Parameter("size", default=1)'
    derived = 'WORD = "derived"\nmore = Parameter("more", default="m")'

    def body(self, shape, step):
        return ["print(self.WORD, self.size, self.more)"]

    def commands(self, shape):
        return [Do(options={"size": 5})]


class Parameters(Feature):
    """Parameters of several types, one that is required, one by a function, and JSON.

    "Parameters are defined by assigning a `Parameter` object to a class variable." (Creating Flows)
    """

    imports = ("Parameter", "JSONType")
    before = 'def late(context):\n    return context.parameter_name + "!"\n'
    members = """
size = Parameter("size", default=2, help="How many")
ratio = Parameter("ratio", type=float, required=True)
on = Parameter("on", default=False)
data = Parameter("data", type=JSONType, default='{"a": [1, null]}')
word = Parameter("word", default=late)
"""

    def body(self, shape, step):
        return ["print(self.size, self.ratio, self.on, self.data, self.word)"]

    def commands(self, shape):
        return [Do(options={"ratio": 0.5, "size": 7})]


class IncludedFiles(Feature):
    """Files become parameters.

    "`IncludeFile` ... reads a local file and makes its content available" (Loading and Storing Data)
    """

    imports = ("IncludeFile",)
    members = """
text = IncludeFile("text", default="text.txt")
other = IncludeFile("other", is_text=False, default="text.txt")
"""

    def body(self, shape, step):
        return ["print(repr(self.text), self.other)"]

    def files(self, shape, flow):
        return {"text.txt": "one\ntwo\n", "other.txt": "three\n"}

    def commands(self, shape):
        return [Do(options={"other": "other.txt"})]


class Configs(Feature):
    """A config is read before the flow is made, in its decorators and in its steps.

    "`Config` ... allows you to configure all aspects of the flow" (Configuring Flows)
    """

    modules = ("os",)
    imports = ("Config", "config_expr", "environment")
    members = """
cfg = Config("cfg", default="cfg.json")
other = Config("other", default_value='{"deep": {"x": [1, 2]}}')
"""

    def decorators(self, shape, step):
        return ['@environment(vars={"WHO": config_expr("cfg.who")})'] if step.name == shape.culprit else []

    def body(self, shape, step):
        return ['print(self.cfg.who, self.cfg["list"], self.other.deep.x, os.environ.get("WHO"))']

    def files(self, shape, flow):
        return {
            "cfg.json": json.dumps({"who": "default", "list": [1]}),
            "own.json": json.dumps({"who": "own", "list": [2, 3]}),
        }

    def commands(self, shape):
        return [Do(top={"config": [("cfg", "own.json")]})]


class Merge(Feature):
    """What is the same in all branches is merged, what is not has to be left out.

    "`merge_artifacts` ... propagates all unambiguous values" (Creating Flows)
    """

    def senseless(self, shape):
        return None if shape.joins() else NO_JOIN

    def body(self, shape, step):
        if step.name == shape.first:
            return ['self.same = "same"']
        if not step.join:
            return [f'self.own = f"{step.name} {{self.input}}"', 'print(getattr(self, "same", "not here"))']
        differ = ["own", "passes"]
        differ += [f"{s.name}_items" for s in shape.steps if s.items] + [f"{s.name}_case" for s in shape.steps if s.switch]
        return [
            "try:",
            "    self.merge_artifacts(inputs)",
            "except Exception as error:",
            "    print(type(error).__name__)",
            f"self.merge_artifacts(inputs, exclude={differ})",
            'print(self.same, hasattr(self, "own"))',
        ]


class Inputs(Feature):
    """A join has its inputs by number, by name, and one after the other.

    "the join step can refer to a specific step in the branch, like `inputs.a.x`" (Creating Flows)
    """

    def senseless(self, shape):
        return None if shape.joins() else NO_JOIN

    def body(self, shape, step):
        if not step.join:
            return [f"self.value = ({step.name!r}, self.input)"]
        before = [s.name for s in shape.steps if step.name in s.to]
        return [
            "print(len(list(inputs)), sorted(map(str, (i.value for i in inputs))), hasattr(inputs[0], 'nothing'))",
            f"print([hasattr(inputs, name) for name in {before}])",
            "self.value = sorted((i.value for i in inputs), key=str)",
        ]


class Items(Feature):
    """A task of a foreach knows its item, its number, and those around it.

    "`self.input` ... the item of the foreach", "`foreach_stack()` ... the current stack of foreach loops" (FlowSpec)
    """

    def senseless(self, shape):
        return None if shape.has_foreach() else NO_FOREACH

    def body(self, shape, step):
        return [] if step.join else ["print(self.input, self.index, [tuple(f) for f in self.foreach_stack()])"]
