"""A decorator's options are checked.

"you can specify `minutes` and/or `hours` as the timeout value." (Dealing with Failures)

$ python flow.py run
$ sed -i 's/often=2/times=1/' flow.py && python flow.py run --with nothing_like_it
$ python flow.py run --with retry:often=3
"""

from metaflow import FlowSpec, retry, step


class DecoratorMisuseFlow(FlowSpec):
    @retry(often=2)
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    DecoratorMisuseFlow()
