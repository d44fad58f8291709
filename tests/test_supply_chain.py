"""What the page is made of: requirements, the lock with fingerprints, the bill of materials."""

import json
import re
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
import pytest
import xstatic.pkg.leaflet
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from fontTools.ttLib import TTFont
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from armsflow.dataset.loader import SHIPPED

ROOT = SHIPPED.parent
# The container's: what a marker says of it decides what is installed there.
CONTAINER = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.0",
    "python_version": "3.11",
    "sys_platform": "linux",
}


def read(name):
    return (ROOT / name).read_text("utf-8")


def requirements(name):
    lines = [line.partition("#")[0].strip() for line in read(name).splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pins(listed):
    return {canonicalize_name(each.name): str(each.specifier) for each in listed}


@pytest.fixture(scope="module")
def locked():
    """Requirements of the lock with the hashes of their files."""
    joined = re.sub(r" \\\n\s+", " ", read("requirements.lock"))
    lines = [line.partition("#")[0].strip() for line in joined.splitlines()]
    parts = [line.split(" --hash=") for line in lines if line]
    return [(Requirement(first), hashes) for first, *hashes in parts]


@pytest.fixture(scope="module")
def bill():
    return json.loads(read("sbom.cdx.json"))


@pytest.fixture(scope="module")
def components(bill):
    return {component["name"]: component for component in bill["components"]}


# ---------------------------------------------------------------- requirements and lock


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_says_why_it_is_there(name):
    for line in read(name).splitlines():
        if not line.startswith(("#", "-r ")):
            assert re.fullmatch(r"[\w.-]+==[\w.]+ +# \S.*", line), line


def test_the_lock_holds_every_requirement_in_the_same_version(locked):
    direct, all_of_them = pins(requirements("requirements.txt")), pins(each for each, _ in locked)
    assert len(direct) > 10
    assert direct.items() <= all_of_them.items()
    assert len(all_of_them) == len(locked)


def test_every_file_of_the_lock_has_a_fingerprint_and_comes_from_nowhere_in_particular(locked):
    for requirement, hashes in locked:
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier))
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)
    text = re.sub(r"#.*", "", read("requirements.lock"))
    assert "://" not in read("requirements.lock")
    assert set(re.findall(r"(?<=\s)--?[a-z][\w-]*", text)) == {"--hash"}


def test_the_container_installs_nothing_without_a_fingerprint():
    installs = re.findall(r"pip install (.*)", read("deploy/Dockerfile"))
    assert installs == ["--no-cache-dir --require-hashes -r requirements.lock"]


# ---------------------------------------------------------------- bill of materials


def test_the_bill_is_valid_cyclonedx():
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(read("sbom.cdx.json"))
    assert wrong is None


def test_the_bill_lists_exactly_the_packages_of_the_lock(bill, locked):
    listed = [
        component["purl"]
        for component in bill["components"]
        if component.get("purl", "").startswith("pkg:pypi/")
    ]
    expected = [
        f"pkg:pypi/{canonicalize_name(each.name)}@{str(each.specifier).removeprefix('==')}"
        for each, _ in locked
        if not each.marker or each.marker.evaluate(CONTAINER)
    ]
    assert sorted(listed) == sorted(expected)


def test_every_part_has_a_licence(bill):
    assert [part["name"] for part in bill["components"] if not part.get("licenses")] == []


def test_the_bill_lists_what_comes_inside_packages_in_the_version_of_the_files(components):
    script = Path(xstatic.pkg.leaflet.BASE_DIR, "leaflet.js").read_text("utf-8")
    assert f"Leaflet {components['Leaflet']['version']}, " in script[:200]
    for name, files in (
        ("Source Sans Pro", font_source_sans_pro.font_files_ttf["SourceSansPro"]),
        ("Source Serif Pro", font_source_serif_pro.font_files_ttf["SourceSerifProSemibold"]),
    ):
        with TTFont(files) as font:
            said = font["name"].getDebugName(5)
        assert said.startswith(f"Version {components[name]['version']};")


def test_the_bill_lists_what_the_basemap_was_made_of(components):
    guide = read("data/basemap/README.md")
    table = re.findall(r"^\| `([\w.-]+)` \| ([\d.]+) \| (\S+) \|", guide, re.MULTILINE)
    assert len(table) == 3
    for name, version, licence in table:
        assert components[name]["version"] == version
        assert components[name]["licenses"] == [{"license": {"id": licence}}]
    assert f"Natural Earth {components['Natural Earth']['version']}" in guide
    assert f"`plotly.js` {components['plotly.js']['version']}" in guide


def test_every_part_hangs_on_the_page(bill):
    graph = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    root = bill["metadata"]["component"]["bom-ref"]
    reached, waiting = set(), [root]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += graph[part]
    assert reached == {root} | {part["bom-ref"] for part in bill["components"]}


def test_the_bill_does_not_change_from_run_to_run_nor_name_a_machine(bill):
    assert "serialNumber" not in bill
    assert "timestamp" not in bill["metadata"]
    assert not re.search(r"/tmp|/home|/root|file:|index", read("sbom.cdx.json"))
