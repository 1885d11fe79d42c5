"""What somebody sees who runs `manage.py media`."""

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from roots.django.management.commands.media import Command
from roots.media import trash
from roots.media.storage import MediaStorage
from roots.media.upkeep import leftovers
from roots.media.upkeep import sweep as sweeper
from tests.media.library import keep, ledger, put, record
from tests.project.models import Document


@pytest.fixture
def root(database, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def media(*arguments):
    """The exit code, and the lines on stdout."""
    out = io.StringIO()
    try:
        call_command("media", *map(str, arguments), stdout=out)
        code = 0
    except SystemExit as left:
        code = left.code
    return code, out.getvalue().splitlines()


def lines_of_json(*arguments):
    _, lines = media(*arguments, "--json")
    *findings, summary = map(json.loads, lines)
    return findings, summary["summary"]


def trashed(root, name, days_ago=0):
    """A file that went to the trash that long ago."""
    put(root, name)
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    trash.put(name, MediaStorage().terms, day)
    return trash.find(root, name).path


def test_a_root_in_order_has_exit_code_0(root):
    keep(root, "a.txt")
    code, lines = media("audit", "--min-age", "0s")
    assert code == 0
    assert lines[-1].startswith("1 names in ")
    assert lines[-1].endswith("findings: 0.")


def test_an_audit_tells_what_is_wrong_and_what_to_do(root):
    put(root, "photos/nobody's\n.jpg")
    (row,) = Document.objects.bulk_create([Document(file="docs/gone.pdf")])
    code, lines = media("audit", "--min-age", "0s")
    assert code == 1
    assert lines[0] == f"missing       docs/gone.pdf  (named by project.Document.file {row.pk})"
    assert lines[1].startswith(r"orphan        photos/nobody's\n.jpg  (5 B, since 20")
    assert "1 orphan: no row names the file; `manage.py media sweep`" in lines


def test_json_is_a_line_for_each_finding_and_one_for_all(root):
    put(root, "a.jpg")
    findings, summary = lines_of_json("audit", "--min-age", "0s")
    assert [(each["kind"], each["name"], each["bytes"]) for each in findings] == [
        ("orphan", "a.jpg", 5)
    ]
    assert summary["findings"] == {"orphan": 1}
    assert summary["names"] == 1


def test_young_files_and_those_there_on_purpose_are_not_talked_about(root, settings):
    put(root, "young.jpg")
    assert media("audit")[0] == 0
    put(root, "newsletter/a.html")
    put(root, "other/b.html")
    settings.ROOTS = {"KEEP_UNNAMED": ["newsletter/*"]}
    assert media("audit", "--min-age", "0s", "--keep", "other/*", "--keep", "young.*")[0] == 0
    assert media("audit", "--min-age", "0s", "--keep", "other/*")[0] == 1


def test_an_audit_goes_on_behind_any_name(root):
    for name in ("a", "b", "c"):
        put(root, name)
    findings, _ = lines_of_json("audit", "--min-age", "0s", "--after", "b")
    assert [finding["name"] for finding in findings] == ["c"]


def test_an_audit_can_read_the_content_too(root):
    keep(root, "good.txt")
    keep(root, "bad.txt")
    (root / "bad.txt").write_bytes(b"hallo")
    assert media("audit", "--min-age", "0s")[0] == 0
    findings, _ = lines_of_json("audit", "--min-age", "0s", "--verify")
    assert [(each["kind"], each["name"]) for each in findings] == [("wrong-digest", "bad.txt")]


def test_verify_writes_down_what_is_as_it_was_and_needs_not_look_again(root):
    keep(root, "good.txt")
    keep(root, "bad.txt")
    keep(root, "gone.txt")
    (root / "bad.txt").write_bytes(b"hallo")
    (root / "gone.txt").unlink()
    _, summary = lines_of_json("verify", "--threads", "2")
    assert summary["findings"] == {"wrong-digest": 1, "missing": 1}
    assert summary["names"] == 3
    verified = ledger().objects.exclude(verified_at=None).values_list("name", flat=True)
    assert list(verified) == ["good.txt"]
    _, summary = lines_of_json("verify", "--older-than", "1d")
    assert summary["names"] == 2


def test_a_sweep_only_tells_until_it_is_told(root):
    put(root, "nobody's.jpg")
    code, lines = media("sweep", "--min-age", "0s")
    assert code == 1
    assert lines[0].startswith("would be trashed: orphan        nobody's.jpg  (5 B")
    assert lines[-1] == "1 would be trashed. Nothing was changed; with --yes it is."
    assert (root / "nobody's.jpg").exists()


def test_a_sweep_moves_to_the_trash_what_no_row_names(root):
    put(root, "old/nobody's.jpg")
    record("old/nobody's.jpg")
    record("left of nothing")
    keep(root, "ours.jpg")
    code, lines = media("sweep", "--min-age", "0s", "--yes")
    assert (code, lines[-1]) == (0, "1 trashed, 1 forgotten.")
    assert not (root / "old").exists()
    assert (root / "ours.jpg").exists()
    assert trash.find(root, "old/nobody's.jpg").path.read_bytes() == b"hello"
    states = dict(ledger().objects.values_list("name", "state"))
    assert states == {"ours.jpg": "stored", "old/nobody's.jpg": "trashed"}


def test_a_sweep_leaves_what_a_row_names_by_the_time_it_comes_there(root, monkeypatch):
    put(root, "late.jpg")
    settle = sweeper.settling.settle

    def named_meanwhile(*arguments):
        Document.objects.bulk_create([Document(file="late.jpg")])
        return settle(*arguments)

    monkeypatch.setattr(sweeper.settling, "settle", named_meanwhile)
    assert media("sweep", "--min-age", "0s", "--yes")[1][-1] == "1 kept."
    assert (root / "late.jpg").exists()


def test_a_sweep_refuses_where_names_are_not_told_apart(root):
    put(root, "nobody's.jpg")
    (root / ".roots").mkdir()
    (root / ".ROOTS").symlink_to(".roots")
    with pytest.raises(CommandError, match=r"takes A\.jpg for a\.jpg"):
        media("sweep", "--min-age", "0s", "--yes")
    assert (root / "nobody's.jpg").exists()


def test_the_default_of_a_field_is_nobody_s_orphan(root, monkeypatch):
    put(root, "documents/default [1].pdf")
    field = Document._meta.get_field("file")
    monkeypatch.setattr(field, "default", "documents/default [1].pdf")
    monkeypatch.setitem(vars(field), "_get_default", lambda: field.default)
    assert media("audit", "--min-age", "0s")[0] == 0


def test_a_sweep_spares_what_is_younger_than_a_day(root):
    put(root, "today.jpg")
    assert media("sweep", "--yes")[1] == ["nothing to do."]


def test_a_sweep_empties_the_trash_of_what_is_due_and_no_more(root):
    due, recent = trashed(root, "old.jpg", 8), trashed(root, "new.jpg", 6)
    for name in ("old.jpg", "new.jpg", "again.jpg"):
        record(name, state="trashed")
    keep(root, "ours.jpg")
    trashed(root, "again.jpg", 9)
    trashed(root, "again.jpg", 2)
    assert media("sweep", "--yes")[1][-1] == "2 purged."
    assert recent.exists()
    assert not due.exists()
    names = ledger().objects.values_list("name", flat=True).order_by("name")
    assert list(names) == ["again.jpg", "new.jpg", "ours.jpg"]


def test_without_a_trash_a_sweep_deletes(root, settings):
    settings.ROOTS = {"TRASH_DAYS": 0}
    put(root, "nobody's.jpg")
    record("nobody's.jpg")
    assert media("sweep", "--min-age", "0s")[1][0].startswith("would be deleted: ")
    assert media("sweep", "--min-age", "0s", "--yes")[1][-1] == "1 deleted."
    assert not ledger().objects.exists()
    assert list(trash.entries(root)) == []


def test_a_sweep_removes_what_killed_processes_left_a_day_ago(root, monkeypatch):
    upload, claim = put(root, ".roots/staging/0123"), put(root, ".roots/claims/4567")
    copy = put(root, "a/.roots-89ab")
    assert media("sweep", "--min-age", "0s", "--yes")[1][-1] == "1 kept."
    for module in (leftovers, sweeper):  # nobody can set a ctime, so a day has passed otherwise
        monkeypatch.setattr(module, "ABANDONED_AFTER_S", -5)
    _, summary = lines_of_json("audit", "--min-age", "0s")
    assert summary["findings"] == {"abandoned": 3}
    assert media("sweep", "--min-age", "0s", "--yes")[1][-1] == "3 removed."
    assert not any(path.exists() for path in (upload, claim, copy))


def test_restore_brings_back_what_was_trashed_last_and_its_record(root):
    trashed(root, "a.jpg", 1)
    record("a.jpg", state="trashed", trashed_at=datetime.now(UTC))
    code, lines = media("restore", "a.jpg")
    assert (code, lines) == (0, ["restored: trashed       a.jpg", "1 restored."])
    assert (root / "a.jpg").read_bytes() == b"hello"
    (row,) = ledger().objects.all()
    assert (row.state, row.trashed_at) == ("stored", None)


def test_restore_overwrites_nothing_and_says_what_it_could_not_do(root):
    trashed(root, "a.jpg")
    put(root, "a.jpg", b"other")
    code, lines = media("restore", "a.jpg", "b.jpg")
    assert code == 1
    assert lines[-1] == "1 in place already, 1 not in the trash."
    assert (root / "a.jpg").read_bytes() == b"other"


def test_restore_by_the_day(root):
    for name, days_ago in (("a", 3), ("b", 2), ("c", 1)):
        trashed(root, name, days_ago)
    day = datetime.now(UTC).date() - timedelta(days=2)
    assert media("restore", "--since", day.isoformat())[1][-1] == "2 restored."
    assert not (root / "a").exists()


@pytest.mark.parametrize("arguments", [[], ["a", "--since", "2026-01-01"], ["--since", "soon"]])
def test_restore_wants_names_or_a_day(root, arguments):
    with pytest.raises(CommandError):
        media("restore", *arguments)


def test_stats_count_by_whatever_one_may_ask_for(root):
    keep(root, "a.txt", b"x" * 2000)
    keep(root, "b.txt")
    ledger().objects.update(content_type="text/plain", owner="7")
    record("c", state="trashed")
    trashed(root, "c")
    old = datetime.now(UTC) - timedelta(days=400)
    ledger().objects.filter(name="b.txt").update(stored_at=old)
    (line,) = media("stats", "--json")[1]
    tables = json.loads(line)
    both = {"files": 2, "bytes": 2005}
    assert tables["type"] == {"text/plain": both}
    assert tables["owner"] == {"7": both}
    assert tables["field"] == {"project.Document.file": both}
    assert tables["age"]["less than a day"] == {"files": 1, "bytes": 2000}
    assert tables["age"]["older"] == {"files": 1, "bytes": 5}
    assert tables["state"] == {"stored": both, "trashed": {"files": 1, "bytes": 5}}
    assert list(tables["trash"].values()) == [{"files": 1, "bytes": 5}]
    lines = media("stats")[1]
    assert "By field:" in lines
    assert "            2     2.0 kB  project.Document.file" in lines


def test_adopt_records_what_rows_name_and_changes_nothing_else(root):
    path = put(root, "pics/dot.3f2a91c0d4e7.gif", b"GIF89a\x03\0\x02\0\x80\0\0" + b"\0" * 20)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    put(root, "nobody's.txt")
    rows = [Document(file="pics/dot.3f2a91c0d4e7.gif"), Document(file="gone.txt")]
    Document.objects.bulk_create(rows)
    before = path.stat()
    code, lines = media("adopt")
    assert code == 1
    assert lines[0] == "missing       gone.txt"
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ctime_ns) == (before.st_mtime_ns, before.st_ctime_ns)
    (row,) = ledger().objects.all()
    assert (row.name, row.original_name) == ("pics/dot.3f2a91c0d4e7.gif", "dot.gif")
    assert (row.size, row.content_type, row.state) == (33, "image/gif", "stored")
    assert row.stored_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert media("adopt")[1][-1].startswith("1 names in ")  # the one that is gone
    assert media("audit", "--min-age", "0s")[0] == 1


