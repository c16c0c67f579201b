"""`S3` in a folder: what Metaflow's documentation says of it, and what only a folder can do wrong."""

import os
import pathlib
import threading

import pytest
from conftest import PACKAGE  # noqa: F401  puts the package on the path

from backlot.absent import NotInBacklot
from backlot.s3 import (
    S3,
    MetaflowS3AccessDenied,
    MetaflowS3Exception,
    MetaflowS3InvalidObject,
    MetaflowS3InvalidRange,
    MetaflowS3NotFound,
    MetaflowS3URLException,
    RangeInfo,
    S3GetObject,
    S3PutObject,
)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "root"


@pytest.fixture
def s3(root, tmp_path):
    with S3(s3root=str(root), tmproot=str(tmp_path)) as s3:
        yield s3


def test_put_and_get(s3, root):
    url = s3.put("dir/a", "hello ü")
    assert url == f"file://{root}/dir/a" and (root / "dir/a").read_bytes() == "hello ü".encode()
    found = s3.get("dir/a")
    assert (found.exists, found.downloaded, found.has_info) == (True, True, True)
    assert (found.url, found.key, found.prefix) == (url, "dir/a", f"file://{root}")
    assert (found.text, found.blob, found.size) == ("hello ü", "hello ü".encode(), 8)
    assert found.range_info == RangeInfo(8, 0, 8) and found.content_type == "binary/octet-stream"
    assert found.metadata is None and found.encryption is None and found.last_modified > 0
    assert str(found) == f"<S3Object {url} (8 bytes, local)>"
    plain = s3.get("dir/a", return_info=False)
    assert (plain.has_info, plain.content_type, plain.range_info, plain.last_modified) == (False, None, None, None)


def test_values_that_can_be_put(s3, tmp_path):
    import io

    for number, (value, bytes_) in enumerate([("text", b"text"), (b"\0\xff", b"\0\xff"), (io.BytesIO(b"io"), b"io")]):
        s3.put(f"v{number}", value)
        assert s3.get(f"v{number}").blob == bytes_
    (tmp_path / "f").write_bytes(b"of a file")
    with open(tmp_path / "f", "rb") as file:
        s3.put("file", file)
    assert s3.get("file").text == "of a file"
    for value in (5, None, io.StringIO("text"), {"a": 1}):
        with pytest.raises(MetaflowS3InvalidObject, match="Put text, bytes"):
            s3.put("no", value)
    assert not s3.get("no", return_missing=True).exists


def test_missing(s3):
    with pytest.raises(MetaflowS3NotFound):
        s3.get("zip")
    with pytest.raises(MetaflowS3NotFound):
        s3.info_many(["zip"])
    for found in (s3.get("zip", return_missing=True), s3.info("zip", return_missing=True)):
        assert (found.exists, found.downloaded, found.has_info, found.key) == (False, False, False, "zip")
        assert (found.size, found.path, found.blob, found.text, found.metadata) == (None,) * 5
        assert "does not exist" in str(found)
    s3.put("dir/a", "1")
    with pytest.raises(MetaflowS3NotFound):  # a path that leads to objects is none
        s3.get("dir")


def test_overwrite(s3):
    s3.put("a", "old")
    assert s3.put("a", "new", overwrite=False).endswith("/a") and s3.get("a").text == "old"
    assert [key for key, _ in s3.put_many([("a", "new"), ("b", "2")], overwrite=False)] == ["b"]
    s3.put("a", "new")
    assert s3.get("a").text == "new"


def test_what_is_said_about_an_object_is_kept(s3, root):
    s3.put("a", "1", content_type="text/plain", metadata={"who": "me"})
    found = s3.info("a")
    assert (found.content_type, found.metadata, found.size, found.downloaded) == ("text/plain", {"who": "me"}, 1, False)
    assert [path.name for path in root.iterdir() if not path.name.startswith(".backlot-")] == ["a"]
    assert [o.key for o in s3.list_recursive()] == [o.key for o in s3.list_paths()] == ["a"]
    s3.put("a", "2")  # says nothing about it
    assert s3.info("a").metadata is None and os.listdir(root) == ["a"]
    s3.put("a", "3", metadata={"n": "3"})
    s3.put("a", "4", metadata={"n": "4"})
    assert s3.get("a").metadata == {"n": "4"} and len(os.listdir(root)) == 2
    (root / "a").write_text("changed by hand")
    assert s3.info("a").metadata is None
    with pytest.raises(MetaflowS3InvalidObject):
        s3.put("b", "1", metadata={"x": object()})
    assert not (root / "b").exists()


