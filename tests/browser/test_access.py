"""The door of the page, with a real identity provider: who gets in, and what others get to see."""

import csv
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from tests.browser.identity import COOKIE_SECRET, identity_provider, register
from tests.browser.recount import DATA, Asked, Recount
from tests.browser.serving import HOST, ROOT, Server, free_port, start
from tests.browser.tabs import DESK
from tests.browser.visit import Visit

pytestmark = pytest.mark.xdist_group("sign-in")  # one server and one identity provider

LONGEST = 12 * 3600
ICON = ROOT / "armsflow" / "page" / "icon.png"
HACK = "<img/src=x/onerror=window.hacked=1>@example.com"
PEOPLE = {
    "allowed": {"email": "Ada@Example.org", "email_verified": True},
    "named": {"email": "ida@elsewhere.net", "email_verified": True},
    "analyst": {"email": "eve@example.com", "email_verified": False, "groups": ["x", "analysts"]},
    "other domain": {"email": "eve@evil-example.org", "email_verified": True},
    "other group": {"email": "eve@example.com", "email_verified": True, "groups": ["Analysts"]},
    "unverified": {"email": "bob@example.org", "email_verified": False},
    "markup": {"email": HACK, "email_verified": True},
    "long ago": {"email": "ada@example.org", "email_verified": True},
}
SETTINGS = {
    "ARMSFLOW_ALLOWED_DOMAINS": "example.org",
    "ARMSFLOW_ALLOWED_EMAILS": "ida@elsewhere.net",
    "ARMSFLOW_ALLOWED_GROUPS": "analysts",
}
BEFORE_THE_DOOR = ("/static/", "/_stcore/", "/auth/", "/oauth2callback", "/oauth2/", "/favicon")


class Eavesdropper(Visit):
    """A visit of which every byte is kept that the server sent over the web socket."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self.heard = self.listen()

    def found(self, texts: set[str]) -> set[str]:
        """Which of the texts are in the document, a frame of it, or came over the web socket."""
        documents = "\n".join(frame.content() for frame in self.page.frames)
        return {text for text in texts if text in documents or text.encode() in self.heard}

    def sign_in(self, person: str) -> None:
        self.page.get_by_role("button", name="Sign in").click()
        self.page.locator(f"button[value='{person}']").click()
        self.page.wait_for_url(self.address)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    people = PEOPLE | {"long ago": PEOPLE["long ago"] | {"iat": int(time.time()) - LONGEST - 60}}
    with identity_provider(people) as address:
        yield address


@pytest.fixture(scope="module")
def server(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    secrets = tmp_path_factory.mktemp("server") / "secrets.toml"
    port = free_port()
    register(provider, f"http://{HOST}:{port}/", secrets)
    with start(secrets=secrets, settings=SETTINGS, port=port) as running:
        yield running


@pytest.fixture(scope="module")
def page(server: Server) -> str:
    return server.address


@pytest.fixture(scope="module")
def page_in_use(page: str, chromium: Browser) -> Iterator[str]:
    """The page while somebody else looks at it: all of it is loaded and ready to be sent."""
    context = chromium.new_context(viewport=DESK)
    reader = Eavesdropper(context.new_page(), page)
    reader.page.goto(page)
    reader.sign_in("allowed")
    reader.wait_for_map()
    yield page
    context.close()


@pytest.fixture
def come(chromium: Browser) -> Iterator[Callable[[str], Eavesdropper]]:
    with ExitStack() as stack:

        def start_visit(address: str) -> Eavesdropper:
            context = chromium.new_context(viewport=DESK)
            stack.callback(context.close)
            visit = Eavesdropper(context.new_page(), address)
            stack.callback(lambda: visits.append(visit))
            return visit

        visits: list[Eavesdropper] = []
        yield start_visit
    assert [url for visit in visits for url in visit.outside] == []


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every address and every text of more than one word in the data package."""
    found = set()
    for table in DATA.glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as file:
            found |= {cell for row in csv.reader(file) for cell in row if len(cell) > 9}
    return {text for text in found if " " in text or "://" in text}


def expect_door(visit: Eavesdropper, words: str, button: str | None) -> None:
    body = visit.page.get_by_test_id("stMain")
    expect(body).to_contain_text(words)
    visit.settle()
    expect(body.locator("h1")).to_have_text("Documented arms smuggling out of Libya")
    expect(visit.page.locator("[data-testid=stApp] button:visible")).to_have_text(
        [button] if button else []
    )


def expect_nothing_told(visit: Eavesdropper, texts: set[str]) -> None:
    assert len(texts) > 2000
    assert visit.heard
    assert visit.found(texts) == set()
    others = {url for url in visit.requests if not urlsplit(url).path.startswith(BEFORE_THE_DOOR)}
    others = {url for url in others if urlsplit(url).path != "/"}
    # The page's icon is the only other file.
    assert [visit.page.request.get(url).body() for url in others] == [ICON.read_bytes()]


