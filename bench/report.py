"""The figures as lines to read and, between the marks, in docs/performance.md."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from storm import SHORT

from .databases import ROOT
from .measure import Slice

Pair = tuple[Slice, Slice]
Round = dict[str, Pair]
Rounds = list[Round]

PAGE = ROOT / "docs/performance.md"
#: Kind -> goal, its name, least share of the reference's rate, most CPU of it (None: no goal), most queries.
GOALS: dict[str, tuple[str, str, float, float | None, int]] = {
    "claim": ("G1", "claim", 0.60, 1.7, 12),
    "receive": ("G3", "receive", 0.50, None, 8),
    "list": ("G10", "list of 20", 0.50, None, 8),
}
BUSY = 0.20
SIZE = " (short run)" if SHORT else ""


@dataclass(frozen=True)
class Finding:
    """One further line: goal, what was done, the figure as words, the bar as words, whether it was met."""

    goal: str
    act: str
    figure: str
    bar: str
    met: bool | None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "not met", None: "inconclusive"}[self.met]


def ranged(values: Sequence[float], form: str = ".2f") -> str:
    """Median and range of some figures."""
    return f"{median(values):{form}} [{min(values):{form}}-{max(values):{form}}]"


def show(rounds: Rounds, queries: dict[str, int], found: Sequence[Finding]) -> None:
    """Print the tables and keep them in the page of the documentation."""
    lines = [*_heading(rounds), *(_row(kind, rounds, queries[kind]) for kind in GOALS), *_remarks(rounds)]
    _keep("figures", [*lines, *_findings(found)])


def show_search(found: Sequence[Finding]) -> None:
    """The same for what was measured of the search and the map."""
    _keep("search", [_when(SIZE), *_findings(found)])


def _keep(part: str, lines: Sequence[str]) -> None:
    text = "\n".join(lines)
    print(text)
    marks = re.compile(rf"(?<=<!-- {part} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    PAGE.write_text(marks.sub(lambda _match: text + "\n", PAGE.read_text(), count=1))


def _findings(found: Sequence[Finding]) -> list[str]:
    rows = [f"| {f.goal} | {f.act} | {f.figure} | {f.bar} | {f.verdict} |" for f in found]
    return ["", "| goal | act | median [range] | bar | verdict |", "|---|---|---|---|---|", *rows]


def _when(what: str) -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{timezone.localdate().isoformat()}{what}, {os.cpu_count()} cores, load average {load}."


def _heading(rounds: Rounds) -> list[str]:
    return [
        _when(f", {len(rounds)} rounds{SIZE}"),
        "",
        "| goal | act | rate / reference [range] | goal | CPU ms: portal, reference | CPU ratio | queries | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]


def _row(kind: str, rounds: Rounds, queries: int) -> str:
    name, act, least, most_cpu, most_queries = GOALS[kind]
    pairs = [found[kind] for found in rounds]
    rates = [ours.rate / theirs.rate for theirs, ours in pairs]
    cpu = median(ours.cpu / theirs.cpu for theirs, ours in pairs)
    met = median(rates) >= least and (most_cpu is None or cpu <= most_cpu) and queries <= most_queries
    cells = [
        name,
        act,
        f"{median(rates):.2f} [{min(rates):.2f}-{max(rates):.2f}]",
        f">= {least:.2f}" + (f", CPU <= {most_cpu}" if most_cpu else ""),
        f"{_of(pairs, 1, lambda one: one.cpu):.1f}, {_of(pairs, 0, lambda one: one.cpu):.1f}",
        f"{cpu:.1f}",
        f"{queries} of {most_queries}",
        "met" if met else "not met",
    ]
    return f"| {' | '.join(cells)} |"


def _of(pairs: list[Pair], side: int, figure: Callable[[Slice], float]) -> float:
    return median(figure(pair[side]) for pair in pairs)


def _remarks(rounds: Rounds) -> list[str]:
    """Wrong answers, and how much of the machine others used meanwhile."""
    slices = [one for found in rounds for pair in found.values() for one in pair]
    foreign = [one.foreign for one in slices]
    noisy = sum(share > BUSY for share in foreign)
    quiet = noisy * 2 <= len(slices)
    said = "the ratios can be judged" if quiet else "too busy: only CPU and queries can be judged"
    wrong = sum(one.wrong for one in slices)
    noise = f"Others used {median(foreign):.0%} of the machine, in {noisy} of {len(slices)} slices more than {BUSY:.0%}"
    return ["", f"{wrong} wrong answers. {noise}: {said}."]
