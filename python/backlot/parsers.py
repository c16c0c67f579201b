"""Parsers for Config: files that name packages, and YAML.

Those of packages give {"packages": {name: version}, "python": version}.
"""

import re

_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(?P<extras>\[[^\]]*\])?\s*(?:@\s*(?P<url>\S+)|\(?(?P<version>[^()@;]*)\)?)$"
)
_CONDA = re.compile(r"(?P<name>[\w.-]+)\s*(?P<version>[=<>!~].*)?$")


class ParserValueError(ValueError):
    """A file that cannot be read."""


def yaml_parser(content):
    try:
        import yaml
    except ImportError:
        raise RuntimeError("YAML needs PyYAML: install it beside this Python") from None
    return yaml.safe_load(content)


def requirements_txt_parser(content):
    lines = [_without_comment(line) for line in content.splitlines()]
    # Lock files of Rye name the project itself.
    return _packages([line for line in lines if line and line != "-e file:."])


def pyproject_toml_parser(content):
    try:
        import tomllib
    except ImportError:
        try:
            import tomli as tomllib
        except ImportError:
            raise RuntimeError("TOML needs Python 3.11 or the package tomli") from None
    project = tomllib.loads(content).get("project", {})
    wanted = project.get("requires-python")
    return _packages(project.get("dependencies", []), wanted and wanted.lstrip("=").strip())


def conda_environment_yml_parser(content):
    found, python, inside = {}, None, False
    for line in map(_without_comment, content.splitlines()):
        if not line.startswith("-"):
            inside = line.lower().startswith("dependencies:") if line else inside
            continue
        if not inside:
            continue
        match = _CONDA.match(line[1:].strip())
        if not match:
            raise ParserValueError(f"Not a package and its version: '{line}'")
        version = (match["version"] or "").lstrip("=").strip()
        if match["name"].lower() == "python":
            python = version or None
        else:
            found[match["name"]] = version
    return {"packages": found, "python": python}


def _without_comment(line):
    line = line.strip()
    return "" if line.startswith("#") else re.sub(r"\s+#.*$", "", line).strip()


def _packages(lines, python=None):
    found = {}
    for line in lines:
        if ";" in line:
            raise ParserValueError(f"Environment markers are not supported: '{line}'")
        match = _REQUIREMENT.match(line.strip())
        version = (match["version"] or "").strip() if match else ""
        if not match or (version and version[0] not in "=<>!~"):
            raise ParserValueError(f"Not a valid PEP 508 requirement: '{line}'")
        version = ",".join(sorted(part.strip() for part in version.split(",")))
        version = version.replace(" ", "").lstrip("=")
        if match["name"].lower() == "python":
            if python and version:
                raise ParserValueError(f"Multiple Python version specs not allowed: '{line}'")
            python = version or None
            continue
        extras = (match["extras"] or "").replace(" ", "")
        found[match["name"] + extras + (f"@{match['url']}" if match["url"] else "")] = version
    return {"packages": found, "python": python}
