"""Many readers at once: sessions that speak the browser's protocol and change filters.

Run with ``python -m bench.load`` (``--sessions``, ``--minutes``, ``--pause``, ``--own``,
``--pictures``). Every session opens a web socket as a browser does, waits until the page has run,
and then presses weapon pills at random with pauses as readers make them. A press is answered when
the map's new contents have arrived; it has failed if the run does not end, or ends with an error.
Some sessions hand in a file of incidents of their own first and have them on the map; some open the
Brief control and have a picture made after each press. The server's memory is read from ``/proc``
(Linux).
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import websockets

from armsflow.dataset.loader import SHIPPED
from armsflow.package.checks import check
from armsflow.package.package import Package
from bench.record import keep
from bench.session import Session
from tests.browser.serving import Server, start
from tests.forms import INCIDENT, ITEM, SOURCE, workbook

ALONE: Final = 20
"""Presses of one session before the others come."""
WINDOW: Final = 30
"""Seconds between two looks at the server's memory."""
STEPS: Final = 6
"""Rows of the table over time."""
BEGINS: Final = {"png": b"\x89PNG", "pdf": b"%PDF"}
"""The pictures that are made in turn, and how their files begin."""
READS, OWN, PICTURES = "reading only", "with own rows", "making pictures"


@dataclass
class Record:
    """What happened in all sessions together.

    Parameters
    ----------
    presses
        Of each press what its reader does, when it was, and its seconds to the map's new contents.
    files
        Of each picture its kind and its seconds.
    levels
        When the server's memory was looked at, its megabytes, and the load of the machine.
    failures
        What went wrong, one line each.
    """

    presses: list[tuple[str, float, float]] = field(default_factory=list)
    files: list[tuple[str, float]] = field(default_factory=list)
    levels: list[tuple[float, float, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def connect(server: Server) -> websockets.connect:
    """Open a web socket as a browser does."""
    address = server.address.replace("http", "ws", 1) + "_stcore/stream"
    return websockets.connect(address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]


def own_file(package: Package, number: int) -> bytes:
    """Fill the form with one incident, which no other reader has."""
    incident = INCIDENT | {"title": f"Rifles of reader {number}"}
    rows = {"incidents": [incident], "items": [ITEM], "sources": [SOURCE]}
    content: bytes = workbook(package, rows)
    return content


async def read(
    server: Server, pause: float, end: float, record: Record, seed: int, own: bytes, does: str
) -> None:
    """Open the page and press pills until the time is over; pauses last as long as *pause*."""
    chance = random.Random(seed)
    try:
        await asyncio.sleep(chance.uniform(0, pause))
        async with connect(server) as socket:
            session = Session(socket, server.address)
            await session.run()
            if does == OWN:
                await session.hand_in(f"rows-{seed}.xlsx", own)
            if does == PICTURES:
                await session.open_brief()
            number = 0
            while time.monotonic() < end:
                await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)
                painted, _ = await session.run(chance.sample(session.pills, chance.randint(0, 3)))
                record.presses.append((does, time.monotonic(), painted))
                if does == PICTURES:
                    ending = list(BEGINS)[number % len(BEGINS)]
                    seconds, content = await session.make(ending)
                    if not content.startswith(BEGINS[ending]):
                        raise RuntimeError(f"what came is no {ending}")
                    record.files.append((ending, seconds))
                    number += 1
    except (OSError, RuntimeError, TimeoutError, websockets.WebSocketException) as error:
        record.failures.append(f"session {seed}, {does}: {type(error).__name__} {error}")


async def alone(server: Server) -> list[float]:
    """Press as the only reader; returns the seconds of each press.

    Raises
    ------
    RuntimeError
        If the presses change nothing.
    """
    times, maps = [], set()
    async with connect(server) as socket:
        session = Session(socket)
        await session.run()
        for turn in range(ALONE):
            await asyncio.sleep(0.2)
            painted, _ = await session.run([session.pills[turn % len(session.pills)]])
            times.append(painted)
            maps.add(session.map)
        if len(maps) < len(session.pills):
            raise RuntimeError("Not every pill has a map of its own: presses are not understood.")
    return times


async def measure(
    server: Server, sessions: int, seconds: float, pause: float, own: int, pictures: int
) -> str:
    """Let the readers in and return what happened as Markdown."""
    package, _ = check(SHIPPED)
    assert package
    files = [own_file(package, seed) for seed in range(own)] + [b""] * (sessions - own)
    does = [OWN] * own + [PICTURES] * pictures
    does += [READS] * (sessions - len(does))
    single = statistics.median(await alone(server))
    before, record = memory(server), Record()
    begun = time.monotonic()
    readers = asyncio.gather(
        *(
            read(server, pause, begun + seconds, record, seed, files[seed], does[seed])
            for seed in range(sessions)
        )
    )
    while not readers.done():
        await asyncio.wait([readers], timeout=WINDOW)
        record.levels.append((time.monotonic(), memory(server), os.getloadavg()[0]))
        print(f"{len(record.presses)} presses, {record.levels[-1][1]:.0f} MB", file=sys.stderr)
    await readers
    for failure in record.failures:
        print(failure, file=sys.stderr)
    rows = dict(summary(record, single, before, sessions))
    loads = [load for _, _, load in record.levels]
    head = (
        f"Measured on {datetime.now(UTC).date()}: {sessions} sessions for {seconds / 60:.0f} "
        f"minutes, {own} of them with own rows and {pictures} making a picture after each press, a "
        f"press every {pause:g} seconds each on average; {os.cpu_count()} cores, on which the "
        f"readers ran too, load {statistics.mean(loads):.1f} on average.\n\n| | |\n|---|---:|"
    )
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join([head, *lines, "", *over_time(record, begun, seconds), ""])


def summary(
    record: Record, single: float, before: float, sessions: int
) -> Iterator[tuple[str, str]]:
    """Yield what happened in all, in words."""
    times = [painted for _, _, painted in record.presses]
    levels = [level for _, level, _ in record.levels]
    half = len(levels) // 2
    yield "presses", f"{len(times)}"
    yield "failed", f"{len(record.failures)}"
    yield "one reader alone, press to the map's new contents, median", f"{single * 1000:.0f} ms"
    for words, value in (
        ("all together, median", statistics.median(times)),
        ("all together, 95th percentile", highest(times)),
    ):
        yield words, f"{value * 1000:.0f} ms, {value / single:.1f} × alone"
    for kind in (OWN, PICTURES):
        if own := [painted for does, _, painted in record.presses if does == kind]:
            words = f"{statistics.median(own) * 1000:.0f} and {highest(own) * 1000:.0f} ms"
            yield f"those {kind}, median and 95th percentile", words
    for kind in BEGINS:
        if made := [seconds for ending, seconds in record.files if ending == kind]:
            words = f"{statistics.median(made):.1f} and {highest(made):.1f} s"
            yield f"{len(made)} {kind.upper()} made, median and 95th percentile", words
    yield "server's memory before", f"{before:.0f} MB"
    yield "highest in the first half", f"{max(levels[:half] or levels):.0f} MB"
    yield "highest in the second half", f"{max(levels[half:]):.0f} MB"
    yield "per session", f"{(max(levels) - before) / sessions:.1f} MB"


def over_time(record: Record, begun: float, seconds: float) -> Iterator[str]:
    """Yield the rows of a table over time."""
    yield "| minutes | presses | median | 95th percentile | server's memory, highest |"
    yield "|---|---:|---:|---:|---:|"
    step = seconds / STEPS
    for number in range(STEPS):
        low = begun + number * step
        high = low + step if number + 1 < STEPS else float("inf")
        times = [painted for _, when, painted in record.presses if low <= when < high]
        levels = [level for when, level, _ in record.levels if low <= when < high]
        if len(times) > 1 and levels:
            span = f"{number * step / 60:.0f}–{(number + 1) * step / 60:.0f}"
            yield (
                f"| {span} | {len(times)} | {statistics.median(times) * 1000:.0f} ms "
                f"| {highest(times) * 1000:.0f} ms | {max(levels):.0f} MB |"
            )


def highest(times: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20)[18] if len(times) > 1 else times[0]


def memory(server: Server) -> float:
    """Return the memory that the server uses, in MB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def main() -> None:
    """Measure, print what happened and keep it in bench/README.md."""
    options = argparse.ArgumentParser(description="Many readers at once.")
    options.add_argument("--sessions", type=int, default=100)
    options.add_argument("--minutes", type=float, default=2)
    options.add_argument("--pause", type=float, default=20, help="seconds between two presses")
    options.add_argument("--own", type=int, default=10, help="sessions with own rows on the map")
    options.add_argument("--pictures", type=int, default=5, help="sessions that make pictures")
    options.add_argument("--no-write", action="store_true", help="leave bench/README.md as it is")
    chosen = options.parse_args()
    sizes = (chosen.sessions, 60 * chosen.minutes, chosen.pause, chosen.own, chosen.pictures)
    with start() as server:
        table = asyncio.run(measure(server, *sizes))
    print(table)
    if not chosen.no_write:
        keep("load", table)


if __name__ == "__main__":
    main()
