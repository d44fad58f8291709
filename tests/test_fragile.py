"""What the project leans on without a promise of those who make it: docs/fragile.md."""

import asyncio
import importlib.util
import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit
import xstatic.pkg.leaflet
from streamlit import config, net_util
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server import server_util

from armsflow.page import frame
from armsflow.webmap.document import PAGE_FONTS
from bench.session import Session

ROOT = Path(__file__).resolve().parents[1]
STREAMLIT = Path(streamlit.__file__).parent


def read_all(*patterns, below=ROOT):
    return "\n".join(
        path.read_text("utf-8") for pattern in patterns for path in sorted(below.rglob(pattern))
    )


@pytest.fixture(scope="module")
def front_end():
    """What Streamlit runs in the browser."""
    return read_all("*.js", below=STREAMLIT / "static")


def test_every_mark_of_an_element_that_is_relied_on_is_one_of_streamlit(front_end):
    code = read_all("page.css", "clicks.py")
    marks = set(re.findall(r"data-testid=\"?(\w+)", code))
    marks |= set(re.findall(r"\.(st[A-Z]\w+)", code))
    attributes = set(re.findall(r"\[(data-[a-z-]+)", code))
    assert len(marks) > 20
    assert len(attributes) >= 4
    # A name in a script is in quotation marks, whichever they are; an attribute may be bare.
    assert {mark for mark in marks if not re.search(rf"[\"'`]{mark}\b", front_end)} == set()
    assert {name for name in attributes if name not in front_end} == set()


def test_every_private_member_of_leaflet_that_is_used_is_there():
    leaflet = (Path(xstatic.pkg.leaflet.BASE_DIR) / "leaflet.js").read_text("utf-8")
    code = read_all("*.js", below=ROOT / "armsflow" / "webmap")
    used = set(re.findall(r"(?:\.|^\s+)(_[a-z]\w+)", code, re.MULTILINE))
    assert {"_rootGroup", "_setPos", "_updatePath"} <= used
    assert {name for name in used if not re.search(rf"\b{name}\b", leaflet)} == set()


def test_the_font_of_the_page_is_found_where_streamlit_serves_it():
    assert len(list(PAGE_FONTS.glob("SourceSansVF-Upright*.woff2"))) == 1


def test_every_option_in_the_settings_is_one_that_streamlit_knows():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    names = [
        f"{section}.{name}"
        for section, options in settings.items()
        for name, value in options.items()
        if not isinstance(value, dict)
    ]
    assert len(names) > 10
    assert {name for name in names if name not in config.get_config_options()} == set()


def test_the_server_does_not_ask_the_internet_for_its_address(monkeypatch):
    calls = []
    # As Streamlit ships it: another test may have set up a page in this process before.
    spec = importlib.util.spec_from_file_location("as_shipped", net_util.__file__)
    as_shipped = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(as_shipped)
    as_shipped._make_blocking_http_get = lambda *said, **_: calls.append(said)
    monkeypatch.setattr(net_util, "get_external_ip", as_shipped.get_external_ip)
    assert not server_util.is_url_from_allowed_origins("https://evil.example")
    assert calls, "the test would not notice"
    calls.clear()
    frame.set_up(address_changed=False)
    assert not server_util.is_url_from_allowed_origins("https://evil.example")
    assert calls == []


def test_the_addresses_that_nginx_and_docker_name_are_those_of_streamlit():
    named = set(re.findall(r"_stcore/(\w+)", read_all("*.*", "Dockerfile", below=ROOT / "deploy")))
    assert named == {"health", "metrics"}
    server = read_all("*.py", below=STREAMLIT / "web" / "server")
    assert {name for name in named if f'/{name}"' not in server} == set()


def test_a_press_of_the_load_test_is_spoken_as_streamlit_speaks():
    class Wire:
        async def send(self, message):
            self.sent = BackMsg.FromString(message)

        async def recv(self):
            done = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
            return done.SerializeToString()

    wire = Wire()
    session = Session(wire)
    session.widgets["weapon"] = "pills"
    with ThreadPoolExecutor(1) as other_thread:  # in this one a browser's loop may be running
        other_thread.submit(asyncio.run, session.run(["MANPADS 4"])).result()
    [widget] = wire.sent.rerun_script.widget_states.widgets
    assert (widget.id, list(widget.string_array_value.data)) == ("pills", ["MANPADS 4"])
