"""Two copies of the page behind nginx, with the configuration that deploy/ ships."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import pytest
from playwright.sync_api import expect

from tests.browser.identity import identity_provider, register
from tests.browser.recount import Asked, Recount
from tests.browser.serving import HOST, ROOT, Server, free_port, start, wait_for_health
from tests.browser.test_server import UPGRADE, ask
from tests.browser.visit import Visit

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""

HEADERS = {
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "server": "nginx",
}

RUNNING = """
() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'running'
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="with nginx: make test-deploy")


@contextmanager
def nginx_before(copies: list[Server], folder: Path, port: int = 0) -> Iterator[str]:
    """Run nginx with the shipped site in front of two copies; yields its address.

    Its files are written to a folder, requests to ``access.log`` there.
    """
    port = port or free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    site, changed = re.subn(r"listen 8080", f"listen {HOST}:{port}", site)
    assert changed == 2
    site, changed = re.subn(r"/var/log/nginx", str(folder), site)
    assert changed == 1
    for number, copy in enumerate(copies, 1):
        site, changed = re.subn(rf"app{number}:8501", f"{HOST}:{copy.port}", site)
        assert changed == 2
    Path(folder, "site.conf").write_text(site, "utf-8")
    main = Path(folder, "nginx.conf")
    main.write_text(MAIN.format(folder=folder), "utf-8")
    command = [str(NGINX), "-c", str(main), "-p", str(folder), "-e", f"{folder}/error.log"]
    process = subprocess.Popen(command)
    try:
        wait_for_health(port, "/_stcore/health", process)
        yield f"http://{HOST}:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def copies() -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(start()) for _ in range(2)]


@pytest.fixture
def front(copies: list[Server], tmp_path: Path) -> Iterator[str]:
    with nginx_before(copies, tmp_path) as address:
        yield address


def copy_of(visit: Visit) -> str:
    cookies = visit.page.context.cookies()
    return next(cookie["value"] for cookie in cookies if cookie["name"] == "armsflow_copy")


def answers_to_readers_of_either_copy(front: str) -> list[int]:
    cookies = ("armsflow_copy=first", "armsflow_copy=second")
    return [ask(front, "/_stcore/health", headers={"Cookie": cookie})[0] for cookie in cookies]


def test_readers_stay_with_one_copy_and_lose_nothing_when_it_dies(
    copies: list[Server],
    front: str,
    visit_to: Callable[..., Visit],
    recount: Recount,
):
    visit = visit_to(front).open()
    visit.expect_view(recount.view(Asked()))
    served = copy_of(visit)
    for _ in range(5):
        visit.page.reload()
        visit.wait_for_map()
        assert copy_of(visit) == served
    asked = Asked(weapon=frozenset({"manpads"}))
    visit.press_pill("weapon", recount.groups["manpads"])
    visit.expect_view(recount.view(asked))

    with visit.page.expect_websocket():  # the browser comes back by itself
        copies[["first", "second"].index(served)].process.kill()
    visit.expect_view(recount.view(asked))
    # The other copy knows nothing of this reader: it starts from the address, which is what the
    # page shows, and the press that woke it is not counted. From then on every press is.
    more = Asked(weapon=frozenset({"manpads", "ammunition"}))
    visit.press_pill("weapon", recount.groups["ammunition"])
    visit.page.wait_for_function(RUNNING)
    visit.expect_view(recount.view(asked))
    visit.press_pill("weapon", recount.groups["ammunition"])
    visit.expect_view(recount.view(more))
    visit.errors.clear()  # the lost connection is an error in the console, and meant to be
    visit.page.reload()
    visit.wait_for_map()
    visit.expect_view(recount.view(more))


