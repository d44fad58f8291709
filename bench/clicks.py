"""From a press to a painted map, and from an address to a painted map.

Run with ``make bench``. Every variant runs on this machine at the same time, in its own server;
presses go round all variants in turn, so that whatever else the machine does hits all alike.
Times are taken inside the browser: from the trusted press to the first animation frame in which
the map holds exactly the lines and places that were asked for. Nothing is asserted here: times
of two machines, or of two days, cannot be compared; ratios within one run can.
"""

import os
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from bench.record import keep
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.recount import Asked, Recount
from tests.browser.serving import ROOT, serve

HERE = Path(__file__).parent
CLICKS = 30
WARM_UP = 4
LOADS = 8
REST = 400
"""Milliseconds."""
SEED = 2011
SCREEN = {"width": 1600, "height": 900}
AWAKE = [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]

# What all frames of the page hold. An old map that still waits for its removal counts as drawn, so
# a rebuilt map is painted when the new lines stand alone.
DRAWN = """
() => {
  const names = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const inside = frame.contentDocument;
    if (!inside) continue;
    for (const path of inside.querySelectorAll('path.corridor, path.link, path.place')) {
      names.push([...path.classList].find((name) => /^(corridor|link|place)-/.test(name)));
    }
  }
  return names.sort().join(' ');
}
"""
TEXT = "() => document.querySelector('[data-testid=stMarkdown] p')?.innerText ?? ''"

# Arms a stopwatch: it starts at the next press and stops at the first frame that shows `goal`.
ARM = """
([read, goal]) => {
  const look = eval(read);
  window.stopwatch = null;
  addEventListener('pointerdown', () => {
    const start = performance.now();
    const watch = () => {
      if (look() !== goal) { requestAnimationFrame(watch); return; }
      requestAnimationFrame(() => { window.stopwatch = performance.now() - start; });
    };
    requestAnimationFrame(watch);
  }, { capture: true, once: true });
}
"""

# The same from the first byte of the page on; the land must be painted too.
FROM_THE_START = """
if (window === window.top) {
  const look = eval(%s);
  const goal = %s;
  const land = %s;
  const watch = () => {
    const frame = document.querySelector('iframe');
    const ready = !land
      || frame?.contentDocument?.body?.matches('.has-land.has-water.has-boundaries');
    if (!document.body || !ready || look() !== goal) { requestAnimationFrame(watch); return; }
    requestAnimationFrame(() => { window.stopwatch = performance.now(); });
  };
  requestAnimationFrame(watch);
}
"""


@dataclass
class Variant:
    """One way of making the page, and what was measured of it.

    Parameters
    ----------
    name
        The words in the table.
    script
        What Streamlit runs.
    press
        CSS of what is pressed in a turn; turns begin with 1.
    read
        JavaScript that says what is painted.
    goal
        What is painted after a turn; turn 0 is the first load.
    times
        Milliseconds from press to paint.
    received
        Bytes that the server sent after each press.
    """

    name: str
    script: Path
    press: Callable[[int], str]
    read: str
    goal: Callable[[int], str]
    times: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)


def selections(recount: Recount) -> list[tuple[str, Asked]]:
    """Walk through weapon pills so that no selection comes twice and every press redraws the map.

    Streamlit keeps long messages in the browser and does not send the same one again, so a press
    back and forth between two selections would measure that memory.

    Returns
    -------
    walk
        Label of the pill to press, and what is asked for after it; the first is the default.
    """
    chance = random.Random(SEED)
    codes = [code for code in recount.groups if code not in recount.types]
    walk = [("", Asked())]
    seen = {walk[0][1].weapon}
    while len(walk) <= WARM_UP + CLICKS:
        last = walk[-1][1]
        code = chance.choice(codes)
        asked = replace(last, weapon=last.weapon ^ {code})
        if asked.weapon not in seen and drawn(recount, asked) != drawn(recount, last):
            seen.add(asked.weapon)
            walk.append((recount.groups[code], asked))
    return walk


def drawn(recount: Recount, asked: Asked) -> str:
    """Return what the script DRAWN must find."""
    view = recount.view(asked)
    return " ".join(sorted(view["corridors"] + view["links"] + view["places"]))


def variants() -> list[Variant]:
    """Return the four ways that are compared."""
    recount = Recount()
    walk = selections(recount)

    def pill(turn: int) -> str:
        return f".st-key-weapon button:has-text('{walk[turn][0]}')"

    def goal(turn: int) -> str:
        return drawn(recount, walk[turn][1])

    def button(turn: int) -> str:  # noqa: ARG001
        return ".st-key-next button"

    def text(turn: int) -> str:
        return f"Pressed {turn}"

    pages = HERE / "pages"
    return [
        Variant("armsflow", ROOT / "dashboard.py", pill, DRAWN, goal),
        Variant("empty page (floor)", pages / "empty.py", button, TEXT, text),
        Variant("map rebuilt, st_folium", pages / "rebuilt.py", pill, DRAWN, goal),
        Variant("map rebuilt, HTML frame", pages / "framed.py", pill, DRAWN, goal),
    ]


