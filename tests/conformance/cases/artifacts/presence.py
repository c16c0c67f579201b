"""hasattr, getattr with a default, del.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class PresenceFlow(FlowSpec):
    @step
    def start(self):
        self.a, self.b = 1, 2
        self.gone = 3
        del self.gone
        print(hasattr(self, "a"), hasattr(self, "gone"), getattr(self, "never", "default"))
        try:
            self.never
        except AttributeError as error:
            print(error)
        self.next(self.middle)

    @step
    def middle(self):
        self.b
        del self.b
        print(hasattr(self, "a"), hasattr(self, "b"), hasattr(self, "gone"))
        self.next(self.end)

    @step
    def end(self):
        print(hasattr(self, "a"), hasattr(self, "b"), hasattr(self, "gone"))


if __name__ == "__main__":
    PresenceFlow()
