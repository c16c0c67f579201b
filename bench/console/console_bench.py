"""What the console costs, on the server and in the browser: ./dev bench console. Prints one JSON object. Answers are
asserted; times are not. The home is that of tests/console/fixture.cpp: 10,000 runs, one of 100,000 tasks. `--alone` leaves
the browser out."""

import concurrent.futures
import fcntl
import http.client
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

here = pathlib.Path(__file__).resolve().parent
programs, pages = pathlib.Path(sys.argv[1]), sys.argv[2]
server_program = programs.parent / "libexec/backlot/backlot-server"
if not server_program.exists():  # builds from before it lay there (`--against`)
    server_program = programs / "backlot-server"
fixture = programs.parent / "tests" / "console_fixture"
RUNS, TASKS = 10_000, 100_000


def ticks(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


class Server:
    def __init__(self, home):
        # Builds from before there were sessions answer everybody (`--against`).
        has_sessions = b"--no-browser" in subprocess.run([server_program, "--help"], capture_output=True).stdout
        private = ["--no-browser", "--private", home + "/private"] if has_sessions else []
        self.process = subprocess.Popen(
            [server_program, "--port", "0", "--console", pages, *private],
            env={**os.environ, "BACKLOT_HOME": home}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline()).group(1))
        self.pid = self.process.pid
        while has_sessions and not self.process.stdout.readline().startswith("token"):
            pass
        self.token = (pathlib.Path(home) / "private/token").read_text().strip() if has_sessions else "none"
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def get(self, path):
        """(seconds, bytes on the wire, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", **self.headers})
        response = connection.getresponse()
        body = response.read()
        took = time.perf_counter() - begin
        connection.close()
        assert response.status == 200, body
        if response.getheader("Content-Encoding") == "gzip":
            import gzip

            return took, len(body), gzip.decompress(body)
        return took, len(body), body

    def stop(self):
        self.process.terminate()
        assert self.process.wait() == 0


def median_ms(server, path, times=7):
    took, size, body = zip(*(server.get(path) for _ in range(times)), strict=True)
    return round(1000 * statistics.median(took), 2), size[0], json.loads(body[0])


def of_the_server(server, run):
    result = {}
    first_page_ms, _, first = median_ms(server, "/api/v1/runs?limit=100")
    assert len(first["runs"]) == 100 and first["before"]
    all_ms, all_bytes, everything = median_ms(server, "/api/v1/runs?limit=10000", 5)
    assert len(everything["runs"]) == 10_000
    details_ms, details_bytes, details = median_ms(server, f"/api/v1/runs/{run}")
    assert details["tasks"] == TASKS + 1 and details["failures"][0]["count"] == TASKS // 1000
    columns_ms, columns_bytes, columns = median_ms(server, f"/api/v1/runs/{run}/columns", 5)
    assert len(columns["state"]) == TASKS + 1 and columns["state"].count("3") == TASKS // 1000
    found_ms, _, found = median_ms(server, f"/api/v1/runs/{run}/tasks?q=title%20099999")
    assert len(found["tasks"]) == 1
    result["runs_page_of_100_ms"], result["runs_all_10000_ms"] = first_page_ms, all_ms
    result["run_details_ms"], result["columns_100000_ms"] = details_ms, columns_ms
    result["run_opens_kb_on_the_wire"] = round((details_bytes + columns_bytes) / 1024, 1)
    result["find_a_task_by_its_item_ms"] = found_ms
    return result


def live_run(home, rate, seconds):
    process = subprocess.Popen([fixture, home, "live", str(rate), str(seconds)], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def watch(server, run, until, counts, latencies):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", f"/api/v1/events?topic=run/{run}@0", headers=server.headers)
    answer = connection.getresponse()
    while line := answer.readline():
        if not line.startswith(b"data: "):
            continue
        counts.append(1)
        now = time.time() * 1000
        data = json.loads(line[6:]) if latencies is not None else None
        if data:
            origin = time_ms(data["run"]["created"])
            ended = [origin + change[5] for change in data.get("tasks", []) if change[5] >= 0]
            if ended:
                latencies.append(now - max(ended))
        if until.is_set() or b'"state":"done"' in line:
            break
    connection.close()


def time_ms(text):
    import datetime

    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000


def p99_ms(server, path, times=1000):
    """Of requests one after another on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        connection.request("GET", path, headers=server.headers)
        response = connection.getresponse()
        assert response.read() and response.status == 200
        took.append(time.perf_counter() - begin)
    connection.close()
    return round(1000 * sorted(took)[int(times * 0.99)], 2)


