"""A smoke test on real incidents: PetShop (Hardt and others 2023), of a microservice application, five samples of five minutes
each. The hours without an issue stand before each incident as its past, and the nodes' names are shuffled, so that nothing
can be known by name. The alert is in the sample of which the time is the next: samples say what was until then. `petshop.py PACKAGE DATA` prints JSON: how often the node of the true cause is among the first one and
three that are shown, and how often nothing is called explained where there was no issue."""

import csv
import json
import pathlib
import random
import sys

PAST, STEP = 240, 300


def read(path):
    """[((node, metric, aggregation), [value or NaN])]; the first three rows are the names."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    heads = list(zip(*rows[:3]))[1:]
    body = [row for row in rows[3:] if row[0] not in ("", "timestamp") and row[0].replace(".", "").isdigit()]
    return {head: [float(row[i + 1]) if row[i + 1] else float("nan") for row in body] for i, head in enumerate(heads)}


def times_of(path):
    with open(path, newline="") as file:
        return [float(row[0]) for row in csv.reader(file) if row and row[0].replace(".", "").isdigit()]


def names_of(folder, seed=1):
    nodes = sorted({head[0] for path in folder.rglob("metrics.csv") for head in read(path)})
    numbers = list(range(len(nodes)))
    random.Random(seed).shuffle(numbers)
    return {node: f"n{number}" for node, number in zip(nodes, numbers)}


def calls_of(folder, names):
    with open(folder / "graph.csv", newline="") as file:
        rows = list(csv.reader(file))
    return [
        (names[row[0]], names[callee])
        for row in rows[1:]
        for callee, weight in zip(rows[0][1:], row[1:])
        if weight not in ("", "0.0", "0") and row[0] in names and callee in names
    ]


def investigate(past, now, target, names, calls, alert):
    """`alert`: the number of the sample in which it was."""
    import numpy

    from backlot import signals

    columns, size = {}, PAST + len(next(iter(now.values())))
    for (node, metric, aggregation), values in now.items():
        # Months lie between: the past is given the level of the samples before the alert.
        before = past.get((node, metric, aggregation), [float("nan")] * PAST)[-PAST:]
        there = sorted(v for v in before if v == v)
        level = there[len(there) // 2] if there else 0
        quiet = [v for v in values[:alert] if v == v]
        if level and quiet:
            before = [v * sum(quiet) / len(quiet) / level for v in before]
        columns[f'{metric}_{aggregation}{{node="{names[node]}"}}'] = numpy.array(before + values)
    name = f'{target[1]}_{target[2]}{{node="{names[target[0]]}"}}'
    time = 1_700_000_000 // STEP * STEP + STEP * numpy.arange(size)
    return signals.investigate(name, columns, time=time, window=(time[0], time[-1] + STEP), weeks=0, alert_at=int(time[PAST + alert]),
                               horizon="30m", max_lag="1h", calls=calls, service_label="node")  # fmt: skip


def nodes_in_order(report):
    nodes = []
    for finding in report.findings:
        node = finding["labels"]["node"]
        if node not in nodes:
            nodes.append(node)
    return nodes


def main(package, folder):
    sys.path.insert(0, package)
    names, past = names_of(folder), read(folder / "noissue" / "metrics.csv")
    calls = calls_of(folder, names)
    incidents = sorted(folder.glob("t*/issue_*"))
    first, three, said = 0, 0, 0
    for incident in incidents:
        told = json.loads((incident / "target.json").read_text())
        target = (told["target"]["node"], told["target"]["metric"], told["target"]["agg"])
        alert = next(i for i, t in enumerate(times_of(incident / "metrics.csv")) if t >= told["target"]["timestamp"])
        report = investigate(past, read(incident / "metrics.csv"), target, names, calls, alert)
        nodes = [node for node in nodes_in_order(report) if node != names[target[0]]]
        cause = names[told["root_cause"]["node"]]
        first += nodes[:1] == [cause]
        three += cause in nodes[:3]
        said += report.is_explained
    quiet = 0
    ends = range(PAST + 5, len(next(iter(past.values()))), 7)
    for end in ends:
        now = {head: values[end - 5 : end] for head, values in past.items()}
        before = {head: values[: end - 5] for head, values in past.items()}
        quiet += not investigate(before, now, ("PetSite", "latency", "Average"), names, calls, 2).is_explained
    print(json.dumps({"incidents": len(incidents), "top_1": first / len(incidents), "top_3": three / len(incidents),
                      "explained": said / len(incidents), "without_an_issue": len(ends), "nothing_said": quiet / len(ends)}))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
