"""The cluster that the tests share."""

import os

import pytest

from tests.spark.cluster import running

WANTED = os.environ.get("ARMSFLOW_TEST_SPARK")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """Address of a standalone cluster; it ends with the tests."""
    if not WANTED:
        pytest.skip("with Spark: make test-spark")
    with running(tmp_path_factory.mktemp("spark")) as address:
        yield address