def test_parts(s3):
    s3.put("a", "0123456789")
    for offset, length, text, part in [
        (2, 3, "234", (10, 2, 3)), (8, 100, "89", (10, 8, 2)), (7, -1, "789", (10, 7, 3)), (-3, 2, "78", (10, 7, 2)),
        (-99, None, "0123456789", (10, 0, 10)), (0, 0, "", (10, 0, 0)),
    ]:  # fmt: skip
        found = s3.get(S3GetObject("a", offset, length))
        assert (found.text, tuple(found.range_info), found.size) == (text, part, len(text))
    with pytest.raises(MetaflowS3InvalidRange, match="10 bytes"):
        s3.get(S3GetObject("a", 10, 1))
    assert [o.text for o in s3.get_many([S3GetObject("a", 0, 1), "a", "a"])] == ["0", "0123456789", "0123456789"]


def test_many(s3, tmp_path, root):
    (tmp_path / "f").write_text("file")
    sent = s3.put_many([("m1", "1"), ("d/m2", b"2"), S3PutObject("d/e/m3", value="3", metadata={"k": "v"})])
    assert sent == [(key, f"file://{root}/{key}") for key in ("m1", "d/m2", "d/e/m3")]
    sent = s3.put_files([("f1", tmp_path / "f"), S3PutObject("f2", path=str(tmp_path / "f"), content_type="x/y")])
    assert [key for key, _ in sent] == ["f1", "f2"] and s3.info("f2").content_type == "x/y"
    assert [o.text for o in s3.get_many(["m1", "f1"])] == ["1", "file"]
    assert [o.exists for o in s3.get_many(["m1", "no"], return_missing=True)] == [True, False]
    assert [o.exists for o in s3.info_many(["no", "m1"], return_missing=True)] == [False, True]
    assert [(o.key, o.has_info) for o in s3.get_all()] == [(k, False) for k in ("d/e/m3", "d/m2", "f1", "f2", "m1")]
    assert [o.metadata for o in s3.get_all(return_info=True)][0] == {"k": "v"}
    assert [(o.key, o.prefix, o.text) for o in s3.get_recursive(["d"])] == [
        ("e/m3", f"file://{root}/d", "3"),
        ("m2", f"file://{root}/d", "2"),
    ]
    assert s3.get_many([]) == s3.put_many([]) == s3.get_recursive(["nothing"]) == []
    with pytest.raises(MetaflowS3NotFound, match="Local file"):
        s3.put_files([("g1", tmp_path / "f"), ("g2", tmp_path / "none")])
    with pytest.raises(MetaflowS3URLException):
        s3.put_many([("g1", "1"), ("../g2", "2")])
    assert not (root / "g1").exists()  # what is refused is refused before the first one is written
    with pytest.raises(MetaflowS3URLException, match="list of keys"):
        s3.get_many("m1")


def test_listing(s3, root):
    s3.put_many([("a", "1"), ("a.b", "1"), ("dir/b", "22"), ("dir/sub/c", "333")])
    (root / "empty/er").mkdir(parents=True)
    listed = s3.list_paths()
    assert [(o.key, o.exists, o.size) for o in listed] == [("a", True, 1), ("a.b", True, 1), ("dir", False, None)]
    assert listed[2].url == f"file://{root}/dir/" and listed[2].prefix == f"file://{root}/"
    assert [o.key for o in s3.list_paths(["dir"])] == [o.key for o in s3.list_paths(["dir/"])] == ["b", "sub"]
    assert [o.url for o in s3.list_paths(["dir", "dir/sub"])][-1] == f"file://{root}/dir/sub/c"
    assert [(o.key, o.size) for o in s3.list_recursive(["dir"])] == [("b", 2), ("sub/c", 3)]
    assert [o.key for o in s3.list_recursive()] == ["a", "a.b", "dir/b", "dir/sub/c"]
    assert s3.list_paths(["a"]) == s3.list_recursive(["a"]) == s3.list_paths(["di"]) == s3.list_paths(["no"]) == []


