"""Mistakes about files that are lost, on the way into STATIC_ROOT or within it."""

import os
from collections.abc import Iterator

from django.apps import apps

from roots.doctor.evidence import strangers
from roots.doctor.evidence.contents import are_equal
from roots.doctor.evidence.packages import is_installed
from roots.doctor.evidence.sources import SourceDirectory, misshapen
from roots.doctor.finding import Found, Severity
from roots.doctor.listing import some
from roots.doctor.project import Project
from roots.doctor.registry import rule
from roots.doctor.repairs import MakeDirectory
from roots.static.source import Source


@rule(
    "staticfiles-dir-missing",
    "roots.W013",
    why="Nothing is collected from there, so files you expect on your pages are not found.",
)
def staticfiles_dir_missing(project: Project) -> Iterator[Found]:
    """An entry of STATICFILES_DIRS that is no directory. Django's check says so, too (W004)."""
    for told in misshapen(project.settings) if project.has_staticfiles else ():
        yield Found(
            what=told,
            fix=(
                "Write a list of directories; or of pairs, for names below a prefix:\n"
                '    STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "vendor"), ...]'
            ),
            where=project.settings.where("STATICFILES_DIRS"),
        )
    for source in project.sources:
        if source.is_listed and not os.path.isdir(source.path):
            kind = "a file" if os.path.exists(source.path) else "not there"
            yield Found(
                what=f"STATICFILES_DIRS names {source.path}, which is {kind}.",
                fix=(
                    "Correct the path or take it out. If a build makes it, let the build run "
                    "before collectstatic."
                ),
                where=project.settings.where("STATICFILES_DIRS"),
                repair=None if os.path.exists(source.path) else MakeDirectory(source.path),
            )


@rule(
    "app-static-not-namespaced",
    "roots.W015",
    why=(
        "Static files of all apps share one space of names, and the first finder's is taken: the "
        "other file is never collected nor served, whichever page asks for it."
    ),
)
def app_static_not_namespaced(project: Project) -> Iterator[Found]:
    """Two apps with different files of one name, not in a folder called after one of them."""
    lost: dict[tuple[str, str], list[Source]] = {}
    owners = {each.path: each for each in project.sources if each.is_of_app}
    for each in project.discovery.duplicates if project.discovery else ():
        winner, loser = (owners.get(_place(found)) for found in (each.kept, each.skipped))
        if winner is None or loser is None or _is_overriding(each.kept.name, loser):
            continue
        if not _is_same(each.kept, each.skipped):
            lost.setdefault((winner.owner, loser.owner), []).append(each.skipped)
    for (winner_name, loser_name), sources in lost.items():
        is_ours = not all(is_installed(_path_of(name)) for name in (winner_name, loser_name))
        yield Found(
            what=(
                f"{winner_name} and {loser_name} both have {some([s.name for s in sources])}; "
                f"that of {winner_name} is collected."
            ),
            fix=(
                "Put an app's files into a folder of its name:\n"
                f"    {_label(loser_name)}/static/{_label(loser_name)}/{sources[0].name}\n"
                "To replace a file of another app on purpose, put yours into a directory of "
                "STATICFILES_DIRS, or your app before the other in INSTALLED_APPS."
            ),
            where=sources[0].origin,
            severity=None if is_ours else Severity.INFO,  # between packages, nobody can do it here
        )


@rule(
    "static-root-foreign-files",
    "roots.W016",
    why=(
        "STATIC_ROOT belongs to collectstatic: `--clear`, a new image or the next change to a "
        "source takes these away, and no other machine has them."
    ),
)
def static_root_foreign_files(project: Project) -> Iterator[Found]:
    """Files in STATIC_ROOT that were written there, or changed there, by hand."""
    if project.collected is None or project.discovery is None or project.collected.is_empty:
        return
    root = str(project.collected.root)
    edited = {*strangers.altered(project.collected)}
    if project.difference is not None:
        edited |= {*project.difference.edited}
    if edited:
        yield Found(
            what=f"In {root}, {some(sorted(edited))} differs from what was collected there.",
            fix="Make the change in the source, then run collectstatic.",
            where=root,
        )
    found = [
        each
        for each in strangers.of(project.collected, project.discovery.sources)
        if not each[0].startswith(_made_there(project))
    ]
    if found:
        later = [name for name, is_later in found if is_later]
        told = f"after the last collectstatic: {some(sorted(later))}" if later else ""
        told = (
            told or f"by hand, or from sources that are gone: {some(sorted(n for n, _ in found))}"
        )
        yield Found(
            what=f"{root} has files that no finder offers and no release names, put there {told}.",
            fix=(
                "Move what you need into a directory of STATICFILES_DIRS, then:\n"
                "    python manage.py collectstatic --clear"
            ),
            where=root,
            severity=None if later else Severity.INFO,
        )


def _path_of(name: str) -> str:
    """The directory of the app with this dotted name."""
    return next(each.path for each in apps.get_app_configs() if each.name == name)


def _place(source: Source) -> str:
    return str(getattr(source.storage, "location", ""))


def _is_overriding(name: str, loser: SourceDirectory) -> bool:
    """Whether the file is in a folder called after the app that lost, so that another one means to
    replace it."""
    folder = name.partition("/")[0].casefold().replace("-", "_")
    labels = {each.label for each in apps.get_app_configs() if each.name == loser.owner}
    return folder in {*labels, _label(loser.owner), loser.owner.replace(".", "_")}


def _is_same(one: Source, other: Source) -> bool:
    try:
        return are_equal(str(one.local_path), str(other.local_path))
    except OSError:
        return False


def _label(name: str) -> str:
    return name.rpartition(".")[2]


def _made_there(project: Project) -> tuple[str, ...]:
    """Folders that an installed app fills while the site runs."""
    folder = str(project.settings.get("COMPRESS_OUTPUT_DIR", "CACHE")).strip("/")
    return (f"{folder}/",) if apps.is_installed("compressor") else ()
