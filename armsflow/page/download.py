"""Buttons that hand out a file, made when it is asked for."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from armsflow.language import speaking, spoken

OFFICE: Final = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Final = {
    "png": "image/png",
    "pdf": "application/pdf",
    "pptx": f"{OFFICE}.presentationml.presentation",
    "svg": "image/svg+xml",
    "html": "text/html",
    "csv": "text/csv",
    "txt": "text/plain",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "kmz": "application/vnd.google-earth.kmz",
    "parquet": "application/vnd.apache.parquet",
}
"""By the last ending of a file's name."""


def offer(
    place: Any,
    words: str,
    data: Callable[[], bytes] | str,
    name: str,
    key: str,
) -> None:
    """Draw a button that hands out a file; a press runs nothing of the page again.

    The file is made in another thread, in the language of the page that has the button.

    Parameters
    ----------
    place
        Where it is drawn: a column, or Streamlit itself.
    words
        What it says.
    data
        What makes the file, or its text.
    name
        Name of the file, whose ending says its kind.
    key
        Of the widget.
    """
    place.download_button(
        words,
        data=data if isinstance(data, str) else partial(_make, spoken(), data),
        file_name=name,
        mime=MEDIA_TYPES[name.rpartition(".")[2]],
        key=key,
        on_click="ignore",
        width="stretch",
    )


def _make(language: str, data: Callable[[], bytes]) -> bytes:
    with speaking(language):
        return data()
