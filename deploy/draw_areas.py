"""Simplify a GeoJSON of counties to the schematic shapes of the map: ``draw_areas.py SOURCE``.

Run by hand when the shapes change; the output ``static/map/areas.geojson`` is committed. The
source's features carry `code`, `name` and `at` (where the name stands) as properties. Points that
fall into one cell of a grid become one point, the same for both neighbours of a border, so that
no gap opens between two counties.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "static" / "map" / "areas.geojson"
#: Width of a cell in degrees; islands smaller than two cells are left out.
CELL = 0.025
Point = tuple[float, float]


def simplified(ring: list[list[float]], seen: dict[tuple[int, int], Point]) -> list[Point]:
    """The ring through one point per cell, closed, without a way there and back again."""
    points: list[Point] = []
    for x, y in ring:
        point = seen.setdefault((round(x / CELL), round(y / CELL)), (round(x, 3), round(y, 3)))
        if not points or points[-1] != point:
            points.append(point)
    index = 1
    while index < len(points) - 1:
        if points[index - 1] == points[index + 1]:
            del points[index : index + 2]
            index = max(1, index - 1)
        else:
            index += 1
    return points


def size(ring: list[Point]) -> float:
    """Area in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def drawn(feature: dict[str, Any], seen: dict[tuple[int, int], Point]) -> dict[str, Any]:
    """One county as we ship it: outer rings only, the largest always kept."""
    shape, facts = feature["geometry"], feature["properties"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    rings = sorted((simplified(polygon[0], seen) for polygon in polygons), key=size, reverse=True)
    kept = [[ring] for index, ring in enumerate(rings) if not index or size(ring) > 2 * CELL * CELL]
    return {
        "type": "Feature",
        "id": facts["code"],
        "properties": {"name": facts["name"], "at": [round(value, 3) for value in facts["at"]]},
        "geometry": {"type": "MultiPolygon", "coordinates": kept},
    }


def main(source: Path) -> None:
    """Write the shapes of every feature of the source."""
    seen: dict[tuple[int, int], Point] = {}
    features = [drawn(feature, seen) for feature in json.loads(source.read_text(encoding="utf-8"))["features"]]
    collection = {"type": "FeatureCollection", "features": features}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(features)} areas, {TARGET.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
