"""A flow's graph, read from the source of its steps: what each `self.next` at a step's end says."""

import ast
import types

from backlot.exception import LintException


class Node:
    """A step as its source tells it."""

    def __init__(self, name, function, file, line):
        self.name, self.function, self.file, self.line = name, function, file, line
        self.decorators = function.decorators
        self.wrappers = list(getattr(function, "_wrappers", ()))  # custom decorators, the innermost first
        self.mutators = list(getattr(function, "_mutators", ()))
        self.doc = (function.__doc__ or "").strip()
        self.kind = None  # "linear", "split", "foreach", "switch"; None: it has no self.next
        self.is_join = False
        self.targets = []
        self.foreach = self.condition = None
        self.cases = {}
        self.argument_count = 1
        self.next_line = 0
        self.bad_next = False
        self.fan_outs = []  # names of the steps whose splits it stands in, outermost first
        self.matching_join = None
        self.joins = None  # the step whose split or foreach it closes
        self.ends = []  # of a split: for each branch the steps it may end in, before the join
        self.leaves_end = False  # its branch may end in other steps too: it leaves behind that it was this one

    @property
    def type(self):
        """As Metaflow calls it."""
        if self.name in ("start", "end") and self.kind in (None, "linear"):
            return self.name
        if self.is_join:
            return "join"
        return {"switch": "split-switch", None: "end"}.get(self.kind, self.kind)


class FlowGraph:
    """The steps of a flow by name, in the order in which they are written."""

    def __init__(self, flow):
        self.flow = flow
        self.nodes = {}
        functions = dict(flow._steps())
        trees = {}
        self._unread = None  # why a step could not be read; told when the graph is checked or shown
        for name, function in functions.items():
            try:
                self.nodes[name] = _read(name, function, trees)
            except LintException as error:
                self._unread = self._unread or error
        marked = [n for n, f in functions.items() if getattr(f, "is_start_step", False)]
        self.start = marked[0] if len(marked) == 1 else "start"
        marked = [n for n, f in functions.items() if getattr(f, "is_end_step", False)]
        self.end = marked[0] if len(marked) == 1 else "end"
        self._walk()

    def __getitem__(self, name):
        return self.nodes[name]

    def __iter__(self):
        return iter(self.nodes.values())

    def __contains__(self, name):
        return name in self.nodes

    def _walk(self):
        """Which splits each step stands in, and which join closes each."""
        self.order = []
        seen = set()

        def visit(name, fan_outs):
            node = self.nodes.get(name)
            if node is None or name in seen:
                return
            seen.add(name)
            self.order.append(name)
            if node.is_join and fan_outs:
                opener = self.nodes[fan_outs[-1]]
                opener.matching_join = opener.matching_join or name
                node.joins = opener.name
                fan_outs = fan_outs[:-1]
            node.fan_outs = fan_outs
            inner = fan_outs + [name] if node.kind in ("split", "foreach") else fan_outs
            for target in node.targets:
                visit(target, inner)

        visit(self.start, [])
        for node in self:
            if node.matching_join:
                node.ends = [self._ends(head, node.matching_join) for head in node.targets]
                for names in node.ends:
                    for name in names if len(names) > 1 else ():
                        self.nodes[name].leaves_end = True

    def check(self):
        """Raises LintException, with file and line, for the first thing that is wrong."""
        self.check_read()
        _Lint(self).run()

    def check_read(self):
        """Raises LintException for the first step that could not be read."""
        if self._unread:
            raise self._unread

    def _ends(self, head, join):
        """The steps from which a branch that begins at `head` may arrive at `join`."""
        found, todo, seen = [], [head], set()
        while todo:
            name = todo.pop()
            if name in seen or name == join or name not in self.nodes:
                continue
            seen.add(name)
            targets = self.nodes[name].targets
            if join in targets:
                found.append(name)
            todo.extend(targets)
        return found

    def core(self, core):
        """The same graph as the engine has it, and the number of each step."""
        graph, ids, fan_outs = core.Graph(), {}, {}
        for name in self.order:
            node = self.nodes[name]
            inside = fan_outs[node.fan_outs[-1]] if node.fan_outs else -1
            ids[name] = graph.add(name, "join" if node.is_join else "step", inside)
            if node.kind in ("split", "foreach"):
                fan_outs[name] = graph.add(node.foreach or "split", node.kind, inside)
        for name in self.order:
            self._connect(graph, self.nodes[name], ids, fan_outs)
        for name, fan_out in fan_outs.items():
            if self.nodes[name].matching_join:
                graph.match(fan_out, ids[self.nodes[name].matching_join])
        return graph, ids

    def _connect(self, graph, node, ids, fan_outs):
        here = ids[node.name]
        inside = fan_outs[node.fan_outs[-1]] if node.fan_outs else -1
        if node.kind == "linear":
            graph.edge(here, ids[node.targets[0]])
        elif node.kind in ("split", "foreach"):
            graph.edge(here, fan_outs[node.name])
            for target in node.targets:
                graph.edge(fan_outs[node.name], ids[target], target if node.kind == "split" else "")
        elif node.kind == "switch":
            labels = {}
            for case, target in node.cases.items():
                labels.setdefault(target, []).append(str(case))
            again = labels.pop(node.name, None)
            if again:  # the step goes back to itself: a loop around it
                loop = graph.add(node.condition, "loop", inside)
                graph.edge(here, loop)
                graph.edge(loop, here, ", ".join(again))
                here = loop
            if len(labels) == 1 and again:
                ((target, cases),) = labels.items()
                graph.edge(here, ids[target], ", ".join(cases))
                return
            choose = graph.add(node.condition, "choose", inside)
            graph.edge(here, choose)
            for target, cases in labels.items():
                graph.edge(choose, ids[target], ", ".join(cases))


