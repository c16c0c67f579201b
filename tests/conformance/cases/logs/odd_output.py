"""Output that is no clean text.

"A string containing the standard output of this `Task`." (Client API)

$ python flow.py run
"""

import sys

from metaflow import FlowSpec, step


class OddOutputFlow(FlowSpec):
    @step
    def start(self):
        sys.stdout.buffer.write(b"bad \xff utf-8\n")
        sys.stdout.buffer.flush()
        print("tab\there, trailing spaces   ")
        print("\x1b[31mred\x1b[0m")
        for i in range(3):
            print(i, end=" ", flush=True)
        self.next(self.end)

    @step
    def end(self):
        print("[not/a/pathspec] text", "2020-01-01 00:00:00.000 date", sep="\n")


if __name__ == "__main__":
    OddOutputFlow()
