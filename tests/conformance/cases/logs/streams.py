"""Standard output and standard error are kept apart.

"`stdout`: A string containing the standard output of this `Task`." (Client API)

$ python flow.py run
$ python flow.py logs --stdout $RUN/start
$ python flow.py logs --stderr $RUN/start
$ python flow.py logs --both $RUN/end
"""

import sys

from metaflow import FlowSpec, step


class StreamsFlow(FlowSpec):
    @step
    def start(self):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        sys.stdout.write("no newline at the end")
        self.next(self.end)

    @step
    def end(self):
        print("unicode \u2603")
        print("")
        print("   indented")
        print("a\rb")


if __name__ == "__main__":
    StreamsFlow()