_NEVER_RUNS = {0x20: "a generator", 0x80: "a coroutine", 0x200: "an asynchronous generator"}  # by inspect.CO_…


def _read(name, function, trees):
    code = getattr(_unwrapped(function), "__code__", None)
    file, line = (code.co_filename, code.co_firstlineno) if code else (None, None)
    refusal = _refusal(name, function)
    if refusal:
        raise LintException(f"Step *{name}* {refusal}", line, file)
    node = Node(name, function, file, line)
    tree = code and _definition(trees, file, code)
    if tree is None:
        raise LintException(
            f"The source of step *{name}* cannot be read. Write the step as a method, with def, in the flow's file.",
            line, file,
        )  # fmt: skip
    node.line = tree.lineno
    node.argument_count = len(tree.args.args)
    node.is_join = node.argument_count > 1
    _read_next(node, tree.body[-1])
    return node


def _refusal(name, function):
    """Why something cannot be a step: the words after its name; None when it can."""
    if isinstance(function, (staticmethod, classmethod)):
        return f"is a {type(function).__name__}. A step is a plain method: take that decorator away."
    if not isinstance(function, types.FunctionType):
        return (
            f"is an object of type {type(function).__qualname__}, not a function. "
            "A decorator of a step returns a function, made with functools.wraps."
        )
    for flag, what in _NEVER_RUNS.items():
        if function.__code__.co_flags & flag:
            return f"is {what}, so calling it does not run it. Write it with def, and without yield."
    if function.__name__ != name:
        return (
            f"is the function {function.__name__}. Write it with def {name}; "
            "if a decorator made the function, use functools.wraps in it."
        )
    return None


def _unwrapped(function):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def _definition(trees, file, code):
    """The function definition that `code` was compiled from."""
    if file not in trees:
        import linecache

        found = {}
        try:
            tree = ast.parse("".join(linecache.getlines(file)) or "", file)
        except SyntaxError:
            tree = ast.Module([], [])
        for item in ast.walk(tree):
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
                first = min([item.lineno] + [d.lineno for d in item.decorator_list])
                found[first, item.name] = item
        trees[file] = found
    return trees[file].get((code.co_firstlineno, code.co_name))


def _read_next(node, tail):
    call = getattr(tail, "value", None)
    if not (isinstance(tail, ast.Expr) and isinstance(call, ast.Call) and _is_self(call.func, "next")):
        return
    node.next_line, node.bad_next = tail.lineno, True
    keywords = {k.arg: getattr(k.value, "value", None) for k in call.keywords}
    if len(call.args) == 1 and isinstance(call.args[0], ast.Dict):
        cases = _cases(call.args[0])
        if cases and isinstance(keywords.get("condition"), str) and len(keywords) == 1:
            node.kind, node.condition, node.cases = "switch", keywords["condition"], cases
            node.targets = list(dict.fromkeys(cases.values()))
            node.bad_next = False
        return
    if not all(_is_self(a) for a in call.args):
        return
    node.targets = [a.attr for a in call.args]
    if set(keywords) == {"foreach"} and len(node.targets) == 1 and isinstance(keywords["foreach"], str):
        node.kind, node.foreach, node.bad_next = "foreach", keywords["foreach"], False
    elif not keywords and node.targets:
        node.kind, node.bad_next = ("split" if len(node.targets) > 1 else "linear"), False


def _is_self(item, attribute=None):
    return (
        isinstance(item, ast.Attribute)
        and isinstance(item.value, ast.Name)
        and item.value.id == "self"
        and (attribute is None or item.attr == attribute)
    )


def _cases(tree):
    cases = {}
    for key, value in zip(tree.keys, tree.values):
        if not _is_self(value):
            return None
        if isinstance(key, ast.Constant):
            case = key.value
        elif isinstance(key, ast.Attribute) and _is_self(key.value):
            case = f"config:{key.value.attr}.{key.attr}"
        else:
            return None
        cases[case] = value.attr
    return cases


