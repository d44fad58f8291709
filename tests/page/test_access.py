"""Who may enter: the list of those allowed, and what closes the door for everybody."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from armsflow.dataset.loader import SHIPPED
from armsflow.page.access import (
    DOMAINS,
    EMAILS,
    GROUPS,
    GROUPS_CLAIM,
    LOGIN,
    LONGEST_SIGN_IN,
    SETTINGS,
    AllowList,
    SetUpError,
    is_current,
    read_allow_list,
    verified_email,
)

AUTH = {
    "redirect_uri": "https://arms.example.org/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "armsflow",
    "client_secret": "kept by the server",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}
SECRETS = {"auth": AUTH}
ONE_DOMAIN = AllowList(domains=frozenset({"example.org"}))


def verified(email):
    return {"email": email, "email_verified": True}


# ---------------------------------------------------------------- e-mail addresses and domains


@pytest.mark.parametrize(
    "email", ["ada@example.org", "ADA@EXAMPLE.ORG", "a@example.org", "o'neill+x=1@example.org"]
)
def test_an_address_of_the_domain_gets_in_however_it_is_written(email):
    assert ONE_DOMAIN.admits(verified(email))


@pytest.mark.parametrize(
    "email",
    [
        "eve@evil-example.org",
        "eve@example.org.evil.net",
        "eve@sub.example.org",
        "eve@example.orgs",
        "eve@example",
        "eve@example.org@evil.net",
        "eve@evil.net@example.org",
        '"eve@evil.net"@example.org',
        "@example.org",
        "example.org",
        "eve",
        "",
        " eve@example.org",
        "eve@example.org\n",
        "eve@example.org\x00",
        "eve@example.org.",
        "eve@.example.org",
        "eve@evil.net, a@example.org",
        "eve@evil.net <a@example.org>",
        "eve@ex\u0430mple.org",  # Cyrillic
        "eve@example\uff0eorg",  # full-width full stop
        "eve\uff20example.org",  # full-width at
        "eve@e\u200bxample.org",  # zero width space
        "\u0435ve@example.org",
    ],
)
def test_an_address_that_only_looks_like_the_domain_stays_outside(email):
    assert not ONE_DOMAIN.admits(verified(email))
    assert not AllowList(emails=frozenset({"a@example.org"})).admits(verified(email))


def test_a_letter_that_becomes_ascii_when_made_small_is_not_that_letter():
    # The sign for kelvin; str.lower makes a k of it.
    assert "BAN\u212a.org".lower() == "bank.org"
    bank = AllowList(domains=frozenset({"bank.org"}), emails=frozenset({"kim@bank.org"}))
    assert not bank.admits(verified("kim@ban\u212a.org"))
    assert not bank.admits(verified("\u212aim@bank.org"))


@pytest.mark.parametrize("said", [False, None, "true", "True", 1, [True], ...])
def test_an_address_counts_only_if_the_provider_says_that_it_verified_it(said):
    claims = {"email": "ada@example.org"} | ({} if said is ... else {"email_verified": said})
    assert verified_email(claims) == ""
    assert not ONE_DOMAIN.admits(claims)
    assert not AllowList(emails=frozenset({"ada@example.org"})).admits(claims)


@pytest.mark.parametrize("email", [None, 7, ["ada@example.org"], {"ada@example.org": 1}, True])
def test_an_address_that_is_no_text_is_none(email):
    assert not ONE_DOMAIN.admits(verified(email))


@given(some.text())
def test_only_a_single_at_sign_before_exactly_the_domain_lets_in(email):
    local, at, domain = email.partition("@")
    meant = bool(local and at) and domain in ("example.org",) and local.isascii()
    if ONE_DOMAIN.admits(verified(email)):
        assert meant


LOCAL = some.text(alphabet=string.ascii_letters + string.digits + ".+-_", min_size=1)


@given(LOCAL, some.data())
def test_case_never_matters_in_an_address_of_the_domain(local, data):
    email = "".join(
        data.draw(some.sampled_from([letter.lower(), letter.upper()]))
        for letter in f"{local}@example.org"
    )
    assert ONE_DOMAIN.admits(verified(email))


@given(LOCAL, some.text(max_size=8), some.text(max_size=8), some.text(max_size=8))
def test_nothing_may_be_added_to_the_domain(local, before, within, after):
    assume(before + within + after)
    for email in (
        f"{local}@{before}example.org",
        f"{local}@example{within}.org",
        f"{local}@example.org{after}",
    ):
        if email != f"{local}@example.org":
            assert not ONE_DOMAIN.admits(verified(email))


@given(some.integers(0, 10), some.characters(min_codepoint=128))
def test_no_letter_of_another_script_stands_for_an_ascii_one(place, letter):
    domain = f"{'example.org'[:place]}{letter}{'example.org'[place + 1 :]}"
    assert not ONE_DOMAIN.admits(verified(f"ada@{domain}"))
    assert not ONE_DOMAIN.admits(verified(f"a{letter}a@example.org"))


# ---------------------------------------------------------------- groups, anyone, time

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda part: some.lists(part, max_size=3) | some.dictionaries(some.text(), part, max_size=3),
    max_leaves=8,
)
CLAIMS = some.dictionaries(
    some.sampled_from(["email", "email_verified", "groups", "name", "sub", "iat"]) | some.text(),
    JSON | some.just("ada@example.org") | some.just(["analysts"]),
)


def test_a_group_lets_in_with_or_without_an_address():
    analysts = AllowList(groups=frozenset({"analysts"}))
    assert analysts.admits({"groups": ["others", "analysts"]})
    assert analysts.admits({"groups": ["analysts"], "email": "x@y.z", "email_verified": False})


@pytest.mark.parametrize(
    "groups", [["Analysts"], ["analysts "], "analysts", [["analysts"]], {"analysts": 1}, [], None]
)
def test_only_the_same_word_in_a_list_is_the_group(groups):
    assert not AllowList(groups=frozenset({"analysts"})).admits({"groups": groups})


def test_the_claim_of_the_groups_can_have_another_name():
    allowed = read_allow_list(SECRETS, {GROUPS: "analysts", GROUPS_CLAIM: "roles"})
    assert allowed.admits({"roles": ["analysts"]})
    assert not allowed.admits({"groups": ["analysts"]})


@given(CLAIMS)
def test_an_empty_list_admits_nobody_and_no_claim_breaks_it(claims):
    assert not AllowList().admits(claims)


@given(CLAIMS)
def test_whatever_a_provider_says_entry_has_a_reason(claims):
    allowed = AllowList(
        frozenset({"example.org"}), frozenset({"ida@elsewhere.net"}), frozenset({"analysts"})
    )
    groups = claims.get("groups")
    member = isinstance(groups, list) and "analysts" in groups
    address = claims.get("email") == "ada@example.org" and claims.get("email_verified") is True
    assert allowed.admits(claims) == (member or address)


def test_each_list_lets_in_its_own_people():
    allowed = read_allow_list(
        SECRETS,
        {
            DOMAINS: " Example.org , example.net",
            EMAILS: "Ida@Elsewhere.net",
            GROUPS: "Arms, Flows",
        },
    )
    assert allowed == AllowList(
        frozenset({"example.org", "example.net"}),
        frozenset({"ida@elsewhere.net"}),
        frozenset({"Arms", "Flows"}),
    )
    assert allowed.admits(verified("a@example.net"))
    assert allowed.admits(verified("ida@elsewhere.net"))
    assert not allowed.admits(verified("eve@elsewhere.net"))


@pytest.mark.parametrize(
    ("issued", "current"),
    [
        (1_000_000, True),
        (1_000_000.5, True),
        (1_000_000 - LONGEST_SIGN_IN + 1, True),
        (1_000_000 - LONGEST_SIGN_IN, False),
        (0, False),
        (float("nan"), False),
        (None, False),
        (True, False),
        ("1000000", False),
    ],
)
def test_a_sign_in_lasts_twelve_hours(issued, current):
    assert is_current({"iat": issued}, 1_000_000) is current


def test_a_token_that_does_not_say_when_it_was_issued_is_none():
    assert not is_current({}, 1_000_000)


# ---------------------------------------------------------------- set up, half set up


@pytest.mark.parametrize("secrets", [None, {}, {"database": {"host": "x"}}])
def test_sign_in_is_off_where_nothing_asks_for_it(secrets):
    assert read_allow_list(secrets, {}) is None
    assert read_allow_list(secrets, dict.fromkeys(SETTINGS, " ")) is None


@pytest.mark.parametrize("secrets", [None, {}, {"database": {"host": "x"}}])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_list_without_a_provider_closes_the_page(name, secrets):
    with pytest.raises(SetUpError, match=f"^{name} is set, but .* no section"):
        read_allow_list(secrets, {name: "anyone"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        *(({key: None}, f"no text for {key}") for key in AUTH),
        *(({key: ""}, f"no text for {key}") for key in AUTH),
        ({"cookie_secret": "x" * 31}, "cookie_secret .* too short"),
        ({"redirect_uri": "https://arms.example.org/"}, "does not end with /oauth2callback"),
        ({"redirect_uri": "http://arms.example.org/oauth2callback"}, "redirect_uri .* https"),
        ({"redirect_uri": "http://localhost.evil.org/oauth2callback"}, "redirect_uri .* https"),
        ({"server_metadata_url": "http://login.example.org/x"}, "server_metadata_url .* https"),
        ({"server_metadata_url": "login.example.org"}, "server_metadata_url .* https"),
    ],
)
def test_a_provider_half_set_up_closes_the_page(change, words):
    with pytest.raises(SetUpError, match=words):
        read_allow_list({"auth": AUTH | change}, {DOMAINS: "example.org"})


@pytest.mark.parametrize("auth", ["yes", True, [], ""])
def test_a_provider_that_is_no_section_closes_the_page(auth):
    with pytest.raises(SetUpError, match="not a section"):
        read_allow_list({"auth": auth}, {DOMAINS: "example.org"})


@pytest.mark.parametrize("home", ["localhost", "127.0.0.1"])
def test_this_machine_may_do_without_encryption(home):
    auth = AUTH | {"redirect_uri": f"http://{home}:8501/oauth2callback"}
    assert read_allow_list({"auth": auth}, {DOMAINS: "example.org"})


def test_a_provider_without_a_list_closes_the_page():
    for settings in ({}, {GROUPS_CLAIM: "roles"}, {DOMAINS: ""}):
        with pytest.raises(SetUpError, match="Nobody is allowed to enter"):
            read_allow_list(SECRETS, settings)


def test_anyone_must_be_said_and_is_not_said_together_with_a_list():
    assert read_allow_list(SECRETS, {LOGIN: "anyone"}).admits({"sub": "somebody"})
    with pytest.raises(SetUpError, match="lets everybody in, and another variable names some"):
        read_allow_list(SECRETS, {LOGIN: "anyone", EMAILS: "ada@example.org"})
    for value in ("yes", "off", "Anyone", "anyone,"):
        with pytest.raises(SetUpError, match="can only be"):
            read_allow_list(SECRETS, {LOGIN: value})


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        (DOMAINS, "@example.org", 1),
        (DOMAINS, "example.org,*", 2),
        (DOMAINS, "*.example.org", 1),
        (DOMAINS, "example.org;example.net", 1),
        (DOMAINS, "example.org example.net", 1),
        (DOMAINS, "example.org,", 2),
        (DOMAINS, "localnet", 1),
        (DOMAINS, "ex\u0430mple.org", 1),
        (EMAILS, "example.org", 1),
        (EMAILS, "a@example.org, b@c@example.org", 2),
        (EMAILS, ",", 1),
        (GROUPS, "analysts,,editors", 2),
    ],
)
def test_an_entry_that_could_not_be_meant_closes_the_page_and_is_not_shown(name, value, place):
    with pytest.raises(SetUpError, match=f"^Entry {place} of {name} is not ") as told:
        read_allow_list(SECRETS, {name: value})
    assert value not in str(told.value)


@given(some.dictionaries(some.sampled_from(SETTINGS), some.text(), min_size=1))
def test_whatever_is_set_without_a_provider_never_opens_the_page(settings):
    if any(value.strip() for value in settings.values()):
        with pytest.raises(SetUpError):
            read_allow_list(None, settings)


# ---------------------------------------------------------------- the page


def test_the_page_draws_nothing_but_the_message_when_half_set_up(monkeypatch):
    monkeypatch.setenv(DOMAINS, "example.org")
    at = AppTest.from_file(str(SHIPPED.parent / "dashboard.py"), default_timeout=60).run()
    assert not at.exception
    assert "no section [auth]" in at.error[0].value
    drawn = [block for block in at.get("html") if not block.proto.body.startswith("<style>")]
    assert [block.proto.body.partition("</h1>")[0] for block in drawn] == [
        "<h1>Documented arms smuggling out of Libya"
    ]
    assert not at.button
    assert not at.get("component_instance")
