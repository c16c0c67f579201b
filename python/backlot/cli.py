"""The command line of a flow, as Metaflow's: `python flow.py [options] run [options]`."""

import argparse
import os
import sys
import time

from backlot import _core, process
from backlot.exception import MetaflowException
from backlot.errors import Error
from backlot.program import Program, fresh_arguments

TASK_VARIABLE = "BACKLOT_TASK"  # set in a fresh process that runs one task


def main(flow):
    """Runs the command line of this process for a flow; returns the exit code."""
    if TASK_VARIABLE in os.environ:
        return _run_as_task(flow)
    try:
        program = Program(flow)
        arguments = _parser(program).parse_args()
        return arguments.command(program, arguments)
    except MetaflowException as error:
        for line in error.told():
            print(f"    {line}", file=sys.stderr)
        return 1
    except Error as error:
        print(f"    {error}", file=sys.stderr)
        return 1


def _run_as_task(flow):
    del os.environ[TASK_VARIABLE]
    program = Program(flow)
    _prepare(program, _parser(program).parse_args())
    _core.run_as_task(program.core(), 3)


def _prepare(program, arguments):
    program.attach(arguments.decorators + getattr(arguments, "more_decorators", []))
    program.check()
    return program.make_constants()


def _parser(program):
    parser = argparse.ArgumentParser(prog=os.path.basename(sys.argv[0]), allow_abbrev=False)
    parser.set_defaults(command=_show_help, decorators=[])
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--no-pylint", action="store_true")
    parser.add_argument("--pylint", action="store_true")
    parser.add_argument("--with", dest="decorators", action="append")
    for ignored in ("datastore", "datastore-root", "metadata", "environment", "event-logger", "monitor"):
        parser.add_argument(f"--{ignored}", help=argparse.SUPPRESS)
    commands = parser.add_subparsers()
    run = commands.add_parser("run", help="Run the workflow locally.", allow_abbrev=False)
    _add_run_options(run)
    for attribute, parameter in program.parameters:
        name = parameter.name
        spellings = {f"--{name}", f"--{name.replace('_', '-')}", f"--{name.replace('_', '-').lower()}"}
        run.add_argument(*sorted(spellings), dest=f"parameter_{attribute}", help=parameter.help)
    run.set_defaults(command=_run)
    resume = commands.add_parser("resume", help="Resume execution of a previous run.", allow_abbrev=False)
    _add_run_options(resume)
    resume.add_argument("--origin-run-id")
    resume.add_argument("step", nargs="?", default="")
    resume.set_defaults(command=_resume)
    check = commands.add_parser("check", help="Validate the flow.")
    check.set_defaults(command=_check)
    show = commands.add_parser("show", help="Show structure of the flow.")
    show.set_defaults(command=_show)
    return parser


def _add_run_options(parser):
    parser.add_argument("--max-workers", type=int, default=16)
    parser.add_argument("--max-num-splits", type=int, default=100)
    parser.add_argument("--max-log-size", type=int, default=10)
    parser.add_argument("--tag", dest="tags", action="append", default=[])
    parser.add_argument("--with", dest="more_decorators", action="append", default=[])
    parser.add_argument("--run-id-file")
    parser.add_argument("--namespace", default="")


def _show_help(program, arguments):
    _parser(program).print_help()
    return 0


def _header(program):
    user = os.environ.get("METAFLOW_USER") or os.environ.get("USERNAME") or os.environ.get("USER")
    print(f"Backlot executing {program.flow.__name__} for user:{user}", file=sys.stderr)


def _check(program, arguments):
    _header(program)
    _validate(program)
    return 0


def _validate(program):
    print("Validating your flow...", file=sys.stderr)
    program.check()
    print("    The graph looks good!", file=sys.stderr)


def _show(program, arguments):
    for name in program.graph.order:
        node = program.graph[name]
        print(f"\nStep {name}\n    {node.doc or '?'}")
        if node.targets:
            print(f"    => {', '.join(node.targets)}")
    return 0


def _request(program, arguments):
    request = _core.RunRequest(_core.find_home())
    request.max_workers = arguments.max_workers
    request.tags = arguments.tags
    request.namespace = arguments.namespace
    request.cancel_on_failure = True
    request.quiet = arguments.quiet
    request.run_id = time.time_ns() // 1000
    if arguments.run_id_file:
        request.on_run = lambda run_id: _write(arguments.run_id_file, str(run_id))
    executable, words = fresh_arguments()
    request.fresh(executable, words, [(TASK_VARIABLE, "1")], process.reason_for_fresh())
    return request


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def _execute(program, request):
    core = program.core()
    program.forked = True
    process.before_fork()
    report = _core.run(core, request)
    return 0 if report.ok else 1


def _run(program, arguments):
    _header(program)
    program.attach(arguments.decorators + arguments.more_decorators)
    _validate(program)
    constants = program.make_constants()
    values = dict(constants)
    for attribute, parameter in program.parameters:
        text = getattr(arguments, f"parameter_{attribute}")
        values[attribute] = parameter.parse(text) if text is not None else parameter.default
    request = _request(program, arguments)
    request.inputs(values, _source(program))
    return _execute(program, request)


def _source(program):
    with open(sys.modules[program.flow.__module__].__file__) as file:
        return file.read()


def _resume(program, arguments):
    _header(program)
    program.attach(arguments.decorators + arguments.more_decorators)
    _validate(program)
    program.make_constants()
    request = _request(program, arguments)
    request.resume = True
    request.resume_step = arguments.step
    if arguments.origin_run_id:
        request.origin_run = int(arguments.origin_run_id)
    request.inputs({}, _source(program))
    return _execute(program, request)
