#!/usr/bin/env python3
"""Flips bits of a home, one at a time, and reads it by the client, by `resume` and by `fsck --verify`: each must give
what was there before, or say what is wrong. A wrong value fails.

    damage.py PROGRAMS [FLIPS]        FLIPS: how many in each place (default 200)
"""
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VALUES = ("inlined", "packed_a", "packed_b", "prose")
PAGE, LOG_HEADER, FRAME = 4096, 32, 24


class Home:
    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder

    def run(self, program, *words, **variables):
        environment = {**os.environ, "BACKLOT_HOME": str(self.folder), "NO_COLOR": "1", **variables}
        return subprocess.run([self.programs / program, *words], env=environment, capture_output=True, timeout=60)

    def kill_in_check(self):
        """A run whose scheduler is killed when the first task has finished."""
        environment = {**os.environ, "BACKLOT_HOME": str(self.folder), "FAILS": "wait"}
        run = subprocess.Popen([self.programs / "damaged", "run", "-q"], env=environment, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        deadline = time.monotonic() + 30
        while not (self.folder / "in-check").exists():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(0.5)
        run.kill()
        run.wait()
        time.sleep(0.2)  # its tasks die with it

    def copy_to(self, other):
        shutil.rmtree(other.folder, ignore_errors=True)
        subprocess.run(["cp", "-a", self.folder, other.folder], check=True)


def blobs(home):
    """(path, type, codec, where the payload begins, where the chunk table lies)"""
    for path in sorted(home.folder.glob("store/blobs/*/*")):
        head = path.read_bytes()[:64]
        kind, codec, references, chunks = head[10], head[11], *struct.unpack_from("<II", head, 12)
        raw_size = struct.unpack_from("<Q", head, 24)[0]
        table = 32 + 32 * references
        end = table + 32 * chunks + (4 * chunks if codec else 0) + 32
        step = PAGE if codec == 0 and raw_size > PAGE else 64
        yield path, kind, codec, -(-end // step) * step, (table, table + 32 * chunks)


def places(home):
    """By name: how to draw a (file, byte) there."""
    found = list(blobs(home))
    pack, compressed = 13, 1

    def payload(chosen):
        chosen = [b for b in found if chosen(b)]
        assert chosen

        def draw(rng):
            path, _, _, begin, _ = rng.choice(chosen)
            return path, rng.randrange(begin, path.stat().st_size)

        return draw

    def header(rng):
        path, _, _, begin, _ = rng.choice(found)
        return path, rng.randrange(begin)

    def table(rng):
        path, _, _, _, (begin, end) = rng.choice(found)
        return path, rng.randrange(begin, end)

    catalog, log = home.folder / "catalog.sqlite", home.folder / "catalog.sqlite-wal"

    def anywhere(path, begin=0):
        return lambda rng: (path, rng.randrange(begin, path.stat().st_size))

    segment = next(home.folder.glob("runs/*/*/log/*.seg"))
    return {
        "blob header": header,
        "chunk table": table,
        "raw payload": payload(lambda b: b[2] == 0 and b[1] != pack),
        "compressed payload": payload(lambda b: b[2] == compressed),
        "pack": payload(lambda b: b[1] == pack),
        "catalog page": anywhere(catalog),
        "WAL frame": anywhere(log),
        "log record": anywhere(segment, 16),
        "log segment header": anywhere(segment, 0) if segment.stat().st_size <= 16 else (lambda rng: (segment, rng.randrange(16))),
    }


def flip(path, byte, bit):
    content = bytearray(path.read_bytes())
    content[byte] ^= 1 << bit
    with path.open("r+b") as file:  # the same file, as on a disk that forgets
        file.seek(byte)
        file.write(content[byte : byte + 1])


def answer(done):
    """What a program gave: its output, or None when it said what is wrong. Anything else is no answer."""
    if done.returncode == 0:
        return done.stdout
    told = done.stderr + done.stdout
    if done.returncode < 0 or b"internal" in told or not told.strip():
        raise AssertionError(f"ended with {done.returncode}: {told[-400:].decode(errors='replace')}")
    return None


def read(home):
    """All that a client can read: {name: answer}."""
    found = {name: answer(home.run("backlot", "get", f"Damaged/last/start/{name}")) for name in VALUES}
    array = home.folder / "mapped.npy"
    array.unlink(missing_ok=True)
    told = answer(home.run("backlot", "get", "Damaged/last/start/mapped", "--output", array))
    found["mapped"] = array.read_bytes() if told is not None else None
    logs = home.run("backlot", "logs", "Damaged/last/start")
    found["log"] = answer(logs) if b"damaged" not in logs.stderr + logs.stdout else None
    return found


def main(programs, flips):
    programs, rng = Path(programs), random.Random(20261130)
    scratch = Path(tempfile.mkdtemp(prefix="damage-"))
    sound, tried = Home(programs, scratch / "sound"), Home(programs, scratch / "tried")
    try:
        done = sound.run("damaged", "run", "-q")
        assert done.returncode == 0, done.stderr
        wanted_end = sound.run("backlot", "get", "Damaged/last/last/seen").stdout
        shutil.rmtree(sound.folder)
        done = sound.run("damaged", "run", "-q", FAILS="1")
        assert done.returncode == 1, done.stderr
        wanted = read(sound)
        assert None not in wanted.values() and wanted_end, [k for k, v in wanted.items() if v is None]
        # At a run's end the catalog is in its pages; one that was killed leaves it in its log.
        moved = Home(programs, scratch / "moved")
        moved.folder.mkdir()
        assert moved.run("damaged", "run", "-q", FAILS="1").returncode == 1
        shutil.rmtree(sound.folder)
        sound.kill_in_check()
        assert read(sound) == wanted
        failed = 0
        for name, draw in places(sound).items():
            origin = moved if name == "catalog page" else sound
            draw = places(origin)[name]
            harmless = told = unseen = 0
            for _ in range(flips):
                path, byte = draw(rng)
                origin.copy_to(tried)
                there = tried.folder / path.relative_to(origin.folder)
                (tried.folder / "catalog.sqlite-shm").unlink(missing_ok=True)
                flip(there, byte, rng.randrange(8))
                where = f"{name}: {path.name} byte {byte}"
                try:
                    got = read(tried)
                    wrong = [k for k, v in got.items() if v is not None and v != wanted[k]]
                    assert not wrong, f"other values of {wrong}"
                    checked = answer(tried.run("backlot", "fsck", "--verify"))
                    resumed = tried.run("damaged", "resume", "-q")
                    if answer(resumed) is not None:
                        end = answer(tried.run("backlot", "get", "Damaged/last/last/seen"))
                        assert end in (None, wanted_end), f"the resumed run gives {end}"
                    refused = None in got.values()
                    told += refused or checked is None
                    harmless += not refused and checked is not None
                    unseen += refused and checked is not None
                except AssertionError as error:
                    failed += 1
                    print(f"FAILED {where}: {error}")
            print(f"{name:20} {flips} flips: {told} told, {harmless} harmless, {unseen} refused but not found by fsck", flush=True)
        print(f"{'FAILED' if failed else 'passed'}: {failed} wrong")
        return 1 if failed else 0
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200))
