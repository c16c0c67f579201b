"""The command `tag`: add, remove, replace and list the tags of a run."""

from backlot import about
from backlot.exception import CommandException, MetaflowNamespaceMismatch, MetaflowNotFound
from backlot.options import Command, Option

_HEADER = "\nSystem tags and tags; only tags can be modified\n" + "-" * 56 + "\n"
_WIDTH = 120


def commands():
    run_id = Option("run-id", help="Run ID of the specific run to tag. [required]")
    namespace = Option(
        "namespace", "user_namespace", help="Change namespace from the default (your username) to the one specified."
    )
    lists = [
        Option("run-id", help="Run ID of the specific run to list."),
        Option("all", is_flag=True, default=False, help="List tags across all runs of this flow."),
        Option("my-runs", is_flag=True, default=False,
               help="List tags across all runs of the flow under the default namespace."),
        Option("hide-system-tags", is_flag=True, default=False, help="Hide system tags."),
        Option("group-by-tag", is_flag=True, default=False, help="Display results by showing runs grouped by tags."),
        Option("group-by-run", is_flag=True, default=False, help="Display tags grouped by run."),
        Option("flat", is_flag=True, default=False, hidden=True),
    ]  # fmt: skip
    replaced = [
        Option("add", "added", many=True, help="Add this tag to a run."),
        Option("remove", "removed", many=True, help="Remove this tag from a run."),
    ]
    some = [("TAGS", "many")]
    return [
        Command(
            "tag", help="Commands related to tagging.",
            commands=[
                Command("add", add, [run_id, namespace], some, help="Add tags to a run."),
                Command("remove", remove, [run_id, namespace], some, help="Remove tags from a run."),
                Command("replace", replace, [run_id, namespace, *replaced],
                        help="Replace one or more tags of a run atomically: removals are applied first."),
                Command("list", list_, lists, [("ARG_RUN_ID", "maybe")], help="List tags of a run."),
            ],
        )
    ]  # fmt: skip


def _run(program, values):
    """The run that --run-id names, as the client has it."""
    given = values.get("user_namespace")
    space = about.own_namespace() if given is None else given
    client = _client_in(space or None)
    name, run_id = program.name, values["run_id"]
    try:
        flow = client.Flow(name)
    except MetaflowNotFound:
        raise CommandException(f"No run found for *{name}*. Please run the flow before tagging.") from None
    except MetaflowNamespaceMismatch:
        raise CommandException(
            f"No run found for *{name}* in namespace *{space}*. You can switch the namespace using --namespace"
        ) from None
    if run_id is None:
        raise CommandException(
            f"Please specify a run-id using --run-id.\n"
            f"*{name}*'s latest run in namespace *{space}* has id *{flow.latest_run.id}*."
        )
    if "/" in run_id:
        raise CommandException(f"Run-id *{run_id}* is not a valid run-id")
    try:
        return client.Run(f"{name}/{run_id}")
    except MetaflowNotFound:
        raise CommandException(f"No run *{name}/{run_id}* found for flow *{name}*") from None
    except MetaflowNamespaceMismatch:
        raise CommandException(
            f"Run *{name}/{run_id}* for flow *{name}* does not belong to namespace *{space}*\n"
        ) from None


def _client_in(space):
    """The client, looking into this namespace."""
    from backlot import client

    client.namespace(space)
    return client


def add(program, values):
    run = _run(program, values)
    run.add_tags(values["tags"])
    return _changed(program, run)


def remove(program, values):
    run = _run(program, values)
    run.remove_tags(values["tags"])
    return _changed(program, run)


def replace(program, values):
    if not values["added"] or not values["removed"]:
        raise CommandException(
            "Specify at least one tag to add (--add) and one tag to remove (--remove); "
            "else please use *tag add* or *tag remove*."
        )
    run = _run(program, values)
    run.replace_tags(values["removed"], values["added"])
    return _changed(program, run)


def _changed(program, run):
    if not program.quiet:
        print("Operation successful. New tags:")
    run = type(run)(run.pathspec, _namespace_check=False)
    _print_groups(program, {run.pathspec: (run.system_tags, run.user_tags)})
    return 0


def list_(program, values):
    """Of all runs of the flow, unless one run or one's own are asked for."""
    given = [values["run_id"], values["arg_run_id"], values["all"] or None, values["my_runs"] or None]
    if sum(g is not None for g in given) > 1:
        raise CommandException("Give only one of --run-id, a run id, --all and --my-runs.")
    groupings = [g for g in ("group_by_run", "group_by_tag", "flat") if values[g]]
    if len(groupings) > 1:
        raise CommandException("Give only one of --group-by-run, --group-by-tag and --flat.")
    runs = _listed(program, values)
    own = {r.pathspec: (frozenset() if values["hide_system_tags"] else r.system_tags, r.user_tags) for r in runs}
    system, user = (frozenset().union(*(pair[i] for pair in own.values())) for i in (0, 1))
    if values["flat"]:
        print("\n".join(sorted(system | user)))
    elif values["group_by_tag"]:
        _print_by_tag(program, own)
    else:
        _print_groups(program, own if values["group_by_run"] else {",".join(own): (system, user)})
    return 0


def _listed(program, values):
    run_id = values["run_id"] or values["arg_run_id"]
    if run_id is not None:
        return [_run(program, {"run_id": run_id, "user_namespace": ""})]
    client = _client_in(about.own_namespace() if values["my_runs"] else None)
    try:
        return list(client.Flow(program.name))
    except (MetaflowNotFound, MetaflowNamespaceMismatch):
        text = f"Cannot list tags because the flow {program.name} has never been run."
        raise CommandException(text) from None


# --- printing --------------------------------------------------------------------------------------------------------


def _print_groups(program, groups):
    """Tags of runs: {name: (system tags, user tags)}. Quiet: one line a run, for programs."""
    if program.quiet:
        for name, (system, user) in groups.items():
            print(" ; ".join([name, ",".join(sorted(system)), ",".join(sorted(user))]))
        return
    print(_HEADER)
    for name, (system, user) in sorted(groups.items()):
        if len(groups) > 1:
            print(f"For run {name}")
        _print_columns(sorted({*system, *user}))


def _print_by_tag(program, runs):
    tags = {}
    for name, pair in runs.items():
        for kind, found in zip(("system", "user"), pair):
            for tag in found:
                tags.setdefault((tag, kind), []).append(name)
    if not program.quiet:
        print(_HEADER)
    for (tag, kind), names in sorted(tags.items()):
        if program.quiet:
            print(f"{kind}:{tag} ; {','.join(sorted(names))}")
        else:
            print(f"For tag {tag}")
            _print_columns(sorted(names))


def _print_columns(words):
    """In columns, read downwards."""
    width = max(map(len, words), default=0)
    count = max(1, (_WIDTH + 4) // (width + 4))
    rows = -(-len(words) // count)
    for row in range(rows):
        print("    ".join(f"{word:<{width}}" for word in words[row::rows]).rstrip())
    print()