def of_held_work(server, run, home):
    """Quick answers while others wait for the catalog's lock, against quick answers when nothing waits."""
    paths = {"status": "/api/v1/status", "runs": "/api/v1/runs?limit=20"}
    result = {f"idle_{name}_p99_ms": p99_ms(server, path) for name, path in paths.items()}
    with open(home + "/catalog.sqlite.lock", "r+") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        held = []
        for i in range(8):
            held.append(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60))
            body, headers = json.dumps({"add": [f"t{i}"]}), {"X-Backlot": "1", **server.headers}
            held[-1].request("POST", f"/api/v1/runs/{run}/tags", body=body, headers=headers)
        result.update({f"held_{name}_p99_ms": p99_ms(server, path) for name, path in paths.items()})
    for connection in held:
        assert connection.getresponse().status == 200
    return result


def of_live_clients(server, home, clients=200, seconds=10):
    """Processor time of the server while so many watch a run that changes all the time."""
    process, run = live_run(home, 40, seconds)
    until, counts, latencies = threading.Event(), [], []
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        for i in range(clients):
            pool.submit(watch, server, run, until, counts, latencies if i == 0 else None)
        time.sleep(1)
        before, begin, sent = ticks(server.pid), time.monotonic(), len(counts)
        time.sleep(seconds - 3)
        share = (ticks(server.pid) - before) / (time.monotonic() - begin)
        rate = (len(counts) - sent) / (time.monotonic() - begin) / clients
        until.set()
        assert process.wait() == 0
    assert rate > 2, rate
    return {"live_clients": clients, "updates_a_second_each": round(rate, 2), "share_of_a_core": round(share, 4),
            "cpu_us_an_update": round(1e6 * share / (rate * clients), 1)}  # fmt: skip


def of_the_browser(server, run, home):
    process, live = live_run(home, 20, 600)  # is there still when the browser comes to it, and is then ended
    node = subprocess.run(
        ["node", here / "browser_bench.mjs", f"http://127.0.0.1:{server.port}", run, live],
        env={**os.environ, "TOKEN": server.token}, capture_output=True, text=True, timeout=540,
    )  # fmt: skip
    process.kill()
    process.wait()
    if node.returncode == 77:
        return {"browser": "not measured here: no chromium"}
    assert node.returncode == 0, node.stderr
    return json.loads(node.stdout)


def main():
    place = "/dev/shm" if os.path.isdir("/dev/shm") else None
    home = tempfile.mkdtemp(prefix="backlot-bench-", dir=place)
    try:
        run = subprocess.run([fixture, home, str(RUNS), str(TASKS)], check=True, capture_output=True, text=True).stdout.strip()
        server = Server(home)
        time.sleep(1)
        idle = {"idle_memory_mb": round(memory_mb(server.pid), 1)}
        before = ticks(server.pid)
        time.sleep(5)
        idle["idle_cpu_ms_in_5_s"] = round(1000 * (ticks(server.pid) - before), 1)
        result = {"bench": "console", "runs": RUNS, "tasks": TASKS, **idle, **of_the_server(server, run)}
        result.update(of_held_work(server, run, home))
        result.update(of_live_clients(server, home))
        if "--alone" not in sys.argv:
            result.update(of_the_browser(server, run, home))
        time.sleep(17)  # it tidies up every fifteen seconds
        result["memory_mb_afterwards"] = round(memory_mb(server.pid), 1)
        server.stop()
        print(json.dumps(result, indent=1))
    finally:
        shutil.rmtree(home)


main()
