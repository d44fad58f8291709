"""What the server itself refuses, whoever stands in front of it."""

import gzip
import http.client
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import streamlit
from playwright.sync_api import expect

from tests.browser.recount import FOCUS, Asked, Recount
from tests.browser.serving import HOST, start
from tests.browser.visit import Visit

FOREIGN = {"Origin": "https://evil.example"}
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SCRIPT = """
import streamlit as st

names = ("server.maxUploadSize", "browser.gatherUsageStats", "server.enableXsrfProtection")
st.text(" ".join(f"{name}={st.get_option(name)}" for name in names))
raise RuntimeError("a word from the inside")
"""


def ask(
    address: str, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        # An open web socket has no end to read to.
        return answer.status, answer.headers, b"" if answer.status == 101 else answer.read()
    finally:
        connection.close()


def test_the_first_page_names_the_files_of_the_map_and_all_are_there(address: str):
    """Streamlit would have them only once a reader's run has drawn the map."""
    files: list[str] = []
    while not files:  # the server is still loading the data
        page = ask(address, "/")[2].decode()
        modules, files = (json.loads(one) for one in re.findall(r" of (\[.*?\])\)", page))
    assert len(modules) == 6
    assert any(file.endswith("/land.json") for file in files)
    for file in [*modules, *files]:
        assert ask(address, f"/{file}")[0] == 200, file


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config"])
def test_no_other_origin_may_read_an_answer(path: str, address: str):
    status, headers, _ = ask(address, path, headers=FOREIGN)
    assert status == 200
    assert headers["Access-Control-Allow-Origin"] is None


def test_no_other_origin_may_open_a_web_socket(address: str):
    own = {"Origin": address.rstrip("/")}
    assert ask(address, "/_stcore/stream", headers=UPGRADE | own)[0] == 101
    assert ask(address, "/_stcore/stream", headers=UPGRADE | FOREIGN)[0] == 403


def test_no_other_page_may_steer_this_one(address: str):
    assert json.loads(ask(address, "/_stcore/host-config")[2])["allowedOrigins"] == []


def test_no_file_is_taken_without_the_token_of_the_page(address: str):
    status, _, told = ask(address, "/_stcore/upload_file/session/file", "PUT")
    assert status == 403
    assert b"XSRF" in told


def test_no_program_can_drive_the_page(address: str):
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp"):
        status, _, told = ask(address, path, "POST", {"Content-Type": "application/json"})
        assert status in (400, 403)
        assert b"not_available" in told


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard.py",
        "/.streamlit/config.toml",
        "/app/static/incidents.csv",
        "/data/incidents.csv",
        "/component/armsflow.page.files.copy/../../../data/incidents.csv",
        "/component/armsflow.page.files.copy/%2e%2e/%2e%2e/%2e%2e/data/incidents.csv",
        "/component/armsflow.page.files.copy//etc/passwd",
        "/media/../data/incidents.csv",
    ],
)
def test_no_file_of_the_project_is_served(path: str, address: str):
    _, _, told = ask(address, path)
    for inside in (b"incident_id", b"gatherUsageStats", b"import streamlit", b"root:"):
        assert inside not in told


def test_an_error_shows_nothing_of_the_inside(
    start_server: Callable[..., str], visit_to: Callable[..., Visit], tmp_path: Path
):
    script = tmp_path / "fails.py"
    script.write_text(SCRIPT, "utf-8")
    visit = visit_to(start_server(script=script))
    heard = visit.listen()
    visit.page.goto(visit.address)
    expect(visit.page.get_by_test_id("stText")).to_have_text(
        "server.maxUploadSize=10 browser.gatherUsageStats=False server.enableXsrfProtection=True"
    )
    expect(visit.page.get_by_test_id("stException")).to_be_visible()
    assert b"server.maxUploadSize" in heard
    for inside in (b"from the inside", b"RuntimeError", b"Traceback", b"fails.py:"):
        assert inside not in heard


def test_the_table_hands_out_no_file_of_its_own(visit: Visit):
    visit.open()
    visit.page.locator(".grid.incidents").hover()
    assert visit.page.get_by_test_id("stDataFrame").count() == 0


def test_what_one_reader_does_no_other_reader_sees(
    address: str, visit_to: Callable[..., Visit], recount: Recount
):
    one, other = visit_to(address), visit_to(address)
    heard = other.listen()
    one.open()
    other.open()
    other.expect_view(recount.view(Asked()))
    one.press_pill("weapon", recount.groups["manpads"])
    one.page.get_by_text("Marking", exact=True).click()
    marking = one.page.get_by_label("Line above and below page and pictures")
    marking.fill("MARKED BY ONE")
    marking.press("Enter")
    expect(one.page.locator(".marking").first).to_have_text("MARKED BY ONE")
    other.press_pill("destinations", "Mali")
    fewer = frozenset(FOCUS) - {"mali"}
    other.expect_view(recount.view(Asked(destinations=fewer)))
    one.expect_view(recount.view(Asked(weapon=frozenset({"manpads"}))))
    assert heard
    assert b"MARKED BY ONE" not in heard


def test_a_reader_who_leaves_while_the_page_loads_spoils_no_file_for_the_next():
    folder = Path(streamlit.__file__).parent / "static" / "static"
    paths = [f"/static/js/{file.name}" for file in sorted((folder / "js").glob("*.js"))[:40]]
    with start() as server:
        for path in paths:
            with socket.create_connection((HOST, server.port)) as wire:
                asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n\r\n"
                wire.sendall(asked.encode())
        for path in paths:
            status, headers, body = ask(server.address, path, headers={"Accept-Encoding": "gzip"})
            assert status == 200
            body = gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body
            assert body == (folder / path.removeprefix("/static/")).read_bytes(), path


def test_the_log_says_nothing_of_readers_or_data(visit_to: Callable[..., Visit], recount: Recount):
    with start() as server:
        visit = visit_to(server.address).open("?destinations=mali&weapon=manpads&focus=nonsense")
        visit.press_pill("weapon", recount.groups["ammunition"])
        visit.settle()
        visit.leave()
        told = server.log.read_text("utf-8")
    assert server.address.split("/")[2] in told  # it does say something
    for word in ("mali", "manpads", "nonsense", "ammunition", "incident", "Traceback"):
        assert word not in told.lower()
