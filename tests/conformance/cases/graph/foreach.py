"""A foreach makes a task of each item.

"Steps inside a foreach loop create separate tasks to process each item of the list." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachFlow(FlowSpec):
    @step
    def start(self):
        self.titles = ["Stranger Things", "House of Cards", "Narcos"]
        self.next(self.a, foreach="titles")

    @step
    def a(self):
        self.title = "%s processed" % self.input
        self.next(self.b)

    @step
    def b(self):
        print("index", self.index, "input", self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.results = [input.title for input in inputs]
        print(self.index, self.input, self.foreach_stack())
        self.next(self.end)

    @step
    def end(self):
        print("\n".join(self.results))


if __name__ == "__main__":
    ForeachFlow()