def test_copies_are_restarted_in_turn_while_somebody_reads(
    visit_to: Callable[..., Visit], recount: Recount, tmp_path: Path
):
    """SIGTERM, wait, start again, wait for health: first one copy, then the other."""
    asked = Asked(weapon=frozenset({"manpads"}), years=(2012, 2014))
    with ExitStack() as stack:
        copies = [stack.enter_context(start()) for _ in range(2)]
        front = stack.enter_context(nginx_before(copies, tmp_path))
        visit = visit_to(front).open("?weapon=manpads&years=2012-2014")
        visit.expect_view(recount.view(asked))
        for copy in copies:
            copy.process.terminate()
            assert copy.process.wait(timeout=20) in (0, -15)
            assert answers_to_readers_of_either_copy(front) == [200, 200]
            visit.page.reload()
            visit.wait_for_map()
            visit.expect_view(recount.view(asked))
            assert answers_to_readers_of_either_copy(front) == [200, 200]  # just before the next
            stack.enter_context(start(port=copy.port))
            assert answers_to_readers_of_either_copy(front) == [200, 200]
        visit.page.reload()
        visit.wait_for_map()
        visit.expect_view(recount.view(asked))
        visit.errors.clear()  # connections that were lost
        visit.leave()


def test_the_page_works_under_the_headers_that_forbid_everything_outside(
    front: str,
    visit_to: Callable[..., Visit],
    recount: Recount,
):
    visit = visit_to(front)
    headers = visit.page.goto(front).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert HEADERS.items() <= headers.items()
    visit.wait_for_map()
    visit.expect_view(recount.view(Asked()))
    expect(
        visit.page.locator(".st-key-timeline canvas, .st-key-timeline svg").first
    ).to_be_visible()
    visit.page.get_by_test_id("stPopover").locator("button").first.click()
    expect(visit.page.locator("[data-testid=stPopoverBody]")).to_contain_text("PNG")


def test_a_page_of_another_origin_opens_no_web_socket_through_nginx(front: str):
    stream = "/_stcore/stream"
    assert ask(front, stream, headers=UPGRADE | {"Origin": front.rstrip("/")})[0] == 101
    assert ask(front, stream, headers=UPGRADE)[0] == 101
    for origin in ("https://evil.example", "null", f"{front.rstrip('/')}.evil.example"):
        assert ask(front, stream, headers=UPGRADE | {"Origin": origin})[0] == 403


def test_a_foreign_name_gets_nothing_and_no_query_is_logged(front: str, tmp_path: Path):
    for name in ("evil.example", "localhost.evil.example", "arms.example.org", ""):
        for path in ("/", "/_stcore/health"):
            status, headers, told = ask(front, path, headers={"Host": name})
            # Without any name a request is not even valid.
            assert status == (421 if name else 400)
            assert b"Streamlit" not in told
            assert headers["Set-Cookie"] is None
    assert ask(front, "/_stcore/metrics")[0] == 404
    for name in ("localhost", "127.0.0.1:8080", "LOCALHOST"):
        assert ask(front, "/?weapon=manpads", headers={"Host": name})[0] == 200
    log = (tmp_path / "access.log").read_text("utf-8")
    assert log.count('"GET /" 200') == 3
    assert "manpads" not in log


def test_readers_sign_in_under_these_headers_however_long_their_list_of_groups(
    visit_to: Callable[..., Visit], recount: Recount, tmp_path: Path
):
    port = free_port()
    address = f"http://{HOST}:{port}/"
    groups = [str(uuid5(NAMESPACE_DNS, str(number))) for number in range(80)]
    with ExitStack() as stack:
        member = {"email": "ada@example.org", "email_verified": True, "groups": groups}
        provider = stack.enter_context(identity_provider({"member": member}))
        secrets = tmp_path / "secrets.toml"
        register(provider, address, secrets)
        settings = {"ARMSFLOW_ALLOWED_GROUPS": groups[-1]}
        copies = [stack.enter_context(start(secrets=secrets, settings=settings)) for _ in range(2)]
        stack.enter_context(nginx_before(copies, tmp_path, port))
        visit = visit_to(address)
        visit.page.goto(address)
        visit.page.get_by_role("button", name="Sign in").click()
        visit.page.locator("button[value=member]").click()
        visit.page.wait_for_url(address)
        visit.wait_for_map()
        visit.expect_view(recount.view(Asked()))
        visit.leave()
    log = (tmp_path / "access.log").read_text("utf-8")
    assert '"GET /oauth2callback" 302' in log
    assert "code=" not in log
