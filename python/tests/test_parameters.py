"""Parameters: types, defaults, refusals, files and constants."""


def flow(*parameters, shows="self.a"):
    lines = "\n        ".join(parameters)
    return f'''
    from metaflow import FlowSpec, IncludeFile, JSONType, Parameter, step

    def shout(context):
        return context.parameter_name.upper()

    def broken(context):
        raise ValueError("cannot know")

    class Takes(FlowSpec):
        {lines}

        @step
        def start(self):
            print("got", {shows})
            self.next(self.end)

        @step
        def end(self):
            print("still", {shows})
    '''


def got(place, parameter, *words, shows="repr(self.a)", **environment):
    done = place.flow(flow(parameter, shows=shows), "run", *words, **environment)
    assert done.code == 0, done.err + done.out
    line = next(line for line in done.lines_of("start") if line.startswith("got "))[4:]
    assert f"still {line}" in done.lines_of("end")
    return line


def test_types(place):
    assert got(place, 'a = Parameter("a", default=3)', "--a", "-4") == "-4"
    assert got(place, 'a = Parameter("a", type=float)', "--a=2") == "2.0"
    assert got(place, 'a = Parameter("a", default=1.5)') == "1.5"
    for text in ("nan", "inf", "-inf"):
        assert got(place, 'a = Parameter("a", type=float)', f"--a={text}") == text
        assert got(place, 'a = Parameter("a", default=1.0)', METAFLOW_RUN_A=text) == text
        assert place.script("from metaflow import Flow; print(repr(Flow('Takes').latest_run.data.a))") == f"{text}\n"
    for text, value in (("true", "True"), ("N", "False"), ("1", "True")):
        assert got(place, 'a = Parameter("a", default=False)', "--a", text) == value
    assert got(place, 'a = Parameter("a")', "--a", "3") == "'3'"
    assert got(place, 'a = Parameter("a", type=JSONType)', "--a", '{"k": [1, null]}') == "{'k': [1, None]}"


def test_defaults(place):
    assert got(place, 'a = Parameter("a")') == "None"
    assert got(place, 'a = Parameter("a", type=int)') == "None"
    assert got(place, """a = Parameter("a", type=JSONType, default='{"k": 1}')""") == "{'k': 1}"
    assert got(place, 'a = Parameter("a", type=JSONType, default={"k": 1})') == "{'k': 1}"
    assert got(place, 'a = Parameter("a", default=shout)') == "'A'"
    assert got(place, 'a = Parameter("a", default=lambda context: 7, type=int)') == "7"
    assert got(place, 'a = Parameter("a", default=lambda c: c.flow_name + c.user_name)') == "'Takestester'"
    assert got(place, 'a = Parameter("a", required=True, default="x")') == "'x'"


def test_separator(place):
    assert got(place, 'a = Parameter("a", separator=",", default="x,y")') == "['x', 'y']"
    assert got(place, 'a = Parameter("a", separator=",")', "--a", "z") == "['z']"
    assert got(place, 'a = Parameter("a", separator=",")') == "None"


def test_names_with_dashes_and_capitals(place):
    parameter = 'a = Parameter("My-size_B", default=1)'
    assert got(place, parameter, "--My-size_B", "2") == "2"
    assert got(place, parameter, "--my-size-b", "3") == "3"
    assert got(place, parameter, METAFLOW_RUN_MY_SIZE_B="4") == "4"


def usage(place, parameter, error, *words):
    done = place.flow(flow(parameter), "run", *words)
    assert done.code == 2, done.err + done.out
    assert f"Error: {error}\n" in done.err
    assert not (place.folder / "home").exists()


def test_values_of_the_wrong_type(place):
    usage(place, 'a = Parameter("a", type=int)', "Invalid value for '--a': x is not a valid integer", "--a", "x")
    bad = "Invalid value for '--a': "
    usage(place, 'a = Parameter("a", default=1.0)', f"{bad}x is not a valid floating point value", "--a=x")
    usage(place, 'a = Parameter("a", default=True)', f"{bad}x is not a valid boolean", "--a=x")
    usage(place, 'a = Parameter("a", type=JSONType)', f"{bad}[1 is not a valid JSON object", "--a=[1")
    usage(place, 'a = Parameter("a", type=int, default="x")', f"{bad}x is not a valid integer")
    usage(place, 'a = Parameter("a", required=True)', "Missing option '--a'.")
    two = 'a = Parameter("a", required=True); b = Parameter("b", type=int)'
    usage(place, two, "Invalid value for '--b': x is not a valid integer", "--b", "x")  # what was written is told first


def refused(place, parameter, *texts):
    done = place.flow(flow(*([parameter] if isinstance(parameter, str) else parameter)), "run")
    assert done.code == 1, done.err + done.out
    for text in texts:
        assert text in done.err, done.err
    assert "Traceback" not in done.err or "broken" in done.err
    assert not (place.folder / "home").exists()


def test_refusals_name_file_and_line(place):
    where = "in file takes.py on line 11:"
    refused(place, 'a = Parameter("tags")', where, "Parameter name 'tags' is a reserved word.")
    refused(place, 'a = Parameter("run-id")', where, "reserved word")
    refused(place, 'a = Parameter("a", default=3, separator=",")', where, "Separator is only allowed for string")
    refused(place, 'a = Parameter("a", defualt=3)', where, "does not take 'defualt'")
    refused(place, 'a = Parameter("a", required=shout)', where, "Field 'required' cannot have a function as its value")
    refused(place, 'a = Parameter("a", type=7)', where, "cannot be of type 7")
    refused(place, ['a = Parameter("a-b")', 'b = Parameter("A_b")'], "on line 12:", "specified twice")