def test_odd_names(s3, root):
    for key in ("ü b/ñ", "a%20b", "new\nline", "a?b#c", ".hidden", "~"):
        url = s3.put(key, key)
        assert s3.get(key).text == key
        with S3() as whole:
            assert whole.get(url).text == key and whole.get(url).key == url
    assert len(s3.list_recursive()) == 6


def test_a_root_in_other_words(root, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "with blank").mkdir()
    for given in ("root", f"file://{root}", f"file://localhost{root}/", root):
        with S3(s3root=given) as s3:
            s3.put("a", "1")
            assert s3.get("a").url == f"file://{root}/a"
    with S3(s3root=(tmp_path / "with blank").as_uri()) as s3:
        s3.put("a", "1")
    assert (tmp_path / "with blank/a").exists()


def test_whole_addresses(root):
    with S3() as s3:
        url = s3.put(f"file://{root}/d/a", "1", metadata={"k": "v"})
        found = s3.get(url)
        assert (found.key, found.prefix, found.text, found.metadata) == (url, None, "1", {"k": "v"})
        assert [(o.key, o.prefix) for o in s3.list_recursive([f"file://{root}"])] == [("d/a", f"file://{root}")]
        assert [o.url for o in s3.list_paths([f"file://{root}/"])] == [f"file://{root}/d/"]
        for wrong in (s3.get, s3.info, s3.list_paths, s3.get_all):
            with pytest.raises(MetaflowS3URLException):
                wrong()
        for address in ("a", "file://root/a", "/a", f"file://{root}/../a"):
            with pytest.raises(MetaflowS3URLException):
                s3.get(address)


def test_object_stores_are_refused_by_name(s3):
    for use in (
        lambda: S3(s3root="s3://bucket/x"), lambda: S3(bucket="bucket", run=object()), lambda: S3().get("s3://bucket/x"),
        lambda: S3().put_many([("gs://bucket/x", "1")]), lambda: S3().list_paths(["s3://bucket"]),
    ):  # fmt: skip
        with pytest.raises(MetaflowS3URLException, match="no object stores yet") as told:
            use()
        assert isinstance(told.value, NotInBacklot)
    with pytest.raises(MetaflowS3URLException, match="whole addresses"):
        s3.get("s3://bucket/x")
    with pytest.raises(MetaflowS3Exception, match="not encrypted"):
        S3(s3root="x", encryption="AES256")
    with pytest.raises(TypeError, match="bogus"):
        S3(bogus=1)


@pytest.mark.parametrize("key", ["../x", "a/../../x", "/etc/x", "a//b", "./a", "a/", "", ".", "a\0b", ".backlot-x", 3])
def test_keys_that_are_refused(s3, root, key):
    root.mkdir()
    for use in (lambda: s3.put(key, "1"), lambda: s3.get(key), lambda: s3.info(key), lambda: s3.put_many([(key, "1")])):
        with pytest.raises(MetaflowS3URLException):
            use()
    assert list(root.parent.rglob("*")) == [root]


