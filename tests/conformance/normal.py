"""The normal form of what a command printed: without what differs from run to run and from engine to engine."""

import hashlib
import re

from allowed import DROPPED, REWORDED, WORDED

TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} )+")  # of lines that ran into each other, several
OF_TASK = re.compile(r"^\[RUN/(\w+)/\d+(?: \(pid \d+\))?\] ?(.*)$")
CLONED = re.compile(r"Cloning previously run task RUN/(\w+)/(\d+)")
FRAME = re.compile(r'^>? *File "(.*)", line \d+(, in .*)?$')
CARETS = re.compile(r"^>? *[~^]+$")
FIXED = ("Task is starting", "Task fallback", "Task finished", "Task failed", "Foreach yields", "Cloning previous")
SAME = [
    (re.compile(r"(?<![.\d])\d{16}\b"), "RUN"),
    (re.compile(r"\b(RUN/\w+)/\d+"), r"\1/N"),
    (re.compile(r"task-id \d+"), "task-id N"),
    (re.compile(r"\(pid \d+\)"), "(pid N)"),
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DATE"),
    (re.compile(r"/\S*/(?=(flow|parent)\.py)"), ""),
]


def shortened(text):
    """What is too long for a recording: its beginning, its length, and a hash of it all."""
    if len(text) <= 2000:
        return text
    return f"{text[:100]}… {len(text)} characters, sha256 {hashlib.sha256(text.encode()).hexdigest()}"


def output_form(text):
    """Lines that no task printed, and by step what each of its tasks printed."""
    tasks, others = {}, []
    for line in text.splitlines():
        line = re.sub(r"(?<![.\d])\d{16}\b", "RUN", TIME.sub("", line))
        cloned = CLONED.findall(line)
        for step, number in cloned:  # printed by threads of Metaflow's, whose lines may run into each other
            tasks.setdefault(step, {})[f"cloned {number}"] = [f"Cloning previously run task RUN/{step}/{number}"]
        if cloned:
            continue
        found = OF_TASK.match(line)
        if not found:
            others.append(line)
            continue
        number = re.match(r"\[RUN/\w+/(\d+)", line).group(1)
        tasks.setdefault(found.group(1), {}).setdefault(number, []).append(found.group(2))
    form = {"lines": lines_form(others)}
    if tasks:
        form["tasks"] = {
            step: sorted(task_form(lines) for lines in by_number.values()) for step, by_number in sorted(tasks.items())
        }
    return form


def task_form(lines):
    """What is told of a task, in order; what it printed, sorted, for its two streams come as they come."""
    lines = lines_form(lines)
    told = [line for line in lines if line.startswith(FIXED)]
    return told + sorted(line for line in lines if not line.startswith(FIXED))


def lines_form(lines):
    """Without indentation, empty lines, and the parts of a traceback that are not the flow's."""
    kept, skip, worded = [], False, False
    for line in map(str.strip, lines):
        worded = worded and bool(line)
        if worded:
            continue
        worded = line.startswith(WORDED)
        frame = FRAME.match(line)
        if frame:
            skip = not frame.group(1).endswith(("flow.py", "parent.py"))
            if skip:
                continue
        elif CARETS.match(line):
            continue
        elif skip:  # the source line of a skipped frame
            skip = False
            continue
        line = line.replace("*", "")
        for pattern, same in SAME:
            line = pattern.sub(same, line)
        for pattern, same, _ in REWORDED:
            line = re.sub(pattern, same, line)
        if line and not any(re.search(pattern, line) for pattern, _ in DROPPED):
            kept.append(line)
    return kept
