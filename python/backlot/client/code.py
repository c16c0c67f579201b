"""The source of a run."""

import os

from backlot.client import notes


class MetaflowCode:
    """The source of a run: the file in which its flow is written."""

    def __init__(self, flow_name, source, script_name, path):
        self._source = source
        self.script_name, self.path = script_name, path
        self.info = {"script": script_name, "flow_name": flow_name}

    @property
    def flowspec(self):
        """The text of the flow's file."""
        return self._source.decode("utf-8", errors="replace")

    @property
    def tarball(self):
        """An archive that holds the file."""
        import io
        import tarfile

        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            entry = tarfile.TarInfo(self.script_name)
            entry.size = len(self._source)
            tar.addfile(entry, io.BytesIO(self._source))
        packed.seek(0)
        return tarfile.open(fileobj=packed, mode="r:gz")

    def extract(self):
        """A temporary folder with the file, removed when the object goes."""
        import tempfile

        folder = tempfile.TemporaryDirectory()
        with open(os.path.join(folder.name, self.script_name), "wb") as file:
            file.write(self._source)
        return folder

    def __str__(self):
        return f"<MetaflowCode: {self.script_name}>"

    __repr__ = __str__


def code_of(of):
    """The code of a run of a Python flow; None of others, whose code is a program."""
    run = of._run_row
    info = notes.graph_info(of)
    script = info.load().get("file") if info is not None else None
    source = run.code if script else b""
    return MetaflowCode(of._parts[0], source, script, f"{run.root}/store") if source else None
