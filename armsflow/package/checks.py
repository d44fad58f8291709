"""Every rule that makes a data package trustworthy, in the order in which they are tried."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

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
    """Return the first sentence of every rule, in the order in which they run."""
    stages = (VALUE_RULES, EVIDENCE_RULES, FORM_RULES)
    return [(rule.__doc__ or "").strip().split("\n")[0] for stage in stages for rule in stage]


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
            where = f"line {line} differs" if line else "the end of the file differs"
            what = f"the file is not in canonical form ({where})."
            fix = (
                f"sort by {' + '.join(key_columns(package, name))}, quote only where needed, "
                "end every line with a line feed."
            )
            yield Problem(package.resource(name)["path"], what, fix, line)


FORM_RULES: list[Rule] = [
    identifiers_begin_with_the_date,
    every_row_says_when_it_was_read,
    files_are_canonical,
]
