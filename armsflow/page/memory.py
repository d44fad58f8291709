"""The parts of the page, in the order in which dashboard.py puts them together.

Streamlit lives here and in dashboard.py only. Every text that comes from data, a URL or a
reader is escaped before it becomes HTML.
"""

import gc
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from armsflow import citation, picture, search, selection, style, summary, webmap
from armsflow.dataset import SHIPPED, DataError, Dataset, categories, labels, once
from armsflow.edition import Display, Edition
from armsflow.numbering import read_number
from armsflow.picture import Line, Picture
from armsflow.plate import Plate
from armsflow.questions import QUESTIONS, answer
from armsflow.selection import Selection, Sentence, aside_words, plural

STYLE_SHEET: Final = Path(__file__).parent / "assets" / "page.css"
WIDGETS: Final = ("weapon", "weapon_type", "destinations", "years", "basis", "event", "focus")
MAP_KEY: Final = "map"
PAINT_PAUSE: Final = 0.1
"""Seconds."""
LONGEST_TURN: Final = 1.0
"""Seconds that a page waits until the rest of another has been drawn."""
CARDS: Final = 40
"""Incidents that the evidence panel shows as cards before it refers to the table."""
FIRST_ROWS: Final = 50
"""Rows that the table shows before more are asked for."""
MORE_ROWS: Final = 500
"""Rows that are added at a time."""


# ---------------------------------------------------------------- what is loaded once


@st.cache_resource(show_spinner=False)
def load_display(directory: Path, engine: str) -> Display:
    """Put a data package on show once for all viewers."""
    return Display(directory, engine)


@st.cache_resource(show_spinner=False)
def load_turn() -> threading.Lock:
    """Return what the one page holds whose rest is being drawn."""
    return threading.Lock()


@st.cache_resource(show_spinner=False)
def settle_memory(after: str) -> None:  # noqa: ARG001 (cache key)
    """Take what was loaded out of the garbage collector's rounds.

    Streamlit collects garbage after every run. With libraries and tables in its rounds that took
    longer than the run itself; what stays for good need not be looked at again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


# ---------------------------------------------------------------- the frame of the page


def set_up() -> None:
    """Give the page its title, its layout and its style sheet."""
    st.set_page_config(
        page_title="Arms flows out of Libya",
        page_icon=str(STYLE_SHEET.with_name("icon.png")),
        layout="wide",
        initial_sidebar_state="auto",
    )
    st.html(f"<style>{STYLE_SHEET.read_text(encoding='utf-8')}</style>")


def frame() -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Lay out what stands above the table: the head, the map's column and that of the evidence.

    The parts can then be filled in the order in which readers wait for them, the map first.
    """
    head = st.container(key="head")
    map_column, evidence_column = st.columns([2, 1], gap="medium")
    return head, map_column, evidence_column


def data_directory() -> Path:
    """Return the data package to show: the one ``ARMSFLOW_DATA`` names, else the shipped one."""
    return Path(os.environ.get("ARMSFLOW_DATA") or SHIPPED)


def open_edition() -> Edition:
    """Return what is on show, or say what is wrong with the data package and end the run.

    The page stays up: the next reload looks at the files again. If they changed and are not good,
    the last good edition stays on show below a line that names the first problem.
    """
    display = load_display(data_directory(), os.environ.get("ARMSFLOW_ENGINE", ""))
    try:
        edition, problems = display.current()
    except DataError as error:
        st.error(
            f"The data package cannot be shown: {plural(len(error.problems), 'problem')} found. "
            "Nothing is drawn until it is mended; run “python -m armsflow check data” for the "
            "same list.",
            icon=":material/error:",
        )
        st.code("\n".join(map(str, error.problems)), language=None, wrap_lines=True)
        st.stop()
    state = st.session_state
    if state.setdefault("edition", edition) is not edition:
        state["edition"] = edition
        dataset = edition.dataset
        st.toast(
            f"The data were replaced: now {dataset.version}, {dataset.created}.",
            icon=":material/update:",
            duration="long",
        )
    if problems:
        st.warning(
            "The data package was changed and cannot be shown as it is now: "
            f"{plural(len(problems), 'problem')} found. This is still data "
            f"{edition.dataset.version}, {edition.dataset.created}. The first problem:",
            icon=":material/history:",
        )
        st.code(str(problems[0]), language=None, wrap_lines=True)
    return edition


# ---------------------------------------------------------------- the address of a view


