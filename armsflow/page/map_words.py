"""The map in words: every line by destination, with its counts, its form and its places."""

from typing import Any

from armsflow.dataset import summary
from armsflow.language import _, comma
from armsflow.page.markup import Rendered, render
from armsflow.picture.legend import FORM_WORDS
from armsflow.picture.marks import Line
from armsflow.picture.picture import Picture
from armsflow.webmap.flows import count_words


def map_words_html(drawn: Picture) -> Rendered:
    """Write what the lines of a map say, by destination; a name opens its line."""
    shown = drawn.shown
    counts = summary.count_by(shown, "line", "spot").reset_index()
    places: dict[str, list[str]] = {}
    for line, spot in zip(counts["line"], counts["spot"], strict=True):
        places.setdefault(line, []).append(str(shown.spots.loc[spot, "name"]))
    by_destination: dict[str, list[dict[str, Any]]] = {}
    for line in drawn.lines:
        name = str(drawn.whole.destinations.loc[line.destination, "label"])
        by_destination.setdefault(name, []).append(_row(line, places.get(line.line, [])))
    return render("map_words", destinations=by_destination, count=len(drawn.lines))


def _row(line: Line, places: list[str]) -> dict[str, Any]:
    is_told = line.kind == "corridor"
    return {
        "focus": line.line,
        "name": line.name,
        "said": _(
            "{counts}; {route}; link to Libya: {form}",
            counts=count_words(line.events, line.others, line.unpublished),
            route=_("route described by a source") if is_told else _("route not stated"),
            form=_(FORM_WORDS[line.form]),
        ),
        "places": comma().join(places),
    }
