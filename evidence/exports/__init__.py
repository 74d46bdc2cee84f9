"""Files of a selection: the same rows as the page, only the last step differs."""

from .files import FORMATS, answer_file


__all__ = ["FORMATS", "answer_file"]
