"""What Chromium draws, Firefox and WebKit draw too, where they are installed."""

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
from tests.browser import engines
from tests.browser.visit import Visit
from tests.choices import random_selections

DRAWN = """() => {
  const map = document.querySelector('iframe[title^="armsflow.webmap"]')?.contentDocument;
  const running = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState;
  if (!map || running !== 'notRunning' || !document.querySelector('.counts b')) return '';
  const named = (selector, prefix) => [...map.querySelectorAll(selector)]
    .map((one) => [...one.classList].find((name) => name.startsWith(prefix))).sort();
  return JSON.stringify({ counts: document.querySelector('.counts b').innerText,
    lines: [...named('path.corridor', 'corridor-'), ...named('path.link', 'link-')],
    places: named('path.place', 'place-'),
    numbers: [...map.querySelectorAll('.case .box')].map((one) => one.innerText).sort() });
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


@pytest.mark.parametrize("browser", BROWSERS)
def test_the_map_is_the_same_as_in_chromium_and_presses_work(
    browser: Callable[..., Any], shipped: Dataset, layouts: Layouts, visit: Visit, tmp_path: Path
):
    asked = [replace(one, focus="") for one in random_selections(shipped, 60, seed=53)]
    # A visit waits for the first line.
    chosen = [
        one
        for one in asked
        if picture.draw(one, selection.apply(shipped, one), shipped, layouts).lines
    ][:20]
    assert len(chosen) == 20
    queries = [f"?{urlencode(to_query(one, shipped), doseq=True)}" for one in chosen]
    with browser(tmp_path) as (goto, evaluate):
        for query in queries:
            visit.open(query)
            visit.settle()
            goto(visit.address + query)
            engines.wait_until(evaluate, DRAWN, visit.page.evaluate(DRAWN))
        visit.open("?weapon=manpads")
        visit.settle()
        goto(visit.address)
        engines.wait_until(evaluate, f"() => ({DRAWN})() !== ''")
        engines.wait_until(evaluate, PRESS)
        engines.wait_until(evaluate, DRAWN, visit.page.evaluate(DRAWN))
        assert evaluate(OPEN_BRIEF)
        engines.wait_until(evaluate, OFFERED)