def follow_url(dataset: Dataset) -> None:
    """Take the widgets' values from the URL where the reader changed the URL, not a widget.

    On the first run the URL decides. Later it decides only after browser back or forward: the
    address differs from the one this page wrote, and no widget has a new value. A press that
    arrives before the browser has the new address therefore wins.
    """
    state = st.session_state
    received = {key: st.query_params.get_all(key) for key in st.query_params}
    if "written" not in state and "picture" in received:
        _open_picture(received["picture"][0], dataset)
        return
    if "written" in state and state["seen"] is not dataset:
        # What was asked for is asked of the new data again: codes and years may be others.
        asked_before = selection.to_query(asked(state["seen"]), state["seen"])
        set_widgets(selection.from_query(asked_before, dataset), dataset)
        return
    if "written" in state and all(key in state for key in WIDGETS):
        settled = [state.get(key) for key in WIDGETS] == state["settled"]
        if not settled or received == state["written"]:
            return
    chosen = selection.from_query(received, dataset)
    if list(received) == ["focus"] and chosen.focus:
        # An address that names nothing but a focus opens it, wherever the arms were headed.
        shown = selection.apply(dataset, chosen)
        if summary.is_empty(selection.in_focus(chosen.focus, shown)):
            chosen = replace(chosen, destinations=())
    set_widgets(chosen, dataset)


def _open_picture(number: str, dataset: Dataset) -> None:
    try:
        numbered = read_number(number, dataset)
    except ValueError as error:
        st.session_state["notice"] = f"{error}. This is the default view."
        set_widgets(selection.default_selection(dataset), dataset)
        return
    state = "these data" if numbered.same_data else "another version of the data; counts may differ"
    st.session_state["notice"] = f"Picture {number.strip()} showed this view, made from {state}."
    set_widgets(numbered.selection, dataset)


def write_url(chosen: Selection, dataset: Dataset) -> None:
    """Write the selection to the URL, so that the address opens the same view."""
    state = st.session_state
    query = selection.to_query(chosen, dataset)
    if query != {key: st.query_params.get_all(key) for key in st.query_params}:
        st.query_params.from_dict(query)
    state["written"] = query
    state["seen"] = dataset
    state["settled"] = [state.get(key) for key in WIDGETS]


def set_widgets(chosen: Selection, dataset: Dataset) -> None:
    """Set every filter widget to a selection; only before the widgets are drawn."""
    groups = selection.weapon_groups(dataset)
    st.session_state.update(
        weapon=[code for code in chosen.weapon if code in groups],
        weapon_type=[code for code in chosen.weapon if code not in groups],
        destinations=list(chosen.destinations),
        years=chosen.years or selection.year_range(dataset),
        basis=list(chosen.basis),
        event=list(chosen.event),
        focus=chosen.focus or None,
    )


# ---------------------------------------------------------------- filters


def asked(dataset: Dataset) -> Selection:
    """Return what the reader chose, weapon pills included.

    The widgets' values are there before the widgets are: so the map can be drawn first.
    """
    state = st.session_state
    destinations = selection.destination_codes(dataset)
    years = tuple(state["years"])
    return Selection(
        weapon=selection.in_order(
            [*state["weapon"], *state["weapon_type"]], selection.weapon_codes(dataset)
        ),
        destinations=selection.in_order(state["destinations"], destinations),
        years=None if years == selection.year_range(dataset) else years,
        basis=selection.in_order(state["basis"], labels(dataset, "incidents", "link_basis")),
        event=selection.in_order(state["event"], labels(dataset, "incidents", "event_type")),
        focus=state["focus"] or "",
    )


