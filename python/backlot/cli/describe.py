"""Commands that tell about the flow: check, show, output-dot, help, version."""

import sys

from backlot.about import __version__
from backlot.options import Command


def commands():
    return [
        Command("check", check, help="Check that the flow is valid (default)."),
        Command("show", show, help="Show structure of the flow."),
        Command("output-dot", output_dot, help="Visualize the flow with Graphviz."),
        Command("help", help="Show all available commands."),
        Command("version", version, help="Print the version of Backlot."),
    ]


def validate(program, kept_only=True):
    """Raises when the flow cannot run; says which of its decorators do nothing here, or what all of them do."""
    program.echo("Validating your flow...")
    program.check()
    program.echo("    The graph looks good!")
    for name, steps, words in program.notes(kept_only):
        where = f" (step{'s' if len(steps) > 1 else ''} {', '.join(steps)})" if steps else ""
        program.echo(f"    @{name}{where}: {words}.")


def check(program, values):
    program.attach()
    validate(program, kept_only=False)
    file = sys.argv[0]
    program.echo(
        f"\n'{file} show' shows a description of this flow.\n"
        f"'{file} run' runs the flow locally.\n"
        f"'{file} help' shows all available commands and options.\n"
    )
    return 0


def show(program, values):
    program.graph.check_read()
    program.attach()
    print(f"\n{_cleaned(program.flow.__doc__)}\n", file=sys.stderr)
    for name in _sorted(program.graph):
        node = program.graph[name]
        for decorator in [d.name for d in node.decorators] + [w.decorator_name for w in node.wrappers]:
            print(f"@{decorator}")
        print(f"Step {name}")
        print("    " + (_cleaned(node.doc) or "?").replace("\n", "\n    "))
        if node.targets:
            print(f"    => {', '.join(node.targets)}")
    return 0


def _sorted(graph):
    """The steps so that each stands after all that lead to it, and a branch as a whole before the next."""
    names, seen = [], set()

    def visit(name):
        if name in seen or name not in graph:
            return
        seen.add(name)
        for target in reversed(graph[name].targets):
            visit(target)
        names.append(name)

    visit(graph.start)
    return names[::-1]


def _cleaned(doc):
    import inspect

    return inspect.cleandoc(doc or "")


def output_dot(program, values):
    program.graph.check_read()
    print("Visualizing the flow as a GraphViz graph", file=sys.stderr)
    print("    Try piping the output to 'dot -Tpng -o graph.png' to produce an actual image.", file=sys.stderr)
    print(f"digraph {program.name} {{")
    for name in sorted(program.graph.nodes):
        kind = program.graph[name].type
        label = f'<<b>{name}</b> | <font point-size="10">{kind}</font>>'
        print(f'"{name}"[ label = {label}   fontname = "Helvetica"   shape = "record" ];')
    for name in sorted(program.graph.nodes):
        for target in program.graph[name].targets:
            print(f"{name} -> {target};")
    print("}")
    return 0


def version(program, values):
    print(__version__, file=sys.stderr)
    return 0