def test_adopt_puts_right_what_the_ledger_thinks_is_in_the_trash(root):
    keep(root, "a.txt")
    ledger().objects.update(state="trashed", trashed_at=datetime.now(UTC))
    assert media("audit", "--min-age", "0s")[0] == 1
    media("adopt")
    assert media("audit", "--min-age", "0s")[0] == 0
    (row,) = ledger().objects.all()
    assert (row.state, row.trashed_at) == ("stored", None)


def test_a_killed_adoption_goes_on_where_it_was(root, monkeypatch):
    from roots.media.upkeep import adopt

    for number in range(7):
        put(root, f"{number}.txt")
        Document.objects.bulk_create([Document(file=f"{number}.txt")])
    monkeypatch.setattr(adopt, "_BATCH_NAMES", 3)
    record_one, calls = adopt.ledger.record, []

    def dying(*arguments, **options):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        record_one(*arguments, **options)

    monkeypatch.setattr(adopt.ledger, "record", dying)
    assert media("adopt")[0] == 130
    assert ledger().objects.count() == 3  # whole batches only
    assert media("adopt")[1][-1].startswith("4 names in ")
    assert ledger().objects.count() == 7


def test_a_root_that_is_not_there_is_not_taken_for_one_that_lost_its_files(root):
    root.rmdir()
    with pytest.raises(CommandError, match="Mount it if it is a volume") as caught:
        media("audit")
    assert caught.value.returncode == 2