def filters(dataset: Dataset) -> None:
    """Draw the filters of the sidebar."""
    names = dataset.destinations["label"]
    weapon_names = dataset.weapon_types["label"]
    bases = labels(dataset, "incidents", "link_basis")
    events = labels(dataset, "incidents", "event_type")
    groups = selection.weapon_groups(dataset)
    with st.sidebar:
        st.button(
            "Reset all filters",
            key="reset",
            icon=":material/restart_alt:",
            width="stretch",
            on_click=lambda: set_widgets(selection.default_selection(dataset), dataset),
        )
        st.pills(
            "Destination",
            selection.destination_codes(dataset),
            key="destinations",
            selection_mode="multi",
            format_func=lambda code: str(names[code]).partition(" (")[0],
            help="Where the arms were found, used or headed, as reported. None chosen: all.",
        )
        first, last = selection.year_range(dataset)
        st.slider(
            "Years", first, last, key="years", help="A month or year counts when it overlaps."
        )
        st.multiselect(
            "Single weapon types",
            [
                code
                for code in dataset.weapon_types.sort_values("order").index
                if code not in groups
            ],
            key="weapon_type",
            format_func=lambda code: str(weapon_names[code]),
            placeholder="All types",
            help="Narrows the weapon groups chosen above the map.",
        )
        st.multiselect(
            "How the link to Libya is known",
            list(bases),
            key="basis",
            format_func=bases.__getitem__,
            placeholder="Any",
            help="It rates the tie to Libya, not the event.",
        )
        st.multiselect(
            "Kind of event",
            list(events),
            key="event",
            format_func=events.__getitem__,
            placeholder="Any",
        )
        with st.expander("Marking"):
            st.text_input(
                "Line above and below page and pictures",
                os.environ.get("ARMSFLOW_MARKING", ""),
                key="marking",
                max_chars=60,
                placeholder="none, for example OFFICIAL",
            )


def weapon_pills(dataset: Dataset, chosen: Selection) -> None:
    """Draw the weapon groups as pills with their counts under all the other filters."""
    counts = summary.events_by_group(selection.apply(dataset, replace(chosen, weapon=())))
    groups = selection.weapon_groups(dataset)
    st.pills(
        "Weapon type",
        list(groups),
        key="weapon",
        selection_mode="multi",
        format_func=lambda code: f"{groups[code]} {int(counts.get(code, 0)):,}",
        label_visibility="collapsed",
    )


def ready_made_questions(dataset: Dataset, chosen: Selection) -> None:
    """Draw the ready-made questions; pressing one opens its view, with the answer above the map."""
    state = st.session_state
    asked = state.get("question")
    if asked and replace(QUESTIONS[asked].choose(dataset), focus="") != replace(chosen, focus=""):
        state["question"] = asked = None

    def ask() -> None:
        if code := state["question"]:
            set_widgets(QUESTIONS[code].choose(dataset), dataset)

    with st.container(key="questions"):
        st.pills(
            "Questions",
            list(QUESTIONS),
            key="question",
            format_func=lambda code: QUESTIONS[code].words,
            on_change=ask,
            label_visibility="collapsed",
        )
    if asked:
        st.html(f'<p class="answer">{escape(answer(asked, dataset))}</p>')


# ---------------------------------------------------------------- what was found


def headline(sentence: Sentence, dataset: Dataset) -> None:
    """Draw the finding of the current selection, in words, below the marking if there is one."""
    if notice := st.session_state.get("notice"):
        st.info(notice, icon=":material/verified:")
    show_marking()
    aside = f" <span>· {escape(sentence.aside)}</span>" if sentence.aside else ""
    st.html(
        '<div class="masthead"><span><b>Documented arms smuggling out of Libya</b></span>'
        f"<span>Data {escape(dataset.version)}, {escape(dataset.created)}</span></div>"
        f'<h1 class="finding">{escape(sentence.headline)}</h1>'
        f'<p class="counts"><b>{escape(sentence.counts)}</b>{aside}'
        f" <span>· {escape(sentence.filters)}</span></p>"
    )


def show_map(drawn: Picture, show: webmap.Show) -> None:
    """Draw the map; a press on a line or place puts it in focus."""
    with st.container(key="map-frame"):
        show(flows=webmap.flows(drawn), key=MAP_KEY, default=None, on_change=_focus_from_map)


@contextmanager
def after_the_map() -> Iterator[None]:
    """Draw the rest of the page: a moment after the map, and while no other reader's is drawn.

    Browsers take what comes within a few milliseconds as one piece and paint when all of it is
    laid out: without the pause the map was painted more than twice as late. With many readers,
    taking turns leaves room for the maps of others, which are drawn at once; nobody waits longer
    than :data:`LONGEST_TURN`.
    """
    time.sleep(PAINT_PAUSE)
    turn = load_turn()
    taken = turn.acquire(timeout=LONGEST_TURN)
    try:
        yield
    finally:
        if taken:
            turn.release()


def _focus_from_map() -> None:
    focus = (st.session_state.get(MAP_KEY) or {}).get("focus")
    if isinstance(focus, str):
        put_in_focus(focus)


