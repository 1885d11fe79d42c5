"""Mistakes about what users may upload, and how it comes back."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from roots.doctor.evidence import acceptance, overwriting, tables
from roots.doctor.evidence.acceptance import SVG
from roots.doctor.evidence.storages import FileColumn, is_ours, listed
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule

_MANY_ROWS = 1_000_000
_SERVE_INERT = (
    "Let this package serve uploads, which sends what could run as a download (docs/serving.md), "
    "or have whoever does send, for everything below MEDIA_URL:\n"
    "    X-Content-Type-Options: nosniff\n"
    "    Content-Security-Policy: default-src 'none'; sandbox"
)


@rule(
    "unvalidated-file-field",
    "roots.W085",
    why=(
        "Anybody who sees the form may store whatever they like, as large as the disk: web pages, "
        "programs, films."
    ),
)
def unvalidated_file_field(project: Project) -> Iterator[Found]:
    """A FileField of this project with no policy and no validator."""
    configuration = project.configuration
    found = [
        each
        for each in project.file_columns
        if each.is_own and acceptance.is_open(each, configuration)
    ]
    if found:
        is_looked_at = all(is_ours(each.kind) for each in found)
        yield Found(
            what=f"{listed(found)}: no policy and no validator says what is accepted. (What forms "
            "and views refuse by themselves is not seen from here.)",
            fix=(
                "Say what the field is for:\n"
                "    from roots.media.fields import FileField\n"
                "    from roots.media.presets import Documents\n"
                f"    {found[0].field.name} = FileField(policy=Documents(), ...)\n"
                'or once for all fields:\n    ROOTS = {"UPLOAD_POLICY": Documents()}'
            ),
            where=found[0].where,
            severity=Severity.INFO if is_looked_at else None,  # stored as what it is, and inert
        )


@rule(
    "svg-allowed-inline",
    "roots.W086",
    why=(
        "An SVG drawing is a page that may hold scripts. Opened from your site, they act as "
        "whoever looks at it."
    ),
    production=True,
)
def svg_allowed_inline(project: Project) -> Iterator[Found]:
    """A field that takes SVG as it is, and a server that shows it."""
    found = [each for each, kinds in _running(project) if kinds == {SVG}]
    yield from _shown(project, found, "an SVG drawing", "svg", "accepts SVG drawings as they are")


@rule(
    "same-origin-media",
    "roots.W087",
    why=(
        "An uploaded web page is a page of your site then: its scripts may read what the visitor "
        "who opens it may read, and do what they may do."
    ),
    production=True,
)
def same_origin_media(project: Project) -> Iterator[Found]:
    """A field that takes web pages, served below the site's own host with nothing to defuse
    them."""
    url = str(project.settings.get("MEDIA_URL", ""))
    if urlsplit(url).netloc or project.configuration.media_origin:
        return
    found = [each for each, kinds in _running(project) if kinds - {SVG}]
    yield from _shown(project, found, "a web page", "html", "accepts web pages")


@rule(
    "overwriting-storage",
    "roots.W088",
    why=(
        "The second upload of a name takes the place of the first: somebody's file is gone, and "
        "another row shows a file that is not its own."
    ),
)
def overwriting_storage(project: Project) -> Iterator[Found]:
    """A storage of uploads that writes over a file of the same name."""
    told: dict[str, list[FileColumn]] = {}
    for column in project.file_columns:
        if evidence := overwriting.evidence(column.field.storage):
            told.setdefault(evidence, []).append(column)
    for evidence, columns in told.items():
        is_named_by_code = all(callable(each.field.upload_to) for each in columns)
        yield Found(
            what=f"{listed(columns)}: {evidence}.",
            fix=overwriting.FIX,
            where=columns[0].where,
            severity=Severity.INFO if is_named_by_code else None,  # which may be unique each time
        )


@rule(
    "file-field-not-indexed",
    "roots.I089",
    why=(
        "Before a file goes, every column that may name it is asked; without an index that reads "
        "the whole table."
    ),
)
def file_field_not_indexed(project: Project) -> Iterator[Found]:
    """A column of MediaStorage in a table of a million rows, and no index. Asks no database on
    another machine."""
    for column in project.file_columns:
        if not is_ours(column.kind) or tables.is_indexed(column.field):
            continue
        if tables.has_rows(column.model, _MANY_ROWS):
            yield Found(
                what=f"{column.label} has no index, in a table of more than {_MANY_ROWS:,} rows.",
                fix=(
                    "Add one, and migrate:\n"
                    f"    {column.field.name} = {type(column.field).__name__}(db_index=True, ...)"
                ),
                where=column.where,
            )


def _running(project: Project) -> Iterator[tuple[FileColumn, frozenset[str]]]:
    """This project's fields whose uploads are public and on this disk, and which types that run
    in browsers they accept."""
    for column in project.file_columns:
        is_public = column.location and column.location == project.media_root
        kinds = acceptance.active(column, project.configuration)
        if column.is_own and is_public and kinds:
            yield column, kinds


def _shown(
    project: Project, columns: list[FileColumn], thing: str, extension: str, accepts: str
) -> Iterator[Found]:
    shown = [each for each in columns if not project.inertness.defuses(each.example(extension))]
    if shown:
        servers = project.inertness.servers
        how = (
            f"{servers} sends it with no header that keeps it from running"
            if servers
            else "who serves it, and with which headers, was not found"
        )
        yield Found(
            what=f"{listed(shown)} {accepts}, and {how}.",
            fix=f"Where {thing} is not needed, refuse it: policy=Images(). Else:\n{_SERVE_INERT}",
            where=shown[0].where,
            severity=None if servers else Severity.INFO,
        )
