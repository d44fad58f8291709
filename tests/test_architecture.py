"""The shape of the code, read from its syntax trees."""

import ast
import re

import pytest

from armsflow.dataset import SHIPPED

ROOT = SHIPPED.parent
FILES = {path.stem: path for path in (ROOT / "armsflow").glob("*.py")}
TREES = {
    name: ast.parse(path.read_text("utf-8"))
    for name, path in {**FILES, "dashboard": ROOT / "dashboard.py"}.items()
}

EDGE = {"__init__", "__main__", "dashboard"}


def levels():
    """Read the levels of modules, from the edge inwards, out of the package's docstring."""
    chain = next(
        code
        for code in re.findall(r"``([^`]+)``", ast.get_docstring(TREES["__init__"]))
        if "→" in code
    )
    return [set(re.findall(r"\w+", level)) for level in chain.split("→")]


LEVEL = {name: depth for depth, names in enumerate(levels()) for name in names}


def imported(tree):
    """Yield the dotted names that a module imports, wherever it does so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(name):
    names = (module.split(".") for module in imported(TREES[name]))
    return {parts[1] for parts in names if parts[0] == "armsflow" and len(parts) > 1}


def test_the_package_docstring_gives_every_module_a_level():
    assert set(LEVEL) == set(TREES) - EDGE


@pytest.mark.parametrize("name", sorted(set(TREES) - EDGE))
def test_imports_run_one_way(name):
    wrong = {other for other in own_imports(name) if LEVEL[other] <= LEVEL[name]}
    assert wrong == set()


def test_the_package_itself_imports_nothing():
    assert set(imported(TREES["__init__"])) == set()


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("streamlit", {"access", "background", "brief", "dashboard", "own", "page", "webmap"}),
        ("streamlit_folium", set()),
        ("folium", {"webmap"}),
        ("branca", {"webmap"}),
        ("xstatic", {"webmap"}),
        ("matplotlib", {"sheet"}),
        ("pptx", {"slides"}),
        ("openpyxl", {"archive", "tables", "template", "workbook"}),
        ("altair", set()),
    ],
)
def test_a_library_is_known_to_its_module_only(library, allowed):
    users = {
        name
        for name, tree in TREES.items()
        if library in {module.partition(".")[0] for module in imported(tree)}
    }
    assert users <= allowed


def test_webmap_uses_of_streamlit_only_the_declaration_and_the_place_of_its_files():
    calls = {
        ast.unparse(node)
        for node in ast.walk(TREES["webmap"])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "streamlit"
    }
    modules = {name for name in imported(TREES["webmap"]) if name.startswith("streamlit")}
    assert calls <= {"streamlit.__file__"}
    assert modules <= {
        "streamlit",
        "streamlit.components.v1",
        "streamlit.components.v1.declare_component",
    }


@pytest.mark.parametrize("name", sorted(TREES))
def test_every_public_function_class_and_module_says_what_it_is(name):
    nodes = [
        node
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    inner = {
        child
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.FunctionDef)
        for child in ast.walk(node)
        if child is not node
    }
    silent = [node.name for node in nodes if node not in inner and not ast.get_docstring(node)]
    assert silent == []
    assert (ast.get_docstring(TREES[name]) or "").split("\n")[0].endswith((".", ":"))


def test_every_module_is_a_noun_of_the_subject():
    assert not set(FILES) & {"utils", "util", "helpers", "helper", "types", "map", "common", "misc"}


@pytest.mark.parametrize("name", sorted(set(TREES) - {"style"}))
def test_no_module_but_style_knows_a_colour(name):
    found = [
        node.value
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"(?<!&)#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", node.value)
    ]
    assert found == []


def test_the_page_reads_top_to_bottom_on_one_screen():
    assert len((ROOT / "dashboard.py").read_text("utf-8").splitlines()) < 80
    assert not [node for node in ast.walk(TREES["dashboard"]) if isinstance(node, ast.FunctionDef)]
