"""How deep the checks go: a sample in ``make test``, everything in ``make test-thorough``."""

import os

THOROUGH = os.environ.get("ARMSFLOW_TEST_THOROUGH") == "1"

FEWER = 10
"""How many times fewer inputs the usual checks try than the thorough ones."""


def tried(inputs: int) -> int:
    """Return how many of some inputs are tried this time."""
    return inputs if THOROUGH else -(-inputs // FEWER)
