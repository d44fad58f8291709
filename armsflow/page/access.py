"""Who may see the page: sign-in with OpenID Connect and the list of those allowed.

Sign-in is off until the server's secrets.toml has an ``[auth]`` section. Whatever is half set up
closes the page: nothing is shown to anybody until it is fixed. The rules know nothing of
Streamlit; only what draws the door does.
"""

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from armsflow.language import N_, _, enumerated
from armsflow.page.markup import render

DOMAINS: Final = "ARMSFLOW_ALLOWED_DOMAINS"
EMAILS: Final = "ARMSFLOW_ALLOWED_EMAILS"
GROUPS: Final = "ARMSFLOW_ALLOWED_GROUPS"
GROUPS_CLAIM: Final = "ARMSFLOW_GROUPS_CLAIM"
LOGIN: Final = "ARMSFLOW_LOGIN"
SETTINGS: Final = (DOMAINS, EMAILS, GROUPS, GROUPS_CLAIM, LOGIN)

KEYS: Final = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
"""What Streamlit needs to know of the identity provider."""
SHORTEST_SECRET: Final = 32
"""Characters. Whoever guesses the secret can sign in as anybody."""
LONGEST_SIGN_IN: Final = 12 * 3600
"""Seconds. Streamlit's cookie lasts 30 days; whoever loses an account must not keep the page."""

# ASCII only: other letters can look like these, or turn into them when made small.
DOMAIN: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
EMAIL: Final = re.compile(rf"[!-?A-~]+@(?P<domain>{DOMAIN.pattern})")
NO_ENTRY: Final = {
    DOMAINS: N_("Entry {place} of {variable} is not a domain such as example.org."),
    EMAILS: N_("Entry {place} of {variable} is not an e-mail address."),
    GROUPS: N_("Entry {place} of {variable} is not a name."),
}
ASCII_UPPER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class SetUpError(ValueError):
    """Sign-in is half set up; the message names the setting and the fix, and no value."""


