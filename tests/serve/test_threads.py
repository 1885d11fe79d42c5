"""Work off the event loop: bounded, in turn, and told how it ended."""

import asyncio
import threading

import pytest

from roots.serve.threads import Threads


def test_what_a_job_returns_or_raises_is_told():
    async def ask():
        threads = Threads(2, "test")
        assert await threads.run(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await threads.run(divmod, 7, 0)
        return await threads.run(lambda: "after a failure")

    assert asyncio.run(ask()) == "after a failure"


def test_no_more_than_so_many_run_at_a_time_and_the_others_wait():
    gate = threading.Barrier(3)  # two jobs and the test: a third job could not pass it
    running, most = set(), []

    def job():
        running.add(threading.current_thread())
        most.append(len(running))
        gate.wait(60)
        running.discard(threading.current_thread())

    async def ask():
        threads = Threads(2, "test")
        jobs = [asyncio.ensure_future(threads.run(job)) for _ in range(6)]
        for _ in range(3):
            await asyncio.to_thread(gate.wait, 60)
        await asyncio.gather(*jobs)

    asyncio.run(ask())
    assert len(most) == 6
    assert max(most) == 2


def test_a_thread_is_started_only_when_none_is_idle():
    async def ask():
        threads = Threads(8, "test")
        return {await threads.run(threading.get_ident) for _ in range(20)}

    assert len(asyncio.run(ask())) == 1


def test_whoever_stops_waiting_harms_nobody():
    gate = threading.Event()

    async def ask():
        threads = Threads(1, "test")
        given_up = asyncio.ensure_future(threads.run(gate.wait, 60))
        await asyncio.sleep(0)
        given_up.cancel()
        gate.set()
        return await threads.run(lambda: "next")

    assert asyncio.run(ask()) == "next"


def test_one_pool_serves_one_event_loop_after_another():
    threads = Threads(1, "test")
    assert [asyncio.run(threads.run(len, "abc")) for _ in range(2)] == [3, 3]
