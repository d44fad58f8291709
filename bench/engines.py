"""The same selections on pandas, DuckDB and a Spark cluster, for packages of growing size.

Run with ``python -m bench.engines`` (``--sizes``); needs ``requirements-spark.txt`` and Java. For
each size and engine a fresh process opens a made-up package and answers the same selections: every
count that the page shows, and the first rows of its table. Spark has a master and two workers with
a core each on this machine. The table goes into ``docs/large-packages.md``, with a plot beside it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from armsflow.dataset import preparation
from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import build, open_prepared
from armsflow.package.checks import check
from armsflow.selection import selection
from bench import synthetic
from bench.record import keep
from tests import engines
from tests.choices import random_selections
from tests.spark.cluster import running

GUIDE: Final = Path(__file__).parents[1] / "docs" / "large-packages.md"
SIZES: Final = (10_000, 100_000, 1_000_000)
SEEDS: Final = (7, 8)
EACH: Final = 10
"""Selections of each seed."""
ROWS: Final = 30
"""Rows that the page's table shows first."""
Found = dict[str, float]


def opened(engine: str, folder: Path) -> Dataset:
    """Open a package as the page does: checked for pandas, prepared for the others."""
    if engine == "pandas":
        package, problems = check(folder / "package")
        assert package, problems
        return build(package)
    return open_prepared(folder / "prepared", "" if engine == "duckdb" else engine)


def measure(engine: str, folder: Path) -> Found:
    """Return the seconds that opening and a selection take, and this process's megabytes."""
    begun = time.perf_counter()
    dataset = opened(engine, folder)
    seconds = {"open": time.perf_counter() - begun}
    counts, rows = [], []
    for chosen in [one for seed in SEEDS for one in random_selections(dataset, EACH, seed)]:
        begun = time.perf_counter()
        shown = selection.apply(dataset, chosen)
        engines.counts(shown)
        counted = time.perf_counter()
        shown.read_items(shown.read(shown.rows(), ROWS))
        counts.append(counted - begun)
        rows.append(time.perf_counter() - counted)
    # What getrusage says begins with the largest of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    largest = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return seconds | {
        "counts": statistics.median(counts),
        "rows": statistics.median(rows),
        "memory": int(largest.split()[1]) / 1000,
    }


def compare(sizes: list[int], folder: Path) -> dict[int, dict[str, Found]]:
    """Measure every engine at every size, each in a process of its own."""
    results: dict[int, dict[str, Found]] = {}
    with running(folder, "2g") as cluster:
        for size in sizes:
            place = folder / str(size)
            package, problems = check(synthetic.write(place / "package", size))
            assert package, problems
            preparation.write(package, place / "prepared")
            results[size] = {}
            for engine in ("pandas", "duckdb", cluster):
                name = "spark" if engine == cluster else engine
                command = [sys.executable, "-m", "bench.engines", "--one", engine, str(place)]
                out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
                results[size][name] = json.loads(out.splitlines()[-1])
                print(size, name, results[size][name], file=sys.stderr, flush=True)
    return results


def table(results: dict[int, dict[str, Found]]) -> str:
    """Write what was measured as Markdown."""
    number = len(SEEDS) * EACH
    lines = [
        (
            f"Measured on {datetime.now(UTC).date()}: medians of {number} selections, one run; "
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. Spark: two workers with a "
            "core each on this machine; its memory is that of the page alone, without Java."
        ),
        "",
        "| items | engine | opened | counts of a selection | its first rows | memory |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {size:,} | {name} | {found['open']:.1f} s | {1000 * found['counts']:.0f} ms "
        f"| {1000 * found['rows']:.0f} ms | {found['memory']:,.0f} MB |"
        for size, by_engine in results.items()
        for name, found in by_engine.items()
    ]
    return "\n".join([*lines, "", "![Seconds of a selection against items](engines.png)"])


def plot(results: dict[int, dict[str, Found]], file: Path) -> None:
    """Draw seconds of a selection against items, both logarithmic."""
    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained")
    axes = figure.subplots()
    for name in next(iter(results.values())):
        times = [results[size][name]["counts"] + results[size][name]["rows"] for size in results]
        axes.plot(list(results), times, marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="items", ylabel="a selection with its rows, s")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(file)


def main() -> None:
    """Measure, print what was found and keep it in docs/large-packages.md."""
    options = argparse.ArgumentParser(description="Engines against size.")
    options.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    options.add_argument("--one", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.one[0], Path(chosen.one[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        results = compare(chosen.sizes, Path(folder))
    print(table(results))
    plot(results, GUIDE.with_name("engines.png"))
    keep("engines", table(results), GUIDE)


if __name__ == "__main__":
    main()
