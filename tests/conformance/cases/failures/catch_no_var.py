"""Without `var` nothing is kept.

"The exception is not stored unless you specify it." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, step


class CatchNoVarFlow(FlowSpec):
    @catch(print_exception=False)
    @step
    def start(self):
        self.x = 1
        raise ValueError("kept quiet")
        self.next(self.end)

    @step
    def end(self):
        print(self.x)


if __name__ == "__main__":
    CatchNoVarFlow()
