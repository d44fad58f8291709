"""The page on a closed network: it asks nobody, nobody outside stops it, and it copies there."""

import ast
import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.browser.serving import ROOT, free_port
from tests.browser.test_server import FOREIGN, UPGRADE, ask
from tests.browser.visit import Visit
from tests.offline import OFFLINE, starts_offline

LOCAL = re.compile(r"127\.|::1$|localhost$|0\.0\.0\.0$|::$|/")
WATCH = '''
"""Writes down whom the process asks: every connection and every name that is looked up."""
import os, sys


def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["WATCHED"], "a") as file:
            print(event, repr(arguments[1:] if event != "socket.getaddrinfo" else arguments[:1]),
                  file=file)


sys.addaudithook(note)
'''


def whom(line: str) -> str:
    """Return the host or the path that a line of the watch names."""
    _, _, told = line.partition(" ")
    (first, *_) = ast.literal_eval(told)
    host = first[0] if isinstance(first, tuple) else first
    return str(host.decode() if isinstance(host, bytes) else host or "localhost")


def test_the_server_asks_nobody_outside_whoever_calls(
    start_server: Callable[..., str], visit_to: Callable[..., Visit], tmp_path: Path
):
    (tmp_path / "sitecustomize.py").write_text(WATCH, "utf-8")
    watched = tmp_path / "watched.txt"
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    settings = {"PYTHONPATH": path, "WATCHED": str(watched), "DISPLAY": ""}
    address = start_server(settings=settings)
    visit_to(address).open()
    for headers in (FOREIGN, {"Origin": "http://192.0.2.7:8501"}, {"Origin": "null"}):
        assert ask(address, "/_stcore/stream", headers=UPGRADE | headers)[0] == 403
    lines = watched.read_text("utf-8").splitlines() if watched.exists() else []
    assert [line for line in lines if not LOCAL.match(whom(line))] == []


def test_the_watch_over_the_server_sees_who_is_asked(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text(WATCH, "utf-8")
    watched = tmp_path / "watched.txt"
    script = "import urllib.request as r\nr.urlopen('http://asked.invalid/', timeout=1)"
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "WATCHED": str(watched)}
    subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True)
    assert "asked.invalid" in {whom(line) for line in watched.read_text("utf-8").splitlines()}


@OFFLINE
def test_the_page_starts_from_any_folder_without_any_network(tmp_path: Path):
    port = free_port()
    command = f"'{sys.executable}' -m armsflow show --no-browser --port {port}"
    told = starts_offline(command, port, tmp_path, str(ROOT))
    assert f"http://127.0.0.1:{port}/" in told


def test_scripts_and_the_map_travel_compressed_and_may_be_kept(address: str, visit: Visit):
    document = ask(address, urlsplit(address).path)[2].decode()
    (script, *_) = re.findall(r"static/js/index[\w.-]+\.js", document)
    packed = {"Accept-Encoding": "gzip"}
    status, headers, body = ask(address, urlsplit(address).path + script, headers=packed)
    whole = ask(address, urlsplit(address).path + script)[2]
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == whole
    assert len(body) < len(whole) / 2
    assert "immutable" in headers["Cache-Control"]
    assert ask(address, urlsplit(address).path + script, headers=packed)[2] == body
    visit.open()
    frame = visit.page.locator('iframe[title^="armsflow.webmap"]').get_attribute("src") or ""
    land = urlsplit(frame).path.rpartition("/")[0] + "/land.json"
    status, headers, body = ask(address, land, headers=packed)
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in headers["Cache-Control"]
    assert gzip.decompress(body) == (ROOT / "data" / "basemap" / "land.json").read_bytes()


def test_the_document_says_that_the_page_has_not_arrived_until_it_has(
    address: str, chromium: Browser
):
    page = chromium.new_page()
    # A proxy that passes no web sockets: the connection is accepted and closed.
    page.route_web_socket(re.compile("_stcore/stream"), lambda socket: socket.close())
    page.goto(address)
    expect(page.locator("#armsflow-waiting")).to_be_visible(timeout=30_000)
    expect(page.locator("#armsflow-waiting")).to_contain_text("web socket")
    page.close()
    page = chromium.new_page()
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible(timeout=60_000)
    expect(page.locator("#armsflow-waiting")).to_be_hidden()
    page.close()


def test_words_are_copied_where_the_browser_gives_no_clipboard(visit: Visit):
    page = visit.page.context.new_page()
    # What a page over plain http finds.
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'clipboard',"
        " { value: undefined, configurable: true })"
    )
    page.goto(visit.address)
    page.get_by_role("button", name="Brief").first.click()
    caption = page.get_by_test_id("stCode").first
    caption.scroll_into_view_if_needed()
    words = caption.inner_text()
    page.evaluate(
        "document.addEventListener('copy', () => { window.copied = document.activeElement.value; })"
    )
    caption.hover()
    caption.locator("button").click()
    page.wait_for_function("window.copied !== undefined")
    assert page.evaluate("window.copied").split() == words.split()
    page.close()


def test_a_new_reader_finds_the_map_after_temporary_files_were_cleaned(
    start_server: Callable[..., str], visit_to: Callable[..., Visit], tmp_path: Path
):
    address = start_server(settings={"TMPDIR": str(tmp_path)})
    visit_to(address).open()
    (folder,) = tmp_path.glob("armsflow-*")
    shutil.rmtree(folder)
    later = visit_to(address).open()
    assert later.view()["corridors"]
    assert sorted(path.name for path in folder.iterdir())
