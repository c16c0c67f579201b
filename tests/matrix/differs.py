"""Where the matrix differs from Metaflow on purpose, each with its reason; docs/from-metaflow.md tells it to people."""

LOOKED_UP = "parents and children are the tasks that led here and were led to; Metaflow looks them up by step"
ENDS = "a resumed run is finished when its last step is, whatever that is called; Metaflow looks for a step `end`"

# What may differ: (SHAPE/FEATURE, place in the normal form, reason). `*` stands for anything.
DIFFERS = [
    ("*recursion*", "*/parents*", LOOKED_UP),
    ("*recursion*", "*/children*", LOOKED_UP),
    ("*switch*", "*/children*", LOOKED_UP),
    ("*foreach*/resume*", "/runs/[1-9]/*/parents*", "after a resume Metaflow finds no neighbours inside of a foreach"),
    ("*foreach*/resume*", "/runs/[1-9]/*/children*", "after a resume Metaflow finds no neighbours inside of a foreach"),
    ("own_ends/resume*", "/runs/[1-9]/finished", ENDS),
    ("own_ends/resume*", "/runs/[1-9]/successful", ENDS),
    ("*/resume*", "/runs/[1-9]/steps/*/tasks/*/stdout", "a cloned task keeps its log"),
    ("*/exit_hooks", "/commands/0/out/lines*", "the functions are called after the run's last line"),
]
