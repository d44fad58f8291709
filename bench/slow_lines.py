"""Measure how long the page takes on slow lines: first visit and second, plain and as shipped.

Run with ``python -m bench.slow_lines``. Chromium slows its own network down (DevTools Protocol),
web sockets apart, which it cannot. *Plain* is ``streamlit run dashboard.py``; *shipped* is
``python -m armsflow show``, which compresses scripts and the map's files.
"""

import time

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import find_chromium
from tests.browser.serving import serve

LINES = {
    "2 Mbit/s, 50 ms": (2000, 50),
    "400 kbit/s, 50 ms": (400, 50),
    "2 Mbit/s, 300 ms": (2000, 300),
}
"""Kilobits in a second, and milliseconds until an answer begins."""
PAINTED = """
() => document.querySelector('iframe[title^="armsflow.webmap"]')?.contentDocument
  ?.querySelectorAll('path.corridor').length > 0
"""


def visits(browser: Browser, address: str, speed: int, delay: int) -> tuple[float, float, float]:
    """Return the seconds of a first and a second visit, and the megabytes of the first."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    seconds, received = [], 0
    for _ in range(2):
        tab = context.new_page()
        tools = context.new_cdp_session(tab)
        tools.send("Network.enable")
        rate = speed * 1000 / 8
        conditions = {"offline": False, "latency": delay}
        conditions |= {"downloadThroughput": rate, "uploadThroughput": rate}
        tools.send("Network.emulateNetworkConditions", conditions)
        amounts: list[float] = []
        tools.on(
            "Network.loadingFinished",
            lambda event, to=amounts: to.append(event["encodedDataLength"]),
        )
        begun = time.perf_counter()
        tab.goto(address, wait_until="commit", timeout=300_000)
        tab.wait_for_function(PAINTED, timeout=300_000)
        seconds.append(time.perf_counter() - begun)
        received = received or int(sum(amounts))
        tab.close()
    context.close()
    return seconds[0], seconds[1], received / 1e6


def main() -> None:
    """Print a table."""
    print("| line | way | first visit, s | second visit, s | received until the map, MB |")
    print("|---|---|--:|--:|--:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for shipped in (False, True):
            with serve(plain=not shipped) as address:
                visits(browser, address, 100_000, 1)  # the first reader after a start pays for it
                for line, (speed, delay) in LINES.items():
                    first, second, amount = visits(browser, address, speed, delay)
                    way = "shipped" if shipped else "plain"
                    print(f"| {line} | {way} | {first:.1f} | {second:.1f} | {amount:.1f} |")
        browser.close()


if __name__ == "__main__":
    main()
