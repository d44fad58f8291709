"""What was read of a reader's file, as it was read, before any of it is on the map."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw

from armsflow.briefing.files import map_png
from armsflow.curation.findings import by_row
from armsflow.curation.likeness import Likeness
from armsflow.curation.submission import Submission
from armsflow.curation.upload import Upload
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset
from armsflow.language import N_, _, _n, comma, enumerated
from armsflow.package.problem import Problem
from armsflow.page.files import load_ground
from armsflow.page.markup import render
from armsflow.picture import picture
from armsflow.picture.plate import Plate, plate_for
from armsflow.selection import selection
from armsflow.selection.cards import write_cards
from armsflow.selection.selection import Selection

PROBLEMS_SHOWN: Final = 40
SAME, DIFFERENT = "same", "different"
SAID: Final = {SAME: N_("The same"), DIFFERENT: N_("Different")}
"""What can be answered about two incidents that may be the same, in words."""
MAP_SIZE: Final = (640.0, 480.0)
"""Pixels of the small map."""


@dataclass(frozen=True)
class ReadRow:
    """A row of the file, and what is wrong with it.

    Parameters
    ----------
    file, row
        Its sheet or file, and its number there.
    taken
        Identifier of the incident if it was taken, else empty.
    texts
        Of an incident that was not taken, what is typed, in the order of the columns of the list.
    problems
        What is wrong with it, or with its items.
    """

    file: str
    row: str
    taken: str = ""
    texts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_rows(found: Upload | None, submission: Submission) -> tuple[ReadRow, ...]:
    """Return every incident of a file, and every other row that has a problem.

    Parameters
    ----------
    found
        The rows as they are in the file.
    submission
        What came of them.
    """
    if found is None:
        return ()
    incidents = found.tables["incidents"]
    number_of = {name: row for row, name in found.column("incidents", "incident_id").items()}
    table_of = {file: table for table, file in found.files.items()}
    incident_of = found.column("items", "incident_id")
    wrong: dict[tuple[str, int], list[Problem]] = {}
    for problem in (*submission.problems, *submission.left_out):
        table, row = table_of.get(problem.file, ""), problem.row
        if table and row is not None:
            if table == "items" and incident_of.get(row) in number_of:
                table, row = "incidents", number_of[incident_of[row]]
            wrong.setdefault((table, row), []).append(problem)
    rows = []
    for row, typed in zip(incidents.index, incidents.to_dict("records"), strict=True):
        problems = tuple(wrong.pop(("incidents", row), ()))
        identifier = typed["incident_id"]
        where = found.files["incidents"], str(row)
        if identifier in submission.incident_ids and not problems:
            rows.append(ReadRow(*where, identifier))
            continue
        items = found.tables["items"]
        kinds = items.loc[items["incident_id"] == identifier, ["quantity", "weapon_type"]]
        columns = ("date", "place_id", "destination", "link_basis", "source_ids")
        date, place, destination, link, sources = (typed[column] for column in columns)
        what = "; ".join(" ".join(filter(None, kind)) for kind in kinds.to_numpy())
        title = typed["title"] or identifier
        texts = (title, date, place, destination, what, link, sources)
        rows.append(ReadRow(*where, "", texts, problems))
    for (table, row), others in sorted(wrong.items()):
        rows.append(ReadRow(found.files[table], str(row), problems=tuple(others)))
    return tuple(rows)


@once
def taken_html(alone: Dataset, plate: Plate, rows: tuple[ReadRow, ...]) -> str:
    """Write every incident of a file in words, beside a small map of where they are.

    Parameters
    ----------
    alone
        The reader's own rows that were taken, and nothing that was published.
    plate
        What the map is drawn on.
    rows
        Every row to be listed (:func:`read_rows`).
    """
    cards = {card["identifier"]: card for card in write_cards(alone.incidents, alone.items, alone)}
    image = b""
    if cards:
        shown = selection.apply(alone, Selection())
        layouts = plate_for(alone, plate).layouts
        drawn = picture.draw(Selection(), shown, alone, layouts)
        image = map_png(drawn, load_ground(plate), MAP_SIZE, int(2 * MAP_SIZE[0]))
    return render(
        "own_taken",
        cards=cards,
        rows=rows,
        routes=list(_routes(alone, plate)),
        image=b64encode(image).decode("ascii"),
        places=comma().join(sorted({card["place"] for card in cards.values()})),
    )


def _routes(alone: Dataset, plate: Plate) -> Iterator[tuple[str, str, str]]:
    """Yield name, destination and places of every route of the reader's own."""
    for line, route in alone.corridors.iterrows():
        if line not in plate.layouts.region.index:
            stops = alone.waypoints[alone.waypoints["corridor_id"] == line].sort_values("seq")
            places = alone.places["name"].loc[stops["place_id"]]
            destination = alone.destinations["label"][route["destination"]]
            yield route["name"], destination, comma().join(places)


