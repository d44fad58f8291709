"""What the tests of own rows share."""

import pytest

from armsflow.package.package import read_package
from tests import tiny


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    package, problems = read_package(tiny.write(tmp_path_factory.mktemp("published") / "package"))
    assert problems == []
    return package
