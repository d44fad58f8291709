"""One reader's visit to the page: what it shows, and everything that happened meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Frame, Locator, Page
from playwright.sync_api import TimeoutError as TimedOut

from tests.browser.serving import HOST

PATIENCE = 60_000
"""Milliseconds that a slow machine may take; nothing is said about speed here."""

POLLING = 50
"""Milliseconds between two looks; a look at every frame keeps the browser from its work."""

# One look at the whole page. Lists, not sets: whatever is drawn twice shows up twice.
READ_VIEW = """
() => {
  const map = document.querySelector('iframe[title^="armsflow.webmap"]')?.contentDocument;
  const drawn = (selector, prefix) => [...(map?.querySelectorAll(selector) ?? [])]
    .map((path) => [...path.classList].find((name) => name.startsWith(prefix))).sort();
  const pills = (key) =>
    [...document.querySelectorAll(`.st-key-${key} button[data-variant=pills]`)];
  const text = (selector) => document.querySelector(selector)?.innerText ?? null;
  return {
    corridors: drawn('path.corridor', 'corridor-'),
    links: drawn('path.link', 'link-'),
    places: drawn('path.place', 'place-'),
    pills: pills('weapon').map((pill) => pill.innerText),
    pressed: [...pills('weapon'), ...pills('destinations')]
      .filter((pill) => pill.getAttribute('aria-pressed') === 'true')
      .map((pill) => pill.closest('.st-key-weapon')
        ? pill.innerText.replace(/ \\d+$/, '') : pill.innerText),
    counts: text('.counts b') ?? '',
    query: [...new URL(location).searchParams].filter(([key]) => key !== 'focus')
      .sort((a, b) => (a < b ? -1 : 1)),
  };
}
"""

QUIET = """
() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
"""

TOP = "(element) => Math.round(element.getBoundingClientRect().top)"

COUNT_RUNS = """
() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.runs = 0;
  new MutationObserver(() => { window.runs += app.dataset.testScriptState === 'running'; })
    .observe(app, { attributeFilter: ['data-test-script-state'] });
}
"""

# The view fits the frame, whose size may change while the page is laid out.
FITTED = """
() => {
  const { map, bounds } = armsflow;
  const { center, zoom } = map._getBoundsCenterZoom(bounds, { padding: [2, 2] });
  return map.getSize().y > 200 && Math.abs(zoom - map.getZoom()) < 1e-6
    && map.project(center).distanceTo(map.project(map.getCenter())) < 2;
}
"""


class Visit:
    """A page with its record.

    ``requests`` holds every address asked for by any frame, web sockets included; ``errors``
    every console error and uncaught exception.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._heard: list[tuple[Any, str, Any]] = []
        page.set_default_timeout(PATIENCE)
        self._hear(page.context, "request", lambda request: self.requests.append(request.url))
        self._hear(page, "websocket", lambda socket: self.requests.append(socket.url))
        self._hear(page, "console", self._note_message)
        self._hear(page, "pageerror", lambda error: self.errors.append(str(error)))

    def _hear(self, source: Any, event: str, listener: Any) -> None:
        source.on(event, listener)
        self._heard.append((source, event, listener))

    def _note_message(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")

    @property
    def outside(self) -> list[str]:
        """Requests that left the machine."""
        own = {HOST, "localhost", None}
        return [url for url in self.requests if urlsplit(url).hostname not in own]

    def listen(self) -> bytearray:
        """Keep every byte that the server sends over web sockets opened from now on."""
        heard = bytearray()

        def hear(frame: bytes | str) -> None:
            heard.extend(frame if isinstance(frame, bytes) else frame.encode())

        self._hear(self.page, "websocket", lambda socket: socket.on("framereceived", hear))
        return heard

    # ------------------------------------------------------------ coming and going

    def open(self, query: str = "") -> "Visit":
        self.page.goto(self.address + query)
        self.wait_for_map()
        return self

    def leave(self) -> None:
        """End the visit; what the browser says afterwards is not noted."""
        if not self._heard:
            return
        self.page.evaluate("0")  # what it said before is
        for source, event, listener in self._heard:
            source.remove_listener(event, listener)
        self._heard.clear()
        self.page.goto("about:blank")

    def wait_for_map(self) -> None:
        """Wait until lines, land, boundaries and rivers are painted and the run has ended."""
        self.map.locator("body.has-land.has-water.has-boundaries").wait_for(state="attached")
        self.map.locator("path.corridor, path.link").first.wait_for(state="attached")
        self.map_frame.wait_for_function(FITTED, polling=POLLING)
        # The map comes before the rest of the page.
        self.page.locator(".st-key-weapon button").first.wait_for(state="attached")
        self.settle()

    def settle(self) -> None:
        """Wait until the server has nothing more to say."""
        self.page.wait_for_function(QUIET, polling=POLLING)

    def press(self, button: Locator, times: int = 1) -> None:
        """Press something that may be out of sight, once the page has stopped moving below it.

        A press whose finger comes up beside the button is none. While the server speaks, a button
        that moves is there twice.
        """
        self.settle()
        self.bring_into_sight(button)
        button.click(click_count=times)

    def bring_into_sight(self, part: Locator) -> None:
        """Scroll to a part of the page and wait until it stands still.

        What comes into sight gets the height that was guessed before, and moves its neighbours.
        """
        part.scroll_into_view_if_needed()
        top = None
        while top != (top := part.evaluate(TOP)):
            self.page.wait_for_timeout(2 * POLLING)

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Wait until what is done meanwhile has made the server say something, and it is done."""
        self.page.evaluate(COUNT_RUNS)
        yield
        self.page.wait_for_function("() => window.runs > 0", polling=POLLING)
        self.settle()

    # ------------------------------------------------------------ what is shown

    @property
    def map(self) -> Any:
        return self.page.frame_locator('iframe[title^="armsflow.webmap"]')

    @property
    def map_frame(self) -> Frame:
        element = self.page.locator('iframe[title^="armsflow.webmap"]').element_handle()
        frame = element.content_frame()
        assert frame
        return frame

    @property
    def headline(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def focus(self) -> str:
        return parse_qs(urlsplit(self.page.url).query).get("focus", [""])[0]

    def view(self) -> dict[str, Any]:
        view: dict[str, Any] = self.page.evaluate(READ_VIEW)
        return view

    def expect_view(self, expected: dict[str, Any], timeout: float = 60_000) -> None:
        """Wait until the page shows these parts of a view, and still does once all is quiet."""
        matches = f"""(expected) => {{
          const seen = ({READ_VIEW})();
          return Object.keys(expected)
            .every((part) => JSON.stringify(seen[part]) === JSON.stringify(expected[part]));
        }}"""
        with suppress(TimedOut):  # the comparison below says what differs
            self.page.wait_for_function(
                matches,
                arg=expected,
                timeout=timeout,
                polling=POLLING,
            )
        self.settle()
        seen = self.view()
        wrong = [
            f"{part}: {seen[part]} is shown, {expected[part]} was asked for"
            for part in expected
            if seen[part] != expected[part]
        ]
        assert not wrong, "\n".join(wrong)

    def map_state(self) -> list[float]:
        """Zoom, latitude and longitude of the map's middle, exactly."""
        state: list[float] = self.map_frame.evaluate(
            "() => { const { lat, lng } = armsflow.map.getCenter();"
            " return [armsflow.map.getZoom(), lat, lng]; }"
        )
        return state

    def expect_focus(self, focus: str) -> None:
        """Wait until the address names what is in focus (nothing, if empty)."""
        self.page.wait_for_function(
            "(focus) => (new URL(location).searchParams.get('focus') ?? '') === focus",
            arg=focus,
            polling=POLLING,
        )
        self.settle()

    # ------------------------------------------------------------ what a reader does

    def press_pill(self, key: str, words: str) -> None:
        pills = self.page.locator(f".st-key-{key} button[data-variant=pills]")
        pills.filter(has_text=words).first.click()

    def press_on_map(self, css: str) -> None:
        """Click a line or place where nothing covers it."""
        self.page.locator('iframe[title^="armsflow.webmap"]').scroll_into_view_if_needed()
        spot = self.map_frame.evaluate(FREE_SPOT, css)
        assert spot, f"no point of {css} can be pressed"
        frame = self.page.locator('iframe[title^="armsflow.webmap"]').bounding_box()
        assert frame
        inset = 1  # the frame's border
        self.page.mouse.click(frame["x"] + inset + spot[0], frame["y"] + inset + spot[1])

    def clear_focus(self) -> None:
        self.page.locator(".st-key-focus button[aria-label='Clear value']").click()
        self.expect_focus("")


# A point of a path at which the browser would give the click to this very path.
FREE_SPOT = """
(css) => {
  const path = document.querySelector(css);
  const frame = document.getElementById('map_armsflow').getBoundingClientRect();
  const matrix = path.getScreenCTM();
  const spots = [];
  if (path.classList.contains('place')) {
    const box = path.getBoundingClientRect();
    for (const x of [0.5, 0.3, 0.7, 0.15, 0.85]) for (const y of [0.5, 0.3, 0.7, 0.15, 0.85]) {
      spots.push([box.left + x * box.width, box.top + y * box.height]);
    }
  } else {
    const length = path.getTotalLength();
    for (let step = 1; step < 200; step += 1) {
      const point = path.getPointAtLength(length * step / 200).matrixTransform(matrix);
      spots.push([point.x, point.y]);
    }
  }
  return spots.find(([x, y]) => x > frame.left && x < frame.right && y > frame.top
    && y < frame.bottom && document.elementFromPoint(x, y) === path) ?? null;
}
"""
