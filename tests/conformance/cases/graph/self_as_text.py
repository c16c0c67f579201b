"""How a flow shows itself in a task.

"You can access the specific item assigned to a task with an instance variable called `input`." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SelfAsTextFlow(FlowSpec):
    @step
    def start(self):
        self.items = ["short", "a text that is longer than twenty letters"]
        print(str(self), repr(self)[:1], self.name)
        self.next(self.a, foreach="items")

    @step
    def a(self):
        print(str(self), self.name)
        self.next(self.join)

    @step
    def join(self, inputs):
        print(str(self))
        print([str(i) for i in inputs])
        self.next(self.end)

    @step
    def end(self):
        print(self, self.script_name)


if __name__ == "__main__":
    SelfAsTextFlow()
