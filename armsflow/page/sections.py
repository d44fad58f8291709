"""What the page explains whatever is selected: figures, article, method, glossary."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from armsflow.dataset import citation, summary
from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset, categories, labels
from armsflow.dataset.preparation import ORIGIN
from armsflow.package import dates
from armsflow.selection import selection
from armsflow.selection.query import to_query
from armsflow.selection.questions import QUESTIONS, answer
from armsflow.words import plural

COMPARABLE: Final = {"missiles_held", "missiles_missing"}
"""Topics whose figures answer one and the same question, so that their range means something."""

CHANGELOG: Final = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


def short_html(dataset: Dataset) -> str:
    """Write every ready-made question with its answer and the address of its view.

    The answers are about the whole package, whatever filters are on.
    """
    parts = ['<h2 class="section">In short: five questions, answered from all the data</h2><dl>']
    for code, question in QUESTIONS.items():
        query = urlencode(to_query(question.choose(dataset), dataset), doseq=True)
        parts.append(
            f"<dt>{escape(question.words)}</dt><dd>{escape(answer(code, dataset))} "
            f'<a href="?{escape(query, quote=True)}" target="_self">See it on the map</a></dd>'
        )
    verdicts = dataset.claims["verdict"].value_counts()
    failed = dataset.claims.loc[dataset.claims["verdict"] == "contradicted", "claim"]
    if len(failed):
        parts.append(
            "<dt>Which claims of the article of 2013 did not hold?</dt><dd>"
            f"{len(failed)} of {verdicts.sum()}: "
            f"{escape('; '.join(claim.rstrip('.') for claim in failed))}. Other sources refined "
            f"{verdicts.get('refined', 0)} more, and none was found that confirms or denies "
            f"{verdicts.get('not_found', 0)}; the section on the article has the evidence.</dd>"
        )
    return "".join([*parts, "</dl>"])


def show_short(dataset: Dataset) -> None:
    """Draw what the whole package says, for readers who only scroll."""
    st.html(f'<div class="reading">{load_sections(dataset)["short"]}</div>')


def figures_html(dataset: Dataset) -> str:
    """Write the published figures by topic, side by side on one scale, with their sources."""
    parts = ['<h2 class="section">Published figures, side by side</h2>']
    parts.append(
        '<p class="note">Each line is what one publisher said at one time. Figures of one '
        "topic disagree, come from different methods, and are never added.</p>"
    )
    for topic in categories(dataset, "figures", "topic"):
        rows = dataset.figures[dataset.figures["topic"] == topic["value"]]
        if rows.empty:
            continue
        parts.append(f"<h3>{escape(topic['label'])}</h3>")
        if topic["value"] in COMPARABLE:
            parts.append(_range(rows))
        parts.append('<table class="figures"><thead><tr><th>What was said</th><th>Figure</th>')
        parts.append("<th></th><th>As of</th><th>Who says so</th></tr></thead><tbody>")
        ordered = rows.sort_values(["unit", "value"], ascending=[True, False])
        most = rows.groupby("unit")["value"].agg(
            lambda values: values.max() if len(values) > 1 else 0
        )
        parts += [
            _figure(row, int(most[row["unit"]]), dataset) for row in ordered.to_dict("records")
        ]
        parts.append("</tbody></table>")
    return "".join(parts)


def _range(rows: pd.DataFrame) -> str:
    said = []
    for unit, values in rows.groupby("unit")["value"]:
        low, high = int(values.min()), int(values.max())
        if len(values) > 1 and low != high:
            said.append(f"from {low:,} to {high:,} {unit}, depending on who says it and when")
    return f'<p class="note">{escape("; ".join(said).capitalize())}.</p>' if said else ""


def _figure(row: Any, most: int, dataset: Dataset) -> str:
    qualifier = "" if row["qualifier"] == "exact" else f"{row['qualifier']} "
    amount = f"{qualifier}{int(row['value']):,} {row['unit']}"
    mark = (
        f'<span style="left:{max(100 * int(row["value"]) / most, 0.6):.1f}%"></span>'
        if most
        else ""
    )
    note = f'<br><span class="quiet">{escape(row["note"])}</span>' if row["note"] else ""
    when = dates.label(row["as_of"]) if row["as_of"] else "not stated"
    return (
        f"<tr><td>{escape(row['label'])}{note}</td><td>{escape(amount)}</td>"
        f"<td{' class=track' if most else ''}>{mark}</td>"
        f"<td>{escape(when)}</td><td>{source_links(row['source_ids'], dataset)}</td></tr>"
    )


def article_html(dataset: Dataset) -> str:
    """Write the claims of the article of 2013 with their verdicts and the evidence for them."""
    claims = dataset.claims
    verdicts = {c["value"]: c for c in categories(dataset, "claims", "verdict")}
    counts = claims["verdict"].value_counts()
    tally = ", ".join(
        f"{counts[code]} {verdict['label'].lower()}"
        for code, verdict in verdicts.items()
        if code in counts.index
    )
    defined = " ".join(f"{v['label']}: {v['definition']}" for v in verdicts.values())
    intro = (
        f"This map began with a newspaper article of 28 February 2013. {len(claims)} claims of it "
        f"were held against other sources: {tally}. {defined}"
    )
    parts = [
        '<h2 class="section">The article, checked</h2>',
        f'<p class="note">{escape(intro)}</p>',
        '<table class="claims"><thead><tr><th>Verdict</th><th>Claim and who said it</th>',
        "<th>What was found</th><th>Evidence</th></tr></thead><tbody>",
    ]
    order = {"contradicted": 0, "refined": 1, "not_found": 2, "confirmed": 3}
    rows = claims.assign(rank=claims["verdict"].map(order)).sort_values("rank", kind="stable")
    for identifier, claim in rows.iterrows():
        link = _map_link(claim["subject_place"], claim["weapon_type"], dataset)
        evidence = source_links(claim["other_source_ids"], dataset) or "none found"
        label = verdicts[claim["verdict"]]["label"]
        parts.append(
            f'<tr id="{escape(str(identifier), quote=True)}"><td><span class="verdict '
            f'{escape(claim["verdict"], quote=True)}">{escape(label)}</span></td>'
            f'<td>{escape(claim["claim"])}<br><span class="quiet">{escape(claim["who_said"])}, '
            f"{escape(claim['date'])}</span></td><td>{escape(claim['note'])}{link}</td>"
            f"<td>{evidence}</td></tr>"
        )
    return "".join([*parts, "</tbody></table>"])


def _map_link(places: str, weapon: str, dataset: Dataset) -> str:
    names = dataset.destinations["label"]
    named = {name.strip() for name in places.split(";")}
    codes = [code for code in selection.destination_codes(dataset) if str(names[code]) in named]
    if not codes and not weapon:
        return ""
    asked = {"destinations": codes, "weapon": [weapon] if weapon else []}
    query = urlencode(asked, doseq=True)
    return f'<br><a href="?{escape(query, quote=True)}" target="_self">See it on the map</a>'


def reports_html(dataset: Dataset) -> str:
    """Write what reports say on arms leaving Libya in general."""
    rows = "".join(
        f"<tr><td>{escape(row['claim'])}</td><td>{escape(row['destination_as_stated'])}</td>"
        f"<td>{source_links((row['source_id'],), dataset)}"
        f"<br>{escape(row['locator'])}</td></tr>"
        for row in dataset.reports.to_dict("records")
    )
    return (
        "<table class='claims'><thead><tr><th>What the report says</th><th>On</th><th>Source</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def method_html(dataset: Dataset) -> str:
    """Write how the map is made and what it cannot show."""
    inside = int(summary.events_by(dataset, "destination").get(ORIGIN, 0))
    scopes = {c["value"]: c for c in categories(dataset, "incidents", "scope")}
    of_scope = summary.count_by(dataset, "scope")[["events", "others"]].sum(axis=1)
    counts = {code: int(of_scope.get(code, 0)) for code in scopes}
    gaps = _silent_years(dataset)
    press = int(summary.events_by(dataset, "link_basis").get("media_report", 0))
    sections = {
        "What counts as an incident": (
            f"{scopes['event']['definition']} There are {counts['event']}, {inside} of them stores "
            "and finds inside Libya, which are supply, not transfer, and are shown by choice. The "
            "map counts documented incidents, not weapons: a line twice as wide stands for more "
            "reports, not for more arms. Absence of a line is not evidence of absence."
        ),
        "What is listed but never counted": (
            f"{counts['claim']} general or unconfirmed reports: {scopes['claim']['definition']} "
            f"{counts['running_total']} running totals: {scopes['running_total']['definition']}"
        ),
        "What a seizure shows": (
            "A seizure shows what was stopped, where somebody looked. It does not show what "
            "passed. Seizure, recovery, reported transfer and route are four different things."
        ),
        "Places": (
            "A point stands for what the source names: a place, a district, a region or a "
            "country. Only named places are drawn as dots; the others are soft discs. Some "
            "positions were set by the editors; the note of each place says so."
        ),
        "Lines": (
            "A corridor joins the places that sources name, in the order of travel, as a curve. "
            "Corridors that share a leg run side by side. An incident is on a corridor only where "
            "it lies on it or its source describes it; all other incidents of a destination share "
            "one hollow arc. Width is the number of incidents in three fixed classes."
        ),
        "Numbers of weapons": (
            "Quantities are given as stated and never added: units differ, several sources count "
            "the same arms, and most sources give no number."
        ),
        "Gaps": (
            f"The focus destinations have no documented incident here in: {gaps}. These are gaps "
            f"of the search first, not of the traffic. {press} of "
            f"{dataset.totals.events:,} incidents rest on press reports alone for their tie to "
            "Libya."
        ),
        "Boundaries": (
            "The land is Natural Earth's, which shows who holds the ground. Western Sahara, the "
            "Halayib triangle and Bir Tawil are drawn as areas of their own with dashed lines, and "
            "Sinai is shaded as part of Egypt."
        ),
        "Licence and citation": (
            "Data CC BY 4.0, code MIT, land public domain. Cite as: armsflow contributors, Arms "
            f"flows out of Libya, data version {dataset.version}, {dataset.created}."
        ),
    }
    body = "".join(
        f"<h3>{escape(title)}</h3><p>{escape(text)}</p>" for title, text in sections.items()
    )
    heading = "How we know, and what this map cannot show"
    return f'<h2 class="section">{heading}</h2><div class="columns">{body}</div>'


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
            said.append(f"{names[code]} {_spans(silent)}")
    return "; ".join(said) or "no year"


def _spans(years: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def glossary_html(dataset: Dataset) -> str:
    """Write every weapon type with its definition and its class in two instruments."""
    classes = labels(dataset, "weapon_types", "iti_class")
    register = labels(dataset, "weapon_types", "unroca_category")
    groups = selection.weapon_groups(dataset)
    rows = "".join(
        f"<tr><td>{escape(groups[row['group']])}</td><td>{escape(row['label'])}</td>"
        f"<td>{escape(row['definition'])}</td><td>{escape(classes[row['iti_class']])}</td>"
        f"<td>{escape(register.get(row['unroca_category'], 'none for the whole type'))}</td></tr>"
        for row in dataset.weapon_types.sort_values("order").to_dict("records")
    )
    return (
        "<table class='claims'><thead><tr><th>Group</th><th>Type</th><th>Definition</th>"
        "<th>International Tracing Instrument</th><th>UN Register of Conventional Arms</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def corrections_html(changelog: str) -> str:
    """Write what was added, corrected or withdrawn in the data, from the changelog."""
    parts: list[str] = []
    heading = ""
    for line in changelog.splitlines():
        if line.startswith("## "):
            parts.append(f"<h3>{escape(line[3:])}</h3>")
        elif line.startswith("### "):
            heading = line[4:].strip()
        elif heading == "Data" and line.startswith("- "):
            parts.append(f"<p>{escape(line[2:])}</p>")
        elif heading == "Data" and line.startswith("  ") and parts:
            parts[-1] = parts[-1].removesuffix("</p>") + f" {escape(line.strip())}</p>"
    # A release that left the data alone has a heading and nothing below it.
    followed = pairwise([*parts, "<h3>"])
    return "".join(
        part for part, after in followed if not part.startswith("<h3>") or after.startswith("<p>")
    )


@once
def load_sections(dataset: Dataset) -> dict[str, str]:
    """Write once for all viewers of a dataset what no selection changes."""
    log = CHANGELOG.read_text(encoding="utf-8") if CHANGELOG.exists() else ""
    return {
        "short": short_html(dataset),
        "figures": figures_html(dataset),
        "article": article_html(dataset),
        "reports": reports_html(dataset),
        "method": method_html(dataset),
        "glossary": glossary_html(dataset),
        "corrections": corrections_html(log),
    }


def show_sections(dataset: Dataset) -> None:
    """Draw what is the same for every selection: figures, article, method, glossary."""
    sections = load_sections(dataset)
    st.html(f'<div class="reading">{sections["figures"]}</div>')
    st.html(f'<div class="reading">{sections["article"]}</div>')
    reports = plural(len(dataset.reports), "statement")
    _fold(f"What reports say on arms leaving Libya: {reports}", sections["reports"])
    st.html(f'<div class="reading">{sections["method"]}</div>')
    _fold("Glossary of weapon types, with their class in two instruments", sections["glossary"])
    _fold("Corrections to the data", sections["corrections"])


def _fold(title: str, body: str) -> None:
    with st.expander(title):
        st.html(f'<div class="reading">{body}</div>')


def source_links(identifiers: Iterable[str], dataset: Dataset) -> str:
    """Write sources as short links that open in a tab of their own."""
    links = []
    for identifier in identifiers:
        source: Any = dataset.sources.loc[identifier]
        links.append(
            f'<a href="{escape(source["url"], quote=True)}" target="_blank" rel="noopener '
            f'noreferrer" title="{escape(citation.source_words(source), quote=True)}">'
            f"{escape(citation.short_source(source))}</a>"
        )
    return "; ".join(links)
