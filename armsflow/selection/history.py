"""What changed in a view since an earlier version of the data."""

from dataclasses import dataclass

import narwhals as nw

from armsflow.dataset.dataset import Dataset
from armsflow.language import N_, _, _n, _p, enumerated
from armsflow.package.versions import version_numbers
from armsflow.selection.query import from_query, to_query
from armsflow.selection.selection import Selection, apply
from armsflow.words import incident_words, started


@dataclass(frozen=True)
class Since:
    """How the documented incidents of a view differ from those of an earlier version.

    Parameters
    ----------
    version
        The earlier version.
    before, now
        How many the view showed then, and shows now.
    added, withdrawn, corrected
        Identifiers that the view shows only now, showed only then, or shows now as before after a
        correction.
    """

    version: str
    before: int
    now: int
    added: tuple[str, ...]
    withdrawn: tuple[str, ...]
    corrected: tuple[str, ...]

    @property
    def words(self) -> str:
        """The difference in a sentence, e.g. "Then 74, now 92: 19 new, 1 no longer shown"."""
        changes: tuple[tuple[int, tuple[str, str]], ...] = (
            (len(self.added), N_("{count} new", "{count} new")),
            (len(self.withdrawn), N_("{count} no longer shown", "{count} no longer shown")),
            (len(self.corrected), N_("{count} corrected", "{count} corrected")),
        )
        counted = [_n(*said, count) for count, said in changes if count]
        if not counted:
            words = incident_words(self.now)
            # Translators: {incidents} is e.g. "74 documented incidents", {version} a version of the
            # data.
            return started(
                _("{incidents}, unchanged since {version}.", incidents=words, version=self.version)
            )
        # Translators: {incidents} is e.g. "74 documented incidents", {now} a number or "none",
        # {changes} a list: "19 new, 2 no longer shown and 1 corrected", all said of incidents.
        return _(
            "In data {version}: {incidents}, now {now}: {changes}.",
            version=self.version,
            incidents=incident_words(self.before),
            now=self.now or _p("of incidents", "none"),
            changes=enumerated(counted),
        )


def since(selection: Selection, dataset: Dataset, earlier: Dataset) -> Since:
    """Compare what a selection shows with what it showed in an earlier version.

    Parameters
    ----------
    selection
        A selection of *dataset*.
    dataset, earlier
        The data at hand, whose corrections are read, and those of the earlier version.
    """
    then = from_query(to_query(selection, dataset), earlier)
    before, now = _events(apply(earlier, then)), _events(apply(dataset, selection))
    log = dataset.corrections
    known = version_numbers(earlier.version) or ()
    later = log["version"].map(lambda version: (version_numbers(version) or ()) > known)
    corrected = set(log["record"][later.astype(bool) & log["table"].isin(["incidents", "items"])])
    return Since(
        version=earlier.version,
        before=len(before),
        now=len(now),
        added=tuple(sorted(now - before)),
        withdrawn=tuple(sorted(before - now)),
        corrected=tuple(sorted(now & before & corrected)),
    )


def _events(shown: Dataset) -> set[str]:
    rows = shown.rows().filter(nw.col("events") == 1).select("incident_id").collect()
    return set(rows["incident_id"].to_list())
