"""Writes the flow of a shape and a feature: ordinary code for Metaflow."""

import re
import textwrap

ARTIFACT = re.compile(r"\bself\.(\w+) \+?= |\bvar=\"(\w+)\"")


def flow_name(shape, feature):
    return "".join(word.title() for word in f"{shape.name}_{feature.name}".split("_")) + "Flow"


def sources(shape, feature):
    """The files of the flow, by name: flow.py, and parent.py where the steps stand in a base class."""
    taken = set(re.findall(r"^(\w+) =", feature.members, re.M))
    taken.update(name for step in shape.steps for line in step_lines(shape, step, feature) for names in ARTIFACT.findall(line) for name in names)
    for step in shape.steps:
        if step.name in taken:
            raise ValueError(f"{feature.name} has something of the name of step {step.name} of {shape.name}")
    name, docstring = flow_name(shape, feature), f'"""{shape.about}\n\n{textwrap.dedent("    " + feature.__doc__).strip()}\n"""'
    steps = [line for step in shape.steps for line in ["", *step_lines(shape, step, feature)]]
    members = feature.members.strip().splitlines()
    body = indented([*members, *steps] if members else steps[1:])
    base = "Base" if feature.derived else name
    own = [
        docstring,
        "",
        *(f"import {module}" for module in feature.modules),
        *([""] if feature.modules else []),
        f"from metaflow import {', '.join(sorted({'FlowSpec', 'step', *feature.imports}))}",
        *(["", "", *feature.before.strip().splitlines()] if feature.before else []),
        "",
        "",
        *feature.of_flow,
        f"class {base}(FlowSpec):",
        *body,
    ]
    start = ["", "", 'if __name__ == "__main__":', f"    {name}()", ""]
    if not feature.derived:
        return {"flow.py": "\n".join(own + start)}
    flow = [docstring, "", "from parent import *", "", "", f"class {name}(Base):", *indented(feature.derived.strip().splitlines())]
    return {"parent.py": "\n".join([*own, ""]), "flow.py": "\n".join(flow + start)}


def step_lines(shape, step, feature):
    lines = ["self.trail = sorted((i.trail for i in inputs), key=str)"] if step.join else []
    if step.name == shape.first:
        lines = ["self.trail = []"]
    lines += [f"self.trail = [*self.trail, {step.name!r}]", *step.lines, *feature.body(shape, step)]
    if step.name == shape.last:
        lines.append('print("trail", self.trail)')
    return [
        *feature.decorators(shape, step),
        f"@step({step.marked})" if step.marked else "@step",
        f"def {step.name}(self{', inputs' if step.join else ''}):",
        *indented([*lines, *next_lines(step)]),
    ]


def next_lines(step):
    if step.items:
        return [f"self.{step.name}_items = {step.items}", f'self.next(self.{step.to[0]}, foreach="{step.name}_items")']
    if step.switch:
        cases = ", ".join(f'"{case}": self.{to}' for case, to in step.switch.items())
        return [f"self.{step.name}_case = {step.case}", f'self.next({{{cases}}}, condition="{step.name}_case")']
    return [f"self.next({', '.join(f'self.{to}' for to in step.to)})"] if step.to else []


def indented(lines):
    return [f"    {line}" if line else line for line in lines]
