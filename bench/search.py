"""G8, G9 and G11: the catalogue and the map at two sizes, beside plain SQL over the same rows."""

from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from carriers import catalogue, mapping
from carriers.catalogue import KINDS, Ask
from carriers.facets import Facets, facets_of
from carriers.models import Service
from storm import often
from storm.processes import Place, Server, stop, wait_until
from storm.wire import get, send

from . import databases
from .catalogue import RARE, SCARCE, Catalogue
from .report import Finding
from .rows import milliseconds, run, statements_of

#: Services at first and in the end; carriers, all of them on the map; how often each thing is asked.
SIZES, CARRIERS, TIMES = often((2_000, 20_000), (10_000, 1_000_000)), often(5_000, 100_000), often(5, 20)
RARE_WORD = RARE[:2]
#: Two and four characters, each common, middling and rare.
WORDS = ("检测", "量子", RARE_WORD, "软件测试", "人工智能", SCARCE[:4])
#: Degrees: the country, a province, a city, a street.
BOXES = {
    "country": mapping.COUNTRY,
    "province": (118.0, 27.0, 123.0, 31.5),
    "city": (120.0, 30.0, 120.3, 30.3),
    "street": (120.10, 30.10, 120.12, 30.12),
}
EMPTY = Facets((), ())

RAW_ROWS = (
    "DROP TABLE IF EXISTS raw_search",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """CREATE TABLE raw_search AS
       SELECT s.id, s.title, s.rank, s.number, r.path, array_to_tsvector(
                  string_to_array(s.search_text, ' ') || ARRAY['r:' || split_part(r.path, '/', 2)]) AS words
       FROM carriers_service s JOIN carriers_carrier c ON c.id = s.carrier_id
       JOIN casework_region r ON r.id = c.region_id""",
    "CREATE INDEX ON raw_search USING gin (words)",
    "CREATE INDEX ON raw_search USING gin (title gin_trgm_ops)",
    "CREATE INDEX ON raw_search (rank DESC, number)",
    "ANALYZE raw_search",
)
RAW_POINTS = (
    "DROP TABLE IF EXISTS raw_point",
    "CREATE TABLE raw_point AS SELECT point(longitude, latitude) AS place FROM carriers_carrier",
    "CREATE INDEX ON raw_point USING gist (place)",
    "ANALYZE raw_point",
)


def measure(folder: Path) -> list[Finding]:
    """Both sizes one after the other, then the map."""
    place = Place(folder, databases.url_of("bench_portal", "APP_DATABASE_URL"))
    place.collect_static()
    rows = Catalogue(CARRIERS)
    redis = place.start_redis()
    server = Server(place, "innovation_voucher.wsgi", workers=2)
    try:
        wait_until(server.socket.exists, 60, "gunicorn")
        slowest = [_asked(place, server, rows, size) for size in SIZES]
        return [_growth(slowest), *_beside_sql(rows), *_on_the_map(place, server)]
    finally:
        server.stop()
        stop(redis)


# --- G8: over HTTP ----------------------------------------------------------------------------------


def _asked(place: Place, server: Server, rows: Catalogue, size: int) -> float:
    """Seconds within which 95 of 100 pages came, the six words in turn, one reader."""
    rows.grow(size)
    place.flush_redis()
    code = rows.cities[0].code
    paths = [f"/services/?{urlencode({'q': word, 'region': code})}" for word in WORDS]
    taken = [_seconds(server, path) for _n in range(TIMES + 1) for path in paths]
    # The first of each warms up; the trees beside the results are counted then.
    return quantiles(taken[len(paths) :], n=20)[-1]


def _seconds(server: Server, path: str) -> float:
    answer = send(server.socket, get(path, ""))
    assert answer.status == 200, f"{path}: {answer.status}"
    return answer.seconds


def _growth(slowest: list[float]) -> Finding:
    ratio = slowest[1] / slowest[0]
    each = ", ".join(f"{1000 * one:.0f} ms among {size:,}" for one, size in zip(slowest, SIZES, strict=True))
    return Finding("G8", "p95 of a page, large / small catalogue", f"{ratio:.1f} x: {each}", "<= 2 x", ratio <= 2)


# --- G8 and G9: in the database ---------------------------------------------------------------------


