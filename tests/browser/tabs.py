"""Tabs of one browser that are used again: each compiles the scripts of the page only once."""

from contextlib import suppress
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

DESK = {"width": 1600, "height": 900}

FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


class Tabs:
    """Gives tabs and takes them back; no two share cookies or storage.

    Parameters
    ----------
    browser
        Where they are opened.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: list[Page] = []
        self.fresh: list[Page] = []

    def take(self, fresh: bool = False, viewport: Any = DESK, color_scheme: Any = "light") -> Page:
        """Give a tab that holds nothing; a fresh one has no cache either."""
        if fresh or not self.free:
            page = self.browser.new_context(viewport=viewport).new_page()
            self.fresh += [page] * fresh
        else:
            page = self.free.pop()
            page.set_viewport_size(viewport)
        page.emulate_media(media="null", color_scheme=color_scheme)
        return page

    def give_back(self, page: Page) -> None:
        """Empty a tab and keep it for the next visit, unless it was to be a fresh one."""
        context = page.context
        if page in self.fresh:
            context.close()
            return
        for other in context.pages:
            if other != page:
                other.close()
        with suppress(BrowserError):  # the page of a server that ended has no storage
            page.evaluate(FORGET)
        page.goto("about:blank")
        page.mouse.move(0, 0)
        context.unroute_all()
        page.unroute_all()
        context.clear_cookies()
        context.clear_permissions()
        self.free.append(page)
