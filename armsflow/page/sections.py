"""What the page explains whatever is selected: figures, article, method, glossary."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

import narwhals as nw
import pandas as pd
import streamlit as st

from armsflow.cache import once
from armsflow.dataset import citation, knowledge, summary
from armsflow.dataset.dataset import Dataset, categories, labels
from armsflow.dataset.preparation import ORIGIN
from armsflow.language import _, _n, _p, comma
from armsflow.package import dates
from armsflow.package.versions import Release, read_releases
from armsflow.page.frame import data_directory
from armsflow.page.markup import Rendered, render
from armsflow.selection import selection
from armsflow.selection.query import to_query
from armsflow.selection.questions import QUESTIONS, answer

COMPARABLE: Final = {"missiles_held", "missiles_missing"}
"""Topics whose figures answer one and the same question, so that their range means something."""


def short_html(dataset: Dataset) -> Rendered:
    """Write every ready-made question with its answer and the address of its view.

    The answers are about the whole package, whatever filters are on.
    """
    claims = dataset.claims
    verdicts = claims["verdict"].value_counts()
    return render(
        "short",
        questions=[
            {
                "words": _(question.words),
                "answer": answer(code, dataset),
                "query": urlencode(to_query(question.choose(dataset), dataset), doseq=True),
            }
            for code, question in QUESTIONS.items()
        ],
        failed=[
            claim.rstrip(".") for claim in claims.loc[claims["verdict"] == "contradicted", "claim"]
        ],
        claims=len(claims),
        refined=int(verdicts.get("refined", 0)),
        not_found=int(verdicts.get("not_found", 0)),
    )


def figures_html(dataset: Dataset) -> Rendered:
    """Write the published figures by topic, side by side on one scale, with their sources."""
    # Units are compared as they were written: a language may have several forms of one.
    written = dataset.original("figures")[["unit", "qualifier"]]
    figures = dataset.figures.assign(
        scale=written["unit"], is_exact=written["qualifier"] == "exact"
    )
    topics = []
    for topic in categories(dataset, "figures", "topic"):
        rows = figures[figures["topic"] == topic["value"]]
        if rows.empty:
            continue
        ordered = rows.sort_values(["scale", "value"], ascending=[True, False])
        most = rows.groupby("scale")["value"].agg(
            lambda values: values.max() if len(values) > 1 else 0
        )
        topics.append(
            {
                "label": topic["label"],
                "ranges": _ranges(rows) if topic["value"] in COMPARABLE else [],
                "figures": [
                    _figure(row, int(most[row["scale"]]), dataset)
                    for row in ordered.to_dict("records")
                ],
            }
        )
    return render("figures", topics=topics)


def _ranges(rows: pd.DataFrame) -> list[str]:
    """Say from where to where the figures of each unit go."""
    said = []
    for _unit, figures in rows.sort_values("value").groupby("scale"):
        low, high = (int(figures["value"].iloc[end]) for end in (0, -1))
        if low != high:
            said.append(
                _(
                    "From {low} to {high} {unit}, depending on who says it and when.",
                    low=low,
                    high=high,
                    unit=figures["unit"].iloc[-1],
                )
            )
    return said


def _figure(row: Any, most: int, dataset: Dataset) -> dict[str, Any]:
    value = int(row["value"])
    amount = _("{count} {unit}", count=value, unit=row["unit"])
    if not row["is_exact"]:
        amount = _("{qualifier} {amount}", qualifier=row["qualifier"], amount=amount)
    return {
        "label": row["label"],
        "note": row["note"],
        "amount": amount,
        "position": f"{max(100 * value / most, 0.6):.1f}" if most else "",
        "date": dates.label(row["as_of"]) if row["as_of"] else _p("date of a figure", "not stated"),
        "sources": _sources(row["source_ids"], dataset),
    }


def article_html(dataset: Dataset) -> Rendered:
    """Write the claims of the article of 2013 with their verdicts and the evidence for them."""
    claims = dataset.claims
    verdicts = {c["value"]: c for c in categories(dataset, "claims", "verdict")}
    counts = claims["verdict"].value_counts()
    order = {"contradicted": 0, "refined": 1, "not_found": 2, "confirmed": 3}
    about = dataset.original("claims")["subject_place"]
    rows = claims.assign(rank=claims["verdict"].map(order)).sort_values("rank", kind="stable")
    return render(
        "article",
        tally=comma().join(
            _("{count} {verdict}", count=int(counts[code]), verdict=verdict["label"].lower())
            for code, verdict in verdicts.items()
            if code in counts.index
        ),
        verdicts=list(verdicts.values()),
        claims=[
            claim
            | {
                "date": dates.spelled(claim["date"]),
                "verdict_words": verdicts[claim["verdict"]]["label"],
                "query": _map_query(about[claim["claim_id"]], claim["weapon_type"], dataset),
                "sources": _sources(claim["other_source_ids"], dataset),
            }
            for claim in rows.reset_index().to_dict("records")
        ],
    )


def _map_query(places: str, weapon: str, dataset: Dataset) -> str:
    """Write the address of the view that a claim is about; empty if it is about none.

    Parameters
    ----------
    places
        English names, as those of destinations, with semicolons.
    weapon
        Weapon type, or empty.
    dataset
        Has the destinations.
    """
    names = dataset.original("destinations")["label"]
    named = {name.strip() for name in places.split(";")}
    codes = [code for code in selection.destination_codes(dataset) if str(names[code]) in named]
    return urlencode({"destinations": codes, "weapon": [weapon] if weapon else []}, doseq=True)


def reports_html(dataset: Dataset) -> Rendered:
    """Write what reports say on arms leaving Libya in general."""
    reports = dataset.reports.to_dict("records")
    return render(
        "reports",
        reports=[
            report | {"sources": _sources([report["source_id"]], dataset)} for report in reports
        ],
    )


def method_html(dataset: Dataset) -> Rendered:
    """Write how the map is made and what it cannot show."""
    of_scope = summary.count_by(dataset, "scope")[["events", "others"]].sum(axis=1)
    by_date = summary.events_by(dataset, "date_basis")
    read = _counts(
        ("agreed", "corrected", "first_reading"), dataset.reviews["result"].value_counts()
    )
    dated = _counts(("event", "report", "inferred"), by_date)
    events = dataset.totals.events
    press = int(summary.events_by(dataset, "link_basis").get("media_report", 0))
    return render(
        "method",
        scopes={
            scope["value"]: scope | {"count": int(of_scope.get(scope["value"], 0))}
            for scope in categories(dataset, "incidents", "scope")
        },
        absence=_(knowledge.ABSENCE_NOTE),
        inside=int(summary.events_by(dataset, "destination").get(ORIGIN, 0)),
        gaps=_silent_years(dataset),
        press=knowledge.press_words(press, events),
        origins=knowledge.origin_words(dataset.totals.single, events),
        quantity=knowledge.quantity_words(*summary.items_with_quantity(dataset)),
        dated=dated,
        dated_words=knowledge.dated_words(dated["event"], events),
        example=citation.date_words({"date": "2013-03", "date_end": "", "date_basis": "report"}),
        read=read,
        reread=_reread_words(read, dataset.totals.events + dataset.totals.others),
        transit=_transit(dataset),
        version=dataset.version,
        created=dataset.created,
    )


def _counts(codes: Iterable[str], counted: pd.Series) -> dict[str, int]:
    """Return the count of every code, 0 for one that does not occur."""
    return {code: int(counted.get(code, 0)) for code in codes}


def _reread_words(read: dict[str, int], count: int) -> str:
    """Say how many of some rows were read a second time, and what came of it."""
    rows = _n("{count} row", "{count} rows", count)
    agreed, corrected = read["agreed"], read["corrected"]
    if not agreed + corrected:
        return _(
            "Of {rows}, none was read a second time against the sources, by somebody who had not "
            "written them.",
            rows=rows,
        )
    return _n(
        "Of {rows}, {count} was read a second time against the sources, by somebody who had not "
        "written them: {agreed}, {corrected}.",
        "Of {rows}, {count} were read a second time against the sources, by somebody who had not "
        "written them: {agreed}, {corrected}.",
        agreed + corrected,
        rows=rows,
        agreed=_n("{count} agreed", "{count} agreed", agreed) if agreed else _("none agreed"),
        corrected=_n("{count} needed correction", "{count} needed correction", corrected)
        if corrected
        else _("none needed correction"),
    )


def _transit(dataset: Dataset) -> int:
    rows = dataset.rows().filter(nw.col("through_libya") == "true")
    return len(rows.select("incident_id").collect())


def _silent_years(dataset: Dataset) -> str:
    first, last = selection.year_range(dataset)
    years = ["first_year", "last_year"]
    spans = summary.count_by(dataset, "destination", *years).query("events > 0").reset_index()
    names = dataset.destinations["label"]
    said = []
    for code in selection.destination_codes(dataset, "focus"):
        seen: set[int] = set()
        for start, end in spans.loc[spans["destination"] == code, years].to_numpy():
            seen |= set(range(start, end + 1))
        silent = [year for year in range(first, last + 1) if year not in seen]
        if silent:
            destination = str(names[code])
            said.append(_("{destination} {years}", destination=destination, years=_spans(silent)))
    return _p("between names that hold commas", "; ").join(said) or _("no year")


def _spans(years: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return comma().join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def glossary_html(dataset: Dataset) -> Rendered:
    """Write every weapon type with its definition and its class in two instruments."""
    classes = labels(dataset, "weapon_types", "iti_class")
    register = labels(dataset, "weapon_types", "unroca_category")
    groups = selection.weapon_groups(dataset)
    return render(
        "glossary",
        types=[
            {
                "group": groups[row["group"]],
                "label": row["label"],
                "definition": row["definition"],
                "tracing": classes[row["iti_class"]],
                "register": register.get(row["unroca_category"], _("none for the whole type")),
            }
            for row in dataset.weapon_types.sort_values("order").to_dict("records")
        ],
    )


def corrections_html(dataset: Dataset, releases: Iterable[Release]) -> Rendered:
    """Write what was released, and what was corrected in published rows, the latest first.

    Parameters
    ----------
    dataset
        Its corrections.
    releases
        The versions of the package, the oldest first.
    """
    log = dataset.corrections
    by_version = dict(iter(log.groupby("version")))
    return render(
        "corrections",
        releases=[
            {
                "version": one.version,
                "date": dates.label(one.date),
                "changes": one.changes,
                "rows": _corrected(by_version.get(one.version, log[:0])),
            }
            for one in reversed(list(releases))
        ],
    )


def _corrected(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the corrections of a version, a line for each row that was corrected."""
    return [
        {
            "record": record,
            "why": "; ".join(dict.fromkeys(lines["why"])),
            "fields": [
                (row["field"] or _whole(row["table"]), row["before"], row["after"])
                for row in lines.to_dict("records")
            ],
        }
        for record, lines in rows.groupby("record")
    ]


