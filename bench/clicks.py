"""From a press to a painted map, and from an address to a painted map.

Run with ``make bench``, or on another data package with ``python -m bench.clicks --data FOLDER``;
:func:`medians` returns the same as numbers. Every variant runs on this machine at the same time,
in its own server; presses go round all variants in turn, so that whatever else the machine does
hits all alike. Times are taken inside the browser: from the trusted press to the first animation
frame in which the map has exactly the lines and places that were asked for. Nothing is asserted
here: times of two machines, or of two days, cannot be compared; ratios within one run can.
"""

import argparse
import json
import os
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
PATIENCE = 600_000
"""Milliseconds that a variant may take to load or to answer, whatever the size of the data."""
SEED = 2011
SCREEN = {"width": 1600, "height": 900}
AWAKE = [
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
SOFTWARE_GRAPHICS = ["--enable-unsafe-swiftshader"]
"""Lets deck.gl draw where there is no graphics card; no other variant uses WebGL."""

# Whether the frames of the page have these lines and places and no other. An old map that still
# waits for its removal counts as drawn, so a rebuilt map is painted when no old line is left.
DRAWN = """
(goal) => {
  const paths = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const inside = frame.contentDocument;
    if (inside) paths.push(...inside.querySelectorAll('path.corridor, path.link, path.place'));
  }
  if (paths.length !== goal.length) return false;
  const name = (path) => [...path.classList].find((one) => /^(corridor|link|place)-/.test(one));
  return paths.map(name).sort().every((one, number) => one === goal[number]);
}
"""

# The same for deck.gl, which leaves no elements in the page: its layers have these lines and
# places, and it has drawn them, so that nothing of it waits for its next frame.
DRAWN_BY_DECK = """
(goal) => {
  const canvas = document.querySelector('[data-testid=stDeckGlJsonChart] canvas');
  if (!canvas) return false;
  let fiber = canvas[Object.keys(canvas).find((key) => key.startsWith('__reactFiber'))];
  let deck;
  for (; fiber && !deck; fiber = fiber.return) {
    for (let hook = fiber.memoizedState; hook && !deck; hook = hook.next) {
      deck = hook.memoizedState?.current?.deck;
    }
  }
  if (!deck?.isInitialized || deck.layerManager.needsUpdate() || deck.needsRedraw()) return false;
  const layers = deck.layerManager.getLayers();
  const drawn = layers.filter((layer) => ['lines', 'places'].includes(layer.id));
  if (drawn.length !== 2 || !drawn.every((layer) => layer.isLoaded)) return false;
  const names = drawn.flatMap((layer) => layer.props.data.map((one) => one.id));
  return names.length === goal.length
    && names.sort().every((one, number) => one === goal[number]);
}
"""
TEXT = "([goal]) => document.querySelector('[data-testid=stMarkdown] p')?.innerText === goal"

# Arms a stopwatch: it starts at the next press and stops at the first frame after the one in which
# the page has `goal`; a browser that still paints makes that frame wait. Both times are kept.
ARM = """
([read, goal]) => {
  const shows = eval(read);
  window.stopwatch = null;
  addEventListener('pointerdown', () => {
    const start = performance.now();
    const watch = () => {
      if (!shows(goal)) { requestAnimationFrame(watch); return; }
      const held = performance.now() - start;
      requestAnimationFrame(() => { window.stopwatch = [held, performance.now() - start]; });
    };
    requestAnimationFrame(watch);
  }, { capture: true, once: true });
}
"""

# The same from the first byte of the page on; the land must be painted too.
FROM_THE_START = """
if (window === window.top) {
  const shows = eval(%s);
  const goal = %s;
  const land = %s;
  const watch = () => {
    const frame = document.querySelector('iframe');
    const ready = !land
      || frame?.contentDocument?.body?.matches('.has-land.has-water.has-boundaries');
    if (!document.body || !ready || !shows(goal)) { requestAnimationFrame(watch); return; }
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
        JavaScript that says whether exactly these names are painted.
    goal
        The names, sorted, that are painted after a turn; turn 0 is the first load.
    settings
        Further environment variables of its server.
    held
        Milliseconds from press to the frame that has what was asked for.
    times
        Milliseconds from press to paint.
    received
        Bytes that the server sent after each press.
    """

    name: str
    script: Path
    press: Callable[[int], str]
    read: str
    goal: Callable[[int], list[str]]
    settings: dict[str, str] = field(default_factory=dict)
    held: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)


def selections(recount: Recount) -> list[tuple[str, list[str]]]:
    """Walk through weapon pills so that no selection comes twice and every press changes the map.

    Streamlit keeps long messages in the browser and does not send the same one again, so a press
    back and forth between two selections would measure that memory.

    Returns
    -------
    walk
        Label of the pill to press, and the names drawn after it; the first is the default.

    Raises
    ------
    ValueError
        If the data are so few or so many that no further press would change the map.
    """
    chance = random.Random(SEED)
    codes = [code for code in recount.groups if code not in recount.types]
    asked = Asked()
    walk = [("", drawn(recount, asked))]
    seen = {asked.weapon}
    while len(walk) <= WARM_UP + CLICKS:
        for code in chance.sample(codes, len(codes)):
            weapon = asked.weapon ^ {code}
            if weapon in seen:
                continue
            names = drawn(recount, replace(asked, weapon=weapon))
            if names != walk[-1][1]:
                break
        else:
            raise ValueError("No press that was not made before changes what is drawn.")
        seen.add(weapon)
        asked = replace(asked, weapon=weapon)
        walk.append((recount.groups[code], names))
    return walk


