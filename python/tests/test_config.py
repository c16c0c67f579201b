"""Configs: where their values come from, and where they can be used."""

import json

FLOW = """
    from metaflow import Config, FlowSpec, Parameter, config_expr, environment, project, retry, step

    def parse(text):
        return dict(part.split("=") for part in text.split())

    @project(name=config_expr("cfg.names.project"))
    class Configured(FlowSpec):
        cfg = Config("cfg", default="cfg.json")
        pairs = Config("pairs", default_value="a=1 b=2", parser=parse)
        text = Config("text", plain=True)
        size = Parameter("size", default=cfg.size)

        @environment(vars={"WORD": cfg.word, "UPPER": config_expr("cfg.word.upper()")})
        @retry(**cfg.retries)
        @step
        def start(self):
            import os

            print("env", os.environ["WORD"], os.environ["UPPER"])
            print("values", self.cfg.word, self.cfg["size"], self.pairs.b, self.text, self.size)
            print("kind", type(self.cfg).__name__, self.cfg.names.to_dict())
            try:
                self.cfg.word = "new"
            except TypeError as error:
                print(error)
            self.kept = self.cfg.names
            self.next(self.end)

        @step
        def end(self):
            print("kept", type(self.kept).__name__, self.kept.project)
    """

VALUES = {"word": "hej", "size": 4, "names": {"project": "proj"}, "retries": {"times": 1, "minutes_between_retries": 0}}


def written(place, **changes):
    place.write("cfg.json", json.dumps({**VALUES, **changes}))
    return place


def test_values_reach_decorators_parameters_and_steps(place):
    done = written(place).flow(FLOW, "run")
    assert done.code == 0, done.err + done.out
    assert "Project: proj, Branch: user.tester" in done.err
    lines = done.lines_of("start")
    assert "env hej HEJ" in lines
    assert "values hej 4 2 None 4" in lines
    assert "kind ConfigValue {'project': 'proj'}" in lines
    assert "ConfigValue is immutable" in lines
    assert "kept ConfigValue proj" in done.lines_of("end")


def test_values_of_the_command_line_and_the_environment(place):
    written(place)
    place.write("other.json", json.dumps({**VALUES, "word": "other"}))
    words = ["--config", "cfg", "other.json", "--config-value", "pairs", "b=9", "--config-value", "text", "raw"]
    done = place.flow(FLOW, *words, "run", "--size", "5")
    assert "values other 4 9 raw 5" in done.lines_of("start"), done.err + done.out
    told = json.dumps({"cfg": {**VALUES, "word": "told"}})
    done = place.flow(FLOW, "run", METAFLOW_FLOW_CONFIG_VALUE=told)
    assert "values told 4 2 None 4" in done.lines_of("start"), done.err + done.out
    done = place.flow(FLOW, "run", METAFLOW_FLOW_CONFIG=json.dumps({"cfg": "other.json"}))
    assert "values other 4 2 None 4" in done.lines_of("start"), done.err + done.out


def test_a_fresh_process_has_the_same_values(place):
    done = written(place).flow(FLOW, "--config-value", "text", "raw", "run", BACKLOT_FRESH="1")
    assert done.code == 0, done.err + done.out
    assert "values hej 4 2 raw 4" in done.lines_of("start")


def test_a_fresh_process_has_large_values_too(place):
    done = written(place, filling="x" * 300_000).flow(FLOW, "run")  # its first step has @environment
    assert done.code == 0, done.err + done.out
    assert "values hej 4 2 None 4" in done.lines_of("start")


def test_a_resumed_run_has_the_values_of_its_origin(place):
    written(place).flow(FLOW, "--config-value", "text", "raw", "run")
    written(place, word="changed")
    done = place.flow(FLOW, "resume", "start")
    assert done.code == 0, done.err + done.out
    assert "env hej HEJ" in done.lines_of("start") and "values hej 4 2 raw 4" in done.lines_of("start")
    done = place.flow(FLOW, "--config-value", "text", "x", "resume")
    assert done.code == 2 and "cannot be used with resume" in done.err


