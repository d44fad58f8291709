"""A running page, a browser that cannot reach any other machine, and a fresh visit per test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.recount import Recount
from tests.browser.serving import HOST, serve
from tests.browser.visit import PATIENCE, Visit

ONLY_THIS_MACHINE = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}, EXCLUDE localhost"
DESK = {"width": 1600, "height": 900}

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
def recount() -> Recount:
    return Recount()


@pytest.fixture
def start_server() -> Iterator[Callable[..., str]]:
    """Start further servers, with other data or another base path; returns the address."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serve(**options))


@pytest.fixture
def visit_to(
    chromium: Browser,
    start_server: Callable[..., str],  # noqa: ARG001 (visits end before their servers do)
) -> Iterator[Callable[..., Visit]]:
    """A visit to any address; when the test ends, nothing may have gone wrong in the browser."""
    visits: list[Visit] = []

    def start(address: str, **options: Any) -> Visit:
        context = chromium.new_context(**{"viewport": DESK} | options)
        visits.append(Visit(context, address))
        return visits[-1]

    yield start
    for visit in visits:
        visit.page.context.close()
    assert [error for visit in visits for error in visit.errors] == []
    assert [url for visit in visits for url in visit.outside] == []


@pytest.fixture
def visit(visit_to: Callable[..., Visit], address: str) -> Visit:
    return visit_to(address)
