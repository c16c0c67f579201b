"""What `current` tells in a task, and outside of one.

"a singleton object `current` that represents the identity of the currently running task." (Organizing Results)

$ python flow.py run --alpha 2 --tag t
$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, Parameter, current, step


class InTaskFlow(FlowSpec):
    alpha = Parameter("alpha", default=1)
    beta = Parameter("beta-two", default="b")

    @step
    def start(self):
        print("flow name: %s" % current.flow_name)
        print("step name: %s" % current.step_name)
        print("origin run id: %s" % current.origin_run_id)
        print("pathspec ok:", current.pathspec == "/".join(
            (current.flow_name, current.run_id, current.step_name, current.task_id)))
        print("namespace: %s" % current.namespace)
        print("username: %s" % current.username)
        print("flow parameters: %s" % sorted(current.parameter_names))
        print(type(current.run_id).__name__, type(current.task_id).__name__, current.retry_count)
        print(current.is_running_flow, "t" in current.tags, "run_id" in current, current.get("nothing", "dflt"))
        print(current.run.pathspec == "%s/%s" % (current.flow_name, current.run_id), current.task.id == current.task_id)
        self.next(self.end)

    @step
    def end(self):
        print("end has a different step name: %s" % current.step_name)


def client():
    print(current.is_running_flow, getattr(current, "run_id", "none"), getattr(current, "step_name", "none"))
    print("flow_name" in current)


if __name__ == "__main__":
    InTaskFlow()
