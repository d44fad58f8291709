"""Open the page as Streamlit runs it, and read what it shows."""

import json
import re
import zlib
from base64 import b64decode
from html import unescape

from streamlit.testing.v1 import AppTest

from armsflow.dataset.loader import SHIPPED

PAGE = SHIPPED.parent / "dashboard.py"
FOCUS = ["mali", "algeria", "tunisia", "egypt", "sinai"]


def open_page(**query):
    """Return the page, run once with an address; it must not have failed."""
    at = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, values in query.items():
        at.query_params[key] = values
    at.run()
    assert not at.exception
    return at


def run(widget):
    """Run the page again after a widget was changed; it must not fail."""
    at = widget.run()
    assert not at.exception
    return at


def map_of(at):
    """Return the identity of the map and what it was given."""
    protos = [component.proto for component in at.get("component_instance")]
    ((identity, arguments),) = [
        (proto.id, json.loads(proto.json_args))
        for proto in protos
        if "flows" in json.loads(proto.json_args)
    ]
    return identity, arguments


def flows(at):
    """Return lines and places that the map was given."""
    return json.loads(zlib.decompress(b64decode(map_of(at)[1]["flows"])))


def markup(at):
    return "\n".join(part.proto.body for part in at.get("html"))


def text(at):
    return unescape(re.sub(r"<[^>]+>", " ", markup(at)))


def panel(at):
    (body,) = [
        part.proto.body
        for part in at.get("html")
        if part.proto.body.startswith('<div class="panel"')
    ]
    return body


def address(at):
    """Return the parameters of the URL, every one as a list."""
    query = at.query_params.items()
    return {key: [value] if isinstance(value, str) else list(value) for key, value in query}


def counted(at):
    """Return the number of incidents in the counts below the headline."""
    counts = r"(?:([\d,]+) of|All) ([\d,]+) documented incidents?(?: \([^)]*\))?, [\d,]+ source"
    found = re.search(counts, text(at))
    return int(found.group(1) or found.group(2)) if found else 0


def pill_counts(at):
    return [int(option.rpartition(" ")[2]) for option in at.pills(key="weapon").options]


def table_rows(at):
    """Return the identifiers of the table's rows, in their order."""
    (table,) = [
        one for one in markup(at).split("<table") if one.startswith(' class="grid incidents"')
    ]
    return re.findall(r'data-press="row ([^"]+)"', table)