def measure_clicks(browser: Browser, compared: list[Variant], addresses: list[str]) -> None:
    """Press each variant in turn, warm-up first, and note time and bytes."""
    pages = []
    traffic = [0] * len(compared)
    for number, (variant, address) in enumerate(zip(compared, addresses, strict=True)):
        page = browser.new_page(viewport=SCREEN)
        page.on("websocket", lambda socket, number=number: _count(socket, traffic, number))
        page.goto(address)
        page.wait_for_function(f"(goal) => ({variant.read})() === goal", arg=variant.goal(0))
        pages.append(page)
    for turn in range(1, WARM_UP + CLICKS + 1):
        for number, (variant, page) in enumerate(zip(compared, pages, strict=True)):
            page.bring_to_front()
            target = page.locator(variant.press(turn)).first
            target.hover()
            _settle(page)
            # A page in the background does not paint; in front it comes to rest first.
            page.wait_for_timeout(REST)
            before = traffic[number]
            page.evaluate(ARM, [variant.read, variant.goal(turn)])
            page.mouse.down()
            page.mouse.up()
            page.wait_for_function("() => window.stopwatch !== null", timeout=60_000)
            time = page.evaluate("() => window.stopwatch")
            _settle(page)
            if turn > WARM_UP:
                variant.times.append(time)
                variant.received.append(traffic[number] - before)
            print(".", end="", flush=True, file=sys.stderr)
    for page in pages:
        page.close()
    print(file=sys.stderr)


def measure_loads(
    browser: Browser, compared: list[Variant], addresses: list[str]
) -> tuple[dict[str, list[float]], Counter[str]]:
    """Open each variant afresh, in turn.

    Returns
    -------
    times, sizes
        Milliseconds by name of the variant; bytes of the first one's first load by kind.
    """
    times: dict[str, list[float]] = {variant.name: [] for variant in compared}
    sizes: Counter[str] = Counter()
    for turn in range(LOADS + 1):
        for variant, address in zip(compared, addresses, strict=True):
            context = browser.new_context(viewport=SCREEN)
            page = context.new_page()
            first = variant is compared[0]
            seen: list[Any] = []
            page.on("requestfinished", lambda request, seen=seen: seen.append(request))
            traffic = [0]
            page.on("websocket", lambda socket, traffic=traffic: _count(socket, traffic, 0))
            watch = FROM_THE_START % (_quote(variant.read), _quote(variant.goal(0)), int(first))
            page.add_init_script(watch)
            page.goto(address)
            page.wait_for_function("() => window.stopwatch !== undefined", timeout=60_000)
            if turn:  # the first round warms every server up
                times[variant.name].append(page.evaluate("() => window.stopwatch"))
            _settle(page)
            if first and turn == LOADS:
                for request in seen:
                    sizes[_kind(request.url)] += request.sizes()["responseBodySize"]
                sizes["messages over the web socket"] += traffic[0]
            context.close()
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return times, sizes


def _count(socket: WebSocket, traffic: list[int], number: int) -> None:
    def add(message: str | bytes) -> None:
        traffic[number] += len(message)

    socket.on("framereceived", add)


def _settle(page: Page) -> None:
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState"
        " === 'notRunning'"
    )
    page.wait_for_timeout(60)


def _quote(text: str) -> str:
    return "String.raw`" + text.replace("`", "'") + "`"


def _kind(url: str) -> str:
    path = urlsplit(url).path
    for part, kind in (
        ("/land.json", "land"),
        ("/boundaries.json", "boundaries and water"),
        ("/water.json", "boundaries and water"),
        ("/leaflet.", "Leaflet"),
        ("/webmap.", "armsflow's drawing code and style"),
        ("/component/armsflow.webmap", "the map's document: names, courses of lines, legend"),
    ):
        if part in path:
            return kind
    return "Streamlit itself (every Streamlit page loads it)"


# ---------------------------------------------------------------- the report


def report(
    compared: list[Variant], loads: dict[str, list[float]], sizes: Counter[str], day: str
) -> str:
    """Write what was measured as Markdown tables."""
    own, floor = compared[:2]
    base = statistics.median(own.times)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[1]:.1f} meanwhile"
    lines = [
        f"Measured on {day}: median of {CLICKS} presses and {LOADS} loads, one run; {machine}.",
        "",
        "| press to painted map | median | middle half | armsflow is | sent per press |",
        "|---|---:|---:|---:|---:|",
    ]
    for variant in compared:
        median = statistics.median(variant.times)
        low, _, high = statistics.quantiles(variant.times, n=4)
        if variant is own:
            ratio = "–"
        elif variant is floor:
            ratio = f"{base / median:.2f} × the floor"
        else:
            ratio = f"{median / base:.1f} × faster"
        sent = statistics.median(variant.received) / 1000
        lines.append(
            f"| {variant.name} | {median:.0f} ms | {low:.0f}–{high:.0f} ms | {ratio} "
            f"| {sent:.0f} kB |"
        )
    lines += ["", "| first load, empty cache | median | ratio |", "|---|---:|---:|"]
    empty = statistics.median(loads[floor.name])
    for name, times in loads.items():
        median = statistics.median(times)
        what = "to its text" if name == floor.name else "to the painted map"
        lines.append(f"| {name}, {what} | {median:.0f} ms | {median / empty:.2f} |")
    lines += ["", "| armsflow, first load, over the wire | kB |", "|---|---:|"]
    lines += [f"| {kind} | {size / 1000:.0f} |" for kind, size in sizes.most_common()]
    own_part = sum(size for kind, size in sizes.items() if "Streamlit itself" not in kind)
    lines.append(f"| all but Streamlit itself | {own_part / 1000:.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print the tables and keep them in bench/README.md."""
    compared = variants()
    with ExitStack() as stack, sync_playwright() as playwright:
        addresses = [stack.enter_context(serve(variant.script)) for variant in compared]
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, *AWAKE]
        )
        measure_clicks(browser, compared, addresses)
        loads, sizes = measure_loads(browser, compared[:2], addresses[:2])
        browser.close()
    tables = report(compared, loads, sizes, datetime.now(UTC).date().isoformat())
    print(tables)
    keep("clicks", tables)


if __name__ == "__main__":
    main()
