"""Own rows in tables that are changed on the page, and then read like a file that is handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from armsflow.curation.additions import KEYED
from armsflow.curation.dialects import LONGEST_CELL
from armsflow.curation.template import choices, explained, rows_xlsx
from armsflow.curation.upload import SHEETS, Upload
from armsflow.curation.wording import worded
from armsflow.dataset.cache import once
from armsflow.language import _, spoken
from armsflow.package.columns import list_parts
from armsflow.package.package import Package
from armsflow.package.problem import FIRST_DATA_ROW, Problem

UNREAD: Final = "\ufeff"
"""Begins a cell whose value a file did not give. It stands in no valid cell, so the row is refused
until its reader has written what is meant."""
WIDTHS: Final = {"title": 240, "summary": 320, "source_ids": 260, "note": 240, "url": 260}
"""Widths of columns in pixels where the usual one is too narrow."""
WIDTH: Final = 150
ALWAYS: Final = SHEETS[:4]
"""Tables that are there to be typed in; those of routes are there when a file has a route."""
EMPTY_ROWS: Final = 5
"""Below the filled rows of a table. A row that is added in the browser shows no number."""
TURN: Final = "own-editor-turn"
"""Where the session counts the tables that it drew: each that begins anew has a key of its own."""

Tables = Mapping[str, pd.DataFrame]


@dataclass
class Draft:
    """The tables of the editor.

    Parameters
    ----------
    tables
        What stands in them now, as text. The index is the row number in the reader's sheet.
    given
        What each table was drawn with. What was typed since is the state of its widget.
    keys
        The keys of their widgets.
    columns
        How their columns were described.
    """

    tables: dict[str, pd.DataFrame]
    given: dict[str, pd.DataFrame] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take_in(self) -> bool:
        """Take in what was typed since the last run, and tell whether anything was."""
        changed = False
        for table, key in list(self.keys.items()):
            # A table that was not drawn in the last run has no state; it is kept as it was.
            if key in st.session_state:
                state = st.session_state[key]
                now = typed(self.given[table], state)
                changed |= not now.equals(self.tables[table])
                self.tables[table] = now
                if state["deleted_rows"]:
                    del self.keys[table]  # drawn anew, with new numbers
        return changed

    def as_form(self, package: Package) -> bytes:
        """Write the tables as a file that can be handed in."""
        return rows_xlsx(package, self.texts())

    def texts(self) -> dict[str, list[list[str]]]:
        """Return the texts of every row by table."""
        return {table: rows.to_numpy().tolist() for table, rows in self.tables.items()}

    @property
    def is_empty(self) -> bool:
        """Whether no cell is filled."""
        return not any(any(row) for rows in self.texts().values() for row in rows)


def begin(package: Package, found: Upload | None, problems: Sequence[Problem]) -> Draft:
    """Return the tables of a file.

    Parameters
    ----------
    package
        The published data.
    found, problems
        What was read of the file, if anything (:func:`armsflow.curation.upload.read`).
    """
    tables = {}
    for table in SHEETS:
        if table not in ALWAYS and (found is None or found.tables[table].empty):
            continue
        columns = [described["name"] for described in package.fields(table)]
        rows = found.tables[table].copy() if found else pd.DataFrame(columns=columns, dtype="str")
        for problem in problems:
            if found and problem.row in rows.index and problem.file == found.files[table]:
                column = problem.column if problem.column in columns else columns[0]
                words = _("Not read: {problem}", problem=problem.what)
                rows.loc[problem.row, column] = f"{UNREAD}{words}"
        # Rows that are empty in the file are empty here, so that numbers stay.
        last = max(rows.index, default=FIRST_DATA_ROW - 1)
        tables[table] = rows.reindex(range(FIRST_DATA_ROW, int(last) + 1), fill_value="")
    return Draft(tables)


def typed(given: pd.DataFrame, state: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with what was typed into its widget."""
    rows = given.to_dict("records")
    for number, cells in state["edited_rows"].items():
        rows[number] |= cells
    gone = set(state["deleted_rows"])
    rows = [row for number, row in enumerate(rows) if number not in gone]
    texts = [
        [_text(row.get(column)) for column in given.columns]
        for row in [*rows, *state["added_rows"]]
    ]
    numbers = range(FIRST_DATA_ROW, FIRST_DATA_ROW + len(texts))
    return pd.DataFrame(texts, columns=given.columns, index=numbers, dtype="str")


