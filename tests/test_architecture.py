"""The shape of the code, read from its syntax trees."""

import ast
import importlib
import re

import pytest

from armsflow.dataset.loader import SHIPPED

ROOT = SHIPPED.parent
ROOMS = ("package", "curation", "dataset", "selection", "picture", "webmap", "briefing", "page")
"""The rooms in the order of the data, as the package's docstring lists them."""

STRANGERS = {
    "package": set(),
    "curation": {"package"},
    "dataset": {"package"},
    "selection": {"dataset", "package"},
    "picture": {"selection", "dataset", "package"},
    "webmap": {"picture", "selection", "dataset", "package"},
    "briefing": {"webmap", "picture", "selection", "dataset", "package"},
    "page": set(ROOMS),
}
"""Which other rooms a room may import from."""

FILES = {
    ".".join(path.relative_to(ROOT / "armsflow").with_suffix("").parts): path
    for path in (ROOT / "armsflow").rglob("*.py")
}
TREES = {
    name: ast.parse(path.read_text("utf-8"))
    for name, path in {**FILES, "dashboard": ROOT / "dashboard.py"}.items()
}
EDGE = {"__init__", "__main__", "arguments", "brief_command", "dashboard"}
MODULES = sorted(name for name in set(TREES) - EDGE if not name.endswith("__init__"))


def room_of(name):
    return name.partition(".")[0] if "." in name else ""


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
    """Return the modules of the project that a module imports."""
    names = {module.removeprefix("armsflow.") for module in imported(TREES[name])}
    return names & set(MODULES) - {name}


def test_the_package_docstring_lists_the_rooms_in_their_order():
    listed = re.findall(r"^([a-z]+)$", ast.get_docstring(TREES["__init__"]), re.MULTILINE)
    assert tuple(listed) == ROOMS
    folders = {path.parent.name for path in (ROOT / "armsflow").glob("*/__init__.py")}
    assert folders == set(ROOMS)


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way_room_by_room(name):
    room = room_of(name)
    if not room:
        assert set(filter(room_of, own_imports(name))) == set(), "words know no room"
        return
    allowed = STRANGERS[room] | {room, ""}
    assert {other for other in own_imports(name) if room_of(other) not in allowed} == set()


def test_no_module_imports_itself_round_a_corner():
    left = {name: own_imports(name) for name in MODULES}
    while free := {name for name, needs in left.items() if not needs & set(left)}:
        left = {name: needs for name, needs in left.items() if name not in free}
    assert left == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_happens_in_it_and_names_its_front_door(room):
    text = ast.get_docstring(TREES[f"{room}.__init__"])
    assert "Front door:" in text
    assert set(imported(TREES[f"{room}.__init__"])) == set()


def test_the_package_itself_imports_nothing():
    assert set(imported(TREES["__init__"])) == set()


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("streamlit", ("page.", "webmap.document", "dashboard")),
        ("streamlit_folium", ()),
        ("folium", ("webmap.",)),
        ("branca", ("webmap.",)),
        ("xstatic", ("webmap.",)),
        ("matplotlib", ("briefing.",)),
        ("pptx", ("briefing.deck", "briefing.paragraphs", "briefing.slides")),
        (
            "openpyxl",
            (
                "package.archive",
                "package.difference",
                "briefing.tables",
                "curation.template",
                "curation.workbook",
            ),
        ),
        ("duckdb", ("dataset.engine",)),
        ("altair", ()),
        ("jinja2", ("page.markup", "webmap.legend")),
        ("html", ("webmap.",)),
    ],
)
def test_a_library_is_known_to_its_room_only(library, allowed):
    users = {
        name
        for name, tree in TREES.items()
        if library in {module.partition(".")[0] for module in imported(tree)}
    }
    assert {name for name in users if not name.startswith(allowed or ("no room",))} == set()


def test_the_web_map_uses_of_streamlit_only_the_declaration_and_the_place_of_its_files():
    tree = TREES["webmap.document"]
    calls = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "streamlit"
    }
    modules = {name for name in imported(tree) if name.startswith("streamlit")}
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


@pytest.mark.parametrize("name", sorted(TREES))
def test_every_name_that_a_docstring_refers_to_exists(name):
    text = (ROOT / "dashboard.py" if name == "dashboard" else FILES[name]).read_text("utf-8")
    missing = []
    for target in re.findall(r":(?:mod|func|class|data|meth):`~?(armsflow[\w.]*)`", text):
        module, found = target, None
        while module and found is None:
            try:
                found = importlib.import_module(module)
            except ModuleNotFoundError:
                module = module.rpartition(".")[0]
        for part in filter(None, target.removeprefix(module).split(".")):
            found = getattr(found, part, None)
        if found is None:
            missing.append(target)
    assert missing == []


def test_every_module_is_a_noun_of_the_subject():
    forbidden = {"utils", "util", "helpers", "helper", "types", "map", "common", "misc"}
    assert not {name.rpartition(".")[2] for name in MODULES} & forbidden


@pytest.mark.parametrize("name", sorted(set(TREES) - {"picture.style"}))
def test_no_module_but_style_knows_a_colour(name):
    found = [
        node.value
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"(?<!&)#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", node.value)
    ]
    assert found == []


@pytest.mark.parametrize("name", [name for name in TREES if room_of(name) == "page"])
def test_html_of_the_page_is_in_templates_and_never_in_python(name):
    found = [
        node.value
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"(?<!\?P)</?[a-zA-Z!]", node.value)  # groups of regular expressions may be
    ]
    assert found == []


def test_only_sentences_and_the_web_map_escape_by_hand_and_no_template_takes_text_as_it_is():
    escaping = [
        name
        for name in TREES
        if room_of(name) != "webmap"
        and name != "sentences"
        and re.search(
            r"(?<!re\.)\b(escape|Markup)\(",
            (FILES.get(name) or ROOT / f"{name}.py").read_text("utf-8"),
        )
    ]
    assert escaping == []
    templates = list((ROOT / "armsflow" / "page" / "templates").glob("*.html"))
    assert len(templates) > 20
    trusting = re.compile(r"\|\s*safe\b|autoescape")
    assert [path.name for path in templates if trusting.search(path.read_text("utf-8"))] == []


def lines_of(path):
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_longer_than_four_hundred_lines():
    files = [
        path for ending in ("py", "js", "css") for path in (ROOT / "armsflow").rglob(f"*.{ending}")
    ]
    assert {path.name: lines_of(path) for path in files if lines_of(path) > 400} == {}


def test_the_page_reads_top_to_bottom_on_one_screen():
    assert lines_of(ROOT / "dashboard.py") < 60
    assert not [node for node in ast.walk(TREES["dashboard"]) if isinstance(node, ast.FunctionDef)]
