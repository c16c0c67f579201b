#!/usr/bin/env bash
# Builds a wheel for each Python that is there (python3.9 … python3.13, on PATH or of pyenv), installs it into a virtual
# environment and runs the tests there: wheels_test.sh <source folder> <scratch folder>. Needs PyPI. Exit status 77: there
# is no such Python, or PyPI cannot be reached.
set -euo pipefail
source=$1 scratch=$2
mkdir -p "$scratch"

pythons() {
  for minor in 9 10 11 12 13; do
    for found in "$(command -v "python3.$minor" || true)" "$HOME"/.pyenv/versions/3."$minor".*/bin/python3; do
      [ -x "$found" ] && "$found" -c "import sys; sys.exit(sys.version_info[:2] != (3, $minor))" && { echo "$found"; break; }
    done
  done 2>/dev/null
}

tested=0
for python in $(pythons); do
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  venv=$scratch/$version
  echo "wheels_test: Python $version"
  "$python" -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check pytest numpy pyyaml || { echo "wheels_test: no PyPI here"; exit 77; }
  # The build's scripts are those of the environment: pip's isolation would fetch CMake and compilers anew each time.
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'scikit-build-core>=0.10' 'pybind11>=2.13' ninja
  "$venv/bin/pip" wheel --quiet --no-build-isolation --no-deps --wheel-dir "$venv/wheels" \
    --config-settings=build-dir="$scratch/build-$version" "$source/python"
  "$venv/bin/pip" install --quiet --force-reinstall --no-deps "$venv"/wheels/backlot-*.whl
  package=$("$venv/bin/python" -c 'import backlot, os; print(os.path.dirname(os.path.dirname(backlot.__file__)))')
  BACKLOT_PACKAGE=$package "$venv/bin/python" -m pytest -q -p no:cacheprovider "$source/python/tests"
  tested=$((tested + 1))
done
[ "$tested" -gt 0 ] || { echo "wheels_test: there is no Python from 3.9 to 3.13 here"; exit 77; }
echo "wheels_test: wheels for $tested versions of Python built, installed and tested"
