"""A linear flow hands artifacts on.

"Data artifacts are available in all steps after they have been created, so they behave as any normal instance
variables." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class LinearFlow(FlowSpec):
    @step
    def start(self):
        self.my_var = "hello world"
        self.next(self.a)

    @step
    def a(self):
        print("the data artifact is: %s" % self.my_var)
        self.my_var += "!"
        self.next(self.end)

    @step
    def end(self):
        print("the data artifact is still: %s" % self.my_var)


if __name__ == "__main__":
    LinearFlow()
