"""What a join is given: the branches that arrived at it."""


class Inputs:
    """The branches that arrived at a join: by number, in order, or by the name of the step that a branch ended in."""

    def __init__(self, flow, task, ends):
        """`ends`: by branch of the split, or once for all items of a foreach, the steps that it may have ended in."""
        self._flow, self._task, self._ends = flow, task, ends
        self._kept = {}  # the branches that the join may have changed

    def __len__(self):
        return self._task.branch_count

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        if index not in self._kept:
            self._kept[index] = self._branch(index)
        return self._kept[index]

    def __iter__(self):
        # A branch that is only read is let go again: there may be very many.
        for index in range(len(self)):
            branch = self._kept.get(index) or self._branch(index)
            try:
                yield branch
            finally:
                if branch._is_written():
                    self._kept[index] = branch

    def __getattr__(self, name):
        found = None
        if not name.startswith("_"):
            for index in range(len(self)):
                source = self._task.branch(index)
                if name in self._may_end(source) and name == self._end(source):
                    found = index
        if found is None:
            raise AttributeError(f"'Inputs' object has no attribute '{name}'")
        return self[found]

    def _branch(self, index):
        branch = self._flow.__class__.__new__(self._flow.__class__)
        source = self._task.branch(index)
        branch._start_reading(self._task, source, self._end(source))
        return branch

    def _may_end(self, source):
        return self._ends[source.index if len(self._ends) > 1 else 0]

    def _end(self, source):
        """The name of the step that a branch ended in."""
        names = self._may_end(source)
        return names[0] if len(names) == 1 else self._task.load(source.find("_ended_in"))
