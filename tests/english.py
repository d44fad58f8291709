"""English sentences where another language is spoken."""

import re
from functools import cache

from armsflow.dataset.loader import load

WORDS = re.compile(
    r"\b(?:the|of|and|is|are|was|were|with|without|from|which|by|for|not|that|this|these|how|what|"
    r"where|when|who|shown|known|found|years?|weapons?|links?|filters?|arms|open|close|search|"
    r"read|show|stated|each|other|others|into|your|rows?|files?|press|about|before)\b"
)
"""Words of English sentences that are none of French."""

CODES = re.compile(r"https?://\S+|\S+@\S+|ARMSFLOW_\w+|[\w/-]+\.(?:md|csv|toml|json|zip)")


@cache
def names() -> list[str]:
    """Return what is never translated, titles and publishers of sources, the longest first."""
    sources = load().sources
    texts = {text for name in ("title", "publisher", "document_symbol") for text in sources[name]}
    return sorted(filter(None, texts), key=len, reverse=True)


def english_of(texts: list[str]) -> list[str]:
    """Return the texts that have a word of an English sentence, beside names of sources."""
    left = []
    for text in texts:
        bare = " ".join(text.split())
        for name in names():
            if name in bare:
                bare = bare.replace(name, "")
        if WORDS.search(CODES.sub("", bare)):
            left.append(text)
    return left
