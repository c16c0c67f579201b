"""What the function of a default knows of the project.

"The name of the project assigned to this flow, i.e. `X` in `@project(name=X)`." (current.project_name);
"A function implies that the parameter corresponds to a *deploy-time parameter*." (Parameter)

$ python flow.py run
$ python flow.py --branch b run
$ python flow.py --production run
"""

from metaflow import FlowSpec, Parameter, current, project, step


def table(context):
    return "_".join(
        map(str, (current.project_name, current.branch_name, current.is_user_branch, current.is_production))
    )


def whole(context):
    print("told of", current.project_flow_name, current.flow_name, current.is_running_flow, current.run_id)
    return current.project_flow_name


@project(name="films")
class DeployTimeFlow(FlowSpec):
    table = Parameter("table", default=table)
    whole = Parameter("whole", default=whole)

    @step
    def start(self):
        print(self.table, self.whole == current.project_flow_name)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    DeployTimeFlow()