@dataclass(frozen=True)
class AllowList:
    """Whom the page lets in, of those whom the identity provider has signed in.

    Parameters
    ----------
    domains
        Domains of e-mail addresses, each exactly as it is: subdomains are others.
    emails
        Whole e-mail addresses.
    groups
        Names of groups, as the identity provider writes them.
    groups_claim
        The claim of the identity token that lists a person's groups.
    anyone
        Whether everybody whom the identity provider signs in may enter.
    """

    domains: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    groups_claim: str = "groups"
    anyone: bool = False

    def admits(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether a person may enter: anyone, or by group, e-mail address or domain.

        Parameters
        ----------
        claims
            What the identity provider says of the person, by the names of OpenID Connect.
        """
        groups = claims.get(self.groups_claim)
        if isinstance(groups, list) and self.groups.intersection(
            group for group in groups if isinstance(group, str)
        ):
            return True
        email = verified_email(claims)
        return self.anyone or bool(
            email and (email in self.emails or email.rpartition("@")[2] in self.domains)
        )


def verified_email(claims: Mapping[str, Any]) -> str:
    """Return a person's e-mail address in small letters; empty unless the provider verified it.

    An address with anything but ASCII letters, or with more than one ``@``, counts as none.

    >>> verified_email({"email": "Ada@Example.org", "email_verified": True})
    'ada@example.org'
    >>> verified_email({"email": "ada@example.org", "email_verified": "true"})
    ''
    """
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return ""
    email = _lower(email)
    return email if EMAIL.fullmatch(email) else ""


def is_current(claims: Mapping[str, Any], now: float) -> bool:
    """Tell whether a person signed in recently enough.

    Parameters
    ----------
    claims
        With ``iat``, when the identity token was issued; without it, nobody is signed in.
    now
        Seconds since 1970 (UTC), as ``iat``.
    """
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        return False
    return now - issued < LONGEST_SIGN_IN


def read_allow_list(
    secrets: Mapping[str, Any] | None, environment: Mapping[str, str]
) -> AllowList | None:
    """Read whom the server lets in.

    Parameters
    ----------
    secrets
        Contents of secrets.toml; ``None`` if there is no such file.
    environment
        The server's environment variables.

    Returns
    -------
    allowed
        ``None`` if sign-in is off and the page open to all who reach it.

    Raises
    ------
    SetUpError
        If sign-in is half set up, or nobody is allowed to enter.
    """
    stated = {name: environment.get(name, "").strip() for name in SETTINGS}
    auth = (secrets or {}).get("auth")
    if auth is None:
        if names := [name for name in SETTINGS if stated[name]]:
            words = _(
                "{variable} is set, but secrets.toml has no section [auth]. Set up the identity "
                "provider there, or take the variable away.",
                variable=names[0],
            )
            raise SetUpError(words)
        return None
    _check_provider(auth)
    if stated[LOGIN] not in ("", "anyone"):
        raise SetUpError(
            _("{variable} can only be “{word}”, or not be set.", variable=LOGIN, word="anyone")
        )
    allowed = AllowList(
        domains=_entries(stated, DOMAINS, DOMAIN),
        emails=_entries(stated, EMAILS, EMAIL),
        groups=_entries(stated, GROUPS),
        groups_claim=stated[GROUPS_CLAIM] or "groups",
        anyone=stated[LOGIN] == "anyone",
    )
    listed = bool(allowed.domains or allowed.emails or allowed.groups)
    if allowed.anyone and listed:
        words = _(
            "{variable} lets everybody in, and another variable names some. Take one of them away.",
            variable=LOGIN,
        )
        raise SetUpError(words)
    if not allowed.anyone and not listed:
        words = _(
            "Nobody is allowed to enter. Name those who are in {variables}; {setting} lets in "
            "everybody whom the identity provider signs in.",
            variables=enumerated([DOMAINS, EMAILS, GROUPS], "or"),
            setting=f"{LOGIN}=anyone",
        )
        raise SetUpError(words)
    return allowed


def _check_provider(auth: Any) -> None:
    if not isinstance(auth, Mapping):
        raise SetUpError(_("“auth” in secrets.toml is not a section. Write it as [auth]."))
    for key in KEYS:
        if not isinstance(auth.get(key), str) or not auth[key]:
            raise SetUpError(
                _("[auth] in secrets.toml has no text for {key}. Fill it in.", key=key)
            )
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        words = _(
            "The {key} in secrets.toml is too short. Take what “{command}” gives.",
            key="cookie_secret",
            command="openssl rand -hex 32",
        )
        raise SetUpError(words)
    if not auth["redirect_uri"].endswith("/oauth2callback"):
        words = _(
            "The {key} in secrets.toml does not end with {ending}.",
            key="redirect_uri",
            ending="/oauth2callback",
        )
        raise SetUpError(words)
    for key in ("redirect_uri", "server_metadata_url"):
        address = urlsplit(auth[key])
        at_home = address.scheme == "http" and address.hostname in ("localhost", "127.0.0.1")
        if address.scheme != "https" and not at_home:
            words = _(
                "The {key} in secrets.toml does not begin with https://. Only localhost may be "
                "reached without encryption.",
                key=key,
            )
            raise SetUpError(words)


def _entries(
    stated: Mapping[str, str], name: str, form: re.Pattern[str] | None = None
) -> frozenset[str]:
    """Split a list; with a form, entries are in small letters and must have that form."""
    if not stated[name]:
        return frozenset()
    entries = [entry.strip() for entry in stated[name].split(",")]
    if form:
        entries = [_lower(entry) for entry in entries]
    for place, entry in enumerate(entries, 1):
        if not entry or (form and not form.fullmatch(entry)):
            raise SetUpError(_(NO_ENTRY[name], place=place, variable=name))
    return frozenset(entries)


def _lower(text: str) -> str:
    """Make ASCII letters small and nothing else, unlike str.lower, which makes K of U+212A."""
    return text.translate(ASCII_UPPER)


# ---------------------------------------------------------------- the door


def is_open() -> bool:
    """Tell whether everybody may see the page, without signing in."""
    try:
        return read_allow_list(_read_secrets(), os.environ) is None
    except SetUpError:
        return False


def require_sign_in() -> None:
    """End the run, with nothing but a door on the page, unless the reader may see the page.

    Called before any data are read: what a stopped run did not draw never leaves the server.
    """
    try:
        allowed = read_allow_list(_read_secrets(), os.environ)
    except SetUpError as error:
        _door(_("This page is closed: sign-in is not set up. Nothing is shown until it is fixed."))
        st.error(str(error), icon=":material/error:")
        st.stop()
    if allowed is None:
        return
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is not True:
        _door(_("This page is for those who are allowed to see it."))
    elif not is_current(claims, time.time()):
        _door(_("You signed in more than twelve hours ago. Please sign in again."))
    elif allowed.admits(claims):
        return
    else:
        doubtful = (allowed.domains or allowed.emails) and not verified_email(claims)
        words = (
            N_(
                "You are signed in as {name}, but this page stays closed: the identity provider "
                "does not say that it verified your e-mail address."
            )
            if doubtful
            else N_(
                "You are signed in as {name}, but this page stays closed: you are not on the list "
                "of those allowed to see it."
            )
        )
        _door(_(words, name=_named(claims)))
        st.button(_("Sign out"), key="sign-out", on_click=st.logout)
        st.stop()
    st.button(_("Sign in"), key="sign-in", type="primary", on_click=st.login)
    st.stop()


def show_sign_out() -> None:
    """Say in the sidebar who is signed in, with a way out; nothing where sign-in is off."""
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is True:
        with st.sidebar:
            st.html(render("signed_in", name=_named(claims)))
            st.button(
                _("Sign out"),
                key="sign-out",
                icon=":material/logout:",
                width="stretch",
                on_click=st.logout,
            )


def _door(words: str) -> None:
    st.html(render("door", words=words))


def _named(claims: Mapping[str, Any]) -> str:
    """Name a person to themselves."""
    return str(claims.get("email") or claims.get("name") or _("somebody without a name"))


def _read_secrets() -> Mapping[str, Any] | None:
    try:
        return st.secrets.to_dict()
    except (OSError, UnicodeError):
        # Streamlit says of a file that it cannot read what it says of none: there are no secrets.
        if any(Path(file).exists() for file in st.get_option("secrets.files")):
            raise SetUpError(_("secrets.toml cannot be read. Fix the file.")) from None
        return None
