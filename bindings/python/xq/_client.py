"""What every operation of an API stands on: its handle, limits, stopping, tokens and any other request."""

import contextlib
import ctypes
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from ctypes import byref, c_int32, c_int64
from typing import Any, Optional, TypeVar, Union

from . import _c
from ._calls import (
    c_milliseconds,
    c_number,
    c_text,
    c_texts,
    call,
    call_list,
    call_text,
    known,
)
from ._config import Config
from ._enums import Service, Token
from ._errors import Error, InvalidArgumentError
from ._handles import Closing, Handle
from ._library import _lib
from ._signals import Job, by_the_caller, find_worker

T = TypeVar("T")
#: An API: what derive() makes is of the class that it is asked for.
Self = TypeVar("Self", bound="Client")


class Client(Closing):
    """What every operation stands on."""

    def __init__(self, config: Config) -> None:
        """Copies the settings, and holds no token. Talks to nobody: the first call connects."""
        out = _c.API()
        with config._turn, config._handle.in_use() as settings:
            call(_lib.xq_api_new, settings, byref(out))
        self._hold(out)

    def _hold(self, pointer: Any) -> None:
        """Takes over what C gave out."""
        # The main thread's calls have a handle of their own, so that Ctrl-C stops them and no other thread's.
        main = _c.API()
        try:
            call(_lib.xq_api_derive, pointer, 0, byref(main))
        except Error:
            _lib.xq_api_free(pointer)
            raise

        def free(pointer: Any) -> None:
            _lib.xq_api_free(main)
            _lib.xq_api_free(pointer)

        self._main = main
        self._loggers = [_c.LOGGER()]
        #: Those of calls with a timeout.
        self._under_way: set[Client] = set()
        self._stopped = False
        #: Whether a signal has stopped a call of the main thread, whose next call lets the handle go on.
        self._interrupted = False
        # Held again by a signal's handler that uses the API.
        self._turn = threading.RLock()
        self._handle = Handle("API", pointer, free)

    def _run(self, timeout: Optional[float], call: Callable[[Any], T]) -> T:
        """Makes a call, with the handle for it and the seconds that it may take, where it has a limit of its own."""
        if timeout is None:
            return self._run_unlimited(call)
        with self._limited(timeout) as api:
            return api._run_unlimited(call)

    def _run_unlimited(self, call: Callable[[Any], T]) -> T:
        worker = find_worker()
        if worker is None:
            with self._handle.in_use() as api:
                return call(api)

        def work() -> T:
            with self._handle.in_use():
                return call(self._main)

        job = Job(work)
        if self._interrupted:
            self._go_on()
        try:
            error = worker.finish(job, self._interrupt) or job.error
        finally:
            job.left = True
        if error is None:
            return job.result
        try:
            raise error
        finally:
            del job, error  # They and this frame would keep each other.

    def _interrupt(self) -> None:
        self._interrupted = True
        with contextlib.suppress(InvalidArgumentError), self._handle.in_use(closing=True):
            call(_lib.xq_api_cancel, self._main)

    def _go_on(self) -> None:
        with contextlib.suppress(InvalidArgumentError), self._handle.in_use(closing=True), self._turn:
            if not self._stopped:
                call(_lib.xq_api_resume, self._main)
            self._interrupted = False

    def _call(self, timeout: Optional[float], function: Any, *arguments: Any) -> None:
        self._run(timeout, lambda api: call(function, api, *arguments))

    def _call_text(self, timeout: Optional[float], function: Any, *arguments: Any) -> str:
        # A call that worked gives a string, but for the two that may have no token.
        return self._run(timeout, lambda api: call_text(function, api, *arguments)) or ""

    def _call_list(self, timeout: Optional[float], function: Any, *arguments: Any) -> list[Optional[str]]:
        return self._run(timeout, lambda api: call_list(function, api, *arguments))

    def derive(self: Self, *, timeout: Optional[float] = None) -> Self:
        """An API that shares the tokens, connections and settings of this one, and has a time limit for each call, a logger
        (none at first) and a cancel() of its own. It costs microseconds: one for each request that a server serves, say.

        timeout is in seconds; None is as long as here. The two are closed each by itself, in either order. No network.
        """
        out, limit = _c.API(), c_milliseconds("timeout", timeout)
        with self._handle.in_use() as api:
            call(_lib.xq_api_derive, api, limit, byref(out))
        made = type(self).__new__(type(self))
        vars(made).update(vars(self))
        made._hold(out)
        return made

    @contextlib.contextmanager
    def _limited(self: Self, timeout: float) -> Iterator[Self]:
        """An API for one call, which is told in the log of this one and stopped with it."""
        with self.derive(timeout=timeout) as api:
            with self._turn:
                api._log(self._loggers[-1])
                self._under_way.add(api)
                if self._stopped:
                    api.cancel()
            try:
                yield api
            finally:
                with self._turn:
                    self._under_way.discard(api)

    def cancel(self) -> None:
        """Ends what is under way on this API within 100 milliseconds: each call raises CanceledError. So do calls that begin
        later, before they send anything, until resume(). From any thread; what derive() made goes on. No network."""
        with self._handle.in_use(closing=True) as api, self._turn:
            self._stopped = True
            for handle in (api, self._main):
                call(_lib.xq_api_cancel, handle)
            for limited in self._under_way:
                limited.cancel()

    def resume(self) -> None:
        """Lets calls begin again after cancel(). No network."""
        with self._handle.in_use(closing=True) as api, self._turn:
            self._stopped = False
            for handle in (api, self._main):
                call(_lib.xq_api_resume, handle)

    def get_access_token(self) -> Optional[str]:
        """The token that requests carry, so that a program can keep it between runs; None where there is none."""
        return self._call_text(None, _lib.xq_get_access_token) or None

    def set_access_token(self, token: Optional[str]) -> None:
        """Takes a token kept from an earlier run. It is not checked with the service. None forgets the one held."""
        self._call(None, _lib.xq_set_access_token, c_text("token", token))

    def get_dashboard_token(self) -> Optional[str]:
        """The dashboard token that is held, to be kept between runs; None where there is none."""
        return self._call_text(None, _lib.xq_get_dashboard_token) or None

    def set_dashboard_token(self, token: Optional[str]) -> None:
        """Takes a dashboard token kept from an earlier run; None forgets the one held."""
        self._call(None, _lib.xq_set_dashboard_token, c_text("token", token))

    def forget_tokens(self) -> None:
        """Forgets and wipes both tokens. The service is not told: they remain valid there."""
        self._call(None, _lib.xq_forget_tokens)

    def set_logger(self, logger: Optional[Callable[[int, str], object]]) -> None:
        """Has each request told to logger(level, message): 1 error, 2 warning, 3 info. None tells nobody."""
        if logger is None:
            self._log(_c.LOGGER())
            return

        def tell(_: Any, level: int, line: bytes) -> None:
            logger(level, line.decode())

        self._log(_c.LOGGER(by_the_caller(tell)))

    def _log(self, callback: Any) -> None:
        with self._handle.in_use() as api, self._turn:
            # All that were ever set are kept, before they are set: a call under way may still tell an earlier one.
            self._loggers.append(callback)
            for handle in (api, self._main):
                call(_lib.xq_set_logger, handle, callback, None)

    def token_expiration(self, token: int = Token.ACCESS) -> Optional[int]:
        """When the token that is held ends, in seconds since 1970; None where it does not tell. No network."""
        seconds = c_int64()
        self._call(None, _lib.xq_token_expiration, c_number("token", token, c_int32), byref(seconds))
        return known(seconds.value)

    def request(
        self,
        method: str,
        service: Service,
        path: str = "",
        *,
        query: Union[Mapping[str, str], Iterable[tuple[str, str]]] = (),
        body: Optional[str] = None,
        token: int = Token.DEFAULT,
        timeout: Optional[float] = None,
    ) -> tuple[int, str]:
        """Makes any other call of the services; gives the HTTP status and the reply's text. Uses the network."""
        pairs = list(query.items() if isinstance(query, Mapping) else query)
        names, values = (c_texts(f"query[{at}]", [pair[at] for pair in pairs]) for at in (0, 1))
        given = _c.Request(
            ctypes.sizeof(_c.Request),
            c_text("method", method),
            c_number("service", service, c_int32),
            c_text("path", path),
            names,
            values,
            len(pairs),
            c_text("body", body),
            c_number("token", token, c_int32),
        )
        status = c_int32()
        text = self._call_text(timeout, _lib.xq_request, byref(given), byref(status))
        return status.value, text
