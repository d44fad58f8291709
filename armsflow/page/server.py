"""The server of the page: Streamlit's own, with what a closed network needs around it.

Streamlit sends its scripts uncompressed, asks many things before it refuses a page of another
origin, and shows grey bars for ever where a proxy passes no web sockets. Three small layers around
it see to that; all else is Streamlit's.
"""

import asyncio
import gzip
import importlib
import json
import os
import pkgutil
import re
import socket
import threading
import tomllib
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime

from armsflow.dataset.loader import DataError
from armsflow.home import HOME
from armsflow.language import ENGLISH, LOCALES, direction, of_browser, speaking
from armsflow.page import access, frame
from armsflow.page.markup import render
from armsflow.selection.query import LANGUAGE_KEY

COMPRESSED: Final = ("javascript", "json", "css", "html", "svg", "text/plain")
"""What is worth compressing, by a part of its content type; fonts and pictures are small as is."""
FOREVER: Final = "public, max-age=31536000, immutable"
BROWSER_PAUSE: Final = 1.5
"""Seconds from the start of the server until a browser is opened."""
MAP_FILES: Final = "/component/armsflow.webmap."
"""Part of the address of the map's files. It holds their digest: other contents, other address."""
ADDED: Final = Path(__file__).with_name("document.html").read_bytes()
"""Copying where a browser gives no clipboard, and a slider that runs from left to right."""

EARLY_MODULES: Final = (
    "Html", "purify.es", "ComponentInstance", "IFrameUtil", "urls", "withCalculatedWidth",
)  # fmt: skip
"""Streamlit's scripts that draw HTML and components, which it asks for one after the other."""
EARLY: Final = Path(__file__).with_name("early.html").read_bytes()
"""The call of :func:`early_files`."""


class OwnOriginOnly:
    """Refuses web sockets of pages of another origin at once, before Streamlit looks into them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not a web socket, and what comes from this page or no page."""
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            origin, allowed = headers.get("origin"), config.get_option("server.corsAllowedOrigins")
            own = origin is None or urlsplit(origin).netloc == headers.get("host")
            if not own and origin not in (allowed or ()):
                await send({"type": "websocket.close", "code": 1008})
                return
        await self.app(scope, receive, send)


class Compressed:
    """Compresses the scripts and the map's files, each once, and lets browsers keep the latter."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: dict[str, tuple[MutableHeaders, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let Streamlit answer and keep it."""
        path = scope.get("path", "")
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        wanted = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and ("/static/" in path or MAP_FILES in path)
            and "gzip" in headers.get("accept-encoding", "")
            and not {"range", "if-none-match", "if-modified-since"} & set(headers.keys())
        )
        if not wanted:
            await self.app(scope, receive, send)
            return
        if path not in self.kept:
            answer = await _answer(self.app, scope)
            packed = await asyncio.to_thread(answer.packed, MAP_FILES in path)
            if packed is None:
                await answer.send(send)
                return
            self.kept[path] = packed
        kept, body = self.kept[path]
        await send({"type": "http.response.start", "status": 200, "headers": kept.raw})
        await send({"type": "http.response.body", "body": body})


async def _answer(app: ASGIApp, scope: Scope) -> "_Answer":
    """Let Streamlit answer whole and uncompressed, and not leave a file to the server below.

    It is not told when the reader goes away: it would stop, and the beginning of a file, or none
    of it, would be kept for all readers who come later.
    """
    headers = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
    messages: list[Message] = []

    async def take(message: Message) -> None:
        messages.append(message)

    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return asked.pop() if asked else await asyncio.Future()

    await app({**scope, "extensions": {}, "headers": headers}, receive, take)
    return _Answer(messages)