def _beside_sql(rows: Catalogue) -> list[Finding]:
    """The portal's own statement for the rows of a page beside the raw one, word by word."""
    run(*RAW_ROWS)
    city = rows.cities[0]
    facets = facets_of(Service)
    places = facets.chosen_places([city.code])
    ours, raw = {}, {}
    for word in WORDS:
        ask = Ask(words=word, places=places)
        found = catalogue.ordered(KINDS["services"], catalogue.filtered(KINDS["services"], ask, facets), "")
        ours[word] = milliseconds(statements_of(lambda found=found: list(found[:20])), TIMES)
        raw[word] = milliseconds([_raw(word, city.code)], TIMES)
    worst = max(WORDS, key=lambda word: ours[word] / raw[word])
    ratio = ours[worst] / raw[worst]
    each = ", ".join(f"{word} {ours[word]:.1f} / {raw[word]:.1f}" for word in WORDS)
    naive = milliseconds([_naive(RARE_WORD, city.path)], TIMES)
    quicker = naive / ours[RARE_WORD]
    return [
        Finding("G8", "rows of a page / raw query", f"{ratio:.1f} x at worst; ms: {each}", "<= 1.5 x", ratio <= 1.5),
        Finding(
            "G9",
            "LIKE with trigrams / rows of a page",
            f"{quicker:.0f} x for {RARE_WORD}: {naive:.1f} ms, ours {ours[RARE_WORD]:.2f}",
            ">= 20 x",
            quicker >= 20,
        ),
    ]


def _raw(word: str, code: str) -> str:
    pairs = " & ".join(f"'{word[i : i + 2]}'" for i in range(len(word) - 1))
    return f"""SELECT id FROM raw_search WHERE words @@ $${pairs} & 'r:{code}'$$::tsquery AND title LIKE '%{word}%'
               ORDER BY rank DESC, number LIMIT 20"""


def _naive(word: str, path: str) -> str:
    return f"""SELECT id FROM raw_search WHERE title LIKE '%{word}%' AND path LIKE '{path}%'
               ORDER BY rank DESC, number LIMIT 20"""


# --- G11: the map -----------------------------------------------------------------------------------


def _on_the_map(place: Place, server: Server) -> list[Finding]:
    run(*RAW_POINTS)
    ours, most = {}, 0
    for name, box in BOXES.items():
        carriers = mapping.found("", Ask(), EMPTY)
        most = max(most, len(mapping.points(carriers, box=box)))
        ours[name] = milliseconds(statements_of(lambda box=box, rows=carriers: mapping.points(rows, box=box)), TIMES)
    raw = milliseconds([_raw_heaps(BOXES["city"])], TIMES)
    ratio = max(ours.values()) / raw
    each = ", ".join(f"{name} {taken:.1f}" for name, taken in ours.items())
    first, later = _kept(place, server)
    drawn = f"{ratio:.1f} x at worst; ms: {each}, raw {raw:.1f}; {most} points at most of {CARRIERS:,}"
    kept = f"{first / later:.0f} x: {1000 * first:.0f} ms, {1000 * later:.1f} ms"
    few = ratio <= 1.5 and most <= mapping.MOST_POINTS
    return [
        Finding("G11", "points of any zoom / raw query of a city", drawn, "<= 1.5 x, <= 200 points", few),
        Finding("G11", "the country counted now / kept", kept, ">= 20 x", first / later >= 20),
    ]


def _raw_heaps(box: mapping.Box) -> str:
    west, south, east, north = box
    width, height = (east - west) / mapping.GRID, (north - south) / mapping.GRID
    return f"""SELECT floor((place[0] - {west}) / {width}), floor((place[1] - {south}) / {height}), count(*),
                      avg(place[0]), avg(place[1])
               FROM raw_point WHERE place <@ box '({west},{south}),({east},{north})' GROUP BY 1, 2"""


def _kept(place: Place, server: Server) -> tuple[float, float]:
    """Seconds for the data of the whole map, first with an empty cache, then from it."""
    _seconds(server, "/map/data/")
    first = []
    for _n in range(3):
        place.flush_redis()
        first.append(_seconds(server, "/map/data/"))
    return median(first), median(_seconds(server, "/map/data/") for _n in range(TIMES))
