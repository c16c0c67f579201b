"""Objects keep their types and values exactly, and what was not changed costs nothing."""

FLOW = """
    from metaflow import FlowSpec, step

    class Keeps(FlowSpec):
        @step
        def start(self):
            import make
            for name, value in make.values().items():
                setattr(self, name, value)
            self.next(self.end)

        @step
        def end(self):
            import make
            for name, value in make.values().items():
                make.check(name, getattr(self, name), value)
            print("checked", len(make.values()))
    """

MAKE = '''
    """Values of every kind, and the proof that one is another."""
    import collections
    import datetime
    import decimal
    import enum

    import numpy as np

    class Colour(enum.Enum):
        red = 1

    class Text(str):
        pass

    Point = collections.namedtuple("Point", "x y")

    def values():
        twice = [1, 2]
        loop = []
        loop.append(loop)
        deep = []
        for _ in range(300):
            deep = [deep]
        return {
            "none": None, "yes": True, "no": False, "zero": 0, "minus": -1, "large": 2**63, "huge": 2**200,
            "edge": -(2**63), "beyond": -(2**63) - 1, "tiny": -(2**64) - 1, "real": 0.1, "minus_zero": -0.0,
            "infinite": float("inf"), "nan": float("nan"), "text": "a\\u00e9\\U0001f600\\0", "empty": "", "lone": "\\ud800",
            "raw": b"\\0\\xff", "array": bytearray(b"x"), "list": [1, "a", None, [True, {"k": 1.5}]], "twice": [twice, twice],
            "loop": loop, "deep": deep, "tuple": (1, [2]), "set": {1, 2}, "frozen": frozenset("a"), "map": {"b": 1, "a": 2},
            "numbers": {1: "x", None: 2}, "text_kind": Text("t"), "colour": Colour.red, "point": Point(1, 2),
            "when": datetime.datetime(2020, 1, 2), "money": decimal.Decimal("1.10"), "complex": 1 + 2j, "range": range(3),
            "np_int": np.int64(5), "np_float": np.float32(1.5), "zero_dims": np.array(3), "none_left": np.zeros((0, 3)),
            "columns": np.asfortranarray(np.arange(6).reshape(2, 3)), "strided": np.arange(10)[::2], "big_end": np.arange(3, dtype=">i4"),
            "flags": np.array([True, False]), "words": np.array(["a", "bc"]), "objects": np.array([None, "x"], dtype=object),
            "dates": np.array(["2020-01-01"], dtype="datetime64[D]"), "long": np.arange(4, dtype=np.longlong),
            "complexes": np.array([1j]), "wide": np.arange(100_000.0).reshape(100, 1000), "masked": np.ma.masked_array([1, 2], [0, 1]),
            "within": {"a": np.arange(10_000), "b": (np.ones(3),)}, "bytes_list": [b"a" * 70_000, "b" * 70_000],
        }

    def check(name, got, wanted):
        assert type(got) is type(wanted), (name, type(got), type(wanted))
        if name == "loop":
            assert got[0] is got
        elif name == "twice":
            assert got[0] is got[1]
        elif name == "nan":
            assert got != got
        elif name == "minus_zero":
            assert str(got) == "-0.0"
        elif isinstance(wanted, np.ndarray):
            assert got.dtype == wanted.dtype, (name, got.dtype)
            assert got.shape == wanted.shape
            assert name == "strided" or got.flags.f_contiguous == wanted.flags.f_contiguous, name
            assert got.flags.writeable and np.array_equal(got, wanted)
        elif name == "within":
            assert np.array_equal(got["a"], wanted["a"]) and np.array_equal(got["b"][0], wanted["b"][0])
            got["a"][0] = 5  # what comes back may be written to
        elif name == "deep":
            assert repr(got) == repr(wanted)
        else:
            assert got == wanted, name
    '''


def test_every_kind_of_value_comes_back_as_it_was(place):
    place.write("make.py", MAKE)
    done = place.flow(FLOW, "run")
    assert done.code == 0, done.err + done.out
    assert any(line.startswith("checked") for line in done.lines_of("end"))


