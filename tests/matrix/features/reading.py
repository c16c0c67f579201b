"""How a flow and its runs are looked at."""

from commands import Do, Shell
from features.base import Feature


class Logs(Feature):
    """What tasks print is kept, by stream.

    "`stdout`: A string containing the standard output of this `Task`." (Client API)
    """

    modules = ("sys",)

    def body(self, shape, step):
        return [f'print("out of {step.name}")', f'sys.stderr.write("err of {step.name}")', 'sys.stdout.write("unfinished")']

    def commands(self, shape):
        return [
            Do(),
            Shell(f"python flow.py logs --stdout $RUN/{shape.first}"),
            Shell(f"python flow.py logs --stderr $RUN/{shape.last}"),
        ]


class Client(Feature):
    """Runs, steps, tasks and artifacts are read in Python, and by `dump`.

    "Flow … Run … Step … Task … DataArtifact … contain each other" (Client API)
    """

    def body(self, shape, step):
        return [f"self.here = {step.name!r}", "self.four = list(range(4))"]

    def files(self, shape, flow):
        return {
            "look.py": f"""from metaflow import Flow, Metaflow, Run, Task

flow = Flow("{flow}")
run = flow.latest_run
print([f.id for f in Metaflow()], run.id == flow.latest_successful_run.id, run.successful, run.finished, run.end_task.data.here)
print(run.data.four, sorted(a.id for a in run.end_task.artifacts if a.id in ("here", "four", "trail")))
for step in sorted(run, key=lambda s: s.id):
    tasks = list(step)
    print(step.id, len(tasks), sorted(t.data.here for t in tasks), step.task.id in [t.id for t in tasks])
    print(step.finished_at >= run.created_at, {{t.successful for t in tasks}}, step.pathspec == "/".join([run.pathspec, step.id]))
    task = Task(tasks[0].pathspec)
    print(task["four"].data, task["four"].pathspec == task.pathspec + "/four", "four" in task, "none" in task)
    print(task.parent == step, task.parent.parent == run, Run(run.pathspec)[step.id][task.id].index == task.index)
"""
        }

    def commands(self, shape):
        return [
            Do(),
            Shell("python look.py"),
            Shell(f"python flow.py dump $RUN/{shape.last} --include here,four"),
        ]


class Described(Feature):
    """A flow is checked and shown without being run.

    "`show` ... prints the structure of the flow" (Creating Flows)
    """

    def commands(self, shape):
        return [Shell("python flow.py check"), Shell("python flow.py show")]
