"""pandas tables as columns in Arrow's layout, where that gives back every bit of them (docs/formats/values.md)."""

import sys

_MOST_COLUMNS = 64  # each column is a block of its own when it is loaded in place, and pandas dislikes many

# By numpy's dtype.str without the byte order; what is not here is pickled.
_TYPES = {
    "b1": "bool", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64", "f4": "float", "f8": "double",
    "M8[ns]": "timestamp[ns]", "m8[ns]": "duration[ns]",
}  # fmt: skip
_DTYPES = {name: code for code, name in _TYPES.items()}
_TEXT = "large_string"


def taken_apart(frame):
    """(rows, index, columns) of a DataFrame, or None when its table would not be all of it.

    The index is True (the first column) or a list [start, step, name]; a column is (name, type, buffers).
    """
    pandas = sys.modules.get("pandas")
    if pandas is None or type(frame) is not pandas.DataFrame or frame.attrs or not frame.flags.allows_duplicate_labels:
        return None
    if not _are_plain(frame.columns, pandas) or not 1 <= len(frame.columns) <= _MOST_COLUMNS:
        return None
    index = _index(frame.index, pandas)
    if index is None:
        return None
    columns = [] if isinstance(index, list) else [index]
    for i, name in enumerate(frame.columns):
        columns.append(_column(name, frame.iloc[:, i].to_numpy()) if _is_numpy(frame.dtypes.iloc[i]) else None)
    if any(column is None for column in columns):
        return None
    return len(frame), index if isinstance(index, list) else True, columns


def put_together(rows, index, columns):
    """The DataFrame of a table; numbers are not copied."""
    import pandas

    arrays = [(name, _values(kind, rows, buffers)) for name, kind, buffers in columns]
    if isinstance(index, list):
        start, step, name = index
        index = pandas.RangeIndex(start, start + rows * step, step, name=name)
    elif index:
        name, values = arrays.pop(0)
        index = pandas.Index(values, name=name, dtype=values.dtype)
    else:
        index = pandas.RangeIndex(rows)
    # pandas 3 would make texts of what are objects, unless they are told to be.
    columns = {name: pandas.Series(v, index, v.dtype, copy=False) if v.dtype == object else v for name, v in arrays}
    frame = pandas.DataFrame(columns, index=index, copy=False)
    frame.columns = pandas.Index([name for name, _ in arrays], dtype=_label_type(pandas))
    return frame


def _label_type(pandas):
    """The type of labels that are texts: object, and since pandas 3 one of its own."""
    return pandas.Index(["a"]).dtype


def _are_plain(labels, pandas):
    return (
        type(labels) is pandas.Index
        and labels.dtype == _label_type(pandas)
        and labels.name is None
        and all(_is_text(label) for label in labels)
        and labels.is_unique
    )


def _is_text(value):
    if type(value) is not str:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _is_numpy(dtype):
    if not hasattr(dtype, "isnative") or not dtype.isnative:
        return False
    try:
        return dtype.metadata is None
    except TypeError:  # NumPy 1 cannot tell that of times which NumPy 2 pickled: they have none
        return True


def _index(index, pandas):
    name = index.name
    if name is not None and not _is_text(name):
        return None
    if type(index) is pandas.RangeIndex:
        whole = index.stop == index.start + len(index) * index.step
        return [index.start, index.step, name] if whole else None
    if not _is_numpy(index.dtype) or getattr(index, "freq", None) is not None:
        return None
    values = index.to_numpy()
    again = pandas.Index(values, name=name, dtype=values.dtype)
    if type(again) is not type(index) or again.dtype != index.dtype:
        return None
    return _column(name, values)


def _column(name, values):
    import numpy

    if values.dtype == object:
        return _text_column(name, values)
    kind = _TYPES.get(values.dtype.str[1:])
    if kind is None or values.dtype.char in "qQ":  # long long is another type than long, of the same size
        return None
    valid = b""
    if kind == "bool":
        values = numpy.packbits(values, bitorder="little")
    elif values.dtype.kind in "mM":
        missing = numpy.isnat(values)
        valid = _validity(~missing) if missing.any() else b""
        values = values.view("i8")
    return name, kind, [valid, numpy.ascontiguousarray(values)]


def _text_column(name, values):
    import numpy

    encoded = []
    for text in values.tolist():
        if text is None:
            encoded.append(None)
        elif type(text) is str:
            try:
                encoded.append(text.encode())
            except UnicodeEncodeError:
                return None
        else:
            return None
    offsets = numpy.zeros(len(encoded) + 1, "i8")
    numpy.cumsum([len(text) if text else 0 for text in encoded], out=offsets[1:])
    valid = b""
    if None in encoded:
        valid = _validity(numpy.array([text is not None for text in encoded]))
    return name, _TEXT, [valid, offsets, b"".join(text for text in encoded if text)]


def _validity(valid):
    import numpy

    return numpy.packbits(valid, bitorder="little")


def _bits(packed, rows):
    import numpy

    return numpy.unpackbits(packed, count=rows, bitorder="little").astype(bool)


def _values(kind, rows, buffers):
    if kind == _TEXT:
        return _texts(rows, *buffers)
    if kind == "bool":
        return _bits(buffers[1], rows)
    return buffers[1].view(_DTYPES[kind])


def _texts(rows, valid, offsets, data):
    import numpy

    data = data.tobytes()
    ends = offsets.view("i8").tolist()
    whole = data.decode()
    if len(whole) == len(data):  # every character is a byte
        texts = [whole[a:b] for a, b in zip(ends, ends[1:])]
    else:
        texts = [data[a:b].decode() for a, b in zip(ends, ends[1:])]
    values = numpy.empty(rows, object)
    values[:] = texts
    if len(valid):
        values[~_bits(valid, rows)] = None
    return values
