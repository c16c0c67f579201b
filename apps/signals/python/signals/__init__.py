"""From one alert to the few series that explain it; and where series change.

    report = investigate("page_latency", frame)       # a DataFrame: a time index, a series a column
    report.findings[0]["series"], report.is_explained
    change_points(frame["page_latency"])               # the places at which new segments begin
"""

import json
from typing import NamedTuple

from backlot import _signals

__all__ = ["Report", "Segmentation", "change_points", "investigate"]

_SECOND = 1_000_000_000


class Segmentation(NamedTuple):
    """`changes`: the index of the first sample of each new segment; `support`: "exact" or "heuristic". Of each change its
    kind ("level", "slope", "spike", or of the cost "normal" "variance") and the interval [low, high] in which it lies."""

    changes: list
    objective: float
    penalty: float
    search: str
    support: str
    kinds: list
    intervals: list


def change_points(samples, cost="l2", penalty=None, search=None, min_size=0):
    """Where a series changes: the segmentation that minimises its costs and a penalty for each change.

    Costs: "l2" (mean), "normal" (mean and variance), "poisson" (rate of counts), "l1" (median). Searches: "functional"
    and "pelt" are exact, "binary" is not. Without a penalty the series' own noise says what a change must gain.
    """
    return Segmentation(*_signals.change_points(_doubles(samples), cost, penalty, search, min_size))


class Report:
    """What an investigation found. In a notebook it shows itself."""

    def __init__(self, report, names):
        self._report, self._names = report, names
        vars(self).update(json.loads(report.json(False)))

    def json(self, charts=False):
        """As `backlot signals investigate --json` prints it."""
        return self._report.json(charts)

    def html(self):
        """One page that needs nothing else."""
        return self._report.page()

    def why(self, name):
        """What became of a candidate: "unchanged", "changed before" …"""
        return self._report.outcome(self._names.index(name))

    def _repr_html_(self):
        import html

        page = html.escape(self.html(), quote=True)
        return f'<iframe sandbox srcdoc="{page}" style="width:100%;height:40rem;border:0"></iframe>'

    def __repr__(self):
        verdict = "explained" if self.is_explained else "not explained by any candidate"
        return f"<Report: {self.target['series']}, {verdict}, {len(self.findings)} of {self.candidates} shown>"


