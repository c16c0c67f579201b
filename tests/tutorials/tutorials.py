"""Runs the tutorials that ship with Metaflow, unmodified: `tutorials.py <folder of the package> <scratch folder>`.

The flows run as `python FLOW run`, the notebooks' cells as one script each, in one home and in the order of their numbers.
Needs PyPI. Exit status 77: PyPI cannot be reached.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

METAFLOW = "metaflow==2.19.39"
LIBRARIES = ("matplotlib", "editdistance")  # what the tutorials import

# The flow or notebook, and what it must print.
TUTORIALS = [
    ("00-helloworld/helloworld.py", ["Metaflow says: Hi!", "HelloFlow is all done."]),
    ("01-playlist/playlist.py", ["Playlist for movies in genre 'Sci-Fi'", "Bonus Pick:"]),
    ("01-playlist/playlist.ipynb", ["Using run: Run('PlayListFlow/", "Pick 1:", "Top Pick:"]),
    ("02-statistics/stats.py", ["Computing statistics for", "Done!"]),
    ("02-statistics/stats.ipynb", ["Using run: Run('MovieStatsFlow/"]),
    ("03-playlist-redux/playlist.py", ["Using analysis from 'Run('MovieStatsFlow/", "Pick 5:"]),
    ("04-playlist-plus/playlist.py", ["Using analysis from 'Run('MovieStatsFlow/", "Bonus Pick:"]),
    ("05-hello-cloud/hello-cloud.py", ["HelloCloud is finished."]),
    ("05-hello-cloud/hello-cloud.ipynb", ["Using run: Run('HelloCloudFlow/"]),
    ("06-statistics-redux/stats.ipynb", ["The best movie ever made:"]),
    ("07-worldview/worldview.ipynb", ["HelloCloudFlow  Last run:", "Successful: True"]),
]
NOT_RUN = {"08-autopilot/autopilot.ipynb": "it looks at a run on Argo Workflows"}


def main(package, scratch):
    python = _interpreter(scratch)
    if python is None:
        print("tutorials: not run here: PyPI cannot be reached")
        return 77
    work = scratch / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(scratch / "metaflow" / "metaflow" / "tutorials", work)
    _check_that_all_are_listed(work)
    environment = {
        **os.environ,
        "PYTHONPATH": f"{package}:{package}/backlot/shim",
        "BACKLOT_HOME": str(work / "home"),
        "MPLBACKEND": "Agg",
    }
    failed = 0
    for name, wanted in TUTORIALS:
        problem = _problem(python, work / name, wanted, environment)
        failed += problem is not None
        print(f"{'failed' if problem else 'passed'}  {name}" + (f"\n{problem}" if problem else ""))
    for name, why in NOT_RUN.items():
        print(f"not run here  {name}: {why}")
    print(f"{len(TUTORIALS) - failed} passed, {failed} failed, {len(NOT_RUN)} skipped")
    return 1 if failed else 0


def _interpreter(scratch):
    """That of an environment with the libraries; the tutorials lie beside it. None without PyPI."""
    venv = scratch / "environment"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(venv)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    installed = subprocess.run([*pip, *LIBRARIES]).returncode == 0
    target = ["--no-deps", "--upgrade", "--target", str(scratch / "metaflow"), METAFLOW]
    return python if installed and subprocess.run([*pip, *target]).returncode == 0 else None


def _check_that_all_are_listed(work):
    there = {str(p.relative_to(work)) for kind in ("*/*.py", "*/*.ipynb") for p in work.glob(kind)}
    listed = {name for name, _ in TUTORIALS} | set(NOT_RUN)
    if there != listed:
        raise SystemExit(f"tutorials: listed and there are not the same: {sorted(there ^ listed)}")


def _problem(python, path, wanted, environment):
    """What went wrong, in words; None when nothing did."""
    words = [path.name, "run"]
    if path.suffix == ".ipynb":
        script = path.with_suffix(".cells.txt")
        cells = json.loads(path.read_text())["cells"]
        script.write_text("\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code"))
        words = [script.name]
    done = subprocess.run(
        [str(python), *words], cwd=path.parent, env=environment, text=True, timeout=300, capture_output=True
    )
    missing = [text for text in wanted if text not in done.stdout]
    if done.returncode == 0 and not missing:
        return None
    return f"exit code {done.returncode}, missing {missing}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
