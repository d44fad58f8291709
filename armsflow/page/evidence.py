"""The panel beside the map: evidence of what is in focus, else the key figures."""

from collections.abc import Iterable
from dataclasses import replace
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

from armsflow.dataset import citation, summary
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, categories, labels
from armsflow.page import address, search
from armsflow.page.brief import show_brief
from armsflow.picture import picture, style
from armsflow.picture.marks import Line
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.selection import selection
from armsflow.selection.focus import in_focus
from armsflow.selection.selection import Selection
from armsflow.words import plural

CARDS: Final = 40
"""Incidents that the evidence panel shows as cards before it refers to the table."""


def show_evidence(drawn: Picture, plate: Plate) -> None:
    """Draw the panel beside the map: the evidence of what is in focus, else the key figures."""
    chosen, dataset = drawn.selection, drawn.whole
    options = load_search(dataset, plate)
    if chosen.focus:
        options = {chosen.focus: search.words_of(chosen.focus, dataset)} | options
    with st.container(key="panel"):
        box, brief = st.columns([2.4, 1], gap="small")
        box.selectbox(
            "Search and focus",
            list(options),
            key="focus",
            format_func=lambda code: options.get(code, code),
            placeholder="Search, or press a line, a place or a row",
            label_visibility="collapsed",
            index=None,
            accept_new_options=not search.is_offered(dataset),
            on_change=address.find,
            args=(dataset,),
        )
        with brief:
            show_brief(chosen, dataset, plate)
        if words := st.session_state.get("searched"):
            _show_hits(words, dataset)
        elif chosen.focus:
            st.html(f'<div class="panel">{_evidence(drawn)}</div>')
        else:
            st.html(f'<div class="panel">{_key_figures(drawn)}</div>')


@once
def load_search(dataset: Dataset, plate: Plate) -> dict[str, str]:
    """Write once what the search box offers."""
    return search.options(dataset, plate)


def _show_hits(words: str, dataset: Dataset) -> None:
    found, more = search.hits(words, dataset)
    count = f"{len(found)} or more" if more else str(len(found))
    st.html(f'<div class="panel"><h2>{count} found for “{escape(words[:60])}”</h2></div>')
    for place, (identifier, line) in enumerate(found.items()):
        st.button(
            citation.as_markdown(line),
            key=f"hit-{place}",
            type="tertiary",
            on_click=address.open_hit,
            args=(identifier, dataset),
        )
    st.button("Close the list", key="hits-close", on_click=address.put_in_focus, args=(None,))


def _evidence(drawn: Picture) -> str:
    focus, shown = drawn.selection.focus, drawn.shown
    rows = in_focus(focus, shown)
    tally = summary.count_rows(rows, shown)
    incidents = shown.read(rows, CARDS)
    items = shown.read_items(incidents)
    line = next((line for line in drawn.lines if line.line == focus), None)
    title, intro = "", ""
    if line:
        title, intro = line.name, _line_intro(line, shown)
    elif (members := int(shown.spots["members"].get(focus, 0))) > 1:
        title = str(shown.spots["name"][focus])
        intro = _paragraph(f"One mark for {members:,} places that lie close together.")
    elif focus in shown.places.index:
        place = shown.places.loc[focus]
        title = str(place["name"])
        precision = labels(shown, "places", "precision")[place["precision"]]
        intro = _paragraph(f"{place['admin1'] or place['country']}. {precision}. {place['note']}")
    elif focus in shown.sources.index:
        title, intro = "What this source reports", _source_list((focus,), shown)
    listed = (
        f"; {plural(tally.others, 'general report')} listed, not counted" if tally.others else ""
    )
    said = (
        f"{plural(tally.events, 'documented incident')}, {plural(tally.cited, 'source')}{listed}."
    )
    cards = [
        _card(row, items[items["incident_id"] == row.Index], shown, focused=row.Index == focus)
        for row in incidents.itertuples()
    ]
    more = tally.events + tally.others - len(cards)
    rest = (
        _paragraph(f"{plural(more, 'more incident')} in the table below.", "quiet") if more else ""
    )
    heading = f"<h2>{escape(title)}</h2>" if title else ""
    return f"{heading}{_paragraph(said)}{intro}{''.join(cards)}{rest}"


def _line_intro(line: Line, shown: Dataset) -> str:
    if line.kind == "link":
        return _paragraph(
            "No source states the route of these incidents. The arc joins Libya with the "
            "destination and shows no way travelled.",
            "quiet",
        )
    corridor = shown.corridors.loc[line.line]
    sources = _source_list(corridor["source_ids"], shown)
    cited = plural(len(corridor["source_ids"]), "source")
    return (
        _paragraph(corridor["description"])
        + f"<details><summary>Who describes this route: {cited}</summary>{sources}</details>"
    )


def _card(incident: Any, items: pd.DataFrame, shown: Dataset, *, focused: bool) -> str:
    row = incident._asdict()
    kinds = labels(shown, "incidents", "event_type")
    precision = labels(shown, "places", "precision")[row["precision"]].lower()
    link = next(
        category
        for category in categories(shown, "incidents", "link_basis")
        if category["value"] == row["link_basis"]
    )
    own = ' <span class="uncounted">Unpublished</span>' if row["Index"] in shown.unpublished else ""
    scope = (
        f' <span class="uncounted">{escape(labels(shown, "incidents", "scope")[row["scope"]])}, '
        "not counted</span>"
        if row["scope"] != "event"
        else ""
    )
    gaps = "".join(f"<li>{escape(gap)}</li>" for gap in citation.not_established(row, items, shown))
    destination = str(shown.destinations.loc[row["destination"], "label"])
    stated = "".join(map(_item(shown), items.to_dict("records")))
    return (
        f"<article{' class=focused' if focused else ''}>"
        f'<div class="when">{escape(citation.date_words(row))} · {escape(row["place"])} '
        f'<span class="quiet">({escape(precision)})</span>{scope}{own}</div>'
        f"<h4>{escape(row['title'])}</h4>"
        f"<p>{escape(row['summary'])}</p>"
        f'<p class="quiet">{escape(kinds[row["event_type"]])} · destination: '
        f"{escape(destination)} · link to Libya: {escape(link['label'])}</p>"
        f"<h3>Weapons, as stated</h3><ul>{stated}</ul>"
        f"{_sources(row['source_ids'], shown)}"
        + (f"<h3>Not established</h3><ul>{gaps}</ul>" if gaps else "")
        + "</article>"
    )


