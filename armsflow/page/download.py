"""Buttons that hand out a file, made when it is asked for."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileMetadata
from streamlit.runtime.media_file_storage import MediaFileKind

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

KEPT: Final = 60.0
"""Seconds for which a file that was made can be fetched at least."""


class Made(MediaFileMetadata):
    """What Streamlit notes of a file, with the time when it was made.

    Streamlit drops a file that a button made once two runs of any pages have ended. With many
    readers that is sooner than a browser asks for it.
    """

    def __init__(self, kind: MediaFileKind = MediaFileKind.MEDIA) -> None:
        super().__init__(kind)
        self._made = time.monotonic()

    @property
    def is_marked_for_delete(self) -> bool:
        """Whether the file may be dropped when no page shows it any more."""
        return time.monotonic() - self._made > KEPT


media_file_manager.MediaFileMetadata = Made  # type: ignore[misc]


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
