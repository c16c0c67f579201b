"""Artifacts of every builtin kind keep value and type.

"data artifacts are created simply by assigning values to instance variables" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class BuiltinsFlow(FlowSpec):
    @step
    def start(self):
        self.none = None
        self.yes, self.no = True, False
        self.small, self.negative, self.huge = 1, -(2**40), 2**200
        self.real, self.infinite, self.nan = 1.5, float("-inf"), float("nan")
        self.minus_zero = -0.0
        self.complex = 1 + 2j
        self.text, self.empty, self.unicode = "text", "", "h\u00e9llo \u2603 \U0001f40d"
        self.lines = "one\ntwo\r\n\tthree\0"
        self.raw, self.mutable_raw = b"\x00\xff", bytearray(b"ab")
        self.list, self.tuple = [1, [2, []]], (1, (2, ()))
        self.set, self.frozen = {1, "a"}, frozenset([2])
        self.dict = {"a": 1, 2: {"b": None}, (3,): [4]}
        self.range, self.slice = range(3), slice(1, 2)
        self.kind = int
        self.ellipsis = ...
        self.next(self.end)

    @step
    def end(self):
        names = [n for n in dir(self) if n in ("none", "yes", "small", "list", "tuple", "raw", "set", "dict", "kind")]
        print([(n, type(getattr(self, n)).__name__) for n in names])
        assert self.nan != self.nan and str(self.minus_zero) == "-0.0"


if __name__ == "__main__":
    BuiltinsFlow()
