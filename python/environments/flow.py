"""Keeps every value of values.py, and beside each the text that says all of it."""

import values
from metaflow import FlowSpec, step


class Values(FlowSpec):
    @step
    def start(self):
        self.names = {}
        for name, value in values.made().items():
            setattr(self, "v_" + name, value)
            self.names[name] = values.canonical_text(value)
        self.next(self.end)

    @step
    def end(self):
        for name, text in self.names.items():
            assert values.canonical_text(getattr(self, "v_" + name)) == text, name


if __name__ == "__main__":
    Values()
