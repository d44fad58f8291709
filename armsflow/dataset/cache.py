"""Results that are kept with the object that they were made of."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

KEPT: Final = 256
"""Results that are kept with an object (:func:`once`)."""

P = ParamSpec("P")
Made = TypeVar("Made")


def once(function: Callable[Concatenate[Any, P], Made]) -> Callable[Concatenate[Any, P], Made]:
    """Keep what a function makes of a dataset, or of a plate, with that object and as long as it.

    A cache beside the datasets would still hold what a reader added when the reader is gone.
    Past :data:`KEPT` results of all functions together, those of the object are forgotten.
    """

    def kept(owner: Any, /, *arguments: P.args, **named: P.kwargs) -> Made:
        results = vars(owner).setdefault("kept", {})
        key = (function, arguments, tuple(named.items()))
        if key not in results:
            if len(results) >= KEPT:
                results.clear()
            results[key] = function(owner, *arguments, **named)
        made: Made = results[key]
        return made

    return update_wrapper(kept, function)
