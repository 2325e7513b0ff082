"""Memory after the start: what was loaded is not looked through again and again, and what learning needed is given back."""

import ctypes
import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50


def spare_what_is_here() -> None:
    """Call once everything large is loaded: modules, models, the retrieval's index.

    A full collection walks through all objects, some 100 ms with everything loaded, in the middle of whatever request
    set it off. Frozen ones are not walked through; reference counts still free them.
    """
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def give_back() -> None:
    """Return freed memory to the machine, where the C library can (glibc; elsewhere nothing happens).

    Learning the articles takes some 15 MB that nothing needs afterwards; glibc keeps them in the heap of the thread that had them.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
