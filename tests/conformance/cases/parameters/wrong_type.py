"""A value of a wrong type is refused before anything runs.

"Now the flow can not be run without setting `--num_components` to an integer value." (Creating Flows)

$ python flow.py run --num_components many
$ python flow.py run
$ python flow.py run --num_components 4
$ python flow.py run --num_components 4 --unknown 3
"""

from metaflow import FlowSpec, Parameter, step


class WrongTypeFlow(FlowSpec):
    num_components = Parameter("num_components", help="Number of components", required=True, type=int)

    @step
    def start(self):
        print(self.num_components)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    WrongTypeFlow()
