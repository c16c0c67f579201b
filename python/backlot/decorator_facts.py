"""What schedulers ask of decorators."""

from backlot import decorators, metaflow_config


def get_run_time_limit_for_task(step_decos):
    """For how many seconds a task may run: as its @timeout says, else as METAFLOW_DEFAULT_RUNTIME_LIMIT does."""
    for decorator in step_decos:
        if isinstance(decorator, decorators.Timeout):
            return decorator.seconds
    return metaflow_config.DEFAULT_RUNTIME_LIMIT


def format_name(flow_name, project_name, deploy_prod, given_branch, user_name):
    """What @project calls a flow and its branch: (name of the flow in its project, name of the branch)."""
    given = {"name": project_name, "branch": given_branch, "production": deploy_prod}
    found = decorators.Project(given, statically_defined=False).settle({}, flow_name, user_name)
    return found["project_flow_name"], found["branch_name"]
