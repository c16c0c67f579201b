"""An exception of the flow's own class, and what the client tells of it.

"If an exception was raised by this `Task` (ie: it did not complete successfully), it will be contained here." (Client
API)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class Boom(Exception):
    def __init__(self, code, why):
        super().__init__(code, why)
        self.code = code


class OwnExceptionFlow(FlowSpec):
    @step
    def start(self):
        try:
            {}["missing"]
        except KeyError as error:
            raise Boom(7, "why not") from error
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    OwnExceptionFlow()
