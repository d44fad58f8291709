"""What Chromium draws, Firefox and WebKit draw too, where they are installed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from armsflow.dataset.dataset import Dataset
from armsflow.picture import picture
from armsflow.picture.routes import Layouts
from armsflow.selection import selection
from armsflow.selection.query import to_query
from armsflow.selection.selection import Selection
from tests.browser import engines
from tests.choices import random_selections

DRAWN = """() => {
  const map = document.querySelector('iframe[title^="armsflow.webmap"]')?.contentDocument;
  const running = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState;
  if (!map || running !== 'notRunning') return '';
  const named = (selector, prefix) => [...map.querySelectorAll(selector)]
    .map((one) => [...one.classList].find((name) => name.startsWith(prefix))).sort();
  return JSON.stringify([
    [...named('path.corridor', 'corridor-'), ...named('path.link', 'link-')],
    named('path.place', 'place-'),
    [...map.querySelectorAll('.case .box')].map((one) => one.innerText).sort()]);
}"""
PRESS = """() => {
  const pill = [...document.querySelectorAll('.st-key-weapon button')]
    .find((one) => one.innerText.startsWith('MANPADS'));
  pill?.click();
  return Boolean(pill);
}"""
OPEN_BRIEF = """() => {
  [...document.querySelectorAll('button')].find((one) => one.innerText.includes('Brief')).click();
  return true;
}"""
OFFERED = """() =>
  document.querySelector('[data-testid=stPopoverBody]')?.innerText.includes('PNG') === true"""

BROWSERS = [
    pytest.param(
        engines.firefox, id="firefox",
        marks=pytest.mark.skipif(not engines.FIREFOX, reason="with Firefox ESR installed"),
    ),
    pytest.param(
        engines.webkit, id="webkit",
        marks=pytest.mark.skipif(
            not (engines.WEBKIT and engines.SCREEN),
            reason="with webkit2gtk-driver and xvfb installed",
        ),
    ),
]  # fmt: skip


def drawn(chosen: Selection, dataset: Dataset, layouts: Layouts) -> str:
    """Return what the map is to hold, as :data:`DRAWN` says it."""
    made = picture.draw(chosen, selection.apply(dataset, chosen), dataset, layouts)
    corridors = sorted(f"corridor-{one.line}" for one in made.lines if one.kind == "corridor")
    links = sorted(one.line for one in made.lines if one.kind == "link")
    places = sorted(f"place-{one.place}" for one in made.places)
    numbers = sorted(one.text for one in made.numbers)
    said = [corridors + links, places, numbers]
    return json.dumps(said, separators=(",", ":"))


@pytest.mark.parametrize("browser", BROWSERS)
def test_the_map_is_the_same_as_in_chromium_and_presses_work(
    browser: Callable[..., Any], shipped: Dataset, layouts: Layouts, address: str, tmp_path: Path
):
    """Chromium is held to the same picture by the tests of the page."""
    chosen = [replace(one, focus="") for one in random_selections(shipped, 20, seed=53)]
    default = selection.default_selection(shipped)
    with browser(tmp_path) as (goto, evaluate):
        for one in chosen:
            goto(f"{address}?{urlencode(to_query(one, shipped), doseq=True)}")
            engines.wait_until(evaluate, DRAWN, drawn(one, shipped, layouts))
        goto(address)
        engines.wait_until(evaluate, DRAWN, drawn(default, shipped, layouts))
        engines.wait_until(evaluate, PRESS)
        pressed = replace(default, weapon=("manpads",))
        engines.wait_until(evaluate, DRAWN, drawn(pressed, shipped, layouts))
        assert evaluate(OPEN_BRIEF)
        engines.wait_until(evaluate, OFFERED)
