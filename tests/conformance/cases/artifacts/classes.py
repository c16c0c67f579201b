"""Objects of the flow's own classes, and of the standard library.

"data artifacts are created simply by assigning values to instance variables" (Creating Flows)

$ python flow.py run
"""

import collections
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid

from metaflow import FlowSpec, step

Point = collections.namedtuple("Point", "x y")


class Color(enum.Enum):
    RED = 1


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __repr__(self):
        return "Money(%d)" % self.cents

    def __eq__(self, other):
        return self.cents == other.cents


class Text(str):
    pass


class ClassesFlow(FlowSpec):
    @step
    def start(self):
        self.point, self.color, self.money = Point(1, 2), Color.RED, Money(5)
        self.moneys = {"a": [Money(1)]}
        self.text = Text("sub")
        self.counter = collections.Counter("aab")
        self.ordered = collections.OrderedDict(b=1, a=2)
        self.default = collections.defaultdict(list, a=[1])
        self.deque = collections.deque([1, 2], maxlen=2)
        self.date, self.when = datetime.date(2020, 1, 2), datetime.timedelta(1)
        self.decimal, self.fraction = decimal.Decimal("1.10"), fractions.Fraction(1, 3)
        self.path, self.uuid = pathlib.PurePosixPath("/a/b"), uuid.UUID(int=7)
        self.error = ValueError("kept", 3)
        self.function = len
        self.next(self.end)

    @step
    def end(self):
        print(type(self.money) is Money, self.money == Money(5), self.color is Color.RED)
        self.default["b"].append(2)


if __name__ == "__main__":
    ClassesFlow()
