"""A step runs in the folder from which the flow was started, and finds modules beside the flow.

"You can execute Metaflow flows on the command line like any other Python scripts." (Creating Flows)

$ mkdir other && printf 'def f():\\n    return 7\\n' > helper.py
$ python flow.py run
$ cd other && python ../flow.py run
"""

import os
import sys

import helper
from metaflow import FlowSpec, step


class BesideTheFlowFlow(FlowSpec):
    @step
    def start(self):
        print(helper.f(), os.path.basename(os.getcwd()) == "other", __name__, os.path.basename(__file__))
        print(os.path.basename(sys.argv[0]), os.path.exists(os.path.join(sys.path[0], "helper.py")))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    BesideTheFlowFlow()
