"""Sentences in templates: escaped, and so is what stands in their places unless it is HTML."""

from typing import Any, Final

from markupsafe import Markup

from armsflow import language


def _said(message: str, values: dict[str, Any]) -> Markup:
    return Markup("{}").format(message).format(**language.written(values))


def say(message: str, **values: Any) -> Markup:
    """Say a sentence in a template, as :func:`armsflow.language._` does elsewhere."""
    return _said(language.catalogue(language.spoken()).gettext(message), values)


def say_count(one: str, many: str, count: int, **values: Any) -> Markup:
    """Say a sentence with a form for each kind of number in a template."""
    said = language.catalogue(language.spoken()).ngettext(one, many, count)
    return _said(said, {"count": count, **values})


def say_in_context(context: str, message: str, **values: Any) -> Markup:
    """Say a sentence whose meaning is told by a context in a template."""
    return _said(language.catalogue(language.spoken()).pgettext(context, message), values)


IN_TEMPLATES: Final = {
    "_": say,
    "_n": say_count,
    "_p": say_in_context,
    "number": language.number,
    "listed": language.listed,
    "direction": language.direction,
    "spoken": language.spoken,
}
"""What every template can call."""
