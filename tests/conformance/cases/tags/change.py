"""Tags are added, removed and replaced after the run, by command and by client.

"tags can be mutated any time" (Organizing Results)

$ python flow.py run --tag one
$ python flow.py tag add --run-id $RUN two three > added 2>&1
$ python flow.py tag remove --run-id $RUN one > removed 2>&1
$ python flow.py tag replace --run-id $RUN --remove two --add better > replaced 2>&1
$ python flow.py tag list --run-id $RUN --hide-system-tags
$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, step


class ChangeFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


def client():
    from metaflow import Flow

    run = Flow("ChangeFlow").latest_run
    print(sorted(run.user_tags))
    run.add_tag("c1")
    run.add_tags(["c2", "c3", "c1"])
    run.remove_tag("c2")
    run.replace_tag("c3", "c4")
    run.replace_tags(["better"], ["best", "b2"])
    run.remove_tags(["never there"])
    print(sorted(run.user_tags), sorted(run["start"].user_tags) == sorted(run.user_tags))
    for bad in (lambda: run.remove_tag("user:bob"), lambda: run.add_tag("")):
        try:
            bad()
            print("taken")
        except Exception as error:
            print(type(error).__name__)


if __name__ == "__main__":
    ChangeFlow()