def usage(place, error, *words):
    done = place.flow(FLOW, *words, "run")
    assert done.code == 2, done.err + done.out
    assert f"Error: {error}" in done.err
    assert not (place.folder / "home").exists()


def test_values_that_cannot_be_read(place):
    bad = "Bad values passed for configuration options: "
    usage(place, f"{bad}default configuration file 'cfg.json' could not be read for 'cfg'")
    written(place)
    usage(place, f"{bad}configuration file 'no.json' could not be read for 'cfg'", "--config", "cfg", "no.json")
    usage(place, f"{bad}configuration value for 'cfg' is not valid JSON: ", "--config-value", "cfg", "{1")
    unparsed = "configuration value for 'pairs' could not be parsed: ValueError"
    usage(place, f"{bad}{unparsed}", "--config-value", "pairs", "a")
    choice = "Invalid value for '--config': invalid choice: no. (choose from cfg, pairs, text)"
    usage(place, choice, "--config", "no", "x")
    both = "Cannot provide both a value and a file for the same configuration."
    usage(place, both, "--config", "cfg", "cfg.json", "--config-value", "cfg", "{}")


def test_an_expression_that_cannot_be_evaluated(place):
    place.write("cfg.json", json.dumps({**VALUES, "names": {}}))
    done = place.flow(FLOW, "run")
    assert done.code == 1 and "Config expression 'cfg.names.project' could not be evaluated" in done.err
    assert not (place.folder / "home").exists()


def test_a_missing_required_config(place):
    source = """
        from metaflow import Config, FlowSpec, step

        class Needs(FlowSpec):
            cfg = Config("cfg", required=True)

            @step
            def start(self):
                print("got", self.cfg)
                self.next(self.end)

            @step
            def end(self):
                pass
        """
    done = place.flow(source, "run")
    assert done.code == 2 and "missing configuration for 'cfg'" in done.err
    done = place.flow(source.replace("required=True", ""), "run")
    assert "got None" in done.lines_of("start")
    assert place.flow(source, "help").code == 0


def test_parsers_of_packages_and_yaml(place):
    source = """
        from metaflow import *

        @pypi_base(**Config("deps", default="requirements.txt", parser=requirements_txt_parser))
        class Parses(FlowSpec):
            deps = Config("deps", default="requirements.txt", parser=requirements_txt_parser)
            project = Config("project", default="pyproject.toml", parser="metaflow.pyproject_toml_parser")
            conda = Config("conda", default="env.yml", parser=conda_environment_yml_parser)
            text = Config("text", default="env.yml", parser=".plugins.parsers.yaml_parser")

            @step
            def start(self):
                for value in (self.deps, self.project, self.conda, self.text):
                    print("got", value)
                self.next(self.end)

            @step
            def end(self):
                pass
        """
    place.write("requirements.txt", "# what we need\nnumpy==1.26  # exactly\npandas>=2,<3\nx[a, b]\npython>=3.9\n")
    place.write("pyproject.toml", '[project]\nrequires-python = ">=3.10"\ndependencies = ["rich"]\n')
    place.write("env.yml", "name: e\ndependencies:\n  - python=3.11\n  - numpy=1.26\n")
    done = place.flow(source, "run")
    assert done.code == 0, done.err + done.out
    assert [line for line in done.lines_of("start") if line.startswith("got")] == [
        "got {'packages': {'numpy': '1.26', 'pandas': '<3,>=2', 'x[a,b]': ''}, 'python': '>=3.9'}",
        "got {'packages': {'rich': ''}, 'python': '>=3.10'}",
        "got {'packages': {'numpy': '1.26'}, 'python': '3.11'}",
        "got {'name': 'e', 'dependencies': ['python=3.11', 'numpy=1.26']}",
    ]
    place.write("requirements.txt", "no package!\n")
    done = place.flow(source, "run")
    assert done.code == 2 and "Not a valid PEP 508 requirement: 'no package!'" in done.err
