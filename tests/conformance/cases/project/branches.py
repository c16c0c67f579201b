"""Project, branch and production.

"The `@project` decorator exposes new project-related attributes, `project_name`, `branch_name`, and `is_production`"
(Coordinating Larger Projects)

$ python flow.py run
$ python flow.py --branch better_version run
$ python flow.py --production run
$ python flow.py --branch better_version --production run
"""

from metaflow import FlowSpec, current, project, step


@project(name="example_project")
class BranchesFlow(FlowSpec):
    @step
    def start(self):
        print("project name:", current.project_name)
        print("project branch:", current.branch_name)
        print("is this a production run?", current.is_production)
        print(current.project_flow_name)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    BranchesFlow()
