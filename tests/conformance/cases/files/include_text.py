"""IncludeFile: a file's text as a parameter.

"Metaflow will version the file and make it accessible to all the steps directly through the `self` object in your
flow." (Loading and Storing Data)

$ printf 'one\\ntwo\\n' > words.txt
$ python flow.py run --words words.txt
$ python flow.py run
$ python flow.py run --words nowhere.txt
"""

from metaflow import FlowSpec, IncludeFile, step


class IncludeTextFlow(FlowSpec):
    words = IncludeFile("words", help="words, one a line", default="words.txt")

    @step
    def start(self):
        print(self.words.split())
        self.next(self.end)

    @step
    def end(self):
        print(type(self.words).__name__, len(self.words))


if __name__ == "__main__":
    IncludeTextFlow()