class _Answer:
    """An answer of Streamlit's, whole."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        start, *rest = messages
        self.status = int(start["status"])
        self.headers = MutableHeaders(raw=list(start.get("headers", ())))
        self.kind = self.headers.get("content-type", "")
        self.body = b"".join(part.get("body", b"") for part in rest)

    async def send(self, send: Send) -> None:
        for message in self.messages:
            await send(message)

    def packed(self, lasting: bool) -> tuple[MutableHeaders, bytes] | None:
        """Return headers and compressed body, or nothing if it is not worth it."""
        length = int(self.headers.get("content-length", len(self.body)))
        if (
            self.status != 200
            or len(self.body) != length
            or not any(part in self.kind for part in COMPRESSED)
        ):
            return None
        headers, body = self.headers, gzip.compress(self.body, 9, mtime=0)
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        headers.add_vary_header("Accept-Encoding")
        if lasting:
            headers["cache-control"] = FOREVER
        return headers, body


class WithAdded:
    """Adds to the page's document what Streamlit's own lacks, and says its language.

    The line of ``waiting.html`` is shown after eight seconds until the page's own style sheet,
    which comes with the first message, hides it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add these to a whole HTML document of the page; pass on all else."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or "." in path.rpartition("/")[2]:
            await self.app(scope, receive, send)
            return
        answer = await _answer(self.app, scope)
        if "text/html" not in answer.kind or b"</body>" not in answer.body:
            await answer.send(send)
            return
        language = language_asked(scope)
        early = await asyncio.to_thread(early_files, language)
        with speaking(language):
            waiting = render("waiting").encode()
            said = f'lang="{language}" dir="{direction()}"'.encode()
        body = answer.body.replace(b'lang="en"', said, 1)
        body = body.replace(b"</body>", waiting + ADDED + early + b"</body>", 1)
        response = Response(body, answer.status, media_type="text/html")
        response.headers["cache-control"] = answer.headers.get("cache-control", "no-cache")
        await response(scope, receive, send)


def language_asked(scope: Scope) -> str:
    """Return the language in which the page will open: the address's, else the browser's."""
    asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
    first = re.split("[,;]", Headers(scope=scope).get("accept-language", ""))[0]
    named = (one for one in asked.get(LANGUAGE_KEY, ()) if one in LOCALES)
    return next(named, of_browser(first))


def early_files(language: str = ENGLISH) -> bytes:
    """Write the call that fetches the map's files while Streamlit's own scripts still load.

    Where readers have to sign in, the names of the files are told to nobody before.

    Parameters
    ----------
    language
        That of the map.
    """
    edition = frame.open_display().latest
    addresses = []
    # Where the map cannot be published, the page itself says so.
    with suppress(OSError):
        if edition and access.is_open():
            edition = edition.said(language)
            # Streamlit itself takes components in a run of the page only; the first reader's
            # browser asks for the files before there was one.
            edition.show.write_missing()
            runtime.get_instance().component_registry.register_component(edition.show.component)
            addresses = edition.show.addresses
    values = {b"MODULES": early_modules(), b"FILES": addresses}
    text = EARLY
    for name, value in values.items():
        text = text.replace(name, json.dumps(value).encode())
    return text


@cache
def early_modules() -> list[str]:
    """Return the addresses of those of Streamlit's scripts that the map waits for."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    found = (next(folder.glob(f"{name}.*.js"), None) for name in EARLY_MODULES)
    return [f"static/js/{file.name}" for file in found if file]


app: Final = st.App(
    HOME / "dashboard.py",
    middleware=[Middleware(OwnOriginOnly), Middleware(Compressed), Middleware(WithAdded)],
)


def run(host: str, port: int, *, browser: bool, base_path: str = "") -> None:
    """Serve the page until the process is stopped.

    Parameters
    ----------
    host, port
        Where it answers.
    browser
        Whether a browser is opened on it.
    base_path
        Below which path, if a proxy passes on only a part of an address.
    """
    threading.Thread(target=make_ready, daemon=True).start()
    if browser:
        threading.Timer(BROWSER_PAUSE, webbrowser.open, [address_of(host, port, base_path)]).start()
    app.run(
        config=settings()
        | {
            "server.address": host,
            "server.port": port,
            "server.headless": True,
            "server.baseUrlPath": base_path,
            "server.fileWatcherType": "none",
        }
    )


def make_ready() -> None:
    """Load what the first reader would wait for: the modules of the page, and the data."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)], "armsflow.page."):
        importlib.import_module(module.name)
    # The page itself says what is wrong with the data.
    with suppress(DataError):
        edition, _ = frame.open_display().current()
        for language in LOCALES:
            edition.said(language)


def address_of(host: str, port: int, base_path: str = "") -> str:
    """Return the address at which a browser on this machine finds the page."""
    try:
        everywhere = ip_address(host).is_unspecified
    except ValueError:
        everywhere = False
    path = base_path.strip("/")
    return f"http://{'localhost' if everywhere else host}:{port}/" + (f"{path}/" if path else "")


def settings() -> dict[str, Any]:
    """Return the settings of ``.streamlit/config.toml``, whichever folder the page starts from."""
    found = tomllib.loads((HOME / ".streamlit" / "config.toml").read_text("utf-8"))
    secrets = os.environ.get("ARMSFLOW_SECRETS") or str(HOME / ".streamlit" / "secrets.toml")
    return dict(_flat(found, "")) | {"secrets.files": [secrets]}


def _flat(table: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def free_port(host: str) -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind((host, 0))
        return int(free.getsockname()[1])
