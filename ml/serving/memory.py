"""Memory that the C library holds without need."""

import ctypes
import sys


def give_back_heap() -> None:
    """Give the system what reading the model left free in the heap: with glibc, 6 MiB of 94."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
