"""`current`: where the code that asks is running."""

import os


class Current:
    """In a task what it is; outside of one everything is None."""

    def __init__(self):
        self._flow = self._session = None

    def _enter(self, flow, session):
        self._flow, self._session = flow, session

    def _of(self, name):
        return getattr(self._session, name) if self._session is not None else None

    @property
    def is_running_flow(self):
        return self._session is not None

    @property
    def flow_name(self):
        return self._of("flow")

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
        return self._of("attempt")

    @property
    def origin_run_id(self):
        run = self._of("origin_run")
        return str(run) if run else None

    @property
    def pathspec(self):
        if self._session is None:
            return None
        return f"{self.flow_name}/{self.run_id}/{self.step_name}/{self.task_id}"

    @property
    def tempdir(self):
        return self._of("temp_dir")

    @property
    def username(self):
        return os.environ.get("METAFLOW_USER") or os.environ.get("USER")


current = Current()
