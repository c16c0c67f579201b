"""What a flow's __init__ assigns before Metaflow's own: every task begins with it.

"Any object that is assigned to self … is persisted as an artifact." (Basics of Metaflow)

$ python flow.py run
"""

from metaflow import FlowSpec, Parameter, step


class InitFlow(FlowSpec):
    alpha = Parameter("alpha", default=3)

    def __init__(self, use_cli=True):
        self.x = 1
        self.items = ["a", "b"]
        self.log = []
        super().__init__(use_cli=use_cli)

    @step
    def start(self):
        print("start", self.x, self.alpha)
        self.x = 2
        self.y = 5
        self.log.append("start")
        self.next(self.each, foreach="items")

    @step
    def each(self):
        print("each", self.x, self.log, self.y, self.input)
        self.log.append("each")
        self.x = self.x + 10
        self.next(self.join)

    @step
    def join(self, inputs):
        print("join", self.x, [i.x for i in inputs], [i.log for i in inputs], self.log)
        self.merge_artifacts(inputs)
        print("merged", self.y, self.x)
        self.next(self.end)

    @step
    def end(self):
        print("end", self.x, self.log, self.y)


if __name__ == "__main__":
    InitFlow()
