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
    seconds = time.perf_counter() - began
    small = [value for name, value in values.items() if name[1:].isdigit()]
    print(json.dumps({"count": len(small), "sum": sum(small), "seconds": seconds}))
else:
    found = {name: getattr(task.data, name) for name in names}
    found["finished"] = task.finished_at.timestamp()
    print(json.dumps(found))
