"""Reads artifacts of the last run of a flow through the client, and prints them as JSON: read.py FLOW STEP NAME…"""
import json
import sys
import time

from metaflow import Flow, namespace

namespace(None)
flow, step, *names = sys.argv[1:]
task = Flow(flow).latest_run[step].task
if names == ["*"]:
    began = time.perf_counter()
    values = {artifact.id: artifact.data for artifact in task}
    print(json.dumps({"count": sum(1 for n in values if n[1:].isdigit()), "seconds": time.perf_counter() - began}))
else:
    found = {name: getattr(task.data, name) for name in names}
    found["finished"] = task.finished_at.timestamp()
    print(json.dumps(found))
