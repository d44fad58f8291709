"""What a package calls its columns, codes and places, in the language that is spoken and in all."""

from armsflow.dataset.cache import once
from armsflow.language import LOCALES, spoken
from armsflow.package.package import Package
from armsflow.package.translations import said_in


def worded(package: Package) -> Package:
    """Return a package to read from, whose words are in the language that is spoken."""
    return _worded(package, spoken())


def in_every_language(package: Package) -> list[Package]:
    """Return a package to read from in every language of the product, in English first."""
    return [_worded(package, language) for language in LOCALES]


@once
def _worded(package: Package, language: str) -> Package:
    return said_in(language, package)
