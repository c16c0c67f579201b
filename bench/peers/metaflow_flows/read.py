"""read.py FLOW ARTIFACT: what the last task of the last run left, by Metaflow's client, as JSON."""
import json
import sys

from metaflow import Flow, namespace

namespace(None)
flow, artifact = sys.argv[1:]
print(json.dumps(Flow(flow).latest_successful_run["end"].task[artifact].data))
