"""HTML from templates."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from armsflow.dataset.loader import SHIPPED
from armsflow.page import markup

PAGE = Path(markup.__file__).parent
HOSTILE = """<script>alert(1)</script>" onload='x' {{ 7 * 7 }} &amp;"""


def test_every_value_is_escaped_in_text_and_in_attributes():
    html = markup.render("comparison", alt=HOSTILE, image="")
    assert html.count("<") == html.count(">") == 1
    assert '" onload' not in html
    assert "{{ 7 * 7 }}" in html
    assert "&amp;amp;" in html
    assert markup.render("answer", answer=HOSTILE).count("<") == 2


def test_a_value_that_is_missing_is_an_error_and_no_gap():
    with pytest.raises(UndefinedError):
        markup.render("answer")


def test_every_template_is_asked_for_and_exists():
    text = "\n".join(path.read_text("utf-8") for path in [*PAGE.glob("*.py")])
    asked_for = set(re.findall(r'render\(\s*"(\w+)"', text))
    there = {path.stem for path in (PAGE / "templates").glob("*.html")}
    shared = {"sources"}
    assert asked_for == there - shared


def test_templates_are_found_from_any_folder(tmp_path):
    code = "from armsflow.page.markup import render; print(render('answer', answer='yes'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(SHIPPED.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == '<p class="answer">yes</p>'