class _Lint:
    """The rules, in the order in which they are told: the first that is broken is the one that is raised."""

    reserved = ("name", "next", "input", "index", "cmd", "foreach_stack", "merge_artifacts", "script_name")

    def __init__(self, graph):
        self.graph = graph

    def run(self):
        for rule in (
            self.names, self.ends, self.arguments, self.transitions, self.targets, self.cycles, self.orphans,
            self.fan_outs, self.joins,
        ):  # fmt: skip
            rule()

    def fail(self, node, message, line=None):
        raise LintException(message, line or (node.line if node else None), node.file if node else None)

    def names(self):
        for node in self.graph:
            if node.name in self.reserved:
                self.fail(node, f"Step name *{node.name}* is a reserved word. Choose another name for the step.")
            if not node.name.islower() and node.name != node.name.lower():
                self.fail(node, f"Step name *{node.name}* has capitals. Use lowercase letters, digits and underscores.")

    def ends(self):
        for name, what in ((self.graph.start, "begins"), (self.graph.end, "ends")):
            if name not in self.graph:
                self.fail(None, f"There is no step *{name}*: the step with which the flow {what}. Add one.")
        end = self.graph[self.graph.end]
        if end.kind or end.bad_next:
            self.fail(end, f"Step *{end.name}* is the last one and must not call self.next().")
        if end.is_join:
            self.fail(
                end,
                f"Step *{end.name}* is the last one and must not be a join. Put a step before it that joins.",
            )

    def arguments(self):
        for node in self.graph:
            if node.argument_count == 0:
                self.fail(node, f"Step *{node.name}* is missing the 'self' argument.")
            if node.argument_count > 2:
                self.fail(
                    node,
                    f"Step *{node.name}* has too many arguments: a step takes self, a join self and inputs.",
                )
            if node.is_join and node.kind in ("split", "foreach", "switch"):
                self.fail(node, f"Step *{node.name}* is a join and a split at once. Put a step between the two.")

    def transitions(self):
        for node in self.graph:
            if node.name == self.graph.end:
                continue
            if node.bad_next:
                self.fail(
                    node,
                    f"Step *{node.name}* has an invalid self.next() call: name steps as self.step, "
                    "with foreach='artifact' for one step, or {'case': self.step, …} with condition='artifact'.",
                    node.next_line,
                )
            if node.kind is None:
                self.fail(
                    node,
                    f"Step *{node.name}* does not end with self.next(). Add it as the last line of the step.",
                )

    def targets(self):
        for node in self.graph:
            for target in node.targets:
                if target not in self.graph:
                    self.fail(
                        node,
                        f"Step *{node.name}* goes on to *{target}*, which is no step of this flow.",
                        node.next_line,
                    )

    def cycles(self):
        state = {}

        def visit(name):
            node, state[name] = self.graph[name], "open"
            for target in node.targets:
                if target == name and node.kind == "switch":
                    continue
                if state.get(target) == "open":
                    self.fail(
                        node,
                        f"There is a loop in your flow: *{node.name}* goes back to *{target}*. "
                        "Only a switch may go back, and only to its own step.",
                        node.next_line,
                    )
                if target not in state:
                    visit(target)
            state[name] = "done"

        visit(self.graph.start)

    def orphans(self):
        reached = set(self.graph.order)
        for node in self.graph:
            if node.name not in reached:
                self.fail(
                    node,
                    f"Step *{node.name}* is unreachable from the step *{self.graph.start}*. Connect or remove it.",
                )

    def fan_outs(self):
        """Every way into a step comes out of the same splits, and every split is joined."""
        for node in self.graph:
            inner = node.fan_outs + [node.name] if node.kind in ("split", "foreach") else node.fan_outs
            for target in node.targets:
                to = self.graph[target]
                expected = inner[:-1] if to.is_join else inner
                if to.is_join and not inner:
                    self.fail(
                        to,
                        f"Step *{to.name}* is like a join (it has an extra argument) but no split leads to it.",
                    )
                if to.fan_outs != expected:
                    self.fail(
                        to,
                        f"Step *{to.name}* is reached from *{node.name}* out of another split than from elsewhere. "
                        "Join a split before you leave it.",
                    )
        end = self.graph[self.graph.end]
        if end.fan_outs:
            self.fail(
                end,
                f"Step *{end.name}* is reached before a join of the split in step *{end.fan_outs[-1]}*. Add a join.",
            )

    def joins(self):
        for node in self.graph:
            if node.kind in ("split", "foreach") and node.matching_join is None:
                self.fail(
                    node,
                    f"The branches of step *{node.name}* are never joined. Add a join, a step with an extra argument.",
                )
            into = [n for n in self.graph if node.name in n.targets]
            if node.is_join and not into:
                self.fail(node, f"Step *{node.name}* joins nothing.")
            if len(node.targets) != len(set(node.targets)) and node.kind == "split":
                self.fail(node, f"Step *{node.name}* splits into the same step twice. Use foreach.", node.next_line)