def _item(shown: Dataset) -> Any:
    names = shown.weapon_types["label"]
    counting = labels(shown, "items", "counting")

    def words(item: dict[str, Any]) -> str:
        kind = str(names[item["weapon_type"]])
        stated = item["designation"] or kind
        aside = f" [{kind}]" if item["designation"] else ""
        special = f" — {counting[item['counting']].lower()}" if item["counting"] != "own" else ""
        note = f"<br><em>{escape(item['note'])}</em>" if item["note"] else ""
        css = "" if item["matches"] else ' class="unmatched"'
        line = f"{stated}: {citation.quantity_words(item)}{special}"
        return f'<li{css}>{escape(line)}<span class="quiet">{escape(aside)}</span>{note}</li>'

    return words


def _sources(identifiers: tuple[str, ...], shown: Dataset) -> str:
    heading = f"<h3>Who says so: {plural(len(identifiers), 'source')}</h3>"
    return heading + _source_list(identifiers, shown)


def _source_list(identifiers: Iterable[str], shown: Dataset) -> str:
    rows = "".join(
        f'<li><a href="{escape(source["url"], quote=True)}" target="_blank" '
        f'rel="noopener noreferrer">{escape(citation.source_words(source))}</a>'
        f"{citation.ADDED if identifier in shown.unpublished_sources else ''}</li>"
        for identifier, source in shown.sources.loc[list(identifiers)].iterrows()
    )
    return f"<ul>{rows}</ul>"


def _key_figures(drawn: Picture) -> str:
    shown = drawn.shown
    events = shown.totals.events
    if not events:
        return _nothing_found(drawn.selection, shown, drawn.whole)
    stated, items = summary.items_with_quantity(shown)
    bases = labels(shown, "incidents", "link_basis")
    by_basis = summary.events_by(shown, "link_basis")
    by_destination = summary.events_by_destination(shown)
    rows = [
        (
            str(shown.destinations.loc[code, "label"]),
            int(by_destination[code]),
            style.destination_colour(code),
        )
        for code in selection.destination_codes(shown)
        if code in by_destination.index
    ]
    links = [
        (bases[code], int(by_basis[code]), style.QUIET_INK)
        for code in bases
        if code in by_basis.index
    ]
    return (
        '<div class="figures">'
        f'<div><b class="figure">{events:,}</b><span>documented incidents</span></div>'
        f'<div><b class="figure">{summary.count_sources(shown):,}</b><span>sources</span></div>'
        f'<div><b class="figure">{shown.totals.single:,}</b><span>rest on one document</span></div>'
        "</div>"
        f"<h3>By destination</h3>{_bars(rows)}"
        f"<h3>How the link to Libya is known</h3>{_bars(links)}"
        "<h3>How much is known</h3>"
        f"<p>A route is stated for {summary.events_on_corridors(shown):,} of {events:,} "
        "incidents; the others share one open arc per destination.</p>"
        f"<p>A number is stated for {stated:,} of {items:,} weapon items. Numbers are not added "
        "up: units and sources differ.</p>"
        f"<p>{escape(picture.ABSENCE_NOTE)} A seizure shows what was stopped, not what passed.</p>"
    )


def _nothing_found(chosen: Selection, shown: Dataset, dataset: Dataset) -> str:
    loosened = []
    for words, looser in (
        ("weapon type", replace(chosen, weapon=())),
        ("years", replace(chosen, years=None)),
        ("how the link is known", replace(chosen, basis=())),
        ("kind of event", replace(chosen, event=())),
        ("destination", replace(chosen, destinations=())),
    ):
        if looser != chosen and (found := selection.apply(dataset, looser).totals.events):
            loosened.append(f"<li>without the filter on {words}: {found:,}</li>")
    listed = shown.totals.others
    reports = (
        _paragraph(
            f"{plural(listed, 'general report')} without a single event: see the dotted lines "
            "and the table."
        )
        if listed
        else ""
    )
    hints = (
        f"<h3>Documented incidents if you loosen one filter</h3><ul>{''.join(loosened)}</ul>"
        if loosened
        else ""
    )
    return (
        "<h2>No documented incident in these sources</h2>"
        f"{_paragraph(f'This does not mean that nothing passed. {picture.ABSENCE_NOTE}')}"
        f"{reports}{hints}"
    )


def _bars(rows: list[tuple[str, int, str]]) -> str:
    most = max(count for _, count, _ in rows)
    body = "".join(
        f'<tr><th scope="row">{escape(words)}</th><td class="count">{count:,}</td><td><span '
        f'class="bar" style="width:{100 * count / most:.0f}%;--colour:{colour}"></span></td></tr>'
        for words, count, colour in rows
    )
    return f'<table class="bars"><tbody>{body}</tbody></table>'


def _paragraph(text: str, css: str = "") -> str:
    return f'<p class="{css}">{escape(text)}</p>' if css else f"<p>{escape(text)}</p>"
