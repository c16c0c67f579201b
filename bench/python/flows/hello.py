"""Three steps that say hello."""
from metaflow import FlowSpec, step


class Hello(FlowSpec):
    @step
    def start(self):
        self.greeting = "hello"
        self.next(self.middle)

    @step
    def middle(self):
        print(self.greeting)
        self.next(self.end)

    @step
    def end(self):
        self.answer = len(self.greeting)


if __name__ == "__main__":
    Hello()
