"""A second yardstick of `investigate`, made otherwise than apps/signals/bench/incidents.cpp so that it is not tuned to one:
services saturate and slow down their callers; nothing is measured in deviations of a noise. Traffic with days and weeks that
all share, and a slow common drift that moves the request counters of all services together; counters, latencies with heavy
tails, queues, sawtooths, cron jobs, memory that wanders, rounded numbers, gaps; changes of configuration that move some
metrics of one service for good and mean nothing. In half of the incidents a service below the target's saturates and the
slowness climbs up to it, in the other half the target changes for a reason that is not among the series.
`saturation.py PACKAGE [incidents [strength [minutes after the onset [weeks of history [innocent changes a service]]]]]`
prints JSON; PACKAGE holds backlot. Needs NumPy only."""

import json
import sys
import time

import numpy

DAY, WEEK = 1440, 7 * 1440
SERVICES, CUSTOM = 80, 9


def wander(random, count, phi, heavy=False):
    """An AR(1) of variance 1 (of steps with heavy tails: of more), by a convolution that forgets what is below 1e-4."""
    steps = random.standard_t(4, count) if heavy else random.standard_normal(count)
    reach = 1 if phi < 0.01 else int(numpy.ceil(numpy.log(1e-4) / numpy.log(phi)))
    size = 1 << int(numpy.ceil(numpy.log2(count + reach)))
    kernel = numpy.sqrt(1 - phi * phi) * phi ** numpy.arange(reach)
    return numpy.fft.irfft(numpy.fft.rfft(steps, size) * numpy.fft.rfft(kernel, size), size)[:count]


