"""Every rule that makes a data package trustworthy, in the order in which they are tried."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from armsflow.language import N_, _, isolated
from armsflow.package.coherence import (
    corridors_run_from_libya,
    destinations_have_a_link_end,
    expectations_are_met,
    incidents_are_told_once,
    incidents_have_items,
    incidents_precede_their_sources,
    nothing_lies_in_the_future,
    periods_run_forward,
    places_lie_in_their_country,
    quantities_have_a_qualifier,
    weapon_codes_mean_one_thing,
)
from armsflow.package.columns import Rule, key_columns
from armsflow.package.evidence import (
    every_row_says_when_it_was_read,
    identifiers_begin_with_the_date,
    links_say_what_they_rest_on,
    origins_group_the_documents_of_their_incident,
)
from armsflow.package.package import Package, read_package
from armsflow.package.problem import Problem
from armsflow.package.references import (
    KEY_JOINT,
    identifiers_share_one_namespace,
    keys_are_unique,
    references_resolve,
)
from armsflow.package.tables import write_csv
from armsflow.package.translations import translations_belong_to_a_row
from armsflow.package.values import (
    basemap_can_be_drawn,
    codes_are_known,
    links_are_web_addresses,
    required_cells_are_filled,
    text_is_clean,
    values_are_of_their_type,
)


def check(directory: Path) -> tuple[Package | None, list[Problem]]:
    """Read a data package and hold it against every rule.

    Parameters
    ----------
    directory
        Folder with ``datapackage.json``.

    Returns
    -------
    package, problems
        The package as text, or ``None`` if any problem was found.
    """
    package, problems = read_package(directory)
    if package is not None:
        problems = find_problems(package)
    return (None, problems) if problems else (package, [])


def find_problems(package: Package) -> list[Problem]:
    """Hold a package that was read against every rule, until a stage of them finds something."""
    for stage in (VALUE_RULES, EVIDENCE_RULES, FORM_RULES):
        problems = [problem for rule in stage for problem in rule(package)]
        if problems:
            return problems
    return []


def describe_rules() -> list[str]:
    """Say what every rule holds, in the order in which they run."""
    return [_(sentence) for sentence in HELD]


ROW_RULES: frozenset[Rule] = frozenset({
    codes_are_known,
    links_are_web_addresses,
    periods_run_forward,
    places_lie_in_their_country,
    quantities_have_a_qualifier,
    required_cells_are_filled,
    text_is_clean,
    values_are_of_their_type,
})  # fmt: skip
"""Rules that look at each row by itself: what they say of it does not change with other rows."""

VALUE_RULES: list[Rule] = [
    basemap_can_be_drawn,
    required_cells_are_filled,
    text_is_clean,
    values_are_of_their_type,
    codes_are_known,
    keys_are_unique,
    references_resolve,
    links_are_web_addresses,
]


EVIDENCE_RULES: list[Rule] = [
    periods_run_forward,
    nothing_lies_in_the_future,
    incidents_precede_their_sources,
    quantities_have_a_qualifier,
    places_lie_in_their_country,
    incidents_have_items,
    corridors_run_from_libya,
    incidents_are_told_once,
    identifiers_share_one_namespace,
    weapon_codes_mean_one_thing,
    destinations_have_a_link_end,
    origins_group_the_documents_of_their_incident,
    links_say_what_they_rest_on,
    translations_belong_to_a_row,
    expectations_are_met,
]


def canonical_text(package: Package, name: str) -> str:
    """Write a table as it should lie on disk: sorted by key, quoted only where needed."""
    return write_csv(package.tables[name].loc[_in_order(package, name)])


def _in_order(package: Package, name: str) -> pd.Index:
    """Return the rows of a table in the order of its key."""
    table = package.tables[name]
    key = key_columns(package, name)
    types = {field["name"]: field.get("type") for field in package.fields(name)}
    sortable = table[key].apply(
        lambda column: column.astype("int64") if types[column.name] == "integer" else column
    )
    order: pd.Index = sortable.sort_values(key, kind="stable").index
    return order


def files_are_canonical(package: Package) -> Iterator[Problem]:
    """Files are sorted by key and quoted the same way, so that changes can be read line by line."""
    for name, text in package.texts.items():
        if name in package.written and _in_order(package, name).is_monotonic_increasing:
            continue
        canonical = canonical_text(package, name)
        if text != canonical:
            pairs = zip(text.split("\n"), canonical.split("\n"), strict=False)
            line = next((n for n, (is_, should) in enumerate(pairs, 1) if is_ != should), None)
            what = _("the file is not in canonical form (the end of the file differs).")
            if line:
                what = _("the file is not in canonical form (line {line} differs).", line=str(line))
            fix = _(
                "sort by {columns}, quote only where needed, end every line with a line feed.",
                columns=isolated(KEY_JOINT.join(key_columns(package, name))),
            )
            yield Problem(package.resource(name)["path"], what, fix, line)


FORM_RULES: list[Rule] = [
    identifiers_begin_with_the_date,
    every_row_says_when_it_was_read,
    files_are_canonical,
]


HELD = (
    N_("Land, boundaries, water and names are there and can be read."),
    N_("Cells that a record cannot do without are filled."),
    N_("Text has no outer blanks, line breaks or control characters."),
    N_("Numbers, true/false, dates and patterned texts can be read as what they are."),
    N_("Every code is one that datapackage.json defines."),
    N_("No key is used twice in a table."),
    N_("Every identifier that a row cites exists, inside list columns too."),
    N_("Every source has a web address, or is not public and has a symbol or reference."),
    N_("No end date lies before its start date."),
    N_("No incident is dated after the data package was made."),
    N_("No incident is dated after the publication of every source that reports it."),
    N_("Quantity and qualifier (exact, at least, about, up to) stand together."),
    N_("Every place on land lies inside its country's outline, every sea point outside all land."),
    N_("Every incident has at least one item."),
    N_("Every corridor has two or more waypoints, numbered 1, 2, 3 …, the first in Libya."),
    N_("No two incidents share date, place and weapon types unless marked as distinct."),
    N_("Incidents, corridors, places, sources and links never share an identifier (one URL key)."),
    N_("No weapon type has the code of a group, unless it is the group's only type."),
    N_("Every destination outside Libya has a point where its link ends."),
    N_("Every origin names documents of its incident only, and each document goes back to one."),
    N_("Only an official link rests on a statement, and transit is no Libyan stock."),
    N_("Every translation belongs to a column that is translated, and to a row that exists."),
    N_("No table and no focus destination has fewer rows than datapackage.json expects."),
    N_("Every identifier of an incident begins with its date, unless it is listed as kept."),
    N_("Every published incident has an entry in reviews.csv: when it was last read, with a day."),
    N_(
        "Files are sorted by key and quoted the same way, so that changes can be read line by line."
    ),
)
"""What every rule holds, as its documentation says first, in the order in which they run."""
