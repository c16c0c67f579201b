"""Where Backlot differs from Metaflow on purpose, each with its reason. docs/from-metaflow.md tells the same to people."""

# Lines that only one of the two prints: (pattern, reason).
DROPPED = [
    (r"^Creating local datastore in", "Backlot's home is made silently"),
    (r"^(Running pylint|Pylint)", "Backlot runs no pylint"),
    (r"^(Terminating \d+ active tasks|Flushing logs|Killing \d+ remaining)", "how long shutting down takes is no news"),
    (r"^Internal error$", "a failure of the flow's own code is not called an internal error"),
    (r"^in \w+/RUN/\w+/N$", "Backlot ends a traceback with the task's address"),
]

# After these headlines, up to an empty line, each has its own words.
WORDED = (
    "Validity checker found an issue",
    "Invalid self.next() transition detected",
    "Missing artifacts in merge",
    "Cannot pickle artifact",
)

# Lines that say the same in other words: (pattern, what both become, reason).
REWORDED = [
    (r"^(Metaflow [\d.]+\S*|Backlot\S*( [\d.]+\S*)?) executing", "ENGINE executing", "each names itself"),
]

# What may differ: (case, place in the normal form, reason). `*` stands for anything.
ALLOWED = []
