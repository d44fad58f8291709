"""One selection asked of two engines: every count and every row must agree."""

from dataclasses import replace

from armsflow.dataset import summary
from armsflow.dataset.tallies import untallied
from armsflow.selection import selection

KEYS = (
    ("line",),
    ("spot", "destination"),
    ("month", "month_end", "weapons"),
    ("link_basis",),
    ("precision",),
    ("scope",),
)


def counted_by_engine(dataset):
    """Return a dataset whose counts are made by its engine, row by row, at every question."""
    whole = replace(untallied(dataset.engine), sets=dataset.tallies.whole.sets)
    return replace(dataset, tallies=replace(dataset.tallies, whole=whole))


def counts(shown):
    """Return every number that a page shows of a selection."""
    return {
        "totals": tuple(shown.totals),
        "years": summary.years(shown),
        "quantities": summary.items_with_quantity(shown),
        "groups": summary.events_by_group(shown).to_dict(),
        "sources": summary.events_by_source(shown).to_dict(),
        "others": summary.events_by_source(shown, others=True).to_dict(),
        **{" ".join(keys): summary.count_by(shown, *keys).to_dict("index") for keys in KEYS},
    }


def rows(shown, most=None):
    """Return the incidents of a selection with their items, as a page reads them."""
    incidents = shown.read(shown.rows(), most)
    items = shown.read_items(incidents)
    columns = ["incident_id", "seq", "weapon_type", "unit", "matches"]
    return {
        "incidents": incidents.drop(columns="geometry").astype("str").to_dict("index"),
        "points": incidents.geometry.to_wkt().to_dict(),
        "items": items[columns].astype("str").to_dict("records"),
        "quantities": [
            None if value != value else value
            for value in items["quantity"].astype("float64").fillna(float("nan"))
        ],
    }


def compare(chosen, first, second, most=None):
    """Hold what two datasets answer to a selection against each other."""
    one, two = (selection.apply(dataset, chosen) for dataset in (first, second))
    assert counts(one) == counts(two), chosen
    assert rows(one, most) == rows(two, most), chosen
