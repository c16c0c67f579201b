"""Another user's runs are not seen unless one asks for them.

"an important feature of namespaces is to make sure that you can't accidentally use someone else's results" (Organizing
Results)

$ python flow.py run --tag shared
$ USER=anne USERNAME=anne METAFLOW_USER=anne python -c "import flow; flow.client()"
$ METAFLOW_USER=anne python flow.py run --namespace user:bob
$ METAFLOW_USER=anne python flow.py run --namespace ""
"""

from metaflow import FlowSpec, current, get_namespace, step


class NamespacesFlow(FlowSpec):
    @step
    def start(self):
        print(get_namespace(), current.namespace, current.username)
        self.next(self.end)

    @step
    def end(self):
        pass


def client():
    from metaflow import Flow, Run, default_namespace, get_namespace, namespace
    from metaflow.exception import MetaflowNamespaceMismatch, MetaflowNotFound

    print(get_namespace())
    for what in (lambda: Flow("NamespacesFlow"), lambda: Flow("NoFlow")):
        try:
            what()
        except (MetaflowNamespaceMismatch, MetaflowNotFound) as error:
            print(type(error).__name__)
    for name in ("user:bob", "shared", None):
        namespace(name)
        flow = Flow("NamespacesFlow")
        print(get_namespace(), len(list(flow)), flow.latest_run.id == list(flow)[0].id)
        print(Run(flow.latest_run.pathspec).successful)
    print(default_namespace())


if __name__ == "__main__":
    NamespacesFlow()
