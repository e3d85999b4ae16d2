"""The search's scripts in Node, without a browser: the same cases as in Python, in any order of loading."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builder.search.text.facets import FACETS
from tests.sites import lacking

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.test.mjs")), ids=lambda file: file.name)
def test_scripts_hold_in_node(file: Path) -> None:
    node = shutil.which("node")
    if node is None:
        lacking("no Node here: `make test` installs it where apt and root are there")
    environment = os.environ | {"FACETS": json.dumps(list(FACETS))}
    run = subprocess.run([node, "--test", "--test-reporter=tap", str(file)], env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"^# pass [1-9]", run.stdout, re.MULTILINE)
