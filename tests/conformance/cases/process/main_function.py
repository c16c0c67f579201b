"""A flow that is started by a function, with classes and functions of its module as values.

"You can execute Metaflow flows on the command line like any other Python scripts." (Creating Flows)

$ python flow.py run
"""

import dataclasses
import functools
import typing

from metaflow import FlowSpec, step


@dataclasses.dataclass
class Config:
    size: int
    names: typing.List[str] = dataclasses.field(default_factory=list)


class Slotted:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return "Slotted(%r)" % self.x


def double(n):
    return n * 2


class MainFunctionFlow(FlowSpec):
    @step
    def start(self):
        self.config = Config(3, ["a"])
        self.slotted = Slotted([1])
        self.partial = functools.partial(double, 4)
        self.kind = Config
        self.bound = self.config.names.append
        self.next(self.end)

    @step
    def end(self):
        print(self.partial(), self.kind(1), self.slotted, self.config)
        print(self.kind is Config, __name__)
        self.partial = self.bound = None


def main():
    MainFunctionFlow()


if __name__ == "__main__":
    main()
