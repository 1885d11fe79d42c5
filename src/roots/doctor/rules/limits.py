"""How large an upload may be, and what a web server does with one that is a script."""

import re
from collections.abc import Iterator
from pathlib import Path

from roots.doctor.evidence import acceptance, bodies, scripts
from roots.doctor.evidence.bodies import Limit
from roots.doctor.evidence.disk import size
from roots.doctor.evidence.storages import FileColumn, listed
from roots.doctor.finding import Found, Severity
from roots.doctor.project import Project
from roots.doctor.registry import rule

_EXECUTABLE = 0o111
_RUNS = re.compile(
    r"^\s*(AddHandler|SetHandler\s+(?!none|default)|AddType\s.*php|.*ExecCGI)",
    re.IGNORECASE | re.MULTILINE,
)
_LINES = {
    "nginx": "    client_max_body_size {mebibytes}m;",
    "apache": "    LimitRequestBody {bytes}",
    "caddy": "    request_body {{\n        max_size {mebibytes}MiB\n    }}",
}


@rule(
    "upload-limits-disagree",
    "roots.W077",
    why=(
        "The smallest limit on the way counts. A proxy refuses the larger upload with a bare page "
        "that says 413, after its visitor has sent it, and Django never hears of it."
    ),
    production=True,
)
def upload_limits_disagree(project: Project) -> Iterator[Found]:
    """A field takes larger files than something in front of it lets through."""
    columns = [each for each in project.file_columns if each.field.editable]
    if not columns:
        return
    known = [(acceptance.most_bytes(each, project.configuration), each) for each in columns]
    sized = [(most, each) for most, each in known if most is not None]
    most, column = max(sized, key=lambda each: each[0], default=(0, columns[0]))
    for limit in bodies.limits(project.repository.proxies):
        if limit.most_bytes < most:
            yield _of_proxy(limit, f"{column.label} takes files of {size(most)}", most)
        elif limit.is_default and len(sized) < len(columns):
            free = [each for bound, each in known if bound is None]
            yield _of_proxy(limit, f"{listed(free)} say no largest size", 20 << 20)
    yield from _of_the_layer(project, most, column)


def _of_proxy(limit: Limit, told: str, wanted: int) -> Found:
    mebibytes = (wanted >> 20) + 1  # for the other fields of the form
    said = "where nothing is said, which is" if limit.is_default else "says"
    return Found(
        what=f"{told}, and {limit.file}:{limit.line} {said} {size(limit.most_bytes)}.",
        fix=f"Let {limit.kind} take what the field takes:\n"
        + _LINES[limit.kind].format(mebibytes=mebibytes, bytes=mebibytes << 20),
        where=f"{limit.file}:{limit.line}",
    )


def _of_the_layer(project: Project, most: int, column: FileColumn) -> Iterator[Found]:
    said = project.configuration.max_body_bytes
    limits = [each for _, each in said] if isinstance(said, tuple) else [said]
    widest = None if None in limits else max(each for each in limits if each is not None)
    if widest is not None and widest < most:
        yield Found(
            what=f"{column.label} takes files of {size(most)}, and no path may have more than "
            f'{size(widest)} by ROOTS["MAX_BODY_BYTES"].',
            fix=f"Raise it for the path of that form:\n"
            f'    ROOTS["MAX_BODY_BYTES"] = {{"/": {widest}, "/upload/": {most + (1 << 20)}}}',
            where=project.settings.where("ROOTS"),
        )


@rule(
    "executable-upload-path",
    "roots.E078",
    why=(
        "Whoever may upload a file that the web server runs owns the machine: it runs with the "
        "rights of the server, whatever Django says."
    ),
)
def executable_upload_path(project: Project) -> Iterator[Found]:
    """A web server that would run what was uploaded."""
    prefix = project.serving.prefix("media")
    if not project.upload_locations or prefix is None:
        return
    for found in scripts.runners(project.repository.proxies, prefix):
        yield Found(
            what=f"{found.file}:{found.line} has files with {found.extension} run below {prefix}, "
            "where uploads are.",
            fix="Only serve them. In nginx, a location that no regular expression overrides:\n"
            f"    location ^~ {prefix} {{ … }}\n"
            "In Apache, for the directory of the uploads:\n    SetHandler none",
            where=f"{found.file}:{found.line}",
        )
    yield from _with_orders(project)
    yield from _with_executable_bits(project)


def _with_orders(project: Project) -> Iterator[Found]:
    """Apache obeys a .htaccess wherever it finds one, unless it is told not to."""
    for location in project.upload_locations:
        for path in [Path(location, ".htaccess"), *sorted(Path(location).glob("*/.htaccess"))]:
            if _RUNS.search(project.repository.tree.text(str(path))):
                yield Found(
                    what=f"{path} tells Apache to run files that lie beside it.",
                    fix="See who put it there, take it away, and let Apache not look for any:\n"
                    f"    <Directory {location}>\n        AllowOverride None\n    </Directory>",
                    where=str(path),
                    severity=Severity.WARNING,
                )


def _with_executable_bits(project: Project) -> Iterator[Found]:
    mode = project.settings.get("FILE_UPLOAD_PERMISSIONS")
    if isinstance(mode, int) and mode & _EXECUTABLE and mode & 0o7400 == 0o400:
        yield Found(
            what=f"FILE_UPLOAD_PERMISSIONS is {mode:#o}: every upload may be executed.",
            fix=f"Take the x bits away:\n    FILE_UPLOAD_PERMISSIONS = {mode & ~_EXECUTABLE:#o}",
            where=project.settings.where("FILE_UPLOAD_PERMISSIONS"),
            severity=Severity.WARNING,
        )
