"""Read a release of official statistics with a saved mapping, chosen by name or recognised by its columns."""

from pathlib import Path

from ..exceptions import Refused
from ..loading.findings import SAME_THING
from ..loading.issues import Issue, UnusableFile
from ..loading.layout import RawBase, read_base, read_bytes
from ..loading.releases.areas import Areas, KnownArea
from ..loading.releases.fit import NEAR, Fit, best_fit
from ..loading.releases.given import Stored
from ..loading.releases.reading import Release, read_release
from ..loading.releases.rows import make_rows
from ..loading.releases.specification import FIGURES, Specification
from ..loading.table_search import is_meant
from ..models import Area, Load, ReleaseMapping, Source
from ..vocabulary import LoadKind
from .loads import said
from .mapping import MAPPINGS


WHERE_TO_MAKE_ONE = "/manage/mappings/"
MOST_HEADINGS_NAMED = 40


def read_evidence(path: Path, mapping: str = "") -> RawBase:
    """A folder or file with tables of the evidence base, else a release read with a mapping.

    `mapping` is the name of the one to use; without it the file must be recognised by its columns. Raises
    `UnusableFile` where the file is neither, or no mapping of that name stands.
    """
    if mapping:
        if not path.is_file():
            raise UnusableFile(f"There is no file {path} that a mapping could be used for.")
        return base_of(read_release(path.name, read_bytes(path)), standing(mapping))
    try:
        return read_base(path)
    except UnusableFile as problem:
        if not path.is_file():
            raise
        release = release_in(path, path.name, problem)
    return base_of(release)


def release_in(file: Path, name: str, problem: UnusableFile) -> Release:
    """The release in a file that holds no table of the evidence base. Raises `problem` where it is none either."""
    try:
        content = read_bytes(file)
        release = read_release(name, content)
    except (UnusableFile, OSError):
        raise problem from None
    if any(is_meant(table.headings) or table.numeric >= set(table.headings) for table in release.tables):
        raise problem
    return release


def standing(name: str) -> ReleaseMapping:
    """The version of a mapping that stands. Raises `UnusableFile` where there is none of that name."""
    found = ReleaseMapping.objects.filter(name=name, retired_at=None).first()
    if found is None:
        known = ", ".join(ReleaseMapping.objects.filter(retired_at=None).values_list("name", flat=True))
        raise UnusableFile(f"There is no mapping {name!r}. There are: {known or 'none'}.")
    return found


def recognise(release: Release) -> tuple[ReleaseMapping | None, str]:
    """The mapping that fits a release, or None and a sentence that says why none is taken."""
    tried = [
        (mapping, best_fit(mapping.spec(), mapping.headings, release))
        for mapping in ReleaseMapping.objects.filter(retired_at=None)
    ]
    fitting = sorted((one for one in tried if one[1].fits), key=lambda one: -one[1].likeness)
    if fitting:
        best, *others = fitting
        equals = [mapping.name for mapping, fit in others if fit.likeness == best[1].likeness]
        if not equals:
            return best[0], ""
        return None, f"the mappings {', '.join([best[0].name, *equals])} fit it alike; choose one"
    near = max(tried, key=lambda one: (one[1].share, one[1].likeness), default=None)
    if near is not None and near[1].share >= NEAR:
        return None, f"the nearest is {near[0].name}, but {near[1].sentence()}"
    return None, ""


def base_of(release: Release, mapping: ReleaseMapping | None = None) -> RawBase:
    """The rows that a release gives, ready to be checked and saved.

    Without a mapping that fits, every row of the release is refused by one issue that names the columns found.
    """
    base = RawBase(
        release.name, release.format, release.encoding, release.sha256, release.size, kind=LoadKind.RELEASE
    )
    base.issues = list(release.issues)
    why = ""
    if mapping is None:
        mapping, why = recognise(release)
    if mapping is None:
        return _unmapped(base, release, why)
    fit = best_fit(mapping.spec(), mapping.headings, release)
    if not fit.fits:
        return _unmapped(base, release, f"the mapping {mapping.name} does not fit it: {fit.sentence()}")
    base.mapping = mapping.pk
    _tell_what_was_read(base, release, fit, mapping)
    made = rows_of(fit, mapping.spec(), mapping.name, mapping.source)
    base.rows, base.refused = made.rows, made.refused
    base.issues += made.issues
    return base


