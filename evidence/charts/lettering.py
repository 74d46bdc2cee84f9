"""Breaking text into lines that fit a width, and making it safe to put into a picture.

Pictures cannot flow text, so every label is broken here, once for a wide and once for a
narrow page.
"""

from functools import lru_cache


# Advance widths in thousandths of the type size, from the published metrics of Helvetica, which
# Arial and Liberation Sans share. Anything not listed is taken as a figure's width (556).
_WIDTHS: dict[str, int] = {}
for _characters, _width in (
    ("ijl'’‘|", 222),
    (" .,:;/ftI!\\[]", 278),
    ('r-()“”"*', 345),
    ("ckszvxyJ", 500),
    ("+=<>~−×", 584),
    ("FTZ", 611),
    ("&ABEKPSVXY", 667),
    ("wCDHNRU", 722),
    ("GOQ", 778),
    ("mM", 833),
    ("%W", 920),
    ("—…@→←", 1000),
):
    for _character in _characters:
        _WIDTHS[_character] = _width

# Bold letters are some 6 per cent wider; browsers that fall back to another sans-serif type are
# wider by about as much, hence the allowance on ordinary text too.
_BOLD = 1.08
_ALLOWANCE = 1.03


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of `text` in pixels at type size `size`, a slight over-estimate."""
    units = sum(_WIDTHS.get(character, 556) for character in text)
    return units / 1000 * size * (_BOLD if bold else 1.0) * _ALLOWANCE


@lru_cache(maxsize=4096)
def wrap(text: str, width: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """The lines of `text`, none wider than `width` pixels; a word too long is cut.

    Returns at least one line, which is empty for empty text.
    """
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width, size, bold):
            candidate = f"{line} {piece}" if line else piece
            if line and text_width(candidate, size, bold=bold) > width:
                lines.append(line)
                line = piece
            else:
                line = candidate
    return (*lines, line)


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """`word` in one piece, or cut so that each piece fits `width`."""
    if text_width(word, size, bold=bold) <= width:
        return [word]
    pieces, piece = [], ""
    for character in word:
        if piece and text_width(piece + character, size, bold=bold) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def plain(text: str) -> str:
    """`text` with the characters that plotly would read as markup made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def joined(lines: tuple[str, ...] | list[str]) -> str:
    """Lines as one text of a picture: made harmless and joined by plotly's line break."""
    return "<br>".join(plain(line) for line in lines)


def paragraphs(parts: tuple[str, ...] | list[str], width: float, size: float) -> list[str]:
    """Each part on lines of its own, broken to fit `width`; empty parts are dropped."""
    return [line for part in parts if part for line in wrap(part, width, size)]


def line_height(size: float) -> float:
    """The distance between two lines in pixels: plotly sets text at 1.3 times its size."""
    return 1.3 * size
