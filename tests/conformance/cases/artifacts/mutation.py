"""What a step changes in place is kept, and the step before keeps its own.

"the value of each artifact by simply taking the value of that artifact at the end of the previous step." (Creating
Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class MutationFlow(FlowSpec):
    @step
    def start(self):
        self.list, self.dict, self.set = [1], {"a": []}, {1}
        self.untouched = [0]
        self.next(self.middle)

    @step
    def middle(self):
        self.list.append(2)
        self.dict["a"].append(3)
        self.set.add(4)
        other = self.untouched
        print(self.list is self.list, other)
        self.next(self.end)

    @step
    def end(self):
        self.list += [5]
        print(self.list, self.dict, self.set)


if __name__ == "__main__":
    MutationFlow()
