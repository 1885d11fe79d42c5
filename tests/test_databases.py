"""The databases other tests stand on are what they say."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from subprocess import PIPE

from django.db import connection

from tests.project.models import Document

NAMES = "from tests.project.models import Document; print(*Document.objects.values_list('title'))"


def test_what_is_committed_is_seen_by_threads_and_child_processes(database, child_environ):
    Document.objects.create(title="here")
    seen = []

    def look():
        seen.extend(Document.objects.values_list("title", flat=True))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["here"]
    script = f"import django; django.setup(); {NAMES}"
    run = [sys.executable, "-c", script]
    told = subprocess.run(run, env=child_environ(database), capture_output=True, text=True)
    assert told.stdout == "('here',)\n", told.stderr


def test_every_test_gets_an_empty_one_of_the_kind_it_asked_for(database):
    assert connection.vendor == database.vendor
    assert not Document.objects.exists()


def test_postgres_sorts_as_people_do_so_that_tests_notice_who_relies_on_bytes(postgres_database):
    Document.objects.bulk_create([Document(title=title) for title in ("B", "a", "a-b", "ab")])
    titles = list(Document.objects.order_by("title").values_list("title", flat=True))
    assert titles != sorted(titles)


def test_a_server_is_gone_when_the_process_that_started_it_is_killed(postgres):
    script = "from tests.postgres import running\nwith running() as r: print(r.folder); input()"
    command = [sys.executable, "-uc", script]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        folder = Path(process.stdout.readline().strip())
        assert (folder / "data/postmaster.pid").exists()
        process.kill()
    deadline_s = time.monotonic() + 30
    while folder.exists():  # it goes after the server
        assert time.monotonic() < deadline_s, f"{folder} is still there, and maybe its server"
        time.sleep(0.02)
