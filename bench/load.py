"""Many readers at once: sessions that speak the browser's protocol and change filters.

Run with ``python -m bench.load`` (``--sessions``, ``--minutes``, ``--pause``). Every session opens
a web socket as a browser does, waits until the page has run, and then presses weapon pills at
random with pauses as readers make them. A press is answered when the map's new contents have
arrived; it has failed if the run does not end, or ends with an error. The server's memory is read
from ``/proc`` (Linux).
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from armsflow.dataset.loader import load
from armsflow.selection.selection import weapon_groups
from bench.record import keep
from tests.browser.serving import Server, start

PATIENCE = 60
"""Seconds after which a press counts as failed."""
ALONE = 20
"""Presses of one session before the others come."""
WINDOW = 30
"""Seconds between two looks at the server's memory."""


@dataclass
class Record:
    """What happened in all sessions together.

    Parameters
    ----------
    presses
        Seconds from press to the map's new contents.
    runs
        Seconds from press to the end of the run.
    failures
        What went wrong, one line each.
    """

    presses: list[float] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Session:
    """One reader's web socket.

    Parameters
    ----------
    socket
        Connected to ``_stcore/stream``.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.pills = ""
        self.script = ""

    async def run(self, chosen: list[str] | None = None) -> tuple[float, float]:
        """Run the page once.

        Parameters
        ----------
        chosen
            Weapon groups to press; ``None`` for the first run.

        Returns
        -------
        painted, ended
            Seconds until the map's contents came, and until the run ended.
        """
        message = BackMsg()
        message.rerun_script.page_script_hash = self.script
        if chosen is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.pills
            state.string_array_value.data.extend(chosen)
        begun = time.perf_counter()
        painted = 0.0
        await self.socket.send(message.SerializeToString())
        while True:
            async with asyncio.timeout(PATIENCE):
                received = ForwardMsg.FromString(await self.socket.recv())  # type: ignore[arg-type]
            now = time.perf_counter() - begun
            match received.WhichOneof("type"):
                case "new_session":
                    self.script = received.new_session.page_script_hash
                case "delta":
                    is_map = self._look_at(received.delta)
                    painted = painted or (now if is_map else 0.0)
                case "script_finished" if received.script_finished == 0:
                    return painted, now
                case "script_finished":
                    raise RuntimeError(f"run ended with status {received.script_finished}")

    def _look_at(self, delta: Any) -> bool:
        element = delta.new_element
        match element.WhichOneof("type"):
            case "exception":
                raise RuntimeError(element.exception.message)
            case "button_group" if element.button_group.id.endswith("-weapon"):
                self.pills = element.button_group.id
            case "component_instance":
                return str(element.component_instance.id).endswith("-map")
        return False


async def read(server: Server, pause: float, end: float, record: Record, seed: int) -> None:
    """Open the page and press pills until the time is over; pauses last as long as *pause*."""
    chance = random.Random(seed)
    groups = list(weapon_groups(load()))
    address = server.address.replace("http", "ws", 1) + "_stcore/stream"
    try:
        await asyncio.sleep(chance.uniform(0, pause))
        async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
            session = Session(socket)
            await session.run()
            while time.monotonic() < end:
                await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)
                chosen = chance.sample(groups, chance.randint(0, 3))
                painted, ended = await session.run(chosen)
                record.presses.append(painted)
                record.runs.append(ended)
    except (OSError, RuntimeError, TimeoutError, websockets.WebSocketException) as error:
        record.failures.append(f"session {seed}: {type(error).__name__} {error}")


async def alone(server: Server) -> list[float]:
    """Press as the only reader; returns the seconds of each press."""
    record = Record()
    address = server.address.replace("http", "ws", 1) + "_stcore/stream"
    groups = list(weapon_groups(load()))
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # type: ignore[list-item]
        session = Session(socket)
        await session.run()
        for turn in range(ALONE):
            await asyncio.sleep(0.2)
            painted, _ = await session.run([groups[turn % len(groups)]])
            record.presses.append(painted)
    return record.presses


async def measure(server: Server, sessions: int, seconds: float, pause: float) -> str:
    """Let the readers in and return what happened as Markdown."""
    single = statistics.median(await alone(server))
    before = memory(server)
    record = Record()
    end = time.monotonic() + seconds
    readers = asyncio.gather(*(read(server, pause, end, record, seed) for seed in range(sessions)))
    levels = []
    while not readers.done():
        await asyncio.wait([readers], timeout=WINDOW)
        levels.append(memory(server))
        print(f"{len(record.presses)} presses, {levels[-1]:.0f} MB", file=sys.stderr)
    await readers
    for failure in record.failures:
        print(failure, file=sys.stderr)
    median = statistics.median(record.presses)
    high = statistics.quantiles(record.presses, n=20)[18]
    half = len(levels) // 2
    rows = {
        "presses": f"{len(record.presses)}",
        "failed": f"{len(record.failures)}",
        "one reader alone, press to the map's new contents, median": f"{single * 1000:.0f} ms",
        "all together, median": f"{median * 1000:.0f} ms, {median / single:.1f} × alone",
        "all together, 95th percentile": f"{high * 1000:.0f} ms, {high / single:.1f} × alone",
        "server's memory before": f"{before:.0f} MB",
        "highest in the first half": f"{max(levels[:half] or levels):.0f} MB",
        "highest in the second half": f"{max(levels[half:]):.0f} MB",
        "per session": f"{(max(levels) - before) / sessions:.1f} MB",
    }
    head = (
        f"Measured on {datetime.now(UTC).date()}: {sessions} sessions for {seconds / 60:.0f} "
        f"minutes, a press every {pause:g} seconds each on average; {os.cpu_count()} cores, on "
        "which the readers ran too.\n\n| | |\n|---|---:|"
    )
    return "\n".join([head, *(f"| {name} | {value} |" for name, value in rows.items()), ""])


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
    chosen = options.parse_args()
    with start() as server:
        table = asyncio.run(measure(server, chosen.sessions, 60 * chosen.minutes, chosen.pause))
    print(table)
    keep("load", table)


if __name__ == "__main__":
    main()
