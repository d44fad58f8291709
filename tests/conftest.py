"""What several tests share: the tiny package, and the shipped one, loaded once."""

from collections import Counter
from pathlib import Path

import geopandas as gpd
import hypothesis
import pytest

from armsflow.dataset.dataset import Dataset
from armsflow.dataset.loader import SHIPPED, load
from armsflow.picture import picture
from armsflow.picture.picture import Picture
from armsflow.picture.plate import Plate, make_plate
from armsflow.picture.routes import Layouts, lay_out
from armsflow.selection import selection
from armsflow.selection.selection import Selection
from tests import tiny

# The same examples on every machine, however slow it is.
hypothesis.settings.register_profile("armsflow", deadline=None, derandomize=True)
hypothesis.settings.load_profile("armsflow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share the tests out among workers: the longest first, those of a file to one of them.

    What a file prepares for all its tests is made only once then. Tests in a browser and with
    hostile input take long each, and go to whoever is free.
    """
    items.sort(key=lambda item: item.path.name != "test_hostile.py")
    for item in items:
        # A browser beside other work on a small machine now and then loses a press. A test that
        # needed its second try is listed at the end.
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.path.name != "test_hostile.py" and item.path.parent.name != "browser":
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in the last line what was not run, and how to run it: each reason says so itself."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and not hasattr(config, "workerinput"):
        skipped = reporter.stats.get("skipped", [])
        reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
        parts = [f"{count} {reason}" for reason, count in sorted(reasons.items())]
        reporter.write_line(f"Not run: {'; '.join(parts) or 'nothing'}.")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Folder of a tiny valid data package that the test may break."""
    return tiny.write(tmp_path / "package")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The tiny package, loaded."""
    return load(tiny.write(tmp_path_factory.mktemp("small") / "package"))


@pytest.fixture(scope="session")
def shipped() -> Dataset:
    """The package that comes with the project, loaded."""
    return load()


@pytest.fixture(scope="session")
def plate(shipped: Dataset) -> Plate:
    """What every picture of the shipped package shares."""
    return make_plate(shipped, SHIPPED)


@pytest.fixture(scope="session")
def layouts(plate: Plate) -> Layouts:
    """Where the lines of the shipped package run in every frame."""
    return plate.layouts


@pytest.fixture(scope="session")
def layout(shipped: Dataset) -> gpd.GeoDataFrame:
    """Where they run at the scale of the whole region, none cut at its edge."""
    return lay_out(shipped)


@pytest.fixture(scope="session")
def everything(shipped: Dataset, layouts: Layouts) -> Picture:
    """Picture of the shipped package without any filter."""
    return picture.draw(Selection(), shipped, shipped, layouts)


@pytest.fixture(scope="session")
def default(shipped: Dataset, layouts: Layouts) -> Picture:
    """Picture of the shipped package as the page first shows it."""
    chosen = selection.default_selection(shipped)
    return picture.draw(chosen, selection.apply(shipped, chosen), shipped, layouts)
