"""What child processes and libraries write belongs to the task.

"A string containing the standard output of this `Task`." (Client API)

$ python flow.py run
"""

import logging
import os
import subprocess

from metaflow import FlowSpec, step


class SubprocessFlow(FlowSpec):
    @step
    def start(self):
        subprocess.run(["echo", "from a child"], check=True)
        os.write(1, b"raw bytes\n")
        logging.getLogger("x").warning("a warning")
        self.next(self.end)

    @step
    def end(self):
        print("x" * 5000)


if __name__ == "__main__":
    SubprocessFlow()
