"""A step goes back to itself until it is content.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SwitchRecursionFlow(FlowSpec):
    @step
    def start(self):
        self.n = 0
        self.next(self.again)

    @step
    def again(self):
        self.n += 1
        self.content = "yes" if self.n == 3 else "no"
        print("pass", self.n)
        self.next({"no": self.again, "yes": self.end}, condition="content")

    @step
    def end(self):
        print("after", self.n)


if __name__ == "__main__":
    SwitchRecursionFlow()
