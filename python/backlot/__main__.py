"""`python -m backlot shim on|off|status`: whether Backlot answers `import metaflow` in every Python of the user."""

import os
import sys

_USAGE = """usage: python -m backlot shim on|off|status

  on      from now on `import metaflow` is answered by Backlot, unless Metaflow itself is installed
  off     no longer
  status  says which it is
"""
_NAME = "backlot-metaflow.pth"


def main(words):
    if len(words) != 2 or words[0] != "shim" or words[1] not in ("on", "off", "status"):
        print(_USAGE, file=sys.stderr, end="")
        return 0 if words in (["--help"], ["-h"]) else 2
    return {"on": _on, "off": _off, "status": _status}[words[1]](os.path.join(_site_packages(), _NAME))


def _site_packages():
    """The folder for packages of this environment or, outside of one, of this user."""
    if sys.prefix != sys.base_prefix:
        import sysconfig

        return sysconfig.get_path("purelib")
    import site

    return site.getusersitepackages()


def _on(path):
    import site

    if sys.prefix == sys.base_prefix and not site.ENABLE_USER_SITE:
        print("This Python reads no packages of its user (PYTHONNOUSERSITE or -s), so the shim cannot be put there.",
              file=sys.stderr)  # fmt: skip
        return 1
    shim = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shim", "last.py")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    line = f"import os; f = {shim!r}; os.path.exists(f) and exec(compile(open(f).read(), f, 'exec'), {{'__file__': f}})"
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(line + "\n")
    os.replace(path + ".new", path)
    print(f"The shim is on: {path}")
    return _print_installed()


def _off(path):
    if os.path.exists(path):
        os.remove(path)
        print(f"The shim is off: {path} is removed")
    else:
        print("The shim is off.")
    return 0


def _status(path):
    print(f"The shim is on: {path}" if os.path.exists(path) else "The shim is off.")
    return _print_installed()


def _print_installed():
    from importlib.machinery import PathFinder

    shim = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shim")
    others = [folder for folder in sys.path if os.path.abspath(folder or ".") != shim]
    found = PathFinder.find_spec("metaflow", others)
    if found is not None:
        print(f"Metaflow itself is installed ({found.origin}): it is what `import metaflow` gives.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
