"""Parameters without a default, with a type, in a base class, overridden.

"Parameters are defined by assigning a `Parameter` object to a class variable." (Creating Flows)

$ python flow.py run
$ python flow.py run --count 3 --ratio 1e-3 --on --base derived
$ python flow.py run --count=-4 --on false
"""

from metaflow import FlowSpec, Parameter, step


class Base(FlowSpec):
    base = Parameter("base", default="base")
    other = Parameter("other", default=None, type=float)


class KindsFlow(Base):
    base = Parameter("base", default="own")
    count = Parameter("count", type=int)
    ratio = Parameter("ratio", type=float, default=2)
    on = Parameter("on", type=bool, default=False)
    text = Parameter("text", type=str, default="1")

    @step
    def start(self):
        values = (self.base, self.other, self.count, self.ratio, self.on, self.text)
        print([(v, type(v).__name__) for v in values])
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    KindsFlow()
