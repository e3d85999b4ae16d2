"""Ctrl-C in the tests' session and what it starts."""

from __future__ import annotations

import signal
import threading


def hear_interrupts() -> None:
    """Give Ctrl-C its default meaning here and in children, where a parent (nohup, `&` in a script, some CI) had it ignored."""
    if threading.current_thread() is threading.main_thread():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
