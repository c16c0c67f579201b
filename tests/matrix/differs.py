"""Where the matrix differs from Metaflow on purpose, each with its reason; docs/from-metaflow.md tells it to people."""

# What may differ: (SHAPE/FEATURE, place in the normal form, reason). `*` stands for anything.
DIFFERS = [
    ("*/resume*", "/runs/[1-9]/steps/*/tasks/*/stdout", "a cloned task keeps its log"),
    ("*/exit_hooks", "/commands/0/out/lines*", "the functions are called after the run's last line"),
]