def test_links(s3, root, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    s3.put("dir/a", "1")
    (root / "file").symlink_to("dir/a")
    (root / "out").symlink_to(outside / "secret")
    (root / "folder").symlink_to(outside)
    (root / "round").symlink_to(root)
    (root / "nowhere").symlink_to("none")
    assert s3.get("file").text == s3.get("round/dir/a").text == "1"
    assert not s3.get("nowhere", return_missing=True).exists
    for use in (
        lambda: s3.get("out"), lambda: s3.get("folder/secret"), lambda: s3.put("folder/new", "1"),
        lambda: s3.list_paths(["folder"]),
    ):  # fmt: skip
        with pytest.raises(MetaflowS3URLException, match="by a link"):
            use()
    assert [o.key for o in s3.list_recursive()] == ["dir/a", "file"]
    s3.put("file", "2")  # takes the place of the link, not of what it leads to
    s3.put("out", "2")
    assert s3.get("dir/a").text == "1" and (outside / "secret").read_text() == "secret"
    assert not (root / "file").is_symlink() and os.listdir(outside) == ["secret"]


def test_what_is_no_file_is_no_object(s3, root):
    root.mkdir()
    os.mkfifo(root / "pipe")
    assert s3.list_paths() == [] and not s3.get("pipe", return_missing=True).exists


def test_a_name_cannot_be_both(s3):
    s3.put("a", "1")
    s3.put("d/x", "1")
    for key in ("a/b", "d"):
        with pytest.raises(MetaflowS3Exception, match="cannot be both"):
            s3.put(key, "2")
    assert [o.key for o in s3.list_recursive()] == ["a", "d/x"]


def test_nothing_is_half_written(s3, root):
    import io

    class Breaks(io.RawIOBase):
        left = 2

        def readable(self):
            return True

        def readinto(self, buffer):
            if not self.left:
                raise OSError("it broke")
            self.left -= 1
            buffer[:4] = b"part"
            return 4

    s3.put("a", "old", metadata={"k": "v"})
    with pytest.raises(MetaflowS3Exception, match="it broke"):
        s3.put("a", Breaks(), metadata={"k": "new"})
    assert s3.get("a").text == "old" and s3.get("a").metadata == {"k": "v"} and len(os.listdir(root)) == 2


def test_readers_never_see_a_part(s3):
    texts = ["x" * 100_000, "y" * 200_000]
    s3.put("a", texts[0])
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for text in texts:
                s3.put("a", text, metadata={"first": text[0]})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(200):
            assert s3.get("a").text in texts
    finally:
        stop.set()
        writer.join()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permission(s3, root):
    s3.put("a", "1")
    (root / "a").chmod(0)
    with pytest.raises(MetaflowS3AccessDenied):
        s3.get("a")


def test_copies_are_ones_own_and_go_with_it(root, tmp_path):
    with S3(s3root=root, tmproot=tmp_path) as s3:
        s3.put("a", "1")
        found = s3.get("a")
        assert pathlib.Path(found.path).parent.parent == tmp_path
        pathlib.Path(found.path).write_text("changed")
        assert s3.get("a").text == "1"
    assert os.listdir(tmp_path) == ["root"]
    with pytest.raises(FileNotFoundError):
        found.blob  # noqa: B018
    assert s3.get("a").text == "1"  # and can be used again
    s3.close()


RUN = """
    from metaflow import FlowSpec, S3, current, step

    class Objects(FlowSpec):
        @step
        def start(self):
            with S3(run=self) as s3:
                self.url = s3.put("a", "of " + current.pathspec)
                assert s3.get("a").path.startswith(current.tempdir)
            with S3(run=self, prefix="mine") as s3:
                s3.put("b", "2")
            self.next(self.end)

        @step
        def end(self):
            with S3(run=self) as s3:
                print([(o.key, o.text) for o in s3.get_all()])
    """


def test_of_a_run(place):
    done = place.flow(RUN, "run")
    assert done.code == 0, done.out + done.err
    assert f"[('a', 'of Objects/{done.run_id}/start/1')]" in done.out
    folder = place.folder / "home" / "data" / "Objects" / done.run_id
    assert (folder / "a").read_text().startswith("of Objects/")
    assert (place.folder / "home/data/mine/Objects" / done.run_id / "b").exists()
    place.script(
        f"""
        from metaflow import Run, S3, FlowSpec
        from metaflow.plugins.datatools.s3 import MetaflowS3URLException
        run = Run("Objects/{done.run_id}", _namespace_check=False)
        with S3(run=run) as s3:
            assert s3.get("a").url == run["start"].task.data.url
        class None_(FlowSpec):
            pass
        for wrong in (None_(use_cli=False), "Objects/1"):
            try:
                S3(run=wrong)
            except MetaflowS3URLException:
                continue
            raise AssertionError
        """
    )
    done = place.flow(RUN, "run", METAFLOW_DATATOOLS_S3ROOT=str(place.folder / "chosen"))
    assert (place.folder / "chosen/Objects" / done.run_id / "a").exists()
    done = place.flow(RUN, "run", METAFLOW_DATATOOLS_S3ROOT="s3://bucket/data")
    assert done.code == 1 and "no object stores yet" in done.out + done.err
