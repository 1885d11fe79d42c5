"""Work shared between processes. Each case runs in a process of its own: this one has threads."""

import os
import shutil
import subprocess
import sys

import pytest

from roots.static import processes
from tests.static.project import collect

PRELUDE = """
import os, signal
from roots.static import processes
processes.FEWEST_ITEMS = 1
os.sched_getaffinity = lambda pid: {0, 1, 2}
first = os.getpid()
items = list(range(10))
"""


def run(code: str) -> str:
    command = [sys.executable, "-W", "error", "-c", PRELUDE + code]
    environment = os.environ | {"PYTHONPATH": "src"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert not done.returncode, done.stderr
    return done.stdout + done.stderr


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies them safely")


def test_results_come_in_the_order_of_the_items():
    assert run("print(processes.shared(lambda n: n * n, items))").split() == (
        ["[0,", "1,", "4,", "9,", "16,", "25,", "36,", "49,", "64,", "81]"]
    )


def test_each_process_does_its_share():
    assert run("print(len(set(processes.shared(lambda n: os.getpid(), items))))") == "3\n"


def test_what_is_done_is_told_once_for_each_item_and_here():
    code = "told = []; processes.shared(str, items, told.append); print(sorted(told) == items)"
    assert run(code) == "True\n"


@pytest.mark.parametrize(
    "end",
    ["os.kill(os.getpid(), signal.SIGKILL)", "1 / 0", "os._exit(0)", "raise KeyboardInterrupt"],
)
def test_what_a_process_did_not_finish_is_done_here_without_a_word(end):
    code = f"""
def work(n):
    if os.getpid() != first and n > 5:
        {end}
    return n
print(processes.shared(work, items) == items)
"""
    assert run(code) == "True\n"


def test_what_is_wrong_is_raised_here_and_no_process_is_left():
    code = """
def work(n):
    if n == 7:
        raise ValueError(f"the {n}")
    return bytes(100_000)
try:
    processes.shared(work, items)
except ValueError as error:
    print(error)
try:
    os.wait()
except ChildProcessError:
    print("alone")
"""
    assert run(code) == "the 7\nalone\n"


def test_few_items_are_not_worth_a_process():
    code = "processes.FEWEST_ITEMS = 6; print(set(processes.shared(lambda n: os.getpid(), items)))"
    assert "," not in run(code)


def test_a_process_with_threads_is_not_copied():
    code = """
import threading
stop = threading.Event()
threading.Thread(target=stop.wait).start()
print(set(processes.shared(lambda n: os.getpid(), items)) == {first})
stop.set()
"""
    assert run(code) == "True\n"


def test_nothing_to_do_is_done():
    assert processes.shared(str, []) == []


MANY = {f"{n % 9}/{n}.css": f"a {{ b: url({n + 9}.css) }} /* {n} */" for n in range(300)}
MANY |= {f"{n % 9}/{n}.css": "a {}" for n in range(300, 309)}


def test_a_collect_by_several_processes_makes_what_one_alone_makes(project, monkeypatch):
    project.write(MANY)
    _, told = project.process("--verbosity", "0").communicate(timeout=60)
    assert told == ""
    project.assert_whole()
    by_several = (project.root / "staticfiles.json").read_bytes()
    monkeypatch.setattr(processes, "MOST", 1)
    shutil.rmtree(project.root)
    collect()
    assert (project.root / "staticfiles.json").read_bytes() == by_several


def test_what_is_wrong_with_a_source_is_told_once_whoever_read_it(project):
    project.write(MANY)
    for number in range(4):
        os.mkfifo(project.sources / f"pipe{number}.css")
    _, told = project.process().communicate(timeout=60)
    assert [told.count(f"pipe{number}.css: This is a named pipe") for number in range(4)] == [1] * 4
    assert not (project.root / "staticfiles.json").exists()
