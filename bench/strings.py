"""Time of a selection with text as Python strings and as Arrow-backed strings.

Run with ``python -m bench.strings``. Prints one table; both variants take turns.
"""

import statistics
import time
from dataclasses import replace

import pandas as pd

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import load
from armsflow.selection.selection import Selection, apply, default_selection

ROUNDS = 200


def with_arrow(dataset: Dataset) -> Dataset:
    """Return the dataset with every text column that a selection reads backed by Arrow."""
    changed = {}
    for name in ("incidents", "items", "corridors", "weapon_types", "destinations"):
        table = getattr(dataset, name)
        texts = [
            column
            for column in table.columns
            if table[column].dtype == object and table[column].map(type).eq(str).all()
        ]
        changed[name] = table.astype(dict.fromkeys(texts, pd.StringDtype("pyarrow")))
    return replace(dataset, **changed)


def main() -> None:
    """Measure and print."""
    plain = load()
    compared = {"Python strings": plain, "Arrow-backed": with_arrow(plain)}
    default = default_selection(plain)
    selections = [
        replace(default, weapon=("ammunition",)),
        replace(default, basis=("official_statement",), years=(2012, 2014)),
        Selection(),
    ]
    times: dict[str, list[float]] = {name: [] for name in compared}
    for _ in range(ROUNDS):
        for name, dataset in compared.items():
            start = time.perf_counter()
            for selection in selections:
                apply(dataset, selection)
            times[name].append(1000 * (time.perf_counter() - start) / len(selections))
    floor = statistics.median(times["Python strings"])
    print("| selection.apply, text as | median | ratio |\n|---|---:|---:|")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"| {name} | {median:.2f} ms | {median / floor:.1f} |")


if __name__ == "__main__":
    main()
