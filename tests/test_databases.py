"""The databases other tests stand on are what they say."""

import subprocess
import sys
import threading

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
