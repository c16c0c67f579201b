"""`apps/signals/flows/investigate`: killed in the middle and resumed, it ends with the report that one process writes."""

import json
import os
import signal
import subprocess
import time

from conftest import PROGRAM, TARGET, report_of, run

FLOW = PROGRAM.parent / "investigate"


def test_killed_and_resumed_the_report_is_the_same(wide, tmp_path):
    environment = {**os.environ, "BACKLOT_HOME": str(tmp_path / "home")}

    def backlot(*words):
        return subprocess.run([str(PROGRAM), *words], env=environment, capture_output=True, text=True, timeout=60)

    words = [str(FLOW), "run", "--series", str(wide), "--target", TARGET, "--shards", "30", "--max-workers", "1", "--quiet"]
    flow = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline, done = time.monotonic() + 60, 0
    while done < 3 and flow.poll() is None and time.monotonic() < deadline:
        steps = backlot("list", "Investigate/last", "--json")
        done = sum(s["done"] for s in json.loads(steps.stdout) if s["step"] == "shard") if steps.returncode == 0 else 0
    assert flow.poll() is None, "it ended before it was killed"
    flow.send_signal(signal.SIGKILL)
    flow.wait()
    resumed = subprocess.run([str(FLOW), "resume", "--quiet"], env=environment, capture_output=True, text=True, timeout=120)
    assert resumed.returncode == 0, resumed.stderr
    states = json.loads(backlot("list", "Investigate/last/shard", "--json").stdout)
    assert any("cloned_from_task" in task for task in states), "nothing of the first run was kept"
    report = json.loads(backlot("get", "Investigate/last/conclude/report").stdout)
    assert report == report_of(run("investigate", wide, "--target", TARGET, "--json"))
    assert report["is_explained"]