def show_evidence(
    chosen: Selection, drawn: Picture, shown: Dataset, whole: Dataset, plate: Plate
) -> None:
    """Draw the panel beside the map: the evidence of what is in focus, else the key figures."""
    state = st.session_state
    if state.get("focus") and not is_in_view(state["focus"], drawn, shown):
        state["focus"] = None
    options = load_search(whole, plate)
    if state.get("focus"):
        options = {state["focus"]: search.words_of(state["focus"], whole)} | options

    # What a callback names is held in memory until the next run: never tables of a selection.
    def find() -> None:
        found = state["focus"]
        state["searched"] = ""
        if found and not selection.is_focusable(found, whole):
            # Words, not a hit: they are looked up in the rows.
            state["searched"], state["focus"] = found, None
        elif found:
            again = selection.apply(whole, chosen)
            if not is_in_view(found, picture.draw(chosen, again, whole, plate.layout), again):
                # A hit that the filters hide is shown all the same: they are taken off.
                set_widgets(Selection(focus=found), whole)

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
            accept_new_options=not search.is_offered(whole),
            on_change=find,
        )
        with brief:
            show_brief(chosen, whole, plate)
        if words := state.get("searched"):
            _show_hits(words, whole)
        elif focus := state["focus"]:
            st.html(f'<div class="panel">{_evidence(focus, drawn, shown)}</div>')
        else:
            st.html(f'<div class="panel">{_key_figures(chosen, shown, whole)}</div>')


def is_in_view(focus: str, drawn: Picture, shown: Dataset) -> bool:
    """Tell whether something can be in focus without taking a filter off."""
    return (
        any(focus == line.line for line in drawn.lines)
        or any(focus == place.place for place in drawn.places)
        or not summary.is_empty(selection.in_focus(focus, shown))
    )


@once
def load_search(whole: Dataset, plate: Plate) -> dict[str, str]:
    """Write once what the search box offers."""
    return search.options(whole, plate)


def put_in_focus(identifier: str | None) -> None:
    """Put something in focus, in place of what was or of a list of hits."""
    st.session_state["focus"] = identifier
    st.session_state["searched"] = ""


def _show_hits(words: str, whole: Dataset) -> None:
    found, more = search.hits(words, whole)
    count = f"{len(found)} or more" if more else str(len(found))
    st.html(f'<div class="panel"><h2>{count} found for “{escape(words[:60])}”</h2></div>')
    for place, (identifier, line) in enumerate(found.items()):
        label = citation.as_markdown(line)

        def open_hit(chosen: str = identifier) -> None:
            set_widgets(Selection(focus=chosen), whole)
            put_in_focus(chosen)

        st.button(label, key=f"hit-{place}", type="tertiary", on_click=open_hit)
    st.button("Close the list", key="hits-close", on_click=put_in_focus, args=(None,))


def _evidence(focus: str, drawn: Picture, shown: Dataset) -> str:
    rows = selection.in_focus(focus, shown)
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


def _key_figures(chosen: Selection, shown: Dataset, whole: Dataset) -> str:
    events = shown.totals.events
    if not events:
        return _nothing_found(chosen, shown, whole)
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
        for code in selection.destination_codes(whole)
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


def _nothing_found(chosen: Selection, shown: Dataset, whole: Dataset) -> str:
    loosened = []
    for words, looser in (
        ("weapon type", replace(chosen, weapon=())),
        ("years", replace(chosen, years=None)),
        ("how the link is known", replace(chosen, basis=())),
        ("kind of event", replace(chosen, event=())),
        ("destination", replace(chosen, destinations=())),
    ):
        if looser != chosen and (found := selection.apply(whole, looser).totals.events):
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


# ---------------------------------------------------------------- the table


