"""Ctrl-C ends a call.

Python runs a signal's handler in the main thread, between two steps of Python and not while that is inside C. So the main
thread has its calls made by another and waits for it in Python, where what a handler raises arrives at once.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, Generic, Optional, TypeVar

T = TypeVar("T")


class Job(Generic[T]):
    """A call that another thread makes while the main thread waits."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._begun = self.done = False
        #: Nobody waits any more: one signal came while another was seen to.
        self.left = False
        self.result: T
        self.error: Optional[BaseException] = None
        # What C has called back with, for the waiting thread: a function, its arguments, and where the answer goes.
        self._asked: Optional[tuple[Any, Any, Any]] = None
        self._changes: Any = queue.SimpleQueue()

    def do(self, worker: "Worker") -> None:
        """Does the work in the worker's thread, once."""
        if self._begun:
            return
        self._begun = True
        _here.job = self
        try:
            self.result = self._work()
        except BaseException as error:  # It is raised in the thread that waits.
            self.error = error
        _here.job = None
        _idle.append(worker)
        self.done = True
        self._changes.put(None)

    def ask(self, function: Any, arguments: Any) -> Any:
        """Has the waiting thread run a function."""
        answers: Any = queue.SimpleQueue()
        self._asked = (function, arguments, answers)
        self._changes.put(None)
        answer, error = 1, None  # Which stops a file.
        while not self.left:
            try:
                answer, error = answers.get(timeout=0.1)
                break
            except queue.Empty:
                pass
        self._asked = None
        if error is not None:
            raise error
        return answer

    def wait(self) -> None:
        """Waits until it is done, and runs what is asked for. An exception may break it off
        anywhere; it is then called again."""
        answered = None
        while not self.done:
            asked = self._asked
            if asked is None or asked is answered:
                try:
                    # Not for ever: where locks cannot be interrupted, and where another thread had the signal.
                    self._changes.get(timeout=0.1)
                except queue.Empty:
                    pass
                continue
            function, arguments, answers = asked
            try:
                answers.put((function(*arguments), None))
            except Exception as error:
                answers.put((None, error))
            except BaseException:
                answers.put((None, None))
                raise
            answered = asked


class Worker:
    """A thread that makes calls for the main thread, one at a time. It ends with the process."""

    def __init__(self) -> None:
        self._jobs: Any = queue.SimpleQueue()
        threading.Thread(target=self._work, name="xq", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._jobs.get().do(self)

    def finish(self, job: Job[Any], stop: Callable[[], None]) -> Optional[BaseException]:
        """Returns once the job is done, whatever signals' handlers raise: with the first of that, which has stopped it."""
        try:
            # The second time it is not begun again.
            self._jobs.put(job)
            job.wait()
            return None
        except BaseException as raised:
            stop()
            self.finish(job, stop)
            return raised


#: `job` is what the thread at hand, a worker, is doing.
_here = threading.local()
#: Workers without a job: one, or several where a handler or a callback has made calls inside of a call.
_idle: list[Worker] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)


def by_the_caller(function: Any) -> Any:
    """What C may call in place of a function, which then runs in the thread that has made the call."""

    def run(*arguments: Any) -> Any:
        job = getattr(_here, "job", None)
        return function(*arguments) if job is None else job.ask(function, arguments)

    return run


def find_worker() -> Optional[Worker]:
    """A worker for a call of the main thread; None for other threads, whom no signal reaches, and once Python is ending."""
    if threading.get_ident() != threading.main_thread().ident or sys.is_finalizing():
        return None
    try:
        return _idle.pop() if _idle else Worker()
    except RuntimeError:  # No thread begins any more.
        return None