def test_changes_are_kept_and_nothing_else_is(place):
    done = place.flow(
        """
        import numpy as np
        from metaflow import FlowSpec, step

        class Changes(FlowSpec):
            @step
            def start(self):
                self.a = np.zeros(200_000)
                self.b = np.zeros(200_000)
                self.frame = {"x": np.zeros(200_000)}
                self.items = [1]
                self.next(self.change)

            @step
            def change(self):
                self.a += 1
                self.b.sum()
                self.c = self.b
                self.frame["x"][7] = 7
                self.items.append(2)
                del self.frame["x"]
                self.frame["y"] = np.ones(3)
                self.next(self.end)

            @step
            def end(self):
                print(self.a.sum(), self.b.sum(), self.c.sum(), self.items, list(self.frame))
                self.c[0] = 1
                print(self.b[0], self.c[0])
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    assert "200000.0 0.0 0.0 [1, 2] ['y']" in done.lines_of("end")
    assert "0.0 1.0" in done.lines_of("end")


def test_what_cannot_be_pickled_is_named_and_the_rest_is_kept(place):
    done = place.flow(
        """
        import threading
        from metaflow import FlowSpec, step

        class Model:
            def __init__(self):
                self.lock = threading.Lock()

        class Locked(FlowSpec):
            @step
            def start(self):
                self.good = 1
                self.model = {"inner": Model()}
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 1
    told = "\n".join(done.lines_of("start"))
    assert "Artifact 'model' of step start" in told and "self.model['inner'].lock" in told and "_thread.lock" in told


def test_a_value_that_pickles_differently_after_loading_is_no_change(place):
    # A set's order depends on how it was built: loaded, it may come out in other bytes.
    done = place.flow(
        """
        from metaflow import FlowSpec, step

        class Sets(FlowSpec):
            @step
            def start(self):
                s = set(range(1000))
                for i in range(0, 1000, 3):
                    s.discard(i)
                self.s = (s, "x")
                self.next(self.left, self.right)

            @step
            def left(self):
                len(self.s)
                self.next(self.join)

            @step
            def right(self):
                self.next(self.join)

            @step
            def join(self, inputs):
                self.merge_artifacts(inputs)
                self.next(self.end)

            @step
            def end(self):
                print(len(self.s[0]))
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    assert "666" in done.lines_of("end")


def test_of_a_large_array_what_was_written_is_found(place):
    done = place.flow(
        """
        import numpy as np
        from metaflow import FlowSpec, step

        class Large(FlowSpec):
            @step
            def start(self):
                self.a = np.arange(1_000_000.0)
                self.next(self.change)

            @step
            def change(self):
                self.a[[0, 131_071, 131_072, 600_000, 999_999]] = -1  # the ends of chunks, too
                self.next(self.again)

            @step
            def again(self):
                self.a[5] = 5
                self.next(self.end)

            @step
            def end(self):
                expected = np.arange(1_000_000.0)
                expected[[0, 131_071, 131_072, 600_000, 999_999]] = -1
                print("right" if np.array_equal(self.a, expected) else "wrong")
        """,
        "run",
    )
    assert done.code == 0 and "right" in done.lines_of("end"), done.err + done.out
    read = place.write(
        "read.py",
        """
        from metaflow import Run, namespace
        import sys
        namespace(None)
        run = Run("Large/" + sys.argv[1])
        shas = [run[name].task["a"].sha for name in ("change", "again", "end")]
        print(len(set(shas)))
        """,
    )
    assert place.python(read.name, done.run_id).out == "1\n"


def test_files_and_folders_are_artifacts(place):
    done = place.flow(
        """
        import os
        from metaflow import FlowSpec, step
        from backlot import File, Folder

        class Files(FlowSpec):
            @step
            def start(self):
                os.makedirs("model/parts", exist_ok=True)
                with open("model/a.txt", "w") as f:
                    f.write("alpha")
                with open("model/parts/b.bin", "wb") as f:
                    f.write(b"b" * 100_000)
                self.file = File("model/a.txt")
                self.made = File.of("made.txt", b"made here")
                self.folder = Folder("model")
                self.inside = [self.made]
                self.next(self.end)

            @step
            def end(self):
                print(self.file.name, self.file.read(), self.made.read(), self.inside[0] == self.made)
                print(self.folder.paths(), len(self.folder["parts/b.bin"]), "c" in self.folder)
                self.folder.copy_to("copy")
                print(open("copy/a.txt").read(), os.path.getsize("copy/parts/b.bin"))
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    assert [line for line in done.lines_of("end") if not line.startswith("Task")] == [
        "a.txt b'alpha' b'made here' True",
        "['a.txt', 'parts/b.bin'] 100000 False",
        "alpha 100000",
    ]