@once
def pair_html(dataset: Dataset, pair: Likeness) -> str:
    """Write two incidents of a dataset that may be the same side by side."""
    both = [pair.added, pair.other]
    incidents = dataset.read(dataset.rows().filter(nw.col("incident_id").is_in(both)))
    cards = write_cards(incidents, dataset.read_items(incidents), dataset)
    cards.sort(key=lambda card: both.index(card["identifier"]))
    return render("own_pair", cards=cards, reasons=enumerated(pair.reasons))


def on_the_map(taken: int, shown: int) -> str:
    """Say how many of a reader's incidents the filters leave on the map.

    Examples
    --------
    >>> on_the_map(12, 9)
    '12 incidents of yours, 9 of them on the map now: the filters hide the others.'
    >>> on_the_map(1, 1)
    '1 incident of yours is on the map of this window, marked as unpublished.'
    """
    if shown == taken:
        return _n(
            "{count} incident of yours is on the map of this window, marked as unpublished.",
            "{count} incidents of yours are on the map of this window, marked as unpublished.",
            taken,
        )
    if not shown:
        return _n(
            "{count} incident of yours, none on the map now: the filters hide it.",
            "{count} incidents of yours, none on the map now: the filters hide them.",
            taken,
        )
    return _n(
        "{count} incident of yours, {shown} of them on the map now: the filters hide the others.",
        "{count} incidents of yours, {shown} of them on the map now: the filters hide the others.",
        taken,
        shown=shown,
    )


def can_be_added(taken: int, kept: int) -> str:
    """Say how many of the incidents that were read of a file can be added now.

    Examples
    --------
    >>> can_be_added(3, 2)
    '3 incidents of yours were read, 2 can be added. Look at what was read first.'
    """
    if kept == taken:
        return _n(
            "{count} incident of yours can be added. Look at what was read first.",
            "{count} incidents of yours can be added. Look at what was read first.",
            taken,
        )
    if not kept:
        return _n(
            "{count} incident of yours was read, none can be added now.",
            "{count} incidents of yours were read, none can be added now.",
            taken,
        )
    return _n(
        "{count} incident of yours was read, {kept} can be added. Look at what was read first.",
        "{count} incidents of yours were read, {kept} can be added. Look at what was read first.",
        taken,
        kept=kept,
    )


def held_words(pairs: Sequence[Likeness], said: Mapping[tuple[str, str], str]) -> list[str]:
    """Say how many incidents are not counted, since they are or may be the same as another.

    In a sentence each.

    Parameters
    ----------
    pairs
        What may be the same.
    said
        The answers, by the two identifiers of a pair.
    """
    same = {pair.added for pair in pairs if said.get((pair.added, pair.other)) == SAME}
    waiting = {pair.added for pair in pairs if not said.get((pair.added, pair.other))} - same
    sentences = []
    if same:
        left_out = _n(
            "{count} incident left out as the same as another.",
            "{count} incidents left out as the same as another.",
            len(same),
        )
        sentences.append(left_out)
    if waiting:
        not_counted = _n(
            "{count} incident not counted before you answer below.",
            "{count} incidents not counted before you answer below.",
            len(waiting),
        )
        sentences.append(not_counted)
    return sentences


def problem_words(problems: int, left_out: int) -> str:
    """Say how many problems were found, and how many rows depend on a row with one."""
    if not left_out:
        return _n("{count} problem found.", "{count} problems found.", problems)
    return _(
        "{problems}, and {rows}.",
        problems=_n("{count} problem found", "{count} problems found", problems),
        rows=_n("{count} row left out with them", "{count} rows left out with them", left_out),
    )


def problems_html(problems: Iterable[Problem]) -> str:
    """Write problems as a table: where, what is wrong, and the fix; the first ones only."""
    listed = by_row(problems)
    more = len(listed) - PROBLEMS_SHOWN
    return render("problems", problems=listed[:PROBLEMS_SHOWN], more=more)