def test_a_default_that_fails(place):
    refused(place, 'a = Parameter("a", default=broken)', "Parameter field failed:", "ValueError: cannot know", "broken")
    refused(place, 'a = Parameter("a", default=lambda c: 3)', "mismatching type", "Expected a string.")


def test_parameters_and_constants_are_read_only(place):
    constants = flow("table = [1, 2]", "def helper(self): return 5", shows="self.table, self.helper()")
    done = place.flow(constants, "run")
    assert "got [1, 2] 5" in done.lines_of("start")
    done = place.flow(flow('a = Parameter("a", default=1)', shows="setattr(self, 'a', 2)"), "run")
    assert done.code == 1 and "AttributeError" in done.out


def test_parameters_of_a_base_class(place):
    path = place.write(
        "derived.py",
        """
        from metaflow import FlowSpec, Parameter, step

        class Base(FlowSpec):
            a = Parameter("a", default=1)
            b = Parameter("b", default=2)

        class Derived(Base):
            b = Parameter("b", default=3)

            @step
            def start(self):
                print("got", self.a, self.b)
                self.next(self.end)

            @step
            def end(self):
                pass

        if __name__ == "__main__":
            Derived()
        """,
    )
    done = place.python(path.name, "run", "--a", "9")
    assert "got 9 3" in done.lines_of("start"), done.err


# --- files -----------------------------------------------------------------------------------------------------------


def test_include_file(place):
    place.write("notes.txt", "hello\n")
    assert got(place, 'a = IncludeFile("a", default="notes.txt")') == r"'hello\n'"
    place.write("other.txt", "öther")
    assert got(place, 'a = IncludeFile("a", required=True)', "--a", "other.txt") == "'öther'"
    assert got(place, 'a = IncludeFile("a", is_text=False)', "--a", "other.txt") == r"b'\xc3\xb6ther'"
    assert got(place, 'a = IncludeFile("a", encoding="latin-1")', "--a", "other.txt") == "'Ã¶ther'"
    assert got(place, 'a = IncludeFile("a")') == "None"
    assert got(place, 'a = IncludeFile("a", parser=str.split)', "--a", "notes.txt") == "['hello']"


def test_files_that_cannot_be_included(place):
    missing = "Invalid value for '--a': IncludeFile: could not open file 'no.txt' for reading"
    usage(place, 'a = IncludeFile("a")', missing, "--a=no.txt")
    usage(place, 'a = IncludeFile("a", default="no.txt")', missing)
    (place.folder / "bytes.bin").write_bytes(b"\xff\xfe\xff")
    done = place.flow(flow('a = IncludeFile("a")'), "run", "--a", "bytes.bin", "--run-id-file", "rid")
    assert done.code == 1 and "bytes.bin of parameter a is no text in utf-8" in done.err
    # As Metaflow does, the id is told before files are read.
    assert (place.folder / "rid").exists()


def test_multiple(place):
    several = 'a = Parameter("a", multiple=True, type=int, default=[1, 2])'
    assert got(place, several) == "(1, 2)"
    assert got(place, several, "--a", "3", "--a=4", BACKLOT_FRESH="1") == "(3, 4)"
    assert got(place, several, METAFLOW_RUN_A="5 6") == "(5, 6)"
    assert got(place, 'a = Parameter("a", multiple=True)') == "()"
    assert got(place, 'a = Parameter("a", multiple=True)', "--a", "x,y") == "('x,y',)"
    assert got(place, 'a = Parameter("a", multiple=True, default=lambda c: ["x"])') == "('x',)"
    assert got(place, 'a = Parameter("a", multiple=True, type=JSONType)', "--a", "[1]", "--a", "{}") == "([1], {})"
    assert "[default: 1, 2]" in place.flow(flow(several), "run", "--help").out


def test_multiple_with_a_separator(place):
    several = 'a = Parameter("a", multiple=True, separator=",", default="u,v")'
    assert got(place, several) == "('u', 'v')"
    assert got(place, several, "--a", "x,y", "--a", "z") == "('x', 'y', 'z')"


def test_multiple_that_cannot_be(place):
    whole = "Invalid value for '--a': x is not a valid integer"
    usage(place, 'a = Parameter("a", multiple=True, type=int)', whole, "--a=x")
    usage(place, 'a = Parameter("a", multiple=True, required=True)', "Missing option '--a'.")
    refused(place, 'a = Parameter("a", multiple=True, default=3)', "on line 11:", "a list or tuple, not 3")
    refused(place, 'a = Parameter("a", multiple=True, default=lambda c: "x")', "mismatching type", "Expected a list.")


def test_a_constant_is_on_the_class_what_it_was(place):
    read = ["table = [1, 2]", "read = classmethod(lambda cls: cls.table)"]
    done = place.flow(flow(*read, shows="self.table, self.read(), type(self).table"), "run")
    assert "got [1, 2] [1, 2] [1, 2]" in done.lines_of("start") and "still [1, 2] [1, 2] [1, 2]" in done.lines_of("end")


def test_a_constant_that_cannot_be_kept_is_named(place):
    done = place.flow(flow('table = {"lock": __import__("threading").Lock()}'), "run")
    assert done.code == 1 and "Traceback" not in done.err and "run-id" not in done.out
    assert "Takes.table['lock'] is of type _thread.lock, which cannot be pickled" in done.err
    assert "begins with an underscore" in done.err
