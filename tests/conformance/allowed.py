"""Where Backlot differs from Metaflow on purpose, each with its reason.

docs/from-metaflow.md tells the same to people.
"""

# Lines that only one of the two prints: (pattern, reason).
DROPPED = [
    (r"^Creating local datastore in", "Backlot's home is made silently"),
    (r"^(Running pylint|Pylint)", "Backlot runs no pylint"),
    (r"^(Terminating \d+ active tasks|Flushing logs|Killing \d+ remaining)", "how long shutting down takes is no news"),
    (r"^Internal error$", "a failure of the flow's own code is not called an internal error"),
    (r"^in \w+/RUN/\w+/N$", "Backlot ends a traceback with the task's address"),
    (r"^(killed by signal|exited with code) \d+|^ran longer than its timeout", "Backlot says how a process ended"),
    (r"^DATE [\d:.]+ Step \w+ timed out after", "Metaflow says a timeout twice"),
    (r"^For switch statements, keys must be", "a refused self.next is told in other words"),
    (r"^Try '.* --help' for help\.$", "Metaflow says it for some options only"),
    (r"^(metaflow|backlot)_version(:.*)?$", "each names its own version"),
    (r"^The steps of the flow have changed since run", "Backlot says that it clones by name"),
    (r"^step '\w+' goes on in another way than in run", "Backlot says what an edited graph means for a resume"),
    (r"^BACKLOT_FRESH=1: every task is started", "Backlot says how tasks are started"),
    (r"^caught$", "Backlot notes what @catch caught"),
    (r"^Going on from the last run, ", "Backlot says which run it resumes when none is named"),
    (r"^All \d+ attempts of step \w+ were used up within a second", "Backlot says that retries did not wait"),
]

# After these headlines, up to an empty line, each has its own words.
WORDED = (
    "Validity checker found an issue",
    "Invalid self.next() transition detected",
    "Missing artifacts in merge",
    "Cannot pickle artifact",
    "Unknown step decorator",
)

# Lines that say the same in other words: (pattern, what both become, reason).
REWORDED = [
    (r"^(Metaflow [\d.]+\S*|Backlot\S*( [\d.]+\S*)?) executing", "ENGINE executing", "each names itself"),
    (r"\b(metaflow|backlot)\.[\w.]+\.(\w+)", r"ENGINE.\2", "exceptions live in one module, backlot.exception"),
    (r"^Task fallback is starting to handle the failure\.", "Task is starting (retry).", "it is tried again"),
    (r"^Task failed with a segmentation fault\.", "Task failed.", "Backlot names every signal in a line of its own"),
    (r"^(Flow failed|Unknown decorator attribute) in file \S+ on line \d+:", r"\1:", "Backlot names the place"),
    (r"(?<=AttributeError: ).* not modifiable.*", "not modifiable", "Backlot names what was set"),
    (r"\x1b\[\d+m", "", "Metaflow takes colours out of what is not printed to a terminal"),
    (r"repeated \d+ more times", "repeated N more times", "Backlot has fewer frames around a step"),
    (r"line (\d+)::", r"line \1:", "a slip of Metaflow's"),
    (r"\[size: \d+ ", "[size: N ", "values are stored in another form"),
]

BY_STEP = "around a switch Metaflow names all tasks of the steps before and after, Backlot those that led here"

# What may differ: (case, place in the normal form, reason). `*` stands for anything.
ALLOWED = [
    ("*recursion*", "*/parents*", BY_STEP),
    ("*recursion*", "*/children*", BY_STEP),
    ("graph/switch_*", "*/parents*", BY_STEP),
    ("graph/switch_*", "*/children*", BY_STEP),
    ("tutorials/bot", "*/parents*", BY_STEP),
    ("tutorials/bot", "*/children*", BY_STEP),
    ("joins/merge_missing", "*/exception", "told in other words"),
    ("graph/foreach_kinds", "/runs/6/*/exception", "told in other words"),
    ("graph/foreach_kinds", "/commands/5/out/tasks/start/*", "the foreach refuses a generator, not its saving"),
    ("resume/*", "/runs/[1-9]/steps/*/tasks/*/stdout", "a cloned task keeps its log"),
    ("resume/nested", "*/parents*", "after a resume Metaflow finds no neighbours in nested foreaches"),
    ("resume/nested", "*/children*", "after a resume Metaflow finds no neighbours in nested foreaches"),
    ("process/imported_once", "*", "a flow's module is executed once, not again for each task"),
    ("resume/changed_graph", "/runs/1/*", "parents and children are those of the run's own graph"),
    ("resume/switch_gone", "*/parents*", BY_STEP),
    ("resume/switch_gone", "*/children*", BY_STEP),
    ("resume/other_list", "/commands/1/out/tasks/*", "a foreach over another artifact runs; Metaflow keeps the old items"),
    ("resume/other_list", "/runs/1/*", "a foreach over another artifact runs; Metaflow keeps the old items"),
    ("resume/case_gone", "/commands/1/*", "a choice that is gone is refused before a run exists"),
    ("resume/case_gone", "/runs", "a choice that is gone is refused before a run exists"),
    ("resume/switch_added", "/commands/1/out/tasks/*", "what is a switch now decides; Metaflow passes it over"),
    ("resume/switch_added", "/runs/1/*", "what is a switch now decides; Metaflow passes it over"),
    ("resume/last", "/commands/[23]/out/tasks/[ab]/*", "the last run counts, be it resumed itself"),
    ("resume/last", "/runs/[23]/steps/[ab]/tasks/*/metadata", "the last run counts, be it resumed itself"),
    ("parameters/multiple", "/runs/4/steps/start/tasks/*/stdout", "a cloned task keeps its log"),
    ("resume/nothing_ran", "*", "nothing to resume is found out before a run is begun, and told in other words"),
    ("resume/from_step", "/commands/2/err*", "an unknown step is told in other words, before the graph is checked"),
    ("tags/namespaces", "*start*", "current.namespace is the namespace of the run; no namespace is None"),
    ("graph/input_of_join", "*", "a join inside of a foreach knows its item; Metaflow's says None"),
    ("crash/next_*", "*", "a step that did not go where its source says fails; Metaflow calls it successful and stops"),
    ("failures/catch_after_kill", "*/start_failed", "a killed process left no traceback, but how it ended is known"),
    ("failures/catch_in_foreach", "*/a/tasks/2/artifacts/failed", "a killed process left no traceback, see above"),
    ("failures/sys_exit", "*", "sys.exit without self.next is a failure of the step, whatever the code"),
    ("failures/catch_at_foreach", "/commands/0/err*", "decorators are checked before the graph is called good"),
    ("lint/end_is_join", "/commands/0/err*", "Metaflow says line 0"),
    ("lint/foreach_argument", "*", "foreach= without a text is refused before the run begins"),
    ("artifacts/reserved_names", "*/end/*", "self.name stays what a step assigned, as every artifact does"),
    ("lint/cycle", "/commands/0/err*", "a loop is told at the step that goes back"),
    ("lint/decorator_misuse", "/commands/0/err*", "a wrong option is told with its line, not by a traceback"),
    ("decorators/before_and_after_fail", "/commands/2/*", "a second yield is told in other words"),
    ("decorators/before_and_after_fail", "/runs/2/*", "a second yield is told in other words"),
    ("decorators/check_and_show", "/commands/[2-5]/err*", "what mutators may not is told before the graph is checked"),
    ("decorators/duplicates", "/commands/2/err*", "what mutators may not is told before the graph is checked"),
]
