"""Other browsers than Chromium for the tests that matter: Firefox and WebKitGTK, if installed."""

import itertools
import json
import os
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websockets.sync.client
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.serving import free_port

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver")
SCREEN = shutil.which("Xvfb")

Evaluate = Callable[[str], Any]
"""Runs an expression in the page and returns its value, which is a string, number or truth."""


@contextmanager
def firefox(folder: Path) -> Iterator[tuple[Callable[[str], None], Evaluate]]:
    """Start Firefox, and speak WebDriver BiDi with it, which it knows without a driver."""
    port = free_port()
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(folder),
               "--remote-debugging-port", str(port), "about:blank"]  # fmt: skip
    environment = os.environ | {"HOME": str(folder)}
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert process.stderr
    try:
        next(line for line in process.stderr if "WebDriver BiDi listening" in line)
        with websockets.sync.client.connect(
            f"ws://127.0.0.1:{port}/session", max_size=None
        ) as wire:
            numbers = itertools.count()

            def call(method: str, **parameters: Any) -> Any:
                number = next(numbers)
                wire.send(json.dumps({"id": number, "method": method, "params": parameters}))
                while True:
                    answer = json.loads(wire.recv(60))
                    if answer.get("id") == number:
                        assert answer["type"] == "success", answer
                        return answer["result"]

            call("session.new", capabilities={})
            tab = call("browsingContext.getTree")["contexts"][0]["context"]
            size = {"width": 1280, "height": 800}
            call("browsingContext.setViewport", context=tab, viewport=size)

            def goto(address: str) -> None:
                call("browsingContext.navigate", context=tab, url=address, wait="complete")

            def evaluate(expression: str) -> Any:
                done = call(
                    "script.evaluate", expression=f"({expression})()", target={"context": tab},
                    awaitPromise=True,
                )  # fmt: skip
                return done["result"].get("value")

            yield goto, evaluate
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@contextmanager
def webkit(_: Path) -> Iterator[tuple[Callable[[str], None], Evaluate]]:
    """Start WebKitGTK with a screen of its own."""
    screen = subprocess.Popen(
        [str(SCREEN), "-displayfd", "1", "-screen", "0", "1400x1000x24"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert screen.stdout
    try:
        environment = os.environ | {"DISPLAY": f":{screen.stdout.readline().strip()}"}
        service = Service(str(WEBKIT), env=environment)
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            browser = webdriver.WebKitGTK(options=Options(), service=service)
        try:
            browser.set_window_size(1280, 800)

            def evaluate(expression: str) -> Any:
                return browser.execute_script(f"return ({expression})();")

            yield browser.get, evaluate
        finally:
            browser.quit()
    finally:
        screen.terminate()
        screen.wait()
        screen.stdout.close()


def wait_until(evaluate: Evaluate, expression: str, wanted: Any = True) -> None:
    """Wait until an expression has a value in the page."""
    deadline = time.monotonic() + 60
    while (found := evaluate(expression)) != wanted:
        assert time.monotonic() < deadline, f"{found} and not {wanted}"
        time.sleep(0.2)