def test_a_name_that_leads_out_of_the_root_is_refused(root):
    with pytest.raises(CommandError, match="located outside"):
        media("restore", "../secret")


def test_whoever_reads_only_the_first_lines_gets_them(tmp_path, sqlite_database, child_environ):
    for number in range(1_500):
        put(
            tmp_path / "media",
            f"a rather long name, so that a pipe is full before the end {number}.jpg",
        )
    with subprocess.Popen(
        [sys.executable, "-m", "django", "media", "audit", "--min-age", "0s"],
        env=child_environ(sqlite_database),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().startswith(b"orphan")
        process.stdout.close()
        assert b"BrokenPipe" not in process.stderr.read()
    assert process.returncode == 1


def test_a_storage_that_is_not_ours_is_refused(root):
    with pytest.raises(CommandError, match=r"STORAGES\['staticfiles'\] is a StaticStorage"):
        media("audit", "--storage", "staticfiles")
    with pytest.raises(CommandError, match="Name one of STORAGES"):
        media("audit", "--storage", "nowhere")


def test_progress_is_shown_on_a_terminal_and_gone_where_a_line_is_told(root, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr("roots.django.terminal.find_spec", lambda _: None)
    for name in ("a", "b"):
        keep(root, name)
    put(root, "orphan")
    call_command("media", "verify", stdout=screen)
    with pytest.raises(SystemExit):
        call_command("media", "audit", "--min-age", "0s", stdout=screen)
    shown = screen.getvalue()
    assert "\r\x1b[KVerifying 2/2 b" in shown
    assert "\r\x1b[Korphan        orphan" in shown
    assert "\r\x1b[KComparing 3 orphan" in shown


def test_whoever_interrupts_is_told_how_to_go_on(root, monkeypatch, capsys):
    from roots.media.upkeep import audit

    walk = audit.walk

    def interrupted(*arguments):
        yield from walk(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "walk", interrupted)
    monkeypatch.setattr(audit, "_BATCH_NAMES", 2)
    for name in ("a", "b b", "c"):
        keep(root, name)
    errors = io.StringIO()
    with pytest.raises(SystemExit, match="130"):
        call_command("media", "audit", stdout=io.StringIO(), stderr=errors)
    assert errors.getvalue() == "Stopped. To go on: manage.py media audit --after 'b b'\n"


@pytest.mark.parametrize("part", ["audit", "sweep", "verify", "restore", "stats", "adopt"])
def test_every_part_explains_itself(part, capsys):
    with pytest.raises(SystemExit, match="0"):
        Command().run_from_argv(["manage.py", "media", part, "--help"])
    assert "--storage ALIAS" in capsys.readouterr().out
