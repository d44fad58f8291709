"""Where measurements are kept: a section a command in bench/README.md."""

from pathlib import Path

README = Path(__file__).parent / "README.md"


def keep(section: str, text: str) -> None:
    """Put a text between a section's marks, in place of what stood there.

    Parameters
    ----------
    section
        Its name in the marks, ``<!-- name -->`` and ``<!-- /name -->``.
    text
        Markdown.

    Raises
    ------
    ValueError
        If the marks are not there.
    """
    start, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    before, opened, rest = README.read_text(encoding="utf-8").partition(start)
    _, closed, after = rest.partition(end)
    if not (opened and closed):
        raise ValueError(f"{README.name} has no section between {start} and {end}.")
    README.write_text(f"{before}{start}\n{text.strip()}\n{end}{after}", encoding="utf-8")
