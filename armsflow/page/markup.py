"""HTML from the templates beside this module: every value is escaped, and none may be missing."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from armsflow import language
from armsflow.words import plural

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
TEMPLATES.filters |= {"plural": plural, "thousands": "{:,}".format}


def _said(message: str, values: dict[str, Any]) -> Markup:
    """Fill a sentence; it is escaped, and so is what stands in its places unless it is HTML."""
    told = {key: language.number(one) if type(one) is int else one for key, one in values.items()}
    return Markup("{}").format(message).format(**told)


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


TEMPLATES.globals |= {
    "_": say,
    "_n": say_count,
    "_p": say_in_context,
    "number": language.number,
    "direction": language.direction,
    "spoken": language.spoken,
}


class Rendered(str):
    """HTML that a template made; it stands in another one as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the HTML, of which every value was escaped."""
        return self


def render(template: str, **values: Any) -> Rendered:
    """Fill in a template; each is compiled when it is first asked for, and kept.

    Parameters
    ----------
    template
        Its name without ``.html``.
    values
        What it names. Text is escaped, whatever it holds.
    """
    return Rendered(TEMPLATES.get_template(f"{template}.html").render(values))
