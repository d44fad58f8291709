"""Results that are kept with the object that they were made of."""

import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast

KEPT: Final = 256
"""Most results that are kept with an object (:func:`once`)."""

MISSING: Final = object()
LOCK: Final = threading.Lock()
"""Held while results are put in order."""

P = ParamSpec("P")
Made = TypeVar("Made")


def once(function: Callable[Concatenate[Any, P], Made]) -> Callable[Concatenate[Any, P], Made]:
    """Keep the results of a function with the dataset or plate that they were made of.

    The results go when that object goes. A cache in another place would keep a reader's rows after
    the reader has left. An object has the last :data:`KEPT` results of each function.
    """
    return recent(KEPT)(function)


def recent(most: int) -> Callable[[Callable[Concatenate[Any, P], Made]], Callable[..., Made]]:
    """Keep the last results of a function, as :func:`once` does, but fewer.

    Parameters
    ----------
    most
        How many are kept.
    """

    def decorate(function: Callable[Concatenate[Any, P], Made]) -> Callable[..., Made]:
        def kept(owner: Any, /, *arguments: P.args, **named: P.kwargs) -> Made:
            results: dict[Any, Any] = vars(owner).setdefault("kept", {}).setdefault(function, {})
            key = (arguments, tuple(named.items()))
            with LOCK:
                made = results.pop(key, MISSING)
            if made is MISSING:
                made = function(owner, *arguments, **named)
            with LOCK:
                # Put in again, so that what was asked for last is forgotten last.
                results[key] = made
                while len(results) > most:
                    del results[next(iter(results))]
            return cast("Made", made)

        return update_wrapper(kept, function)

    return decorate
