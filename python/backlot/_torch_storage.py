"""torch writes where a storage lies in memory into its pickle: a tensor that was only looked at would be another value. Its
newer format, which torch reads as well, numbers storages instead."""

import copyreg
import io
import sys


def reducers():
    """How pickle takes the storages of tensors apart instead: {type: function}. None where torch is not imported."""
    storage = getattr(sys.modules.get("torch"), "storage", None)
    kind = getattr(storage, "TypedStorage", None)
    if kind is None or not hasattr(storage, "_load_from_bytes"):
        return None
    return {**copyreg.dispatch_table, kind: _reduced}


def _reduced(storage):
    import torch

    written = io.BytesIO()
    torch.save(storage, written)
    return torch.storage._load_from_bytes, (written.getvalue(),)
