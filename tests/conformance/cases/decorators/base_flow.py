"""A base flow in another file brings its mutators, configs and decorators to the flow that derives from it.

"Individual flows in the project then inherit from `BaseFlow`, automatically gaining access to the common functionality
and ensuring consistency across flows." (The BaseFlow Pattern)

$ printf 'from metaflow import *\\nfrom metaflow import user_step_decorator, FlowMutator\\ncalls = []\\n' > parent.py
$ printf '@user_step_decorator\\ndef mark(step_name, flow, inputs=None, attributes=None):\\n' >> parent.py
$ printf '    flow.marked = attributes\\n    yield\\nclass OfBase(FlowMutator):\\n' >> parent.py
$ printf '    def pre_mutate(self, flow):\\n' >> parent.py
$ printf '        calls.append(("base", sorted(s[0] for s in flow.decorator_specs)))\\n' >> parent.py
$ printf '    def mutate(self, flow):\\n' >> parent.py
$ printf '        flow.start.add_decorator(mark, deco_kwargs={"n": flow.base.n})\\n' >> parent.py
$ printf '@OfBase\\n@project(name=config_expr("base.name"))\\nclass Parent(FlowSpec):\\n' >> parent.py
$ printf '    base = Config("base", default_value={"n": 3, "name": "shared"})\\n' >> parent.py
$ python flow.py run
$ python flow.py run --with parent.mark:by=command
"""

from metaflow import FlowMutator, FlowSpec, current, step

try:
    from parent import Parent, calls
except ImportError:
    Parent, calls = FlowSpec, []


class OfOwn(FlowMutator):
    def init(self, word="none"):
        self.word = word

    def pre_mutate(self, mutable_flow):
        calls.append(("own", self.word, sorted(s[0] for s in mutable_flow.decorator_specs)))


@OfOwn(word="hello")
class BaseFlowFlow(Parent):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        self.calls = list(calls)
        print(current.project_name, self.marked)


if __name__ == "__main__":
    BaseFlowFlow()
