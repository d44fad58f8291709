"""What grows with the number of items, and what does not.

Run with ``python -m bench.scale`` (``--sizes 10000 100000 1000000``). For the shipped package and
for made-up ones of each size it measures, in one run: first load of the data with an empty cache
and with its cache; press to painted map against an empty page and the three usual ways, as
:mod:`bench.clicks` does; bytes sent for a press; and the server's memory for each added session.
"""

import argparse
import asyncio
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import SHIPPED, load
from armsflow.picture.picture import draw
from armsflow.picture.routes import lay_out_frames
from armsflow.selection import selection
from bench import clicks, synthetic
from bench.load import connect, memory
from bench.record import README, keep
from bench.session import Session
from tests.browser.serving import Server, start

PRESSES = 10
SESSIONS = 8
SIZES = (10_000, 100_000, 1_000_000)
LOADING = (
    "import sys,time;from pathlib import Path;from armsflow.dataset.loader import load;"
    "start=time.perf_counter();load(Path(sys.argv[1]));print(time.perf_counter()-start)"
)


def seconds_to_load(directory: Path) -> float:
    """Return how long a fresh process takes to load a package, imports left out."""
    command = [sys.executable, "-c", LOADING, str(directory)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def walk(dataset: Dataset) -> list[tuple[str, list[str]]]:
    """Return pills to press, each with the names that are drawn after it; the first is no press."""
    layouts = lay_out_frames(dataset)
    groups = selection.weapon_groups(dataset)
    default = selection.default_selection(dataset)
    chance = random.Random(clicks.SEED)

    def names(weapon: frozenset[str]) -> list[str]:
        chosen = replace(default, weapon=tuple(code for code in groups if code in weapon))
        picture = draw(chosen, selection.apply(dataset, chosen), dataset, layouts)
        lines = [
            line.line if line.kind == "link" else f"corridor-{line.line}" for line in picture.lines
        ]
        return sorted([*lines, *(f"place-{place.place}" for place in picture.places)])

    weapon: frozenset[str] = frozenset()
    steps, seen = [("", names(weapon))], {weapon}
    while len(steps) <= clicks.WARM_UP + clicks.CLICKS:
        code = chance.choice([code for code in groups if weapon ^ {code} not in seen])
        weapon ^= {code}
        seen.add(weapon)
        steps.append((groups[code], names(weapon)))
    return steps


async def memory_a_session(server: Server) -> float:
    """Return how many megabytes more the server uses for each session that loaded the page."""
    async with AsyncExitStack() as open_sockets:

        async def join(number: int) -> None:
            for _ in range(number):
                session = Session(await open_sockets.enter_async_context(connect(server)))
                await session.run()
                await session.run([])

        await join(3)  # what the first sessions load is shared
        before = memory(server)
        await join(SESSIONS)
        return (memory(server) - before) / SESSIONS


def measure(directory: Path) -> dict[str, Any]:
    """Measure one package."""
    found: dict[str, Any] = {
        "cold": seconds_to_load(directory),
        "warm": seconds_to_load(directory),
    }
    dataset = load(directory)
    found["incidents"] = dataset.totals.events + dataset.totals.others
    compared = clicks.variants(walk(dataset))
    with clicks.running(compared, directory) as (browser, addresses):
        clicks.measure_clicks(browser, compared, addresses)
    found["presses"] = {one.name: statistics.median(one.times) for one in compared}
    found["bytes"] = {one.name: statistics.median(one.received) for one in compared}
    with start(data=directory) as server:
        found["session"] = asyncio.run(memory_a_session(server))
    return found


def report(results: dict[int, dict[str, Any]]) -> str:
    """Write what was measured as Markdown."""
    sizes = list(results)
    head = " | ".join(f"{size:,} items" for size in sizes)
    own = next(iter(results[sizes[0]]["presses"]))

    def row(words: str, values: list[str]) -> str:
        return f"| {words} | {' | '.join(values)} |"

    lines = [
        (
            f"Measured on {datetime.now(UTC).date()}: median of {PRESSES} presses each, one run; "
            f"{os.cpu_count()} cores. The first size is the shipped package, the others are made "
            "up (`bench/synthetic.py`)."
        ),
        "",
        f"| | {head} |",
        "|---|" + "---:|" * len(sizes),
        row("incidents", [f"{results[size]['incidents']:,}" for size in sizes]),
        row("data loaded first, cache empty", [f"{results[size]['cold']:.1f} s" for size in sizes]),
        row("data loaded again", [f"{results[size]['warm']:.1f} s" for size in sizes]),
    ]
    lines += [
        row(
            f"press to paint: {name}",
            [f"{results[size]['presses'][name]:.0f} ms" for size in sizes],
        )
        for name in results[sizes[0]]["presses"]
    ]
    first = results[sizes[0]]["presses"][own]
    floor = "empty page (floor)"
    lines += [
        row(
            "armsflow against the shipped size",
            [f"{results[size]['presses'][own] / first:.2f} ×" for size in sizes],
        ),
        row(
            "armsflow against the empty page",
            [
                f"{results[size]['presses'][own] / results[size]['presses'][floor]:.2f} ×"
                for size in sizes
            ],
        ),
    ]
    for name in results[sizes[0]]["bytes"]:
        values = [f"{results[size]['bytes'][name] / 1000:.0f} kB" for size in sizes]
        lines.append(row(f"sent per press: {name}", values))
    lines.append(
        row("server memory per added session", [f"{results[s]['session']:.1f} MB" for s in sizes])
    )
    return "\n".join([*lines, "", "![Cost against size, both axes logarithmic](scale.png)", ""])


def plot(results: dict[int, dict[str, Any]], file: Path) -> None:
    """Draw milliseconds from press to paint against items, both logarithmic."""
    figure = Figure(figsize=(8, 4.5), dpi=120, layout="constrained")
    axes = figure.subplots()
    sizes = list(results)
    for name in results[sizes[0]]["presses"]:
        times = [results[size]["presses"][name] for size in sizes]
        axes.plot(sizes, times, marker="o", label=name, linewidth=3 if name == "armsflow" else 1.5)
    axes.set(xscale="log", yscale="log", xlabel="items", ylabel="press to painted map, ms")
    low = min(min(results[size]["presses"].values()) for size in sizes)
    axes.set_ylim(10 ** math.floor(math.log10(low)), None)
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=9)
    figure.savefig(file)


def main() -> None:
    """Measure every size, print what was found and keep it in bench/README.md."""
    options = argparse.ArgumentParser(description="Cost against size.")
    options.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    sizes = options.parse_args().sizes
    clicks.CLICKS = PRESSES
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ARMSFLOW_CACHE"] = str(Path(folder) / "cache")
        for size in (0, *sizes):
            package = synthetic.write(Path(folder) / str(size), size) if size else SHIPPED
            found = measure(package)
            with (package / "items.csv").open(encoding="utf-8") as lines:
                results[sum(1 for _ in lines) - 1] = found
            print(found, file=sys.stderr, flush=True)
    table = report(results)
    print(table)
    plot(results, README.with_name("scale.png"))
    keep("scale", table)


if __name__ == "__main__":
    main()
