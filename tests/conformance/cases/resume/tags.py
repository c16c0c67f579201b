"""Tags are not taken over.

"The results of your resumed runs are always created in your personal namespace." (Organizing Results)

$ BOO=1 python flow.py run --tag first
$ python flow.py resume --tag second
"""

import os

from metaflow import FlowSpec, current, step


class TagsFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        if "BOO" in os.environ:
            raise ValueError("boo")
        print(sorted(current.tags))


if __name__ == "__main__":
    TagsFlow()
