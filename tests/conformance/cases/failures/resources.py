"""What a step asks for is no matter of its values.

"Use `@resources` to specify the resource requirements" (resources decorator)

$ python flow.py run
$ python flow.py run --with resources:cpu=1
"""

from metaflow import FlowSpec, resources, step


class ResourcesFlow(FlowSpec):
    @resources(memory=100, cpu=1)
    @step
    def start(self):
        self.x = 1
        self.next(self.end)

    @step
    def end(self):
        print(self.x)


if __name__ == "__main__":
    ResourcesFlow()
