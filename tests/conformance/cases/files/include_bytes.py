"""IncludeFile of bytes, one that is required and one that is missing.

"This example allows the user to include a data file and compute its hash" (Loading and Storing Data)

$ printf '\\001\\377' > data.bin
$ python flow.py run --data data.bin
$ python flow.py run
"""

import hashlib

from metaflow import FlowSpec, IncludeFile, step


class IncludeBytesFlow(FlowSpec):
    data = IncludeFile("data", is_text=False, required=True)
    other = IncludeFile("other", required=False)

    @step
    def start(self):
        print(self.data, hashlib.sha1(self.data).hexdigest(), self.other)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    IncludeBytesFlow()
