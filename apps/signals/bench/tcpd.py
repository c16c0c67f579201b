"""The default call on real series whose changes five people have marked (TCPD, van den Burg and Williams 2020), beside
ruptures' defaults and doing nothing: F1 with a margin of 5 and segment covering, their means over the series, and a paired
bootstrap over series of the differences. And leaving one series out: each scored with the two shares of the penalty
(backlot/signals/penalty.h) that do best on the fifteen others. `tcpd.py PROGRAMS DATA` prints JSON; PROGRAMS has
`backlot signals`."""

import csv
import io
import json
import math
import pathlib
import random
import subprocess
import sys

MARGIN = 5
LEAST_SHARES, TREND_SHARES = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5), (0.05, 0.1, 0.2, 0.3, 0.5, 1.0)


def true_positives(marked, found):
    """The marks that have a found change within the margin, each change used once."""
    hit, left = set(), set(found)
    for m in sorted(marked):
        near = sorted((abs(m - f), f) for f in left if abs(m - f) <= MARGIN)
        if near:
            left.remove(near[0][1])
            hit.add(m)
    return hit


def f1(annotations, found):
    """As TCPDBench: the first sample counts as a change for all; precision against all marks, recall the mean over people."""
    found = set(found) | {0}
    people = [set(marks) | {0} for marks in annotations]
    every = set().union(*people)
    precision = len(true_positives(every, found)) / len(found)
    recall = sum(len(true_positives(marks, found)) / len(marks) for marks in people) / len(people)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def segments(changes, count):
    edges = [0, *sorted(c for c in set(changes) if 0 < c < count), count]
    return [range(a, b) for a, b in zip(edges, edges[1:])]


def overlap(a, b):
    both = max(0, min(a.stop, b.stop) - max(a.start, b.start))
    return both / (len(a) + len(b) - both)


def covering(annotations, found, count):
    mine = segments(found, count)
    return sum(
        sum(len(s) * max(overlap(s, m) for m in mine) for s in segments(marks, count)) / count for marks in annotations
    ) / len(annotations)


def read(folder):
    data = json.loads((folder / f"{folder.name}.json").read_text())
    return [(i, v) for i, v in enumerate(data["series"][0]["raw"]) if v is not None], data["n_obs"]


def ours(programs, samples, *options):
    told = changes(programs, samples, *options)
    return [samples[change["index"]][0] for change in told["changes"]]


def changes(programs, samples, *options):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["time", "x"])
    for i, v in samples:
        writer.writerow([1_700_000_000 + 60 * i, repr(float(v))])
    command = [f"{programs}/backlot", "signals", "changes", "-", "--json", *options]
    done = subprocess.run(command, input=text.getvalue(), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]


def with_shares(programs, samples, least, trend):
    """The default call, had the shares been these."""
    told = changes(programs, samples)
    values = [v for _, v in samples]
    middle = sum(values) / len(values)
    whole = sum((v - middle) ** 2 for v in values) / len(values)

    def penalty(least, trend):
        wandering = trend * whole if told["noise"]["phi"] >= 0.97 else max(told["noise"]["long_run"] ** 2, least * whole)
        return 3 * math.log(len(values)) * wandering

    assert math.isclose(penalty(0.1, 0.3), told["penalty"], rel_tol=1e-6), "penalty.h has changed"
    return ours(programs, samples, "--penalty", repr(penalty(least, trend)))


def leaving_one_out(programs, data, annotations):
    scores = {}  # by shares, then by series
    for least in LEAST_SHARES:
        for trend in TREND_SHARES:
            of = scores[least, trend] = {}
            for series in sorted(annotations):
                samples, count = read(data / series)
                people, found = list(annotations[series].values()), with_shares(programs, samples, least, trend)
                of[series] = (f1(people, found), covering(people, found, count))
    chosen = {}
    for left_out in annotations:
        chosen[left_out] = max(scores, key=lambda shares: sum(sum(v) for s, v in scores[shares].items() if s != left_out))
    held_out = [scores[chosen[s]][s] for s in annotations]
    return {
        "f1": mean([s[0] for s in held_out]),
        "covering": mean([s[1] for s in held_out]),
        "shares_chosen": sorted({chosen[s] for s in annotations}),
        "each": {s: scores[chosen[s]][s] for s in annotations},
    }


def ruptures_pelt(samples, model):
    """What its documentation begins with: a penalty of 3 ln n sigma², on series scaled to unit variance."""
    import numpy
    import ruptures

    x = numpy.array([v for _, v in samples], float)
    x = (x - x.mean()) / (x.std() or 1)
    found = ruptures.Pelt(model=model).fit(x).predict(pen=3 * numpy.log(len(x)))
    return [samples[i][0] for i in found if i < len(samples)]


def mean(values):
    return sum(values) / len(values)


def interval(differences, draws=10_000):
    """The middle 90 % of the mean difference, series drawn anew."""
    draw = random.Random(1)
    means = sorted(mean(draw.choices(differences, k=len(differences))) for _ in range(draws))
    return means[draws // 20], means[-draws // 20]


def main(programs, data):
    annotations = json.loads((data / "annotations.json").read_text())
    methods = {"backlot": lambda s: ours(programs, s), "nothing": lambda s: []}
    try:
        import ruptures  # noqa: F401

        for model in ("l2", "rbf", "normal"):
            methods[f"ruptures_pelt_{model}"] = lambda s, m=model: ruptures_pelt(s, m)
    except ImportError:
        pass
    scores = {name: {} for name in methods}
    for series in sorted(annotations):
        samples, count = read(data / series)
        people = list(annotations[series].values())
        for name, method in methods.items():
            found = method(samples)
            scores[name][series] = (f1(people, found), covering(people, found, count), len(found))
    result = {"series": len(annotations)}
    for name, of in scores.items():
        result[name] = {"f1": mean([s[0] for s in of.values()]), "covering": mean([s[1] for s in of.values()])}
        if name != "backlot":
            for k, measure in enumerate(("f1", "covering")):
                result[name][f"backlot_minus_this_{measure}_90"] = interval([scores["backlot"][s][k] - of[s][k] for s in of])
    result["leaving_one_out"] = held_out = leaving_one_out(programs, data, annotations)
    for name in ("nothing", "ruptures_pelt_l2"):
        if name not in scores:
            continue
        for k, measure in enumerate(("f1", "covering")):
            held_out[f"minus_{name}_{measure}_90"] = interval([held_out["each"][s][k] - scores[name][s][k] for s in scores[name]])
    del held_out["each"]
    if "ruptures_pelt_l2" not in methods:
        result["ruptures"] = "not measured here"
    result["each"] = {s: {n: [round(x, 3) for x in scores[n][s]] for n in methods} for s in annotations}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
