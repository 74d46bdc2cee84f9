"""Whether an appraiser's name stands among the authors of a source."""

from __future__ import annotations

import re
import unicodedata


def is_author(first_name: str, last_name: str, authors: str) -> bool:
    """Whether the family name is among the words of `authors` with the first name, or its initial, beside it.

    A stop for the plain case only: what else makes an appraiser partial is for the person to declare. Accents,
    case and punctuation do not count; an account without both names is never found.
    """
    first, last, said = _words(first_name), _words(last_name), _words(authors)
    if not first or not last:
        return False
    for start in range(len(said) - len(last) + 1):
        if said[start : start + len(last)] == last:
            beside = said[max(0, start - 2) : start] + said[start + len(last) : start + len(last) + 2]
            if first[0] in beside or first[0][0] in beside:
                return True
    return False


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain.casefold())
