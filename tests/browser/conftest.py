"""A running page, a browser that cannot reach any other machine, and a fresh visit per test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.recount import Recount
from tests.browser.serving import HOST, serve
from tests.browser.tabs import Tabs
from tests.browser.visit import PATIENCE, Visit

ONLY_THIS_MACHINE = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}, EXCLUDE localhost"

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*ARGUMENTS, ONLY_THIS_MACHINE]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Tabs:
    return Tabs(chromium)


@pytest.fixture(scope="session")
def recount() -> Recount:
    return Recount()


@pytest.fixture
def start_server() -> Iterator[Callable[..., str]]:
    """Start further servers, with other data or another base path; returns the address."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serve(**options))


@contextmanager
def visits(tabs: Tabs) -> Iterator[Callable[..., Visit]]:
    """Visits to any address; when they end, nothing may have gone wrong in the browser."""
    begun: list[Visit] = []

    def start(address: str, **options: Any) -> Visit:
        begun.append(Visit(tabs.take(**options), address))
        return begun[-1]

    yield start
    for visit in begun:
        visit.leave()
        tabs.give_back(visit.page)
    assert [error for visit in begun for error in visit.errors] == []
    assert [url for visit in begun for url in visit.outside] == []


@pytest.fixture
def visit_to(
    tabs: Tabs,
    start_server: Callable[..., str],  # noqa: ARG001 (visits end before their servers do)
) -> Iterator[Callable[..., Visit]]:
    with visits(tabs) as start:
        yield start


@pytest.fixture(scope="module")
def lasting_visit(tabs: Tabs, address: str) -> Iterator[Visit]:
    """A visit for all tests of a file: they may look, and leave everything as it was."""
    with visits(tabs) as start:
        yield start(address)


@pytest.fixture
def visit(visit_to: Callable[..., Visit], address: str) -> Visit:
    return visit_to(address)
