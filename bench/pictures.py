"""Time of every kind of picture, side by side with a bare matplotlib figure of the same land.

Run with ``python -m bench.pictures``. One round makes every file once; rounds are interleaved, so
that a machine that is busy for a while slows all of them alike. The table shows medians after one
round for warming up, and goes into ``bench/README.md`` between two markers.
"""

import argparse
import io
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from armsflow.briefing import briefing
from armsflow.briefing.collection import pack
from armsflow.briefing.ground import prepare_ground
from armsflow.dataset.loader import SHIPPED, load
from armsflow.package.basemap import Basemap
from armsflow.picture import style
from armsflow.picture.frames import REGION
from armsflow.picture.plane import MAP_CRS
from armsflow.picture.plate import make_plate
from armsflow.selection import selection
from bench.record import keep

BARE = "bare figure of the land, PNG 1920x1080"
TARGETS = {"PNG 1920x1080": 1.5, "PPTX": 2.5}
"""Seconds, at most."""
TIMES_BARE = {"PNG 1920x1080": 3.0, "PDF": 4.0, "PPTX": 3.0, "pack of six slides": 6.0}
"""Times the bare figure, at most."""


def bare_figure(basemap: Basemap) -> bytes:
    """Draw the land alone, as one would with geopandas and matplotlib, 1920x1080."""
    figure = Figure(figsize=(12.8, 7.2), dpi=150, facecolor=style.WATER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    basemap.land.to_crs(MAP_CRS).plot(
        ax=axes, color=style.LAND, edgecolor=style.BOUNDARY, linewidth=0.5
    )
    return _save_view(figure, axes)


def _save_view(figure: Figure, axes: mpl.axes.Axes) -> bytes:
    corners = REGION.corners
    middle, extent = corners.mean(axis=0), np.diff(corners, axis=0)[0]
    half = max(extent[0] / 16, extent[1] / 9) * np.array([16, 9]) / 2
    axes.set_aspect("auto")
    axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
    axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
    axes.axis("off")
    stream = io.BytesIO()
    figure.savefig(stream, format="png", facecolor=style.WATER)
    return stream.getvalue()


def contenders() -> dict[str, Callable[[], bytes]]:
    """Return what is timed, by name: the default view as every kind of file."""
    dataset = load()
    plate = make_plate(dataset, SHIPPED)
    ground = prepare_ground(plate.basemap, plate.fills, plate.names)
    chosen = selection.default_selection(dataset)

    def maker(ending: str, width: int = 1920) -> Callable[[], bytes]:
        make = briefing.writers(ground, width)[ending]
        return lambda: make(briefing.prepare(chosen, dataset, plate, "https://example.org/"))

    return {
        BARE: lambda: bare_figure(plate.basemap),
        "PNG 1280x720": maker("png", 1280),
        "PNG 1920x1080": maker("png", 1920),
        "PNG 3840x2160": maker("png", 3840),
        "SVG": maker("svg"),
        "PDF": maker("pdf"),
        "PPTX": maker("pptx"),
        "pack of six slides": lambda: pack(dataset, plate, ground, chosen),
        "XLSX": maker("xlsx"),
    }


def measure(makers: dict[str, Callable[[], bytes]], rounds: int) -> dict[str, tuple[float, int]]:
    """Return the median seconds and the size of each file, over interleaved rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in makers}
    sizes: dict[str, int] = {}
    for number in range(rounds + 1):
        for name, make in makers.items():
            started = time.perf_counter()
            sizes[name] = len(make())
            if number:
                seconds[name].append(time.perf_counter() - started)
    return {name: (median(times), sizes[name]) for name, times in seconds.items()}


def table(measured: dict[str, tuple[float, int]], rounds: int) -> str:
    """Write what was measured as a Markdown table, with the targets beside it."""
    bare = measured[BARE][0]
    lines = [
        "| file | seconds | times the bare figure | kB | target |",
        "|---|--:|--:|--:|---|",
    ]
    for name, (seconds, size) in measured.items():
        verdicts = []
        if name in TARGETS:
            verdicts.append(_verdict(f"≤ {TARGETS[name]} s", seconds <= TARGETS[name]))
        if most := TIMES_BARE.get(name):
            verdicts.append(_verdict(f"≤ {most:g} × bare", seconds <= most * bare))
        lines.append(
            f"| {name} | {seconds:.2f} | {seconds / bare:.1f} | {size / 1000:,.0f} | "
            f"{'; '.join(verdicts)} |"
        )
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    how = (
        f"Median of {rounds} interleaved rounds after one for warming up, "
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores{busy}, "
        f"Python {platform.python_version()}, matplotlib {mpl.__version__}. Each time includes "
        "working out the picture and its words (`briefing.prepare`). The bare figure has the same "
        "land, projection and view, plain fills, and no word: `GeoDataFrame.to_crs().plot()`."
    )
    return "\n".join([*lines, "", how])


def _verdict(target: str, kept: bool) -> str:
    return f"{target}: {'kept' if kept else 'MISSED'}"


def main() -> int:
    """Measure, print, and write the section.

    Returns
    -------
    status
        0 if every target is kept, 1 if one is missed.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-write", action="store_true", help="leave bench/README.md as it is")
    options = parser.parse_args()
    words = table(measure(contenders(), options.rounds), options.rounds)
    print(words)
    if not options.no_write:
        keep("pictures", words)
    return 1 if "MISSED" in words else 0


if __name__ == "__main__":
    sys.exit(main())
