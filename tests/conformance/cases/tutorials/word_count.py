"""Count words by shard, then reduce in a tree.

"You can nest foreaches and combine them with branches and linear steps arbitrarily." (Creating Flows)

$ python flow.py run
"""

import collections

from metaflow import FlowSpec, step

TEXT = "the cat and the dog and the bird"


class WordCountFlow(FlowSpec):
    @step
    def start(self):
        words = TEXT.split()
        self.shards = [words[:4], words[4:]]
        self.next(self.count, foreach="shards")

    @step
    def count(self):
        self.counts = collections.Counter(self.input)
        self.next(self.add)

    @step
    def add(self, inputs):
        self.counts = sum((i.counts for i in inputs), collections.Counter())
        self.next(self.top, self.rare)

    @step
    def top(self):
        self.found = self.counts.most_common(1)
        self.next(self.report)

    @step
    def rare(self):
        self.found = sorted(w for w, n in self.counts.items() if n == 1)
        self.next(self.report)

    @step
    def report(self, inputs):
        self.merge_artifacts(inputs, exclude=["found"])
        self.found = {"top": inputs.top.found, "rare": inputs.rare.found}
        self.next(self.end)

    @step
    def end(self):
        print(self.found, dict(self.counts))


if __name__ == "__main__":
    WordCountFlow()
