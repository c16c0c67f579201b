"""A base class in another file, a mixin, and a parameter of each.

"A BaseFlow is a class that inherits from `FlowSpec` and serves as a foundation for other flows in a project." (The
BaseFlow Pattern)

$ printf 'from metaflow import FlowSpec, Parameter\\nclass Parent(FlowSpec):\\n' > parent.py
$ printf '    base = Parameter("base", default=1)\\n    def rows(self):\\n        return len(self.table)\\n' >> parent.py
$ python flow.py run
$ python flow.py run --base 2 --own 3
"""

from metaflow import FlowSpec, Parameter, step

try:
    from parent import Parent
except ImportError:
    Parent = FlowSpec


class Mixin:
    def greet(self):
        return "hello from " + self.name


class OtherModuleFlow(Mixin, Parent):
    own = Parameter("own", default=2)

    @step
    def start(self):
        self.table = [1, 2, 3]
        print(self.rows(), self.base, self.own, self.greet())
        self.next(self.end)

    @step
    def end(self):
        print(self.rows())


if __name__ == "__main__":
    OtherModuleFlow()
