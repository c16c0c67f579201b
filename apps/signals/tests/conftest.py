"""Incidents in files, and the program that explains them. BACKLOT_PROGRAMS is build/release/bin, BACKLOT_PACKAGE
build/release/python."""

import csv
import json
import os
import pathlib
import random
import subprocess
import sys

import pytest

sys.path.insert(0, os.environ["BACKLOT_PACKAGE"])

PROGRAM = pathlib.Path(os.environ["BACKLOT_PROGRAMS"]) / "backlot"
START, MINUTES, ONSET = 1_773_129_600, 480, 440  # 2026-03-10T08:00:00Z
TARGET = 'page_latency{service="front"}'


def incident(seed=5):
    """{series: values}: a service of which six series change two minutes before the target does; a pod is replaced."""
    draw = random.Random(seed)
    noise = lambda: [draw.gauss(10, 1) for _ in range(MINUTES)]  # noqa: E731
    series = {TARGET: [v + 8 * (i >= ONSET) for i, v in enumerate(noise())]}
    for k in range(6):
        series[f'depth_{k}{{service="cart",zone="b"}}'] = [v + 7 * (i >= ONSET - 2) for i, v in enumerate(noise())]
    for k in range(60):
        series[f'depth_{k}{{service="s{k % 12}",zone="{"ab"[k % 2]}"}}'] = noise()
    total = 0.0
    counter = []
    for i in range(MINUTES):
        total = 0 if i == 200 else total + draw.gauss(900, 30) * (1 + (i >= ONSET - 1))
        counter.append(total)
    series['requests_total{service="cart",zone="b"}'] = counter
    series['threads{pod="x-1",service="s1"}'] = [v if i < 300 else None for i, v in enumerate(noise())]
    series['threads{pod="x-2",service="s1"}'] = [v if i >= 300 else None for i, v in enumerate(noise())]
    series["limit"] = [3.0] * MINUTES
    counts = {"0.1": 0.0, "0.5": 0.0, "+Inf": 0.0}  # a histogram whose slow part grows with the incident
    buckets = {le: [] for le in counts}
    for i in range(MINUTES):
        slow = 40 if i >= ONSET - 2 else 4
        for le, share in (("0.1", 100 - slow), ("0.5", 98), ("+Inf", 100)):
            counts[le] += share + draw.random()
            buckets[le].append(counts[le])
    for le, values in buckets.items():
        series[f'wait_seconds_bucket{{le="{le}",service="cart",zone="b"}}'] = values
    return series


def run(*words, stdin=None, cwd=None):
    return subprocess.run([str(PROGRAM), "signals", *map(str, words)], capture_output=True, text=True, input=stdin, cwd=cwd, timeout=120)


@pytest.fixture(scope="session")
def wide(tmp_path_factory):
    path = tmp_path_factory.mktemp("incident") / "incident.csv"
    series = incident()
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["time", *series])
        for i in range(MINUTES):
            writer.writerow([START + 60 * i, *("" if v[i] is None else repr(v[i]) for v in series.values())])
    return path


def report_of(done):
    assert done.returncode in (0, 3), done.stderr
    return json.loads(done.stdout)
