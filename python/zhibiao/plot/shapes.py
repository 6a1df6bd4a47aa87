"""Areas of a GeoJSON file (地理边界): read, checked, and turned the way that charts need."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from zhibiao.plot.refusal import refused

__all__ = ["Shape", "read"]

Ring: TypeAlias = list[list[float]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One feature: the code by which it is joined, and its geometry.

    Attributes:
        code: What stands under the key; empty where nothing does, as of lines at sea.
        geometry: The geometry, outer rings clockwise.
        centre: Longitude and latitude of the middle of its largest ring.
        box: West, south, east, north.
    """

    code: str
    geometry: Mapping[str, Any]
    centre: tuple[float, float]
    box: tuple[float, float, float, float]


def read(geojson: Mapping[str, Any] | str | Path, key: str) -> list[Shape]:
    """Reads the features of a collection, without network.

    Args:
        geojson: A `FeatureCollection`, or the path of a file that holds one.
        key: Where the code of the area stands in a feature: `properties.adcode`, or `id`.

    Returns:
        The features that have a geometry.

    Raises:
        RequestError: `bad-option`, where it is no such collection.
        OSError: The file cannot be read.
    """
    if isinstance(geojson, str | Path):
        path = Path(geojson)
        try:
            content: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError as error:
            why = f"`{path}` is not JSON ({error})"
            raise refused("geojson", path, why, "pass a file of GeoJSON in UTF-8") from error
    else:
        content = geojson
    kind = content.get("type") if isinstance(content, Mapping) else type(content).__name__
    if kind != "FeatureCollection":
        why = f"a `{kind}` has no areas"
        remedy = "pass a GeoJSON `FeatureCollection` (TopoJSON can be converted to it)"
        raise refused("geojson", kind, why, remedy)
    shapes = [
        _shape(feature, key)
        for feature in content.get("features") or []
        if feature.get("geometry") and feature["geometry"].get("coordinates")
    ]
    if not shapes:
        why = "the collection has no feature with a geometry"
        raise refused("geojson", kind, why, "pass one with areas")
    return shapes


def _shape(feature: Mapping[str, Any], key: str) -> Shape:
    geometry = feature["geometry"]
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        coordinates = _turned(coordinates)
    elif kind == "MultiPolygon":
        coordinates = [_turned(polygon) for polygon in coordinates]
    points = list(_points(coordinates))
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    rings = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(kind, [])
    largest = max((polygon[0] for polygon in rings), key=lambda r: abs(_area(r)), default=None)
    centre = _centre(largest) if largest else ((west + east) / 2, (south + north) / 2)
    return Shape(
        code=_code(feature, key),
        geometry={"type": kind, "coordinates": coordinates},
        centre=centre,
        box=(west, south, east, north),
    )


def _code(feature: Mapping[str, Any], key: str) -> str:
    at: Any = feature
    for part in key.split("."):
        at = at.get(part) if isinstance(at, Mapping) else None
    return "" if at is None else str(at)


def _turned(polygon: list[Ring]) -> list[Ring]:
    """The rings as the renderer reads them, on a sphere: the outer one clockwise, holes against it.

    GeoJSON has them the other way round (RFC 7946), and older files either way. A ring that runs
    the wrong way would fill the whole globe but for the area.
    """
    return [
        ring if (_area(ring) < 0) == (number == 0) else ring[::-1]
        for number, ring in enumerate(polygon)
    ]


def _area(ring: Ring) -> float:
    """Twice the area in the plane; negative if the ring runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))


def _centre(ring: Ring) -> tuple[float, float]:
    area = _area(ring)
    if area == 0:
        return ring[0][0], ring[0][1]
    x = y = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        x += (a[0] + b[0]) * cross
        y += (a[1] + b[1]) * cross
    return x / (3 * area), y / (3 * area)


def _points(coordinates: Any) -> Iterator[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _points(part)