def investigate(target, series, *, time=None, window=None, weeks=None, tz=None, alert_at=None, look_back="1h", horizon="15m",
                max_lag="1h", kinds=None, absent_is_zero=(), events=(), calls=(), volatile_labels=None, service_label="service",
                most_findings=50, workers=None):  # fmt: skip
    """The few of `series` that explain what `target` did.

    `series`: a pandas or polars DataFrame or a pyarrow Table with a series a column, or a dict of arrays; columns are
    named as in Prometheus, `http_requests_total{service="cart"}`. Arrays of doubles are read where they lie. `target`
    names one of them. `time`: the times of the samples, evenly spaced (default: the DataFrame's index, or its column
    "time"). `window`: (begin, end), by default the last day; what lies before is history, compared at the same time of
    `weeks` weeks before (default: as many as there are, 4 at most), by the clocks of the zone `tz` ("Europe/Berlin";
    default: UTC). `alert_at`: when the alert began to be true: the target changed within `look_back` before it, and a cause
    within `horizon` before that (default: the target's largest change). Times are datetimes, numpy.datetime64, texts, or seconds since 1970; durations texts ("15m"), timedeltas
    or seconds. `events`: (time, text, labels); `calls`: (caller, callee); `kinds`: "gauge", "counter" or "count" by name,
    else as the names say; `absent_is_zero`: the kinds of which an absent sample means that nothing happened.
    """
    columns, found_time = _columns(series, time)
    start, step, count = _grid(found_time)
    end_of_all = start + count * step
    if window is None:
        begin, end = max(start, end_of_all - 86_400 * _SECOND), end_of_all
    else:
        begin, end = (_nanoseconds(t) for t in window)
    begin = start + -(-(begin - start) // step) * step
    most = max(0, (begin - start) // (7 * 86_400 * _SECOND) + (1 if (begin - start) % (7 * 86_400 * _SECOND) else 0))
    weeks = min(4, most) if weeks is None else weeks
    if target not in columns:
        from backlot import errors

        raise errors.of("not_found")(f"there is no series {target!r}", "", "name a column")
    names = [name for name in columns if name != target]
    back = _weeks_back(begin, weeks, tz)
    wanted = _signals.Arrays(start, step, begin, end, back)
    wanted.add(target, (kinds or {}).get(target), columns[target])
    candidates = _signals.Arrays(start, step, begin, end, back)
    for name in names:
        candidates.add(name, (kinds or {}).get(name), columns[name])
    options = _signals.Options()
    if alert_at is not None:
        options.alert_at = _nanoseconds(alert_at)
    options.look_back, options.horizon, options.max_lag = _duration(look_back), _duration(horizon), _duration(max_lag)
    if volatile_labels is not None:
        options.volatile_labels = list(volatile_labels)
    for kind in absent_is_zero:
        options.absent_is_zero(kind)
    options.service_label, options.most_findings = service_label, most_findings
    if workers is not None:
        options.workers = workers
    for at, text, labels in events:
        options.add_event(_nanoseconds(at), text, dict(labels))
    for caller, callee in calls:
        options.add_call(caller, callee)
    return Report(_signals.investigate(wanted, candidates, options), names)


# --- what people have their series in ---------------------------------------------------------------------------------


def _array(values):
    """Any column as an array, without a copy where its memory allows it."""
    import numpy

    if hasattr(values, "to_numpy"):
        try:
            values = values.to_numpy(zero_copy_only=False)  # pyarrow
        except TypeError:
            values = values.to_numpy()
    return numpy.asarray(values)


def _doubles(values):
    """Any column as an array of doubles in this machine's byte order, without a copy where it is one."""
    import numpy

    return numpy.asarray(_array(values), dtype=numpy.float64)


def _columns(series, time):
    if isinstance(series, dict):
        columns = dict(series)
    elif hasattr(series, "column_names"):  # a pyarrow Table
        columns = {name: series.column(name) for name in series.column_names}
    else:  # pandas, polars
        columns = {name: series[name] for name in series.columns}
        if time is None and hasattr(series, "index") and "time" not in columns:
            time = series.index
    if isinstance(time, str):
        time = columns.pop(time)
    elif time is None and "time" in columns:
        time = columns.pop("time")
    if time is None:
        from backlot import errors

        raise errors.of("usage")("the times of the samples are not known", "", 'give time=, or a column "time"')
    arrays = {name: _doubles(values) for name, values in columns.items()}
    return arrays, _array(time)


def _grid(time):
    """(start, step, count) in nanoseconds. Times must be evenly spaced: gaps are NaN, not missing rows."""
    import numpy

    from backlot import errors

    if len(time) < 2:
        raise errors.of("invalid")("there are fewer than two samples")
    if numpy.issubdtype(time.dtype, numpy.datetime64):
        stamps = time.astype("datetime64[ns]").astype("i8")
    else:
        stamps = numpy.array([_nanoseconds(t) for t in time.tolist()], "i8")
    steps = numpy.diff(stamps)
    if (steps != steps[0]).any() or steps[0] <= 0:
        at = int(numpy.argmax(steps != steps[0])) + 1
        raise errors.of("invalid")(
            f"the times are not evenly spaced: at row {at} the step is not that of the first two rows",
            "",
            "put the series on a regular grid, NaN where there is no sample",
        )
    return int(stamps[0]), int(steps[0]), len(stamps)


def _weeks_back(begin, weeks, zone):
    """How long before `begin` the same civil time of one to `weeks` weeks before was, in nanoseconds. A week with a change
    of clocks between is an hour shorter or longer; a civil time that there was not is taken an hour later, one that
    there was twice the first time. As the command line's civil_time.cpp, which chooses the zone of its whole process: what
    a library may not do."""
    import datetime

    if zone is None:
        return [week * 7 * 86_400 * _SECOND for week in range(1, weeks + 1)]
    import zoneinfo

    from backlot import errors

    try:
        clocks = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.of("usage")(
            f"tz: there is no time zone {zone!r} on this system",
            "",
            "write it as Europe/Berlin; Debian has them in the package tzdata",
        ) from None
    seconds = begin // _SECOND
    now = datetime.datetime.fromtimestamp(seconds, clocks).replace(fold=0)
    then = [now - datetime.timedelta(days=7 * week) for week in range(1, weeks + 1)]
    return [(seconds - round(t.timestamp())) * _SECOND for t in then]


def _nanoseconds(time):
    import datetime

    import numpy

    if isinstance(time, str):
        time = time[:-1] + "+00:00" if time.endswith("Z") else time
        time = datetime.datetime.fromisoformat(time)
    if isinstance(time, datetime.datetime):
        if time.tzinfo is None:
            time = time.replace(tzinfo=datetime.timezone.utc)
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return (time - epoch) // datetime.timedelta(microseconds=1) * 1000
    if isinstance(time, numpy.datetime64):
        return int(time.astype("datetime64[ns]").astype("i8"))
    return round(time * _SECOND)


def _duration(duration):
    import datetime
    import re

    if isinstance(duration, datetime.timedelta):
        return duration // datetime.timedelta(microseconds=1) * 1000
    if isinstance(duration, str):
        parts = re.findall(r"([\d.]+)(ms|[smhd])", duration)
        if not parts or "".join(n + u for n, u in parts) != duration:
            from backlot import errors

            raise errors.of("usage")(f"{duration!r} is no duration", "", "write 90s, 15m or 1h30m")
        units = {"ms": 10**6, "s": _SECOND, "m": 60 * _SECOND, "h": 3600 * _SECOND, "d": 86_400 * _SECOND}
        return round(sum(float(n) * units[u] for n, u in parts))
    return round(duration * _SECOND)
