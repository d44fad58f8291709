"""Results that are kept with the object that they were made of."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

KEPT: Final = 256
"""Most results that are kept with an object (:func:`once`)."""

P = ParamSpec("P")
Made = TypeVar("Made")


def once(function: Callable[Concatenate[Any, P], Made]) -> Callable[Concatenate[Any, P], Made]:
    """Keep the results of a function with the dataset or plate that they were made of.

    The results go when that object goes. A cache in another place would keep a reader's rows after
    the reader has left. When an object has :data:`KEPT` results of all functions together, it
    forgets them.
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
