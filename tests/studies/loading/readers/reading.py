"""Short ways to read a text in a test, and to say what was found."""

from studies.loading.readers import read


def read_all(content, name="file.ris", told="auto"):
    """Result, records and issues of a text (as UTF-8) or of bytes."""
    result = read(content.encode() if isinstance(content, str) else content, name, told)
    records = list(result.records)
    return result, records, result.issues


def records_of(content, name="file.ris", told="auto"):
    """The records alone."""
    return read_all(content, name, told)[1]


def titles(content, name="file.ris", told="auto"):
    """Titles in order: the quickest proof that no record was lost or made up."""
    return [record.title for record in records_of(content, name, told)]


def said(issues):
    """Severity, record and line of each issue."""
    return [(issue.severity, issue.record, issue.line) for issue in issues]
