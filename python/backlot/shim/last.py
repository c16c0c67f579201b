# Run at the start of Python by the file that `python -m backlot shim on` writes: what nobody else answers to
# `import metaflow` and `import backlot`, these folders do.
import os
import sys


class _Last:
    here = os.path.dirname(os.path.abspath(__file__))
    folders = {"metaflow": here, "backlot": os.path.dirname(os.path.dirname(here))}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if path is not None or name not in cls.folders:
            return None
        from importlib.machinery import PathFinder

        return PathFinder.find_spec(name, [cls.folders[name]])


sys.meta_path.append(_Last)