def test_an_allowed_reader_signs_in_sees_everything_and_signs_out(
    page: str, come: Callable[[str], Eavesdropper], recount: Recount, texts: set[str]
):
    visit = come(page)
    visit.page.goto(page)
    expect_door(visit, "for those who are allowed", "Sign in")
    visit.sign_in("allowed")
    visit.wait_for_map()
    visit.expect_view(recount.view(Asked()))
    assert len(visit.found(texts)) > 300
    visit.page.get_by_test_id("stSidebar").get_by_text("Signed in: Ada@Example.org").wait_for()

    visit.page.goto(f"{page}?view=briefing")
    expect(visit.page.locator(".briefing img")).to_be_visible()

    visit.page.goto(page)
    visit.wait_for_map()
    visit.page.get_by_role("button", name="Sign out").click()
    visit.page.get_by_role("button", name="End session").click()
    visit.page.wait_for_url(page)
    visit.heard.clear()
    visit.requests.clear()
    for _ in range(2):
        expect_door(visit, "for those who are allowed", "Sign in")
        visit.page.reload()
    expect_door(visit, "for those who are allowed", "Sign in")
    expect_nothing_told(visit, texts)
    kept = [cookie["name"] for cookie in visit.page.context.cookies()]
    assert [name for name in kept if "user" in name] == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?view=briefing",
        "?destinations=all&focus=link-mali",
        "?weapon=manpads&years=2013-2014",
        "?embed=true",
        "?is_logged_in=true&email=ada@example.org",
    ],
)
def test_without_sign_in_nothing_of_the_data_leaves_the_server(
    query: str, page_in_use: str, come: Callable[[str], Eavesdropper], texts: set[str]
):
    visit = come(page_in_use)
    visit.page.goto(page_in_use + query)
    expect_door(visit, "for those who are allowed", "Sign in")
    expect_nothing_told(visit, texts)


@pytest.mark.parametrize("person", ["named", "analyst"])
def test_an_address_or_a_group_on_the_list_is_enough(
    person: str, page: str, come: Callable[[str], Eavesdropper]
):
    visit = come(page)
    visit.page.goto(page)
    visit.sign_in(person)
    visit.wait_for_map()


@pytest.mark.parametrize("person", ["other domain", "other group", "unverified", "markup"])
def test_others_are_told_why_and_get_no_data(
    person: str, page: str, come: Callable[[str], Eavesdropper], texts: set[str]
):
    visit = come(page)
    visit.page.goto(page)
    visit.sign_in(person)
    why = "verified your e-mail address" if person == "unverified" else "not on the list"
    expect_door(visit, why, "Sign out")
    expect(visit.page.get_by_test_id("stMain")).to_contain_text(PEOPLE[person]["email"])
    visit.page.goto(f"{page}?view=briefing")
    expect_door(visit, why, "Sign out")
    expect_nothing_told(visit, texts)
    assert visit.page.evaluate("() => window.hacked") is None
    visit.page.get_by_role("button", name="Sign out").click()
    visit.page.get_by_role("button", name="End session").click()
    expect_door(visit, "for those who are allowed", "Sign in")


def test_a_sign_in_of_long_ago_does_not_count(
    page: str, come: Callable[[str], Eavesdropper], texts: set[str]
):
    visit = come(page)
    visit.page.goto(page)
    visit.sign_in("long ago")
    expect_door(visit, "more than twelve hours ago", "Sign in")
    expect_nothing_told(visit, texts)


def test_who_refuses_at_the_provider_stays_outside(
    page: str, come: Callable[[str], Eavesdropper], texts: set[str]
):
    visit = come(page)
    visit.page.goto(page)
    visit.page.get_by_role("button", name="Sign in").click()
    visit.page.get_by_role("button", name="Deny").click()
    visit.page.wait_for_url(page)
    expect_door(visit, "for those who are allowed", "Sign in")
    expect_nothing_told(visit, texts)


@pytest.mark.parametrize(("secret", "let_in"), [(COOKIE_SECRET, True), ("x" * 44, False)])
def test_a_cookie_counts_only_with_the_signature_of_the_server(
    secret: str,
    let_in: bool,
    page: str,
    come: Callable[[str], Eavesdropper],
    texts: set[str],
):
    person = {"email": "ada@example.org", "email_verified": True, "iat": int(time.time())}
    person |= {"is_logged_in": True, "origin": page.rstrip("/"), "provider": "default"}
    value = create_signed_value(secret, "_streamlit_user", json.dumps(person)).decode()
    visit = come(page)
    visit.page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": page}])
    visit.page.goto(page)
    if let_in:
        visit.wait_for_map()
    else:
        expect_door(visit, "for those who are allowed", "Sign in")
        expect_nothing_told(visit, texts)


@pytest.mark.parametrize(
    ("settings", "secrets", "words"),
    [
        (SETTINGS, None, "secrets.toml has no section [auth]"),
        (SETTINGS, "[database]\nhost = 'x'\n", "secrets.toml has no section [auth]"),
        ({}, "[auth\n", "secrets.toml cannot be read"),
        ({}, "[auth]\nclient_id = 'x'\n", "has no text for redirect_uri"),
    ],
)
def test_a_door_half_set_up_is_closed_for_everybody(
    settings: dict[str, str],
    secrets: str | None,
    words: str,
    start_server: Callable[..., str],
    come: Callable[[str], Eavesdropper],
    texts: set[str],
    tmp_path,
):
    file = tmp_path / "secrets.toml"
    if secrets:
        file.write_text(secrets, "utf-8")
    address = start_server(secrets=file, settings=settings)
    visit = come(address)
    for query in ("", "?view=briefing"):
        visit.page.goto(address + query)
        expect_door(visit, "sign-in is not set up", None)
        expect(visit.page.get_by_role("alert")).to_contain_text(words)
    expect_nothing_told(visit, texts)


def test_the_log_names_nobody_who_came_to_the_door(
    server: Server, come: Callable[[str], Eavesdropper]
):
    for person in ("other domain", "allowed"):
        visit = come(server.address)
        visit.page.goto(server.address)
        visit.sign_in(person)
        visit.page.get_by_text(PEOPLE[person]["email"]).wait_for()
    told = server.log.read_text("utf-8").lower()
    assert f"{HOST}:{server.port}" in told
    for part in ("example.org", "eve@", "ada@", "code=", "token"):
        assert part not in told
