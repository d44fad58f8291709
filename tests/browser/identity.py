"""A real identity provider on this machine, for signing in as a reader would."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.browser.serving import HOST, ROOT, free_port, wait_for_health

COOKIE_SECRET = "for tests only, long enough, and nowhere else"


@contextmanager
def identity_provider(people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Run an OpenID Connect provider until the block ends; yields its address.

    Parameters
    ----------
    people
        Claims by the name under which a person is offered on the provider's page.
    """
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "tests.browser.identity", str(port)]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, json.dumps(people)], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for_health(port, "/.well-known/openid-configuration", process)
            yield f"http://{HOST}:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def register(provider: str, page: str, secrets: Path) -> None:
    """Register a page with the provider and write the secrets.toml that lets people sign in.

    Parameters
    ----------
    provider, page
        Their addresses; that of the page has a final slash.
    secrets
        The file to write.
    """
    redirect = f"{page}oauth2callback"
    body = json.dumps({"redirect_uris": [redirect]}).encode()
    asked = Request(
        f"{provider}/oauth2/clients", data=body, headers={"Content-Type": "application/json"}
    )
    with urlopen(asked, timeout=10) as answer:
        client = json.load(answer)
    secrets.write_text(
        "[auth]\n"
        f'redirect_uri = "{redirect}"\n'
        f'cookie_secret = "{COOKIE_SECRET}"\n'
        f'client_id = "{client["client_id"]}"\n'
        f'client_secret = "{client["client_secret"]}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )


def _serve(port: int, people: Mapping[str, Mapping[str, Any]]) -> None:
    import flask
    import oidc_provider_mock

    app = oidc_provider_mock.app(
        require_client_registration=True,
        require_nonce=True,
        user_claims=[
            oidc_provider_mock.User(sub=name, claims=dict(claims))
            for name, claims in people.items()
        ],
    )

    @app.after_request
    def without_foreign_style(response: flask.Response) -> flask.Response:
        # The provider's pages take a style sheet from the internet; tests stay on this machine.
        if response.mimetype == "text/html":
            response.set_data(re.sub(r"<link\b[^>]*>", "", response.get_data(as_text=True)))
        return response

    app.add_url_rule("/favicon.ico", view_func=lambda: ("", 204))
    app.run(HOST, port, use_reloader=False)


if __name__ == "__main__":
    _serve(int(sys.argv[1]), json.loads(sys.argv[2]))
