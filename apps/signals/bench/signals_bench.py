"""All that signals is measured by: kernels, incidents, real series, each with its peers where they can be had.
`signals_bench.py BUILD [full] [--alone]` prints JSON; BUILD is build/release. Peers: ruptures, numpy, scipy from PyPI;
`--alone` leaves them out."""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[3] / "shared" / "data" / "signals"


def run(*words):
    return json.loads(subprocess.run([str(w) for w in words], capture_output=True, text=True, check=True).stdout)


def median_ms(action, repeats=5):
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        action()
        times.append((time.process_time() - begin) * 1e3)
    return statistics.median(times)


def kernel_cpd(folder, entry):
    """ruptures' kernel in C, which is exact for l2; it must find what we do."""
    import numpy
    import ruptures

    path = pathlib.Path(folder) / f"{entry['samples']}_{entry['changes_made']}.f64"
    if not path.exists():
        return "not measured here"
    x = numpy.fromfile(path)
    found = []

    def search():
        found[:] = ruptures.KernelCPD(kernel="linear", min_size=1).fit(x.reshape(-1, 1)).predict(pen=entry["penalty"])

    ms = median_ms(search, 3)
    edges = [0, *found]
    cost = sum(((x[a:b] - x[a:b].mean()) ** 2).sum() for a, b in zip(edges, edges[1:]))
    objective = cost + entry["penalty"] * (len(found) - 1)
    assert entry["objective"] <= objective * (1 + 1e-9), (entry["objective"], objective)
    return {"ms": ms, "changes_found": len(found) - 1, "objective": objective, "ratio": ms / entry["ms"]}


def numpy_screening():
    """One matrix product of all series with 121 lagged copies, single precision, normalised per overlap."""
    import numpy

    rng = numpy.random.default_rng(1)
    n, t, lags = 1024, 1440, 60
    x, y = rng.normal(size=(n, t)).astype("f4"), rng.normal(size=t).astype("f4")

    def screen():
        padded = numpy.zeros(t + 2 * lags, "f4")
        padded[lags:-lags] = y
        copies = numpy.lib.stride_tricks.sliding_window_view(padded, t).T.copy()
        products = x @ copies
        ones = numpy.zeros_like(padded)
        ones[lags:-lags] = 1
        there = numpy.lib.stride_tricks.sliding_window_view(ones, t).T
        counts = there.sum(0)
        sx, sxx = x @ there, (x * x) @ there
        sy, syy = copies.sum(0), (copies * copies).sum(0)
        r = (counts * products - sx * sy) / numpy.sqrt((counts * sxx - sx * sx) * (counts * syy - sy * sy))
        return numpy.abs(r).argmax(1)

    return median_ms(screen) * 1e3 / n


def beside(result, folder):
    """The peers of the kernels, into the result."""
    try:
        for entry in result["kernels"]["change_points_l2"]:
            entry["ruptures_kernel_cpd"] = kernel_cpd(folder, entry)
        result["kernels"]["numpy_screening_us_per_series"] = numpy_screening()
    except ImportError:
        result["peers"] = "not measured here"


def main(build, full, alone):
    with tempfile.TemporaryDirectory() as folder:
        result = {"kernels": run(build / "bench" / "kernels_bench", folder)}
        if not alone:
            beside(result, folder)
    incidents = build / "bench" / "incidents_bench"
    result["incidents"] = [run(incidents, 20, 1000)]
    if full:
        result["incidents"] += [run(incidents, 20, 10000, after) for after in (2, 5, 10, 30)] + [run(incidents, 20, 10000, 30, 0)]
    # The package is built for Debian's Python.
    result["saturation"] = [run("/usr/bin/python3", HERE / "saturation.py", build / "python", 20, *o) for o in ((), (0.5,), (1, 5), (1, 20, 0))]
    if DATA.exists():
        result["tcpd"] = run(sys.executable, HERE / "tcpd.py", build / "bin", DATA / "tcpd")
        result["petshop"] = run("/usr/bin/python3", HERE / "petshop.py", build / "python", DATA / "petshop" / "low_traffic")
    else:
        result["tcpd"] = result["petshop"] = "not measured here: ../shared/data is absent"
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), "full" in sys.argv, "--alone" in sys.argv)
