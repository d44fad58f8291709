"""What is the same for every picture of a data package, worked out once."""

from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from armsflow.dataset.cache import once
from armsflow.dataset.dataset import Dataset
from armsflow.package.basemap import Basemap, read_basemap
from armsflow.picture import courses, style
from armsflow.picture.lettering import Lettering, prepare_lettering
from armsflow.picture.routes import Layouts, lay_out_frames, renamed
from armsflow.selection.selection import destination_codes

DISPUTED_AREAS = ("western-sahara", "halayib", "bir-tawil")
"""Areas of the basemap that are tinted as belonging to no country; others keep plain land."""


@dataclass(frozen=True, eq=False)
class Plate:
    """The printing plate under every picture.

    Parameters
    ----------
    layouts
        Where lines run (:func:`armsflow.picture.routes.lay_out_frames`).
    basemap
        Land, boundaries and water.
    fills
        Colour of areas by ``area_id``; areas that are not named have the plain colour of land.
    names
        The names that maps may carry.
    """

    layouts: Layouts
    basemap: Basemap
    fills: dict[str, str]
    names: Lettering


def make_plate(dataset: Dataset, directory: Path) -> Plate:
    """Work out what no selection changes.

    Parameters
    ----------
    dataset
        The whole dataset.
    directory
        Its data package, which holds the basemap.
    """
    basemap = read_basemap(directory)
    layouts = lay_out_frames(dataset, courses.read(dataset, basemap.courses))
    names = prepare_lettering(basemap.names, basemap.land, dataset.language)
    return Plate(layouts, basemap, land_fills(dataset, basemap.land), names)


def plate_in_language(plate: Plate, dataset: Dataset) -> Plate:
    """Return a plate with the names of another language; all lines stay where they are.

    Parameters
    ----------
    plate
        That of the dataset.
    dataset
        The whole dataset in that language, which is spoken.
    """
    names = prepare_lettering(plate.basemap.names, plate.basemap.land, dataset.language)
    return replace(plate, layouts=renamed(plate.layouts, dataset), names=names)


@once
def plate_for(dataset: Dataset, plate: Plate) -> Plate:
    """Return a plate that has the routes of a dataset too; its own lines stay where they are.

    Parameters
    ----------
    dataset
        Published rows, those of a reader, or both.
    plate
        That of the published dataset.
    """
    layouts = plate.layouts
    added = [line for line in dataset.corridors.index if line not in layouts.region.index]
    if not added:
        return plate
    fresh = lay_out_frames(dataset)
    of_frame = {
        code: pd.concat([layout, fresh.of_frame[code].loc[added]])
        for code, layout in layouts.of_frame.items()
    }
    holding = {line: fresh.holding[line] for line in added if line in fresh.holding}
    return replace(plate, layouts=Layouts(of_frame, layouts.holding | holding))


def land_fills(dataset: Dataset, land: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the colour of every area that is not plain land.

    Countries in focus are lighter than their neighbours, Libya and Sinai are tinted, disputed
    areas belong to none.
    """
    focus = dataset.destinations.loc[list(destination_codes(dataset, "focus"))]
    in_focus = land.loc[land["iso3"].isin(focus["country"]), "area_id"]
    fills = dict.fromkeys(in_focus, style.FOCUS_LAND)
    fills |= dict.fromkeys(land.loc[land["iso3"] == "LBY", "area_id"], style.ORIGIN_LAND)
    fills |= dict.fromkeys(DISPUTED_AREAS, style.DISPUTED_LAND)
    return fills | dict.fromkeys(land.loc[land["kind"] == "sinai", "area_id"], style.SINAI_LAND)
