"""Where the matrix differs from Metaflow on purpose, each with its reason; docs/from-metaflow.md tells it to people."""

BY_STEP = "around a switch Metaflow names all tasks of the steps before and after, Backlot those that led here"

# What may differ: (SHAPE/FEATURE, place in the normal form, reason). `*` stands for anything.
DIFFERS = []
