"""Cases may be numbers and truth values.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SwitchNumberCasesFlow(FlowSpec):
    @step
    def start(self):
        self.n = 2
        self.next({1: self.one, 2: self.two}, condition="n")

    @step
    def one(self):
        self.flag = True
        self.next(self.end)

    @step
    def two(self):
        self.flag = False
        self.next({True: self.one, False: self.end}, condition="flag")

    @step
    def end(self):
        print(self.n, self.flag)


if __name__ == "__main__":
    SwitchNumberCasesFlow()
