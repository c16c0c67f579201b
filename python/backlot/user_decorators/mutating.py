"""When mutators are called: all of a flow's first, the one nearest to the class or step before those above it."""

from backlot.user_decorators.mutable import MutableFlow, MutableStep


def pre_mutate(program):
    """As soon as the configs are known."""
    _each_flow_mutator(program, "pre_mutate")
    for node in program.graph:
        for mutator in node.mutators:
            mutator._begin_with(program.configs)
    _each_step_mutator(program, "pre_mutate")


def mutate(program):
    """When the command line is known too."""
    for node in program.graph:
        for mutator in node.mutators:  # those of --with
            mutator._begin_with(program.configs)
    _each_flow_mutator(program, "mutate")
    _each_step_mutator(program, "mutate")
    for node in program.graph:
        for wrapper in node.wrappers:
            wrapper._begin_with(program.configs)


def _each_flow_mutator(program, method):
    for mutator in program.flow_mutators:
        mutator._begin_with(program.configs)
    # The list may grow while it is walked.
    for mutator in program.flow_mutators:
        mutator._call_authors(getattr(mutator, method), MutableFlow(program, mutator, method == "pre_mutate"))


def _each_step_mutator(program, method):
    """Calls those too that others add meanwhile, and not those that others remove."""
    called = set()
    todo = True
    while todo:
        todo = [(n, m) for n in program.graph for m in n.mutators if id(m) not in called][:1]
        for node, mutator in todo:
            called.add(id(mutator))
            step = MutableStep(program, node, mutator, method == "pre_mutate")
            mutator._call_authors(getattr(mutator, method), step)
