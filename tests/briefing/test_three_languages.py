"""Files in French and Arabic: no English word is left in any text that they have."""

import html
import re

import pytest

from armsflow.arguments import parser
from armsflow.brief_command import brief
from armsflow.briefing.verification import text_of
from armsflow.language import speaking
from tests.english import english_of

CODE = re.compile(rb"<(script|style)\b.*?</\1>", re.DOTALL)
IDENTIFIERS = re.compile(r"\?[\w=&,-]+|\b\d{4}(?:-\d\d)*-[\w-]+|\b[a-z]+-\d{4}[\w-]*|armsflow")
KINDS = ["png", "svg", "pdf", "pptx", "html", "xlsx"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["fr", "ar"])
def test_no_english_word_is_left_in_a_file(code, kind, tmp_path):
    file = tmp_path / f"one.{kind}"
    options = parser().parse_args(["brief", str(file), "--weapon", "anti_tank"])
    options.languages = (code,)
    with speaking(code):
        assert brief(options) == 0
    content = CODE.sub(b"", file.read_bytes()) if kind == "html" else file.read_bytes()
    text = html.unescape(text_of(content))
    # Names of sources may be cut, and identifiers and addresses are the same in every language.
    lines = [IDENTIFIERS.sub("", line) for line in text.splitlines() if "…" not in line]
    assert sum(map(len, lines)) > 150
    assert english_of(lines) == []
