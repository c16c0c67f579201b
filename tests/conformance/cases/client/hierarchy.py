"""Down and up through flow, run, step, task and artifact.

"Every object listed above follows a consistent interface." (Client API)

$ python flow.py run
$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, step


class HierarchyFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        self.next(self.a, self.b)

    @step
    def a(self):
        self.x = 2
        self.next(self.join)

    @step
    def b(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.x = sorted(i.x for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        pass


def client():
    import datetime

    from metaflow import DataArtifact, Flow, Metaflow, Run, Step, Task
    from metaflow.exception import MetaflowNotFound

    print([f.id for f in Metaflow()], "HierarchyFlow" in Metaflow())
    flow = Flow("HierarchyFlow")
    run = flow.latest_run
    print(sorted(s.id for s in run), list(run)[0].id, "a" in run, "nobody" in run, run["a"].task.data.x, run.data.x)
    print(flow[run.id] == run, Run(run.pathspec) == run, Step(run.pathspec + "/join").task.data.x)
    task = run["start"].task
    print(Task(task.pathspec).id == task.id, task["x"].data, DataArtifact(task.pathspec + "/x").data, "x" in task)
    print(task.parent.id, task.parent.parent.id == run.id, task.parent.parent.parent.id, task["x"].parent.id == task.id)
    print(len(task["x"].sha) == 40 or len(task["x"].sha) == 64, task["x"].pathspec.split("/")[2:])
    print([a.id for a in task], [a.id for a in task.artifacts], task.artifacts.x.data, task.data)
    print(type(run.created_at), run.created_at.tzinfo, run.finished_at >= run.created_at, type(task.finished_at))
    print(run.finished_at - datetime.datetime.now() < datetime.timedelta(minutes=1))
    print(run.end_task.parent.id, run.end_task.successful, run["start"].finished_at <= run["end"].finished_at)
    print(repr(flow), repr(run).split("/")[0], str(task).split("/")[0])
    print(task.metadata_dict["script-name"], sorted({m.type for m in task.metadata if m.name == "attempt"}))
    print([s.id for s in run["join"].parent_steps], [s.id for s in run["start"].child_steps])
    for path in ("HierarchyFlow/17", "NoFlow", run.pathspec + "/nobody", task.pathspec + "/nothing"):
        kind = {1: Flow, 2: Run, 3: Step, 5: DataArtifact}[len(path.split("/"))]
        try:
            kind(path)
        except MetaflowNotFound:
            print("not found")
    try:
        task.data.nothing
    except AttributeError:
        print("no such artifact")


if __name__ == "__main__":
    HierarchyFlow()
