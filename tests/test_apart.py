"""Functions of ours in a child process: their results, their limits, and that nothing else comes of them."""

import os
import signal
import socket
import sys
import threading
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from autograder.apart import Helper, NoResult, apart


def no_result(function, *arguments, **limits):
    with pytest.raises(NoResult) as caught:
        apart(function, *arguments, **{"seconds": 5.0, **limits})
    return caught.value


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children():
    return {int(pid) for pid in open(f"/proc/self/task/{os.getpid()}/children").read().split()}


def test_a_result_comes_back_and_the_child_is_gone():
    before = children()
    offset = np.ones(3)
    value = apart(lambda x: (os.getpid(), x + offset), np.arange(3.0), seconds=5.0)
    assert value[0] != os.getpid() and value[1].tolist() == [1, 2, 3]
    assert children() == before and not alive(value[0])


def test_an_endless_computation_costs_its_seconds_only():
    begun = time.monotonic()

    def endless():
        while True:
            pass

    assert no_result(endless, seconds=0.3).reason == "timeout"
    assert 0.3 <= time.monotonic() - begun < 3


def test_gigabytes_are_refused():
    assert no_result(lambda: np.ones(10**9), memory_mb=200).reason == "memory"
    # what this process has itself doesn't count
    assert apart(lambda: np.ones(10**7).sum(), seconds=5.0, memory_mb=200) == 10**7


def test_an_exception_gives_its_type_and_not_its_text():
    def fails():
        raise KeyError("the answer is 42")

    error = no_result(fails)
    assert (error.reason, error.type_name) == ("exception", "KeyError")
    assert "42" not in f"{error!r} {error} {error.__cause__}"
    assert no_result(sys.exit, 0).type_name == "SystemExit"
    assert no_result(lambda: lambda: 0).reason == "exception"  # no function can be pickled


@pytest.mark.parametrize("end", [lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGSEGV)])
def test_a_child_that_dies_is_told_from_one_that_answers(end):
    assert no_result(end).reason == "died"


def test_nothing_is_printed_and_nobody_is_warned(capfd):
    def noisy():
        print("printed")
        print("printed", file=sys.stderr)
        os.write(1, b"written")
        warnings.warn("warned", stacklevel=1)
        return 1

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        print("before", end="")  # what waits in this process's buffer is not printed twice
        assert apart(noisy, seconds=5.0) == 1
    assert capfd.readouterr() == ("before", "")


def test_the_child_holds_none_of_our_sockets():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert no_result(ours.send, b"from the child").type_name == "OSError"
        theirs.setblocking(False)
        with pytest.raises(BlockingIOError):
            theirs.recv(100)


def test_a_helper_answers_many_calls_and_outlives_a_lost_child():
    def answer(kind, value):
        if kind == "sleep":
            time.sleep(value)
        if kind == "end":
            os._exit(value)
        return os.getpid(), value

    before = children()
    with Helper(answer) as helper:
        assert children() == before  # no child before the first call
        first, _ = helper.call("echo", 1, seconds=5.0)
        assert helper.call("echo", 2, seconds=5.0) == (first, 2)
        with pytest.raises(NoResult, match="timeout"):
            helper.call("sleep", 10, seconds=0.1)
        assert not alive(first)
        second, value = helper.call("echo", 3, seconds=5.0)  # not the late answer to the call before
        assert second != first and value == 3
        with pytest.raises(NoResult, match="died"):
            helper.call("end", 0, seconds=5.0)
        assert helper.call("echo", np.ones(10**6), seconds=5.0)[1].sum() == 10**6
    assert children() == before


def test_a_child_dies_with_its_parent():
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        try:
            with Helper(os.getpid) as helper:
                os.write(writing, str(helper.call(seconds=5.0)).encode())
                time.sleep(60)
        finally:
            os._exit(1)
    child = int(os.read(reading, 20))
    assert alive(child)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    os.close(reading)
    os.close(writing)
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not alive(child)


def _in_a_pool(value):
    return apart(lambda: value * np.ones(2).sum(), seconds=10.0)


def test_it_works_in_a_worker_of_a_pool():
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        assert list(pool.map(_in_a_pool, range(4))) == [0, 2, 4, 6]


def test_it_works_beside_a_thread_that_holds_locks():
    held, done = threading.Lock(), threading.Event()

    def prints():
        while not done.is_set():
            with held:
                print(end="", flush=True)

    thread = threading.Thread(target=prints)
    thread.start()
    try:
        assert [apart(pow, 2, k, seconds=5.0) for k in range(20)] == [2**k for k in range(20)]
    finally:
        done.set()
        thread.join()
