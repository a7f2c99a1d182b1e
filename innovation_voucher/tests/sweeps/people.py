"""Who knocks at every address: one letter per person, used in the tables of addresses."""

#: Letter -> username in the demo world; empty is nobody signed in.
PEOPLE = {
    "A": "",  # anybody
    "N": "xinchuang",  # new enterprise, nothing done yet
    "B": "chengguang",  # busy enterprise: owner ...
    "H": "handler",  # ... handler
    "F": "finance",  # ... finance
    "V": "viewer",  # ... viewer
    "R": "hegu",  # its rival in the same county
    "E": "maker",  # entrepreneur
    "C": "donghai",  # carrier of the order
    "K": "lanjing",  # another carrier, of another county
    "O": "wang-bj",  # officer of the county
    "P": "he-dq",  # officer of another county
    "G": "feng-jg",  # agency of the province
    "S": "qian-zd",  # province, makes batches
    "T": "zhou-fh",  # province, countersigns
    "U": "wu-sj",  # auditor of the province
    "Z": "zhao-hx",  # third party of the province
    "J": "e-gu",  # expert of the province
    "X": "root",  # superuser whom nobody granted a right
}
#: Who knocks only where a row names them: at their own pages.
GUESTS = "J"
EVERYBODY = "".join(letter for letter in PEOPLE if letter not in GUESTS)


def spell(cells: str) -> dict[str, int]:
    """Status per letter from a row such as "302 A, 200 BHFV, 404 *"; `*` is everybody not named."""
    found: dict[str, int] = {}
    for cell in filter(None, (part.strip() for part in cells.split(","))):
        status, letters = cell.split()
        for letter in EVERYBODY if letters == "*" else letters:
            found.setdefault(letter, int(status))
    return found


def written(statuses: dict[str, int]) -> str:
    """The shortest row for these statuses, in the spelling that `spell` reads."""
    by_status: dict[int, str] = {}
    for letter in (letter for letter in PEOPLE if letter in statuses):
        by_status[statuses[letter]] = by_status.get(statuses[letter], "") + letter
    *named, (most, _letters) = sorted(by_status.items(), key=lambda pair: len(pair[1]))
    return ", ".join([*(f"{status} {letters}" for status, letters in sorted(named)), f"{most} *"])
