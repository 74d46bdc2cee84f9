"""Which area a row speaks of: by its official code, by its number at the Department for Education, or by its name.

Publications on police forces have names alone, or codes that the store does not use; some on authorities have the
Department's numbers. A name counts only where it can be no other area.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


POLICE = "police_force"
CODE_OF_FORCE = re.compile(r"[EWNSK](?:15|23|24|32)[0-9]{6}\Z")
"""Official codes of police forces and their areas, which the store calls by names of its own."""

NUMBER = re.compile(r"[0-9]{3}\Z")
SIDE = re.compile(r"(.*), ((?:city|county|royal borough) of)\Z")
RANK = re.compile(r"\b(?:constabulary|police service|police force|police)\b")


class UnknownArea(Exception):
    """The row names no area, or none for certain; the message says what would be right."""


@dataclass(frozen=True)
class KnownArea:
    """An area of the store."""

    code: str
    name: str
    level: str
    number: str = ""


@dataclass
class Areas:
    """The areas of the store, found by what a release calls them."""

    known: Iterable[KnownArea] = ()
    codes: dict[str, KnownArea] = field(init=False, default_factory=dict)
    numbers: dict[str, str] = field(init=False, default_factory=dict)
    names: dict[str, list[KnownArea]] = field(init=False, default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for area in self.known:
            self.codes[area.code] = area
            self.names[plain_name(area.name)].append(area)
            if area.number:
                self.numbers[area.number] = area.code

    def code_of(self, code: str, name: str, level: str) -> str:
        """The store's code of an area. `level` is that of the local measure, "" where it has none.

        A code that the store does not hold is given back as it is, since its name may have been another area's
        before; only those of police forces are looked up by name. Raises `UnknownArea`.
        """
        if code in self.codes:
            return code
        if NUMBER.match(code) and code in self.numbers:
            return self.numbers[code]
        if code and not (name and CODE_OF_FORCE.match(code)):
            return code
        if not name:
            raise UnknownArea("no column holds the code or the name of an area")
        return self._named(name, POLICE if code else level)

    def _named(self, name: str, level: str) -> str:
        found = self.names.get(plain_name(name), [])
        fitting = [area for area in found if area.level == level] or found
        if len(fitting) == 1:
            return fitting[0].code
        if fitting:
            said = " and ".join(f"{area.code} ({area.level})" for area in fitting)
            raise UnknownArea(
                f"may be {said}; give the column of codes, or say the level of the local measure"
            )
        raise UnknownArea("is no area of the store; add it to local/areas first, or leave its rows out")


def plain_name(name: str) -> str:
    """A name as it is compared: "Devon and Cornwall Police" and "Devon & Cornwall" are one."""
    text = " ".join(name.casefold().replace("&", " and ").split())
    side = SIDE.match(text)
    if side:
        text = f"{side[2]} {side[1]}"
    bare = " ".join(re.findall(r"\w+", RANK.sub(" ", text)))
    return bare or text