class Incident:
    """`series`: by name, a sample a minute; `target`; `at`: the minute of the target's onset; `guilty`: a service or None."""

    def __init__(self, seed, has_cause, strength=1.0, after=20, weeks=2, innocent=0.15):
        self.random = numpy.random.default_rng(seed)
        self.count = weeks * WEEK + DAY
        self.at = self.count - after
        self.series, self.guilty = {}, None
        self.slow = [numpy.zeros(self.count) for _ in range(SERVICES)]  # how much slower each service is for the incident
        self.deep = []
        while not self.deep:  # nobody may be below the target
            self.make_graph()
        own = numpy.zeros(self.count)
        if has_cause:
            self.saturate(strength)
        else:
            own[self.at :] = self.random.uniform(0.8, 2)
        self.make_traffic()
        for service in range(SERVICES):
            self.make_service(service, innocent)
        for values in self.series.values():
            if self.random.random() < 0.1:
                values[self.random.random(self.count) < 0.05] = numpy.nan
        self.target = 'page_latency{service="app-00",zone="a"}'
        noise = numpy.exp(0.06 * wander(self.random, self.count, 0.3))
        self.series[self.target] = 0.2 * (1 + 0.2 * self.traffic) * (1 + self.slow[0] + own) * noise
        self.times = 1_700_000_000 + 60 * numpy.arange(self.count)

    def make_graph(self):
        """Layers; each service is called by one or two of the layers above it."""
        layer = numpy.sort(self.random.integers(0, 5, SERVICES))
        layer[0] = 0
        self.callers = {}
        for service in range(1, SERVICES):
            above = numpy.flatnonzero(layer < layer[service])
            most = min(len(above), int(self.random.integers(1, 3)))
            self.callers[service] = [int(c) for c in self.random.choice(above, most, replace=False)] if most else []
        self.deep = [s for s in range(SERVICES) if layer[s] >= 2 and 0 in self.hops_above(s)]

    def hops_above(self, service):
        hops, queue = {service: 0}, [service]
        while queue:
            at = queue.pop(0)
            for caller in self.callers.get(at, []):
                if caller not in hops:
                    hops[caller] = hops[at] + 1
                    queue.append(caller)
        return hops

    def saturate(self, strength):
        self.guilty = int(self.random.choice(self.deep))
        hops = self.hops_above(self.guilty)
        lead, ramp = int(self.random.integers(2, 9)), int(self.random.choice([1, 3]))
        for service, hop in hops.items():
            if hop > hops[0]:
                continue
            begin = self.at - lead + round(lead * hop / hops[0])
            size = strength * self.random.uniform(0.8, 2.2) * 0.7**hop
            if service == 0:
                size = max(size, 0.8)  # or nobody would be called
            self.slow[service][begin:] += size * numpy.minimum(1, numpy.arange(1, self.count - begin + 1) / ramp)

    def make_traffic(self):
        random, t = self.random, numpy.arange(self.count)
        days = 1 + 0.45 * numpy.sin(2 * numpy.pi * t / DAY + random.uniform(0, 6)) + 0.12 * numpy.sin(4 * numpy.pi * t / DAY)
        self.traffic = days * numpy.where(t // DAY % 7 >= 5, 0.8, 1.0)
        self.drift = 1 + 0.05 * wander(random, self.count, 0.98)

    def make_service(self, service, innocent):
        random, count, traffic = self.random, self.count, self.traffic
        labels = f'{{service="app-{service:02d}",zone="{"abc"[service % 3]}"}}'
        changes = [(count - DAY + int(random.integers(0, DAY)), random.uniform(-0.25, 0.6)) for _ in range(random.poisson(innocent))]

        def slowness():  # what a metric of this service sees of it: each of its other changes, or not
            seen = self.slow[service].copy()
            for at, size in changes:
                if random.random() < 0.4:
                    seen[at:] += size
            return numpy.maximum(-0.5, seen)

        def noise(size, heavy=False):
            return 1 + size * wander(random, count, random.uniform(0, 0.95), heavy)

        def put(name, values):
            self.series[name + labels] = numpy.ascontiguousarray(values, dtype=float)

        load = traffic * self.drift * noise(0.03) * random.lognormal(3, 1)
        base, failing, t = random.lognormal(-3, 0.7), random.uniform(5e-4, 1e-2), numpy.arange(count)
        put("http_requests_total", numpy.cumsum(random.poisson(60 * load * numpy.clip(noise(0.02), 0.1, 3))))
        put("http_errors_total", numpy.cumsum(random.poisson(60 * load * failing * (1 + 4 * numpy.maximum(0, slowness())))))
        put("latency_seconds_p99", base * (2.5 + 0.4 * traffic) * (1 + slowness()) * numpy.exp(0.12 * wander(random, count, 0.4, True)))
        put("latency_seconds_p50", base * (1 + 0.1 * traffic) * (1 + 0.5 * slowness()) * numpy.exp(0.05 * wander(random, count, 0.3)))
        put("cpu_usage", numpy.clip(0.2 * traffic * noise(0.06) * (1 + 0.6 * slowness()), 0, 1.5))
        put("memory_bytes", 1e9 * (1 + 0.1 * numpy.cumsum(random.standard_normal(count)) / numpy.sqrt(count)))
        busy = numpy.clip(0.3 * traffic * (1 + 0.5 * numpy.maximum(0, slowness())), 0, 0.95)
        put("queue_depth", numpy.round(random.uniform(1, 20) / (1 - busy) * numpy.exp(0.2 * wander(random, count, 0.4))))
        put("threads_busy", numpy.round(8 * traffic * (1 + slowness()) * noise(0.1)))
        put("gc_pause_seconds", numpy.where(random.random(count) < 0.05, random.exponential(0.05, count), 0))
        period = int(random.integers(200, 900))
        put("disk_used", 20 + 30 * (t % period) / period + 0.05 * random.standard_normal(count))
        period = int(random.integers(20, 180))
        put("jobs_running", ((t + random.integers(0, 99)) % period < random.integers(2, 10)) * random.integers(1, 5))
        for k in range(CUSTOM):
            values = random.uniform(1, 100) * (1 + random.uniform(0, 0.4) * (traffic - 1)) * noise(random.uniform(0.01, 0.2), random.random() < 0.4)
            for _ in range(random.poisson(0.15)):
                values[count - DAY + int(random.integers(0, DAY)) :] *= random.uniform(0.6, 1.8)
            if random.random() < 0.15:
                values = values * (1 + 0.5 * self.slow[service])
            put(f"custom_{k}", values)


def main(package, incidents=20, *options):
    sys.path.insert(0, package)
    from backlot.signals import investigate

    names = ("strength", "after", "weeks", "innocent")
    settings = {name: float(value) if name in ("strength", "innocent") else int(value) for name, value in zip(names, options)}
    hits = first = explained = silent = 0
    seconds = 0.0
    for seed in range(1, int(incidents) + 1):
        for has_cause in (True, False):
            incident = Incident(seed, has_cause, **settings)
            alert = int(incident.times[min(incident.count - 1, incident.at + 5)])
            begin = time.process_time()
            report = investigate(incident.target, incident.series, time=incident.times, alert_at=alert, workers=1)
            seconds += time.process_time() - begin
            assert sum(report.outcomes.values()) == report.candidates == len(incident.series) - 1
            if has_cause:
                of_guilty = [f'service="app-{incident.guilty:02d}"' in f["series"] for f in report.findings[:10]]
                hits, first, explained = hits + any(of_guilty), first + (of_guilty[:1] == [True]), explained + report.is_explained
            else:
                silent += not report.is_explained
    count = int(incidents)
    result = {"incidents": count, **settings, "candidates": SERVICES * (11 + CUSTOM), "top_10": hits / count, "first": first / count}
    print(json.dumps({**result, "explained": explained / count, "nothing_said": silent / count, "cpu_seconds_each": seconds / count / 2}))


if __name__ == "__main__":
    main(*sys.argv[1:])
