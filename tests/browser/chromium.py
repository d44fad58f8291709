"""Find a Chromium for the browser tests, or install one.

Run as a script by ``make test``; imported by the tests and by ``bench``.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the path of a browser: the system's, or the one that Playwright downloaded."""
    named = os.environ.get("ARMSFLOW_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install_chromium() -> None:
    """Install a browser: Playwright's download, else the system's package."""
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    for attempt in attempts:
        subprocess.run(attempt, check=False)
        if find_chromium():
            return
    sys.exit(
        "No browser for the tests. Install Chromium (Debian: apt-get install chromium), or name "
        "one in ARMSFLOW_CHROMIUM."
    )


if __name__ == "__main__":
    if not find_chromium():
        install_chromium()
    print(f"Browser for the tests: {find_chromium()}")
