"""Tasks that run at the same time add tags to their run.

"Run.add_tag: Add a tag to this `Run`." (Run)

$ python flow.py run
"""

from metaflow import FlowSpec, Run, current, step


class InTasksFlow(FlowSpec):
    @step
    def start(self):
        self.items = list(range(4))
        self.next(self.a, foreach="items")

    @step
    def a(self):
        run = Run("%s/%s" % (current.flow_name, current.run_id))
        tag = "tag_%d" % self.input
        run.add_tag(tag)
        print(tag in run.user_tags)
        self.next(self.join)

    @step
    def join(self, inputs):
        run = current.run
        run.remove_tags(list(run.user_tags))
        run.add_tag("again")
        run.remove_tag("again")
        run.add_tag("again")
        print(sorted(run.user_tags))
        self.next(self.end)

    @step
    def end(self):
        print(sorted(current.run.user_tags))


if __name__ == "__main__":
    InTasksFlow()
