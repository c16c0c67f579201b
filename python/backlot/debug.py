"""`debug`: what code says while it works, for who asks by METAFLOW_DEBUG_<WHAT>=1."""

import os
import sys


class Debug:
    """`debug.conda` is whether METAFLOW_DEBUG_CONDA is set, `debug.conda_exec(text)` says something if so."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        what = name[: -len("_exec")] if name.endswith("_exec") else name
        on = bool(os.environ.get(f"METAFLOW_DEBUG_{what.upper()}"))
        if what == name:
            return on
        return (lambda text: self._say(what, text)) if on else (lambda text: None)

    @staticmethod
    def _say(what, text):
        words = text if isinstance(text, str) else " ".join(map(str, text))
        print(f"debug[{what}]: {words}", file=sys.stderr, flush=True)


debug = Debug()