def _text(value: Any) -> str:
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return text.encode("utf-8", "replace").decode()


def show_tables(package: Package, draft: Draft) -> None:
    """Draw the tables, each in a tab, with the codes to choose from."""
    for table, tab in zip(draft.tables, st.tabs(list(draft.tables)), strict=True):
        if (
            table not in draft.keys
            or draft.keys[table] not in st.session_state
            or draft.columns[table] != _columns(package, table, draft)
        ):
            turn = st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
            draft.keys[table] = f"own-editor-{turn}"
            draft.given[table] = draft.tables[table] = _with_room(draft.tables[table])
            draft.columns[table] = _columns(package, table, draft)
        tab.data_editor(
            _as_widgets_want_it(package, table, draft.given[table]),
            key=draft.keys[table],
            num_rows="dynamic",
            hide_index=False,
            placeholder="",
            column_config=draft.columns[table],
            width="stretch",
            alt=_("Your rows of the table {table}", table=table),
        )


def _with_room(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table with empty rows below the last filled one, numbered like the others."""
    numbered = enumerate(rows.to_numpy().tolist(), FIRST_DATA_ROW)
    last = max((number for number, row in numbered if any(row)), default=FIRST_DATA_ROW - 1)
    return rows.reindex(range(FIRST_DATA_ROW, last + 1 + EMPTY_ROWS), fill_value="")


def _as_widgets_want_it(package: Package, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table with gaps for empty texts, and with lists where a column holds several."""
    frame = rows.astype("object").replace({"": None})
    for described in package.fields(table):
        name = described["name"]
        if described["type"] == "list":
            parts = [list_parts(described, text) for text in rows[name]]
            frame[name] = pd.Series(parts, index=rows.index, dtype="object")
    return frame


def _columns(package: Package, table: str, draft: Draft) -> dict[str, Any]:
    """Describe the columns of a table: what they mean, and what can be chosen."""
    described = {}
    for one in worded(package).fields(table):
        name = one["name"]
        common: dict[str, Any] = {"help": explained(one), "width": WIDTHS.get(name, WIDTH)}
        codes = _codes(package, table, one, draft)
        if one["type"] == "list":
            described[name] = st.column_config.MultiselectColumn(
                options=list(codes), accept_new_options=True, **common
            )
        elif codes:
            described[name] = st.column_config.SelectboxColumn(
                options=list(codes),
                format_func=partial(_words, codes),
                **common,
            )
        else:
            described[name] = st.column_config.TextColumn(max_chars=LONGEST_CELL, **common)
    return described


def _words(codes: Mapping[str, str], code: Any) -> str:
    return codes[code]


def _codes(package: Package, table: str, described: dict[str, Any], draft: Draft) -> dict[str, str]:
    """Return what can be chosen in a column, and in words what it means; empty for any text."""
    name = described["name"]
    codes = dict(_published_codes(package, spoken()).get(f"{table}.{name}", {}))
    if described["type"] == "boolean":
        codes = {"true": "true", "false": "false"}
    for target in ("places", "corridors"):
        key = KEYED[target]
        if name == key and table != target and target in draft.tables:
            added = draft.tables[target][[key, "name"]].to_numpy()
            codes |= {code: words or code for code, words in added}
    if (table, name) == ("items", "incident_id"):
        codes = {identifier: identifier for identifier in draft.tables["incidents"][name]}
    if codes and described["type"] != "list":
        # What a file has is shown, whether or not it can be chosen.
        codes = {text: text for text in draft.given[table][name]} | codes
    codes.pop("", None)
    return codes


@once
def _published_codes(package: Package, _language: str) -> dict[str, dict[str, str]]:
    """Return by column the published codes with their labels; labels of two codes name both.

    The language that is spoken is named, since results are kept.
    """
    found = {}
    for heading, rows in choices(package).items():
        labels = [label for _code, label, _meaning in rows]
        found[heading] = {
            code: label if labels.count(label) == 1 else f"{label} ({code})"
            for code, label, _meaning in rows
        }
    return found