def incident_table(incidents: pd.DataFrame, items: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Write incidents as rows for the reader.

    Parameters
    ----------
    incidents, items
        From ``Dataset.read`` and ``Dataset.read_items``.
    dataset
        Holds the words for codes.

    Returns
    -------
    table
        Indexed by ``incident_id``, in the order of the incidents (by date).
    """
    names = dataset.weapon_types["label"].to_dict()
    weapons: dict[str, dict[str, None]] = {}
    for incident, weapon_type in zip(items["incident_id"], items["weapon_type"], strict=True):
        weapons.setdefault(incident, {})[names[weapon_type]] = None
    table = pd.DataFrame(
        {
            "Date": [
                citation.date_words({"date": start, "date_end": end})
                for start, end in zip(incidents["date"], incidents["date_end"], strict=True)
            ],
            "Incident": incidents["title"],
            "Place": incidents["place"],
            "Destination": incidents["destination"].map(dataset.destinations["label"]),
            "Weapons": [", ".join(weapons[incident]) for incident in incidents.index],
            "Link to Libya": incidents["link_basis"].map(
                labels(dataset, "incidents", "link_basis")
            ),
            "Kind of event": incidents["event_type"].map(
                labels(dataset, "incidents", "event_type")
            ),
            "Counted as": incidents["scope"].map(labels(dataset, "incidents", "scope")),
            "Sources": incidents["source_ids"].map(len),
            "Id": incidents.index,
        },
        index=incidents.index,
    )
    if dataset.unpublished:
        table.insert(
            0, "Published", ["no" if i in dataset.unpublished else "yes" for i in table.index]
        )
    return table


def show_table(chosen: Selection, shown: Dataset) -> None:
    """Draw the first incidents of the map as a table, and more on demand; a row can be chosen."""
    state = st.session_state
    counted, others = shown.totals.events, shown.totals.others
    aside = f"; {words}" if (words := aside_words(others)) else ""
    st.html(f"<h2 class=table-title>The same incidents as a table: {counted:,} counted{aside}</h2>")
    # A new selection is a new table: the row that was chosen in the last one means nothing here.
    key = f"table-{hash(replace(chosen, focus=''))}"
    pages = state["pages"] if state.get("paged") == key else 0
    state["paged"], state["pages"] = key, pages
    incidents = shown.read(shown.rows(), FIRST_ROWS + pages * MORE_ROWS)
    rows = incident_table(incidents, shown.read_items(incidents), shown)
    identifiers = [str(identifier) for identifier in rows.index]

    def focus_row() -> None:
        chosen_rows = state[key]["selection"]["rows"]
        put_in_focus(identifiers[chosen_rows[0]] if chosen_rows else None)

    st.dataframe(
        rows,
        key=key,
        hide_index=True,
        width="stretch",
        height=420,
        on_select=focus_row,
        selection_mode="single-row",
        column_config={
            "Incident": st.column_config.TextColumn(width="large"),
            "Weapons": st.column_config.TextColumn(width="medium"),
            "Sources": st.column_config.NumberColumn(
                help="Documents that report it", width="small"
            ),
        },
    )
    if left := counted + others - len(rows):
        more = f"{min(left, MORE_ROWS):,} more" if left > MORE_ROWS else f"the other {left:,}"
        st.button(
            f"{len(rows):,} of {counted + others:,} rows: show {more}",
            key="more-rows",
            icon=":material/expand_more:",
            on_click=lambda: state.update(pages=pages + 1),
        )


# ---------------------------------------------------------------- what leaves the page


def marking() -> str:
    """Return the protective marking: the reader's, else the deployment's ARMSFLOW_MARKING."""
    own = st.session_state.get("marking")
    return str(os.environ.get("ARMSFLOW_MARKING", "") if own is None else own).strip()[:60]


def show_marking() -> None:
    """Draw the marking line, if there is one."""
    if marking():
        st.html(f'<div class="marking">{escape(marking())}</div>')


def page_address() -> str:
    """Return the page's address without parameters: ARMSFLOW_URL, else what the browser says."""
    stated = os.environ.get("ARMSFLOW_URL") or st.context.url or ""
    return stated.partition("?")[0]


def is_briefing_view() -> bool:
    """Tell whether the URL asks for the page as one picture."""
    return st.query_params.get("view") == "briefing"


@st.fragment
def show_brief(chosen: Selection, dataset: Dataset, plate: Plate) -> None:
    """Draw the control that hands on what is shown; it costs nothing until it is opened."""
    popover = st.popover(
        "Brief", icon=":material/ios_share:", width="stretch", key="brief", on_change="rerun"
    )
    if popover.open:
        # What draws sheets and slides takes a second to import: the first view must not wait.
        from armsflow import brief

        settle_memory("brief")
        with popover:
            brief.show_files(chosen, dataset, plate, page_address(), marking())


def show_briefing_view(dataset: Dataset, plate: Plate) -> None:
    """Draw the page as one sheet that fills the window; the selection comes from the URL alone."""
    from armsflow import brief

    query = {key: st.query_params.get_all(key) for key in st.query_params}
    chosen = selection.from_query(query, dataset)
    brief.show_sheet(chosen, dataset, plate, page_address(), marking())
