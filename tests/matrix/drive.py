"""Runs flow.py by `Runner`, prints what the run printed and ends with its code: `python drive.py run|resume JSON`."""

import json
import os
import sys

from metaflow import Runner


def main():
    arguments = json.loads(sys.argv[2])
    options = {k: os.environ["RUN"] if v == "$RUN" else v for k, v in arguments["options"].items()}
    top = dict(arguments["top"])
    if "config" in top:
        top["config"] = [tuple(pair) for pair in top["config"]]  # JSON has lists only
    with Runner("flow.py", show_output=False, **top) as runner:
        running = getattr(runner, sys.argv[1])(**options)
        sys.stdout.write(running.stdout)
        sys.stderr.write(running.stderr)
        if running.status != ("failed" if running.returncode else "successful"):
            print("status", running.status, "after code", running.returncode)
        sys.exit(running.returncode)


if __name__ == "__main__":
    main()
