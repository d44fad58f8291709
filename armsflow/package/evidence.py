"""Rules about how a row is known: its identifier, its readings, its origins, its link to Libya."""

import re
from collections.abc import Iterator

from armsflow.language import N_, _, isolated
from armsflow.package.columns import among, problem_in_row
from armsflow.package.package import UNPUBLISHED, Package
from armsflow.package.problem import Problem, quoted

DAY_OF_IDENTIFIER = re.compile(r"\d{4}(-\d{2}(?=-)(-\d{2}(?=-))?)?")
"""The date with which the identifier of an incident begins."""

KEPT_IDENTIFIERS = "keptIdentifiers"
"""Property of the resource incidents: identifiers that kept their date after a correction."""


OR_KEEP_IT = N_(
    "; for a published row whose date was corrected, keep it and name it in "
    "keptIdentifiers of datapackage.json"
)
"""What else may be done about an identifier with another date, for whoever keeps the package."""


def identifiers_begin_with_the_date(package: Package) -> Iterator[Problem]:
    """Every identifier of an incident begins with its date, unless it is listed as kept."""
    kept = set(package.resource("incidents").get(KEPT_IDENTIFIERS, ()))
    incidents = package.tables["incidents"]
    pairs = incidents[["incident_id", "date"]].to_numpy()
    for row, (identifier, day) in zip(incidents.index, pairs, strict=True):
        begins = DAY_OF_IDENTIFIER.match(identifier)
        if identifier not in kept and (begins is None or not day.startswith(begins[0])):
            told, keep = isolated(day), _(OR_KEEP_IT)
            what = _("the identifier does not begin with the date {date}.", date=told)
            fix = _("begin it with {date}{or_keep_it}.", date=told, or_keep_it=keep)
            if begins:
                what = _(
                    "the identifier begins with {start}, but the date is {date}.",
                    start=isolated(begins[0]),
                    date=told,
                )
                fix = _(
                    "if {start} is right, write it as the date; else begin it with "
                    "{date}{or_keep_it}.",
                    start=isolated(begins[0]),
                    date=told,
                    or_keep_it=keep,
                )
            yield problem_in_row(package, "incidents", row, "incident_id", what, fix)


def every_row_says_when_it_was_read(package: Package) -> Iterator[Problem]:
    """Every published incident has an entry in reviews.csv: when it was last read, with a day."""
    if "reviews" not in package.tables:
        return
    reviews, incidents = package.tables["reviews"], package.tables["incidents"]
    added = package.descriptor.get(UNPUBLISHED, {}).get("incidents", ())
    known = {*reviews["incident_id"], *added}
    fix = _("add a row for it in reviews.csv (result first_reading, no day, if it was read once).")
    for row in incidents.index[~among(incidents["incident_id"], known)]:
        what = _("reviews.csv does not say when the row was last read.")
        yield problem_in_row(package, "incidents", row, "incident_id", what, fix)
    again = reviews["result"] != "first_reading"
    for row in reviews.index[again & (reviews["reviewed"] == "")]:
        what, fix = (
            _("the day of the second reading is missing."),
            _("write the day of that reading."),
        )
        yield problem_in_row(package, "reviews", row, "reviewed", what, fix)


def origins_group_the_documents_of_their_incident(package: Package) -> Iterator[Problem]:
    """Every origin names documents of its incident only, and each document goes back to one."""
    if "origins" not in package.tables:
        return
    cited = dict(package.tables["incidents"][["incident_id", "source_ids"]].to_numpy())
    seen: set[tuple[str, str]] = set()
    origins = package.tables["origins"]
    rows = origins[["incident_id", "source_ids"]].to_numpy()
    for row, (incident, sources) in zip(origins.index, rows, strict=True):
        for source in sources.split(";"):
            if source not in cited[incident].split(";"):
                what = _("{source} is no document of this incident.", source=quoted(source))
                fix = _("name documents in source_ids of the incident only.")
                yield problem_in_row(package, "origins", row, "source_ids", what, fix)
            elif (incident, source) in seen:
                what = _(
                    "{source} already belongs to another origin of this incident.",
                    source=quoted(source),
                )
                fix = _("name each document once.")
                yield problem_in_row(package, "origins", row, "source_ids", what, fix)
            seen.add((incident, source))


def links_say_what_they_rest_on(package: Package) -> Iterator[Problem]:
    """Only an official link rests on a statement, and transit is no Libyan stock."""
    incidents = package.tables["incidents"]
    if not {"link_rests_on", "stock", "through_libya"} <= set(incidents):
        return
    odd = (incidents["link_rests_on"] != "") & (incidents["link_basis"] != "official_statement")
    for row in incidents.index[odd]:
        what = _("link_rests_on is filled, but the link is no official statement.")
        yield problem_in_row(package, "incidents", row, "link_rests_on", what, _("empty the cell."))
    transit = incidents["stock"] == "transit"
    for row in incidents.index[transit != (incidents["through_libya"] == "true")]:
        what = _("stock and through_libya contradict each other.")
        fix = _("write transit and true together, or neither.")
        yield problem_in_row(package, "incidents", row, "through_libya", what, fix)
