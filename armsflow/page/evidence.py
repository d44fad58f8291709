"""The panel beside the map: evidence of what is in focus, else the key figures."""

import os
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from armsflow.dataset import citation, knowledge, summary
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, labels
from armsflow.language import N_, _, _n
from armsflow.page import address, search
from armsflow.page.brief import show_brief
from armsflow.page.markup import render
from armsflow.picture import style
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate
from armsflow.selection import selection
from armsflow.selection.cards import write_cards
from armsflow.selection.cases import cautions_of, headline
from armsflow.selection.focus import in_focus
from armsflow.words import aside_words

LOOSENED: Final = {
    "weapon": N_("without the filter on weapon type: {count}"),
    "years": N_("without the filter on years: {count}"),
    "basis": N_("without the filter on how the link is known: {count}"),
    "event": N_("without the filter on kind of event: {count}"),
    "destinations": N_("without the filter on destination: {count}"),
}
"""How the count without one filter is said, by field of a selection."""
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
            _("Search and focus"),
            list(options),
            key="focus",
            format_func=lambda code: options.get(code, code),
            placeholder=_("Search evidence"),
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
            st.html(evidence_html(drawn))
        elif drawn.shown.totals.events:
            st.html(render("figures_row", **_figures(drawn)))
            _numbers(drawn)
            st.html(key_figures_html(drawn))
        else:
            st.html(nothing_found_html(drawn))


def _numbers(drawn: Picture) -> None:
    """Draw the numbers of the numbered incidents; pressing one opens its card."""
    numbers = {case.incident: str(case.number) for case in drawn.cases}
    st.pills(
        _("Open the card of a numbered incident"),
        list(numbers),
        key="case",
        format_func=lambda incident: numbers.get(incident, ""),
        on_change=address.open_case,
        label_visibility="collapsed",
    )


@once
def load_search(dataset: Dataset, plate: Plate) -> dict[str, str]:
    """Write once what the search box offers."""
    return search.options(dataset, plate)


def _show_hits(words: str, dataset: Dataset) -> None:
    found, more = search.hits(words, dataset)
    st.html(render("hits", words=words[:60], count=len(found), more=more))
    for place, (identifier, line) in enumerate(found.items()):
        st.button(
            citation.as_markdown(line),
            key=f"hit-{place}",
            type="tertiary",
            on_click=address.open_hit,
            args=(identifier, dataset),
        )
    st.button(_("Close the list"), key="hits-close", on_click=address.put_in_focus, args=(None,))


def evidence_html(drawn: Picture) -> str:
    """Write the evidence of what is in focus: what it is, and a card for each incident."""
    focus, shown = drawn.selection.focus, drawn.shown
    rows = in_focus(focus, shown)
    tally = summary.count_rows(rows, shown)
    incidents = shown.read(rows, CARDS)
    cards = write_cards(incidents, shown.read_items(incidents), shown)
    return render(
        "evidence",
        counted=knowledge.tally_words(*tally),
        cards=cards,
        focus=focus,
        version=shown.version,
        contact=os.environ.get("ARMSFLOW_CONTACT", ""),
        more=tally.events + tally.others - len(cards),
        **_introduction(drawn),
    )


def _introduction(drawn: Picture) -> dict[str, Any]:
    """Return what the panel says of the line, place or source in focus, above the cards."""
    focus, shown = drawn.selection.focus, drawn.shown
    said: dict[str, Any] = {
        "title": "",
        "description": "",
        "is_link": False,
        "routes": [],
        "source": "",
    }
    if any(line.line == focus for line in drawn.lines):
        said["title"] = search.line_name(focus, shown)
        if focus not in shown.corridors.index:
            return said | {"is_link": True}
        corridor = shown.corridors.loc[focus]
        sources = citation.cited(corridor["source_ids"], shown)
        return said | {
            "description": corridor["description"],
            "routes": list(sources.values()),
        }
    if (members := int(shown.spots["members"].get(focus, 0))) > 1:
        return said | {
            "title": str(shown.spots["name"][focus]),
            "description": _n(
                "One mark for {count} place.",
                "One mark for {count} places that lie close together.",
                members,
            ),
        }
    if focus in shown.places.index:
        place = shown.places.loc[focus]
        precision = labels(shown, "places", "precision")[place["precision"]]
        return said | {
            "title": str(place["name"]),
            "description": _(
                "{where}{precision}. {note}",
                where=_("{where}. ", where=place["admin1"]) if place["admin1"] else "",
                precision=precision,
                note=place["note"],
            ),
        }
    if focus in shown.sources.index:
        (source,) = citation.cited([focus], shown).values()
        return said | {"title": _("What this source reports"), "source": source}
    return said


def key_figures_html(drawn: Picture) -> str:
    """Write what was found, case by case, then how much of it where, and how much is known."""
    shown = drawn.shown
    names = shown.destinations["label"]
    stated, outside = knowledge.routes(shown)
    bases = labels(shown, "incidents", "link_basis")
    by_destination = summary.events_by(shown, "destination")
    by_basis = summary.events_by(shown, "link_basis")
    return render(
        "key_figures",
        heading=drawn.cases_heading,
        cases=[
            (case, headline(case), colour, style.text_on(colour))
            for case in drawn.cases
            for colour in [style.destination_colour(case.destination)]
        ],
        cautions=cautions_of(drawn.cases),
        compared=len(by_destination) > 1,
        destinations=[
            (str(names[code]), int(by_destination[code]), style.destination_colour(code))
            for code in selection.destination_codes(shown)
            if code in by_destination.index
        ],
        links=[
            (words, int(by_basis[code]), style.QUIET_INK)
            for code, words in bases.items()
            if code in by_basis.index
        ],
        route=knowledge.route_words(shown),
        arcs=stated < outside,
        quantity=knowledge.quantity_words(*summary.items_with_quantity(shown)),
        absence=_(knowledge.ABSENCE_NOTE),
    )


def _figures(drawn: Picture) -> dict[str, int]:
    shown = drawn.shown
    return {
        "events": shown.totals.events,
        "sources": summary.count_sources(shown),
        "single": shown.totals.single,
    }


def nothing_found_html(drawn: Picture) -> str:
    """Write what an empty view does not mean, and what is found with one filter less."""
    chosen = drawn.selection
    counts = {
        field: selection.apply(drawn.whole, looser).totals.events
        for field, value in address.LOOSENED.items()
        if (looser := replace(chosen, **{field: value})) != chosen
    }
    return render(
        "nothing_found",
        absence=_(knowledge.ABSENCE_NOTE),
        reports=aside_words(drawn.shown.totals.others),
        loosened=[
            (field, _(LOOSENED[field], count=count)) for field, count in counts.items() if count
        ],
    )
