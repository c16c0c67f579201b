"""How a flow is run: by what it is named, where it belongs, with what around it."""

from commands import Do, Shell
from features.base import Feature


class Environment(Feature):
    """Variables of the environment are set for a step.

    "`@environment` ... specifies environment variables to be set prior to the execution of a step" (API)
    """

    modules = ("os",)
    imports = ("environment",)

    def decorators(self, shape, step):
        return ['@environment(vars={"COLOUR": "red"})'] if step.name == shape.culprit else []

    def body(self, shape, step):
        return ['print(os.environ.get("COLOUR"))']


class Resources(Feature):
    """A step asks for resources: that does not change what it does.

    "`@resources` ... specifies the resources needed when executing this step" (API)
    """

    imports = ("resources", "current")

    def decorators(self, shape, step):
        return ["@resources(cpu=1, memory=100)"] if step.name == shape.culprit else []

    def body(self, shape, step):
        return ["print(current.step_name)"]


class Project(Feature):
    """A flow belongs to a project, and a run to a branch of it.

    "The `@project` decorator exposes new project-related attributes" (Coordinating Larger Projects)
    """

    imports = ("project", "current")
    of_flow = ('@project(name="matrix")',)

    def body(self, shape, step):
        return ["print(current.project_name, current.branch_name, current.is_production, current.project_flow_name)"]

    def commands(self, shape):
        return [Do(top={"branch": "try"})]


class Tags(Feature):
    """A run has tags, and gets and loses some when it is over.

    "tags can be mutated any time" (Organizing Results)
    """

    imports = ("current",)

    def body(self, shape, step):
        return ['print(sorted(t for t in current.tags if ":" not in t))']

    def commands(self, shape):
        return [
            Do(options={"tags": ["one", "two words"]}),
            Shell("python flow.py tag add --run-id $RUN three > added 2>&1"),
            Shell("python flow.py tag remove --run-id $RUN one > removed 2>&1"),
        ]


class Namespaces(Feature):
    """Runs are looked for in a namespace.

    "an important feature of namespaces is to make sure that you can't accidentally use someone else's results"
    (Organizing Results)
    """

    imports = ("get_namespace",)

    def body(self, shape, step):
        return ["print(get_namespace())"]

    def files(self, shape, flow):
        return {
            "spaces.py": f"""from metaflow import Flow, Step, get_namespace, namespace

for name in ("user:bob", "user:anne", None):
    namespace(name)
    try:
        run = Flow("{flow}").latest_run
        print(get_namespace(), run["{shape.last}"].task.data.trail == Step(f"{{run.pathspec}}/{shape.last}").task["trail"].data)
    except Exception as error:
        print(get_namespace(), type(error).__name__)
"""
        }

    def commands(self, shape):
        return [Do(options={"user_namespace": "user:carl"}), Shell("python spaces.py")]


class Current(Feature):
    """A task knows who and where it is.

    "a singleton object `current` that represents the identity of the currently running task." (Organizing Results)
    """

    imports = ("Parameter", "current")
    members = 'alpha = Parameter("alpha", default=1)'

    def body(self, shape, step):
        return [
            "print(current.flow_name, current.step_name, current.username, current.retry_count, current.origin_run_id)",
            'print(current.pathspec.split("/") == [current.flow_name, current.run_id, current.step_name, current.task_id])',
            "print(current.is_running_flow, current.parameter_names, current.task.parent.id, current.run.id == current.run_id)",
        ]


class With(Feature):
    """Decorators are given to every step by the command line.

    "`run --with retry` ... adds the decorator to every step" (Dealing with Failures)
    """

    modules = ("os",)
    imports = ("current",)

    def body(self, shape, step):
        lines = ['print(current.retry_count, os.environ.get("HUE"))']
        if step.name == shape.culprit:
            lines += [f"if {shape.when} and current.retry_count == 0:", '    raise ValueError("once")']
        return lines

    def commands(self, shape):
        return [Do(top={"decospecs": ["retry:times=1,minutes_between_retries=0", 'environment:vars={"HUE": "blue"}']})]


class ExitHooks(Feature):
    """Functions are called when the run has ended.

    "`@exit_hook` ... runs functions on success or on error of the flow" (API)
    """

    imports = ("exit_hook",)
    before = """
def good(run):
    print("good", run.successful)


def bad(run):
    print("bad", run.successful)
"""
    of_flow = ("@exit_hook(on_success=[good], on_error=[bad])",)


class Variables(Feature):
    """Options and parameters are given by variables of the environment.

    "`METAFLOW_RUN_<PARAMETER_NAME>` ... sets a parameter" (Creating Flows)
    """

    imports = ("Parameter", "current")
    members = 'alpha = Parameter("alpha", default=1)\nbeta = Parameter("beta", default="b")'

    def body(self, shape, step):
        return ['print(self.alpha, self.beta, sorted(t for t in current.tags if ":" not in t))']

    def commands(self, shape):
        return [Do(options={"beta": "given"}, variables="METAFLOW_RUN_ALPHA=3 METAFLOW_RUN_BETA=no METAFLOW_RUN_TAGS=t")]


class Options(Feature):
    """One task at a time, not too many items, and the id of the run in a file.

    "`--max-workers` ... the maximum number of parallel tasks", "`--run-id-file`" (Controlling Execution)
    """

    def body(self, shape, step):
        return ['print("one at a time")']

    def commands(self, shape):
        return [
            Do(options={"max_workers": 1, "max_num_splits": 2, "run_id_file": "id"}),
            Shell("grep -cE '^[0-9]{16}$' id"),
        ]
