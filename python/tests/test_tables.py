"""pandas tables are columns in the store, bit by bit; what would lose something is pickled."""

import ast

import pytest

pytest.importorskip("pandas")

FRAMES = '''
    import numpy as np
    import pandas as pd

    N = 30_000

    def objects(values):
        """Texts as objects: pandas 3 has a type of its own for them, which is pickled."""
        return pd.Series(values, dtype=object)

    def many_types():
        rng = np.random.default_rng(7)
        frame = pd.DataFrame({
            "i": np.arange(N), "f": rng.normal(size=N), "small": np.arange(N).astype("u1"), "flag": rng.random(N) < 0.5,
            "half": rng.normal(size=N).astype("f4"), "name": objects([f"n\\u00e4me {i % 7}" for i in range(N)]),
            "when": pd.date_range("2020-01-01", periods=N, freq="s").to_numpy().astype("M8[ns]"), "long": np.arange(N).astype("m8[ns]"),
        })
        frame.loc[3, "name"] = None
        frame.loc[5, "when"] = pd.NaT
        frame.loc[7, "f"] = np.nan
        return frame

    def tables():
        whole = many_types()
        block = pd.DataFrame(np.arange(12.0).reshape(4, 3), columns=["a", "b", "c"])
        return {
            "whole": whole, "block": block, "empty": whole[:0], "some": whole[whole.i % 3 == 1], "every": block[::2],
            "named": whole.set_index("when"), "words": block.set_index(pd.Index(list("wxyz"), name="word", dtype=object)),
            "range": block.set_index(pd.RangeIndex(10, 18, 2, name="r")), "one": pd.DataFrame({"x": [1.5]}),
            "ascii": pd.DataFrame({"t": objects(["", "a", None, "abc"])}), "wide": pd.DataFrame(np.zeros((2, 64)), columns=[f"c{i}" for i in range(64)]),
        }

    def pickles():
        block = pd.DataFrame(np.arange(12.0).reshape(4, 3), columns=["a", "b", "c"])
        told = block.copy()
        told.attrs["unit"] = "s"
        return {
            "told": told, "mixed": pd.DataFrame({"x": [1, "a"]}), "nan_text": pd.DataFrame({"x": objects(["a", np.nan])}), "strings": pd.DataFrame({"x": ["a"]}, dtype="string"),
            "numbers": pd.DataFrame({0: [1]}), "twice": block.set_axis(["a", "a", "b"], axis=1),
            "days": block.set_index(pd.date_range("2020", periods=4)), "many": block.set_index([list("aabb"), list("xyxy")]),
            "kinds": pd.DataFrame({"x": pd.Categorical(["a", "b"])}), "nullable": pd.DataFrame({"x": pd.array([1, None], "Int64")}),
            "zone": pd.DataFrame({"x": pd.to_datetime(["2020-01-01"]).tz_localize("UTC")}), "series": block["a"],
            "too_wide": pd.DataFrame(np.zeros((2, 65)), columns=[f"c{i}" for i in range(65)]), "odd": block.set_index(pd.RangeIndex(0, 4)).iloc[:, :0],
            "lone": pd.DataFrame({"x": objects(["\\ud800"])}), "uneven": pd.DataFrame({"x": [1, 2]}, index=pd.RangeIndex(0, 3, 2)),
        }

    def check(name, got, wanted):
        if name == "series":
            return pd.testing.assert_series_equal(got, wanted)
        pd.testing.assert_frame_equal(got, wanted, check_exact=True, check_freq=True)
        assert type(got) is type(wanted) and type(got.index) is type(wanted.index), name
        assert got.attrs == wanted.attrs and list(got.dtypes) == list(wanted.dtypes), name
        for column in got.columns:
            if isinstance(got[column], pd.Series) and got[column].dtype == object:
                assert [type(x) for x in got[column]] == [type(x) for x in wanted[column]], name
    '''

FLOW = """
    from metaflow import FlowSpec, step
    import frames

    class Tables(FlowSpec):
        @step
        def start(self):
            for name, frame in {**frames.tables(), **frames.pickles()}.items():
                setattr(self, name, frame)
            self.next(self.read)

        @step
        def read(self):
            for name, frame in {**frames.tables(), **frames.pickles()}.items():
                frames.check(name, getattr(self, name), frame)
            self.next(self.change)

        @step
        def change(self):
            self.block += 1
            self.whole.loc[2, "f"] = 5.0
            self.some["more"] = 1
            self.copy = self.named
            self.next(self.end)

        @step
        def end(self):
            assert self.block["a"].tolist() == [1.0, 4.0, 7.0, 10.0]
            wanted = frames.many_types()
            wanted.loc[2, "f"] = 5.0
            frames.check("whole", self.whole, wanted)
            assert self.some["more"].sum() == len(self.some)
            print("all as they were")
    """

READ = """
    import sys
    from metaflow import Run, namespace
    import frames
    namespace(None)
    run = Run("Tables/" + sys.argv[1])
    def sha(step, name):
        return run[step].task[name].sha
    names = list(frames.tables()) + list(frames.pickles())
    print(sorted(n for n in names if sha("start", n) != sha("read", n)))
    print(sorted(n for n in names if sha("read", n) != sha("change", n)))
    print(sha("change", "copy") == sha("start", "named"))
    """


def run(place):
    place.write("frames.py", FRAMES)
    done = place.flow(FLOW, "run")
    assert done.code == 0, done.err + done.out
    assert "all as they were" in done.lines_of("end")
    return done


def test_tables_come_back_bit_by_bit_and_unchanged_ones_keep_their_identity(place):
    done = run(place)
    read = place.write("read.py", READ)
    assert place.python(read.name, done.run_id).out.splitlines() == ["[]", "['block', 'some', 'whole']", "True"]


def test_tables_are_typed_and_the_rest_is_pickled(place):
    done = run(place)
    kinds = place.write(
        "kinds.py",
        """
        import sys
        from backlot import _core
        import frames
        artifacts = _core.Archive("home").run("Tables", sys.argv[1]).tasks("start")[0].artifacts()
        for names in (frames.tables(), frames.pickles()):
            print({name: artifacts[name].type for name in names})
        """,
    )
    out = place.python(kinds.name, done.run_id)
    tables, pickles = (ast.literal_eval(line) for line in out.out.splitlines())
    assert set(tables.values()) == {"table"}, tables
    assert set(pickles.values()) == {"pickle"}, pickles
