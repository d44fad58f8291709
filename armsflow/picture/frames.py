"""The frames of a map: a few fixed pieces of ground, and which of them a picture needs.

Frames are few and never change, so that two pictures of one frame can be laid side by side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from armsflow.language import N_
from armsflow.picture.plane import Points, to_plane

NOMINAL_SIZE: Final = (957.0, 600.0)
"""Pixels in which a frame is laid out; sizes in pixels refer to it."""

ROOM: Final = 1.35
"""Marks and tags find room on a map so many times smaller, so that a larger one has room too."""

Bounds = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Frame:
    """A named piece of ground.

    Parameters
    ----------
    code
        How addresses and files name it.
    label
        Its name, a sentence to be said.
    bounds
        South-west and north-east corner: latitude, longitude in degrees.
    origin
        Latitude and longitude from which links start in this frame, a drawing point that stands
        for "Libya, place not stated".
    """

    code: str
    label: str
    bounds: Bounds
    origin: tuple[float, float]

    @cached_property
    def corners(self) -> Points:
        """Lower left and upper right corner in the plane of the map (EPSG:3857, metres)."""
        return to_plane(np.array(self.bounds)[:, ::-1])

    @cached_property
    def scale(self) -> float:
        """Metres in a pixel when the frame is as large as :data:`NOMINAL_SIZE`."""
        return float(((self.corners[1] - self.corners[0]) / NOMINAL_SIZE).max())

    def inside(self, points: Points, margin: float = 0.0) -> NDArray[np.bool_]:
        """Say which points of the plane lie in the frame, so many pixels off its edge."""
        room = margin * self.scale
        low, high = self.corners[0] + room, self.corners[1] - room
        return np.asarray(((points >= low) & (points <= high)).all(axis=1))

    def holds(self, points: Points, margin: float = 0.0) -> bool:
        """Say whether all of them do."""
        return bool(self.inside(points, margin).all())


REGION: Final = Frame(
    "region", N_("The whole region"), ((10.2, -12.4), (38.2, 37.6)), origin=(27.3, 18.0)
)
WIDE: Final = Frame(
    "wide", N_("From the Atlantic to the Gulf"), ((2.0, -13.0), (43.0, 54.0)), origin=(27.3, 18.0)
)
FRAMES: Final = (
    REGION,
    Frame("sahara", N_("Mali and the Sahara"), ((11.4, -10.5), (35.0, 20.0)), origin=(27.6, 17.2)),
    Frame("algeria", N_("Algeria"), ((18.6, -9.0), (37.8, 19.6)), origin=(28.3, 16.4)),
    Frame(
        "tunisia", N_("Tunisia and western Libya"), ((30.4, 4.6), (37.8, 16.6)), origin=(31.4, 14.6)
    ),
    Frame("egypt", N_("Egypt and Cyrenaica"), ((22.2, 15.4), (34.2, 36.2)), origin=(28.4, 19.4)),
    Frame("sinai", N_("Sinai and the Delta"), ((25.4, 21.6), (33.6, 36.4)), origin=(28.6, 22.6)),
    Frame("south", N_("Niger, Chad and Sudan"), ((5.6, -1.0), (29.4, 36.0)), origin=(27.0, 18.0)),
    Frame(
        "mediterranean",
        N_("The eastern Mediterranean"),
        ((20.0, 11.0), (42.4, 53.4)),
        origin=(29.0, 18.0),
    ),
    Frame("libya", N_("Libya"), ((18.8, 7.6), (34.4, 27.0)), origin=(27.3, 18.0)),
    WIDE,
)
"""All frames in the order in which a reader is offered them."""

FRAME_OF_CODE: Final = {frame.code: frame for frame in FRAMES}

BY_SIZE: Final = tuple(sorted(FRAMES, key=lambda frame: frame.scale))


def frame_for(holding: Iterable[frozenset[str]]) -> Frame:
    """Choose the smallest frame that everything lies in.

    Parameters
    ----------
    holding
        For each thing that is drawn the codes of the frames that it lies in.

    Returns
    -------
    frame
        The region where nothing is drawn, and the widest frame where none holds everything.
    """
    common: frozenset[str] | None = None
    for codes in holding:
        common = codes if common is None else common & codes
    if common is None:
        return REGION
    return next((frame for frame in BY_SIZE if frame.code in common), WIDE)
