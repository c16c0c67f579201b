"""Names that begin with an underscore are kept too.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class PrivateFlow(FlowSpec):
    @step
    def start(self):
        self._hidden = 1
        self.__mangled = 2
        self.next(self.end)

    @step
    def end(self):
        print(self._hidden, self.__mangled)


if __name__ == "__main__":
    PrivateFlow()
