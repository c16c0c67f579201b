"""A file that is not Python.

"You can execute Metaflow flows on the command line like any other Python scripts." (Creating Flows)

$ printf 'from metaflow import FlowSpec\\nclass X(FlowSpec)\\n' > broken.py; python broken.py run
$ printf 'import nowhere_at_all\\n' > broken.py; python broken.py run
$ python flow.py bogus
$ python flow.py
"""

from metaflow import FlowSpec, step


class SyntaxErrorFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    SyntaxErrorFlow()
