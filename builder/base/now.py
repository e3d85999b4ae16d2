"""The moment that an archive is built for: it decides embargoes and expiry, nothing else."""

from __future__ import annotations

import os
import time

from builder.base.problems import ConfigError


def now() -> int:
    """Return SOURCE_DATE_EPOCH (reproducible-builds.org), else the clock: seconds since 1970 UTC.

    Raises ConfigError where SOURCE_DATE_EPOCH is set to anything but a number: another site would come of it.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return int(time.time())
    try:
        return int(text)
    except ValueError:
        raise ConfigError(
            f'SOURCE_DATE_EPOCH: "{text}" is not a number of seconds since 1970; unset it, or set one, as by `date +%s`'
        ) from None
