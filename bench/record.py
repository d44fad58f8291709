"""Where measurements are kept: a section a command, in bench/README.md or another document."""

from pathlib import Path

README = Path(__file__).parent / "README.md"


def keep(section: str, text: str, document: Path = README) -> None:
    """Put a text between a section's marks, in place of what stood there.

    Parameters
    ----------
    section
        Its name in the marks, ``<!-- name -->`` and ``<!-- /name -->``.
    text
        Markdown.
    document
        What has the section.

    Raises
    ------
    ValueError
        If the marks are not there.
    """
    start, end = f"<!-- {section} -->", f"<!-- /{section} -->"
    before, opened, rest = document.read_text(encoding="utf-8").partition(start)
    _, closed, after = rest.partition(end)
    if not (opened and closed):
        raise ValueError(f"{document.name} has no section between {start} and {end}.")
    document.write_text(f"{before}{start}\n{text.strip()}\n{end}{after}", encoding="utf-8")
