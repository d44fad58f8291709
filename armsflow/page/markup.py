"""HTML from the templates beside this module: every value is escaped, and none may be missing."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from armsflow.sentences import IN_TEMPLATES

TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
TEMPLATES.globals |= IN_TEMPLATES


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
