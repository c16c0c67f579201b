"""Resume from a step by name.

"You can choose the step to resume from by specifying the step name on the command line" (Debugging Flows)

$ python flow.py run
$ WORD=second python flow.py resume middle
$ python flow.py resume nowhere
$ WORD=third python flow.py resume --origin-run-id $RUN start
"""

import os

from metaflow import FlowSpec, step


class FromStepFlow(FlowSpec):
    @step
    def start(self):
        self.words = [os.environ.get("WORD", "first")]
        self.next(self.middle)

    @step
    def middle(self):
        self.words.append(os.environ.get("WORD", "first"))
        self.next(self.end)

    @step
    def end(self):
        print(self.words)


if __name__ == "__main__":
    FromStepFlow()