def _whole(table: str) -> str:
    """Name what changed where no column is named: the members of a row; empty for all of it."""
    return table if table in {"items", "waypoints"} else ""


def _sources(identifiers: Iterable[str], dataset: Dataset) -> list[dict[str, str]]:
    return list(citation.cited(identifiers, dataset).values())


@once
def load_sections(dataset: Dataset) -> dict[str, str]:
    """Write once for all viewers of a dataset what no selection changes."""
    releases = read_releases(data_directory())[0]
    return {
        "short": short_html(dataset),
        "known": render(
            "known",
            figures=figures_html(dataset),
            article=article_html(dataset),
            reports=reports_html(dataset),
            count=len(dataset.reports),
            method=method_html(dataset),
            glossary=glossary_html(dataset),
        ),
        "corrections": corrections_html(dataset, releases),
    }


def show_short(dataset: Dataset) -> None:
    """Draw what the whole package says, for readers who only scroll."""
    st.html(load_sections(dataset)["short"])


def show_sections(dataset: Dataset) -> None:
    """Draw what is the same for every selection: figures, article, method, glossary."""
    sections = load_sections(dataset)
    st.html(sections["known"])
    # Long, and read by few: sent only when it is opened.
    with st.expander(_("Corrections to the data"), key="corrections", on_change="rerun") as log:
        if log.open:
            st.html(sections["corrections"])
