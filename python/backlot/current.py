"""`current`: where the code that asks is running. Others fill it in; it imports none of them."""

import os


class Current:
    """In a task what it is; outside of one, most of it is None."""

    def __init__(self):
        self._flow = self._session = self._flow_name = self._tags = None
        self._makers = {}

    def _enter(self, flow, session, makers):
        """`makers`: by name, functions that make what a task seldom asks for."""
        self._flow, self._session, self._makers = flow, session, makers

    def _settle(self, flow_name, values):
        """What is known before the run begins, and so by the functions of defaults."""
        self._flow_name = flow_name
        self._update_env(values)

    def _update_env(self, values):
        """More attributes, such as those of @project. Those that are there already come first."""
        self.__dict__.update(values)

    def _of(self, name):
        return getattr(self._session, name) if self._session is not None else None

    def _made(self, name):
        return self._makers[name]() if name in self._makers else None

    def __contains__(self, name):
        return self.get(name) is not None

    def get(self, name, default=None):
        """An attribute by its name, or `default` when there is none."""
        return getattr(self, name, default)

    @property
    def is_running_flow(self):
        return self._session is not None

    @property
    def flow_name(self):
        return self._flow_name

    @property
    def run_id(self):
        run = self._of("run_id")
        return None if run is None else str(run)

    @property
    def step_name(self):
        return self._of("step")

    @property
    def task_id(self):
        number = self._of("number")
        return None if number is None else str(number)

    @property
    def retry_count(self):
        """How often the task was tried before."""
        return self._of("attempt")

    @property
    def origin_run_id(self):
        """The run that this one resumes; None when it resumes none."""
        run = self._of("origin_run")
        return str(run) if run else None

    @property
    def pathspec(self):
        """The address of the task: flow/run/step/task."""
        if self._session is None:
            return None
        return f"{self.flow_name}/{self.run_id}/{self.step_name}/{self.task_id}"

    @property
    def namespace(self):
        """The namespace in which the client looks."""
        return self._made("namespace")

    @property
    def username(self):
        """Who runs the flow."""
        return self._made("username")

    @property
    def tags(self):
        """The tags that the run was started with, as a set."""
        return self._tags

    @property
    def tempdir(self):
        """A folder for this task alone, removed with it; outside of a task that of the system."""
        if self._session is not None:
            return self._session.temp_dir
        return os.environ.get("METAFLOW_TEMPDIR", ".")

    @property
    def task(self):
        """The task as the client has it."""
        return self._made("task")

    @property
    def run(self):
        """The run as the client has it."""
        return self._made("run")

    @property
    def graph(self):
        """The flow's graph as a dictionary: its steps, with type, decorators and what follows."""
        if self._flow is None:
            raise RuntimeError("Graph is not available")
        return self._flow._graph_info

    @property
    def graph_info(self):
        return self._flow._graph_info if self._flow is not None else None

    @property
    def parameter_names(self):
        """The names of the flow's parameters."""
        return sorted(self._flow._parameters) if self._flow is not None else None

    @property
    def parameters(self):
        """The run's parameters by name: `current.parameters.alpha`."""
        return Parameters(self._flow) if self._flow is not None else None

    @property
    def parallel(self):
        """The place of this node among those of a step with num_parallel: here the only one."""
        return Parallel(
            os.environ.get("MF_PARALLEL_MAIN_IP", "127.0.0.1"),
            int(os.environ.get("MF_PARALLEL_NUM_NODES", "1")),
            int(os.environ.get("MF_PARALLEL_NODE_INDEX", "0")),
            os.environ.get("MF_PARALLEL_CONTROL_TASK_ID") or self.task_id,
        )

    @property
    def is_parallel(self):
        return False

    @property
    def trigger(self):
        """What started the run; None: a person did."""
        return None

    @property
    def card(self):
        """Takes what a card is made of. Cards are not drawn yet, which is said once."""
        found = self.__dict__.get("_card")
        if found is None:
            from backlot.cards import CardInTask

            found = self.__dict__["_card"] = CardInTask()
        return found

    def __repr__(self):
        return f"<current {self.pathspec}>" if self._session is not None else "<current, outside of a task>"


class Parallel(tuple):
    """main_ip, num_nodes, node_index, control_task_id."""

    __slots__ = ()

    def __new__(cls, main_ip, num_nodes, node_index, control_task_id):
        return super().__new__(cls, (main_ip, num_nodes, node_index, control_task_id))

    main_ip = property(lambda self: self[0])
    num_nodes = property(lambda self: self[1])
    node_index = property(lambda self: self[2])
    control_task_id = property(lambda self: self[3])


class Parameters:
    """The parameters of the run that a task is of; read only."""

    def __init__(self, flow):
        self.__dict__["_flow"] = flow

    def __getattr__(self, name):
        if name not in self._flow._parameters:
            raise AttributeError(f"The flow {self._flow.name} has no parameter '{name}'")
        return getattr(self._flow, name)

    def __setattr__(self, name, value):
        raise AttributeError("Parameters are fixed when the run begins.")

    def __dir__(self):
        return sorted(self._flow._parameters)

    def __iter__(self):
        return iter(sorted(self._flow._parameters))

    def get(self, name, default=None):
        return getattr(self, name, default)


current = Current()
