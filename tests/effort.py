"""How much a test tries: little in `make test`, all in `make prove` (MORGUE_PROVE=1). What it holds is the same."""

from __future__ import annotations

import os
from typing import TypeVar

Value = TypeVar("Value")
IS_WHOLE = os.environ.get("MORGUE_PROVE") == "1"


def effort(small: Value, whole: Value) -> Value:
    """Return how many examples, questions or rounds to try. A test that asks has the marker `proof`, or Hypothesis gives it that."""
    return whole if IS_WHOLE else small
