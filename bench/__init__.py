"""Speed of the page against the obvious ways of making it, side by side in one run."""
