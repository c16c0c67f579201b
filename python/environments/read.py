"""Reads the values that another environment kept in this home: each is the same, or says which versions do not fit.

Prints JSON: how many are the same, which are refused and why, and which are another value (there must be none).
"""

import json

import values
from metaflow import Flow, namespace

from backlot.errors import UnreadableValue

namespace(None)
data = Flow("Values").latest_successful_run["start"].task.data
same, refused, wrong = 0, {}, {}
for name, text in data.names.items():
    try:
        value = getattr(data, "v_" + name)
    except UnreadableValue as error:
        refused[name] = str(error)
        if not ("written with" in str(error) and "here:" in str(error)):
            wrong[name] = f"both versions are not named: {error}"
        continue
    except Exception as error:
        wrong[name] = f"{type(error).__name__}: {error}"
        continue
    try:
        found = values.canonical_text(value)
    except Exception as error:
        wrong[name] = f"it cannot be used: {type(error).__name__}: {error}"
        continue
    if found == text:
        same += 1
    else:
        wrong[name] = f"{text[:300]} became {found[:300]}"
print(json.dumps({"same": same, "refused": refused, "wrong": wrong}))
