"""Values of every kind that NumPy, pandas and pyarrow have, and a text that says all of one bit by bit.

The text names nothing that is called differently in another version: no modules, and of an index its type of elements.
"""

import datetime
import decimal
import hashlib
import json

import numpy as np
import pandas as pd

N = 20_000  # enough for a blob with pages of its own


def made():
    """{name: value}, of what this environment has."""
    found = {}
    for name, make in {**_arrays(), **_tables(), **_frames(), **_series(), **_others()}.items():
        try:
            found[name] = make()
        except (ImportError, TypeError, ValueError, AttributeError):
            continue  # these versions do not have it
    return found


def _arrays():
    kinds = "? b h i l B H I L f d F D".split()
    several = {f"array_{kind}": lambda kind=kind: (np.arange(N) % 251).astype(kind) for kind in kinds}
    return {
        **several,
        "array_nan": lambda: np.frombuffer(np.array([0x7FF8000000000001, 0xFFF0000000000000], "u8").tobytes(), "f8").copy(),
        "array_empty": lambda: np.zeros((0, 3)),
        "array_zero_dims": lambda: np.array(3.5),
        "array_fortran": lambda: np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "array_big_endian": lambda: np.arange(N, dtype=">i4"),
        "array_half": lambda: np.arange(N).astype("f2"),
        "array_long_long": lambda: np.arange(5, dtype=np.longlong),
        "array_words": lambda: np.array(["a", "b\u00e4c"]),
        "array_bytes": lambda: np.array([b"a", b"bc"]),
        "array_objects": lambda: np.array([None, "x", 1.5], dtype=object),
        "array_days": lambda: np.array(["2020-01-01", "NaT"], dtype="datetime64[D]"),
        "array_fields": lambda: np.array([(1, 2.5, "x")] * N, dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")]),
        "array_masked": lambda: np.ma.masked_array([1.0, 2.0], [False, True]),
        "array_matrix": lambda: np.matrix([[1, 2], [3, 4]]),
        "array_within": lambda: {"a": np.arange(N), "b": (np.ones(3),)},
        "scalar_int": lambda: np.int64(-5),
        "scalar_float": lambda: np.float32(0.1),
        "scalar_time": lambda: np.datetime64("2020-01-01T00:00:01"),
        "dtype": lambda: np.dtype([("a", "i4"), ("b", "f8")]),
        "random_state": lambda: np.random.RandomState(7),
        "random_generator": lambda: np.random.default_rng(7),
    }


def _table():
    frame = pd.DataFrame({
        "i": np.arange(N), "f": np.arange(N) / 7, "small": np.arange(N).astype("u1"), "flag": np.arange(N) % 3 == 0,
        "half": np.arange(N).astype("f4"), "when": np.arange(N).astype("M8[ns]"), "long": np.arange(N).astype("m8[ns]"),
    })  # fmt: skip
    frame.loc[7, "f"] = np.nan
    return frame


def _block(**kinds):
    return pd.DataFrame(np.arange(12.0).reshape(4, 3), columns=["a", "b", "c"], **kinds)


def _tables():
    return {
        "table": _table,
        "table_of_one_block": _block,
        "table_texts": lambda: pd.DataFrame({"t": np.array(["", "\u00e4", None, "abc"], dtype=object)}, dtype=object),
        "table_range": lambda: _block(index=pd.RangeIndex(10, 18, 2, name="r")),
        "table_ints": lambda: _block(index=pd.Index([4, 3, 2, 1], name="n")),
        "table_times": lambda: _block(index=pd.Index(np.arange(4).astype("M8[ns]"), name="when")),
    }


def _frames():
    return {
        "frame_mixed": lambda: pd.DataFrame({"x": [1, "a", None]}),
        "frame_words": lambda: pd.DataFrame({"name": ["a", None, "b"], "n": [1, 2, 3]}),
        "frame_numbered": lambda: pd.DataFrame({0: [1], 1: [2.5]}),
        "frame_attrs": lambda: _with_attrs(_block()),
        "frame_days": lambda: _block(index=pd.date_range("2020-01-01", periods=4)),
        "frame_seconds": lambda: pd.DataFrame({"t": np.arange(4).astype("M8[s]"), "d": np.arange(4).astype("m8[s]")}),
        "frame_levels": lambda: _block(index=pd.MultiIndex.from_arrays([list("aabb"), [1, 2, 1, 2]], names=["k", "n"])),
        "frame_category": lambda: pd.DataFrame({"x": pd.Categorical(["a", "b", None], ordered=True)}),
        "frame_nullable": lambda: pd.DataFrame({"i": pd.array([1, None], "Int64"), "b": pd.array([True, None], "boolean")}),
        "frame_zone": lambda: pd.DataFrame({"x": pd.to_datetime(["2020-01-01"]).tz_localize("UTC")}),
        "frame_wide": lambda: pd.DataFrame(np.arange(200.0).reshape(2, 100), columns=[f"c{i}" for i in range(100)]),
        "frame_arrow": _frame_in_arrow,
    }


def _frame_in_arrow():
    import pyarrow  # noqa: F401

    return pd.DataFrame({"x": pd.array([1, None], "int64[pyarrow]"), "s": pd.array(["a", None], "string[pyarrow]")})


def _with_attrs(frame):
    frame.attrs["unit"] = "s"
    return frame


def _series():
    return {
        "series": lambda: pd.Series(np.arange(N) / 3, name="x"),
        "series_ints": lambda: pd.Series([1, 2], index=pd.Index([7, 8])),
        "series_floats_index": lambda: pd.Series([1, 2], index=pd.Index([0.5, 1.5])),
        "series_words": lambda: pd.Series(["a", None, "b"]),
        "series_strings": lambda: pd.Series(["a", None], dtype="string"),
        "series_category": lambda: pd.Series(["x", "y", "x"], dtype="category"),
        "series_float_nullable": lambda: pd.Series([1.5, None], dtype="Float64"),
        "series_times": lambda: pd.Series(pd.date_range("2020-01-01", periods=3, tz="Europe/Berlin")),
        "series_differences": lambda: pd.Series(pd.to_timedelta([1, 2, None], unit="s")),
        "series_periods": lambda: pd.Series(pd.period_range("2020-01-01", periods=3, freq="D")),
        "series_intervals": lambda: pd.Series(pd.interval_range(0, 3)),
        "series_sparse": lambda: pd.Series(pd.arrays.SparseArray([0, 0, 1, 2])),
        "index_times": lambda: pd.date_range("2020-01-01", periods=3),
        "index_range": lambda: pd.RangeIndex(3),
        "index_words": lambda: pd.Index(["a", "b"], dtype=object),
        "array_category": lambda: pd.Categorical(["a", "b", "a"]),
        "array_nullable": lambda: pd.array([1, None, 3], "Int32"),
        "timestamp": lambda: pd.Timestamp("2020-01-01 00:00:00.123456789"),
        "timestamp_zone": lambda: pd.Timestamp("2020-01-01", tz="UTC"),
        "timedelta": lambda: pd.Timedelta(5, "s"),
        "period": lambda: pd.Period("2020-01-01", "D"),
        "interval": lambda: pd.Interval(0, 1),
        "not_a_time": lambda: pd.NaT,
        "not_available": lambda: pd.NA,
    }


def _arrow():
    import pyarrow

    return pyarrow.table({"i": [1, 2, None], "s": ["a", None, "b"]})


def _others():
    return {
        "arrow_table": _arrow,
        "plain": lambda: {"a": [1, 2.5, None, True, "x", b"y"]},
        "tuple": lambda: (1, "a", frozenset([1])),
        "decimal": lambda: decimal.Decimal("1.10"),
        "date": lambda: datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
    }


def canonical_text(value):
    """A text that is the same for the same value, whatever the versions."""
    return json.dumps(_canonical(value), sort_keys=True)


def _canonical(value):
    kind = type(value).__qualname__
    for types, describe in (
        (pd.DataFrame, _frame), (pd.Series, _one), (pd.MultiIndex, _levels), (pd.Index, _index), (np.ma.MaskedArray, _masked),
        (np.ndarray, _array), (np.generic, _scalar), (pd.api.extensions.ExtensionArray, _extension), (np.random.RandomState, _state),
        (np.random.Generator, _generator),
    ):  # fmt: skip
        if isinstance(value, types):
            return describe(value)
    if isinstance(value, dict):
        return [kind, [[_canonical(k), _canonical(v)] for k, v in value.items()]]
    if isinstance(value, (list, tuple)):
        return [kind, [_canonical(v) for v in value]]
    if isinstance(value, np.dtype):
        return ["dtype", repr(value)]
    if isinstance(value, float):
        return [kind, value.hex()]
    if isinstance(value, (pd.Timestamp, pd.Timedelta)):
        return [kind, value.value, getattr(value, "unit", "ns"), str(getattr(value, "tz", None))]
    return [kind, repr(value)]


def _frame(v):
    columns = [_canonical(v.iloc[:, i].array) for i in range(v.shape[1])]
    return ["DataFrame", _canonical(v.index), _labels(v.columns), columns, v.attrs, v.flags.allows_duplicate_labels]


def _labels(v):
    # Labels that are texts have the type of texts of the pandas that reads: object before 3, str since.
    return list(v) if all(isinstance(label, str) for label in v) else _canonical(v)


def _one(v):
    return ["Series", _canonical(v.index), _canonical(v.array), repr(v.name)]


def _levels(v):
    return ["MultiIndex", [_canonical(v.get_level_values(i)) for i in range(v.nlevels)]]


def _index(v):
    if isinstance(v, pd.RangeIndex):
        return ["RangeIndex", v.start, v.stop, v.step, repr(v.name)]
    return ["Index", _canonical(v.array), repr(v.name), str(getattr(v, "freqstr", None))]


def _masked(v):
    return ["MaskedArray", _array(v.data), _array(np.ma.getmaskarray(v))]


def _array(v):
    order = [v.flags.c_contiguous, v.flags.f_contiguous, v.flags.writeable]
    return [type(v).__qualname__, order, *_elements(v)]


def _elements(v):
    data = [_canonical(x) for x in v.ravel()] if v.dtype.hasobject else hashlib.sha256(v.tobytes()).hexdigest()
    return [str(v.dtype.descr), v.shape, data]


def _scalar(v):
    return [str(v.dtype), v.tobytes().hex()]


def _extension(v):
    if str(v.dtype) == str(getattr(v.dtype, "numpy_dtype", "")):  # a plain array in pandas' wrapping
        return _elements(v.to_numpy())
    missing = np.asarray(v.isna()).tolist()
    return [type(v).__qualname__, str(v.dtype), [None if gone else _canonical(x) for x, gone in zip(v, missing)]]


def _state(v):
    name, keys, at, has, cached = v.get_state()
    return [name, _array(keys), at, has, cached]


def _generator(v):
    return ["Generator", repr(v.bit_generator.state)]
