"""Containers in containers; what is shared stays shared, what refers to itself does.

"All artifacts are persisted so that they can be analyzed later using the Client API" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NestedFlow(FlowSpec):
    @step
    def start(self):
        shared = [1]
        self.shared = [shared, shared]
        self.cycle = []
        self.cycle.append(self.cycle)
        self.mixed = {"a": [(1, {2}), {"b": (None, [True, 1, 1.0])}], "deep": [[[[[[[]]]]]]]}
        self.true_key = {True: 1, "1": 2}
        self.next(self.end)

    @step
    def end(self):
        print(self.shared[0] is self.shared[1], self.cycle[0] is self.cycle)
        self.cycle = None
        self.shared[0].append(2)
        print(self.shared)


if __name__ == "__main__":
    NestedFlow()
