"""Where the project's own files are: beside the package, or in it when it is installed."""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
HOME: Final = _PACKAGE if (_PACKAGE / "data").is_dir() else _PACKAGE.parent
"""The folder of ``dashboard.py``, ``.streamlit``, ``CHANGELOG.md`` and ``data``."""
