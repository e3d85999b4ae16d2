"""Files of one mapping beside site.yml (removals.yml, releases.yml): read whole, and checked entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from builder.base import files
from builder.base.problems import ConfigError, Problem, Severity
from builder.base.yaml_parsing import YamlError, parse, position

MAX_BYTES = 10_000_000


def read_mapping(folder: Path, name: str, fault: Callable[[str, Any], str]) -> dict[str, Any]:
    """Return the mapping in `folder`/`name`, in its order; {} where there is no such file.

    `fault` says what is wrong with a key and its value, "" if nothing is. Raises ConfigError with every problem, each at its line.
    """
    try:
        text = files.read_regular(folder / name, MAX_BYTES).decode("utf-8-sig")
        data = parse(text)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"{folder / name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError([Problem(name, 1, 1, Severity.ERROR, "", "is not UTF-8; bring back the last good version")]) from None
    except YamlError as error:
        raise ConfigError([Problem(name, error.line, error.column, Severity.ERROR, error.field, error.message)]) from None
    problems = [
        Problem(name, *position(text, (key,)), Severity.ERROR, key, message)
        for key, value in data.items()
        if (message := fault(key, value))
    ]
    if problems:
        raise ConfigError(problems)
    return data
