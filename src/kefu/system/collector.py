"""Python's garbage collector: what was loaded at the start is not looked through again and again."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50


def spare_what_is_here() -> None:
    """Call once everything large is loaded: modules, models, the retrieval's index.

    A full collection walks through all objects, some 100 ms with everything loaded, in the middle of whatever request
    set it off. Frozen ones are not walked through; reference counts still free them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