def base_with(mapping: ReleaseMapping, load: Load, file: Path) -> RawBase:
    """The rows of a load's file, read with one version of a mapping. Raises `Refused` where that is not in use."""
    if not mapping.stands:
        raise Refused(f"The mapping {mapping} is no longer in use. Choose one for this file again.")
    return base_of(read_release(load.name, read_bytes(file)), mapping)


def rows_of(fit: Fit, spec: Specification, name: str, source: Source):
    """The rows that a mapping makes of a release, beside what the store holds."""
    return make_rows(fit, spec, mapping=name, source=source.pk, stored=stored_for(spec, source))


def stored_for(spec: Specification, source: Source) -> Stored:
    """What the store holds that this mapping may add to."""
    if spec.table == FIGURES:
        held = MAPPINGS["local/measures"].stored(pk__in={one.target for one in spec.series})
        fields = Area.objects.values_list("area_code", "name", "level", "dfe_code")
        return Stored(
            local_measures={key[0]: _texts(values) for key, (_, values) in held.items()},
            areas=Areas([KnownArea(*one) for one in fields]),
        )
    held = MAPPINGS["findings"].stored(source=source.pk)
    return Stored(
        findings={
            tuple(said(values[column]) for column in SAME_THING): (
                values["finding_id"],
                values["breakdown_id"],
                said(values["breakdown_complete"]),
            )
            for _, values in held.values()
        }
    )


def _texts(values: dict) -> dict[str, str]:
    return {name: said(value) for name, value in values.items()}


def _unmapped(base: RawBase, release: Release, why: str) -> RawBase:
    """The base of a release that cannot be read yet: its rows are counted, and refused together."""
    table = release.tables[0]
    why = why or table.twice_in_words()
    base.refused = {(table.where, row.line) for row in table.rows}
    named = ", ".join(table.headings[:MOST_HEADINGS_NAMED])
    more = len(table.headings) - MOST_HEADINGS_NAMED
    message = (
        f"no saved mapping fits this release{f': {why}' if why else ''}. Make or amend one at {WHERE_TO_MAKE_ONE} from "
        f"this file, or name one with --mapping. {len(table.rows):,} rows of figures below the headings in line "
        f"{table.heading_line}; columns found: {named}{f' and {more} more' if more > 0 else ''}"
    )
    base.issues.append(Issue("error", table.where, "", table.rows[0].line, "", "", message))
    _tell_the_rest(base, release, table)
    return base


def _tell_what_was_read(base: RawBase, release: Release, fit: Fit, mapping: ReleaseMapping) -> None:
    table = fit.table
    message = (
        f"read with the mapping {mapping}: {len(table.rows):,} rows of figures below the headings in line "
        f"{table.heading_line}"
    )
    base.issues.append(Issue("warning", table.where, "", table.heading_line, "", "", message))
    _tell_the_rest(base, release, table)


def _tell_the_rest(base: RawBase, release: Release, table) -> None:
    """Name what of the file was not used: other sheets, and rows below the headings without a figure."""
    others = [one.sheet for one in release.tables if one is not table] + release.unused
    if others:
        message = f"other sheets were not used: {', '.join(others)}"
        base.issues.append(Issue("warning", release.name, "", None, "", "", message))
    if table.left_out:
        lines = ", ".join(map(str, table.left_out[:20])) + (" and more" if len(table.left_out) > 20 else "")
        message = f"rows without a number or symbol are left out (notes, or headings again): line {lines}"
        base.issues.append(Issue("warning", table.where, "", table.left_out[0], "", "", message))