def drawn(recount: Recount, asked: Asked) -> list[str]:
    """Return the names that the script DRAWN must find."""
    view = recount.view(asked)
    return sorted(view["corridors"] + view["links"] + view["places"])


def variants(walk: list[tuple[str, list[str]]]) -> list[Variant]:
    """Return the ways that are compared, each pressed as :func:`selections` says."""

    def pill(turn: int) -> str:
        return f".st-key-weapon button:has-text('{walk[turn][0]}')"

    def goal(turn: int) -> list[str]:
        return walk[turn][1]

    def button(turn: int) -> str:  # noqa: ARG001
        return ".st-key-next button"

    def text(turn: int) -> list[str]:
        return [f"Pressed {turn}"]

    pages = HERE / "pages"
    return [
        Variant("armsflow", ROOT / "dashboard.py", pill, DRAWN, goal),
        Variant("empty page (floor)", pages / "empty.py", button, TEXT, text),
        Variant(
            "empty page as Streamlit comes",
            pages / "empty.py",
            button,
            TEXT,
            text,
            {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"},
        ),
        Variant("map rebuilt, st_folium", pages / "rebuilt.py", pill, DRAWN, goal),
        Variant("map rebuilt, HTML frame", pages / "framed.py", pill, DRAWN, goal),
        Variant("map redrawn, st.pydeck_chart", pages / "webgl.py", pill, DRAWN_BY_DECK, goal),
    ]


def measure_clicks(browser: Browser, compared: list[Variant], addresses: list[str]) -> None:
    """Press each variant in turn, warm-up first, and note time and bytes."""
    pages = []
    traffic = [0] * len(compared)
    for number, (variant, address) in enumerate(zip(compared, addresses, strict=True)):
        page = browser.new_page(viewport=SCREEN)
        page.on("websocket", lambda socket, number=number: _count(socket, traffic, number))
        page.goto(address)
        page.wait_for_function(variant.read, arg=variant.goal(0), timeout=PATIENCE)
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
            page.wait_for_function("() => window.stopwatch !== null", timeout=PATIENCE)
            held, time = page.evaluate("() => window.stopwatch")
            _settle(page)
            if turn > WARM_UP:
                variant.held.append(held)
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
            goal = json.dumps(variant.goal(0))
            watch = FROM_THE_START % (_quote(variant.read), goal, int(first))
            page.add_init_script(watch)
            page.goto(address)
            page.wait_for_function("() => window.stopwatch !== undefined", timeout=PATIENCE)
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
        " === 'notRunning'",
        timeout=PATIENCE,
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
        ("/webmap.css", "armsflow's drawing code and style"),
        ("/ground.js", "armsflow's drawing code and style"),
        ("/marks.js", "armsflow's drawing code and style"),
        ("/bridge.js", "armsflow's drawing code and style"),
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
        (
            "| press to painted map | median | middle half | armsflow is | painting left out "
            "| sent per press |"
        ),
        "|---|---:|---:|---:|---:|---:|",
    ]
    for variant in compared:
        median = statistics.median(variant.times)
        low, _, high = statistics.quantiles(variant.times, n=4)
        if variant is own:
            ratio = "–"
        elif variant.read is TEXT:
            ratio = f"{base / median:.2f} × this floor"
        else:
            ratio = f"{median / base:.1f} × faster"
        sent = statistics.median(variant.received) / 1000
        lines.append(
            f"| {variant.name} | {median:.0f} ms | {low:.0f}–{high:.0f} ms | {ratio} "
            f"| {statistics.median(variant.held):.0f} ms | {sent:.0f} kB |"
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


@contextmanager
def running(
    compared: list[Variant], data: Path | None = None
) -> Iterator[tuple[Browser, list[str]]]:
    """Run a server for each variant, and a browser; yields it with the servers' addresses."""
    with ExitStack() as stack, sync_playwright() as playwright:
        addresses = [
            stack.enter_context(serve(script=variant.script, data=data, settings=variant.settings))
            for variant in compared
        ]
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, *AWAKE, *SOFTWARE_GRAPHICS]
        )
        try:
            yield browser, addresses
        finally:
            browser.close()


def medians(data: Path | None = None) -> dict[str, dict[str, float]]:
    """Measure the presses on a data package.

    Parameters
    ----------
    data
        Folder of the data package, the shipped one if ``None``.

    Returns
    -------
    medians
        By name of the variant, each the median of all presses: ``milliseconds`` from press to
        painted map, ``milliseconds_before_painting`` to the frame that holds what was asked for,
        and ``bytes`` that the server sent over the web socket.
    """
    compared = variants(selections(Recount(data) if data else Recount()))
    with running(compared, data) as (browser, addresses):
        measure_clicks(browser, compared, addresses)
    return {
        variant.name: {
            "milliseconds": statistics.median(variant.times),
            "milliseconds_before_painting": statistics.median(variant.held),
            "bytes": statistics.median(variant.received),
        }
        for variant in compared
    }


def main() -> None:
    """Measure and print the tables; those of the shipped data are kept in bench/README.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.clicks", description=main.__doc__)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="another data package")
    data = parser.parse_args().data
    compared = variants(selections(Recount(data) if data else Recount()))
    with running(compared, data) as (browser, addresses):
        measure_clicks(browser, compared, addresses)
        loads, sizes = measure_loads(browser, compared[:2], addresses[:2])
    tables = report(compared, loads, sizes, datetime.now(UTC).date().isoformat())
    print(tables)
    if data is None:
        keep("clicks", tables)


if __name__ == "__main__":
    main()
