"""The same selections on pandas, DuckDB and a Spark cluster; every answer is compared."""

import pytest

from armsflow import __main__
from armsflow.dataset.loader import SHIPPED, load
from tests import engines
from tests.choices import random_selections

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def datasets(cluster, tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared") / "shipped"
    assert __main__.main(["prepare", str(SHIPPED), str(folder)]) == 0
    return load(), load(folder), load(folder, cluster)


def test_pandas_duckdb_and_spark_give_the_same_answers(datasets):
    on_pandas, on_duckdb, on_spark = datasets
    for place, chosen in enumerate(random_selections(on_pandas, 200, seed=7)):
        engines.compare(chosen, on_pandas, on_duckdb)
        engines.compare(chosen, on_pandas, on_spark)
        print(place, end=" ", flush=True)


def test_spark_counts_rows_as_the_tallies_do(datasets):
    on_pandas, _, on_spark = datasets
    by_row = engines.counted_by_engine(on_spark)
    for chosen in random_selections(on_pandas, 10, seed=8):
        engines.compare(chosen, on_pandas, by_row, most=20)
