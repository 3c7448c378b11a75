#!/usr/bin/env python3
"""A modem in its transparent mode, between the board's serial line and a service.

    modem.py PORT_FILE SERVICE_PORT

The board's side is a TCP port of 127.0.0.1, which it writes to PORT_FILE. A byte from the board dials; then bytes go both
ways. Where the service closes the connection, it says NO CARRIER. At +++, alone between two silences, it hangs up and says
so. It ends when the board goes.
"""

import os
import select
import socket
import sys
import time

GUARD = 0.25  # seconds of silence before and after the escape
ESCAPE = b"+++"
BYTES_A_SECOND = 11520  # 115200 baud: what comes faster waits at the service, as it does behind a real line
NO_CARRIER = b"\r\nNO CARRIER\r\n"


class Modem:
    def __init__(self, board, service_port):
        self.board = board
        self.service_port = service_port
        self.service = None
        self.last_heard = self.busy_until = time.monotonic()

    def run(self):
        while True:
            busy = max(0, self.busy_until - time.monotonic())
            sides = [self.board] + ([self.service] if self.service and not busy else [])
            ready, _, _ = select.select(sides, [], [], busy or None)
            if self.service in ready:
                self.hear_service()
            if self.board in ready and not self.hear_board():
                return

    def hear_service(self):
        try:
            came = self.service.recv(64)
        except OSError:
            came = b""
        if came:
            self.board.sendall(came)
            self.busy_until = time.monotonic() + len(came) / BYTES_A_SECOND
        else:
            self.hang_up()

    def hear_board(self):
        came = self.board.recv(4096)
        if not came:
            return False
        quiet = time.monotonic() - self.last_heard >= GUARD
        if quiet and ESCAPE.startswith(came):
            came = self.without_escape(came)
        self.last_heard = time.monotonic()
        if came:
            self.hand_on(came)
        return True

    def without_escape(self, came):
        """Waits for the rest of what begins as an escape, and hangs up if it is one; what is to be handed on."""
        while ESCAPE.startswith(came):
            ready, _, _ = select.select([self.board], [], [], GUARD)
            more = self.board.recv(4096) if ready else b""
            if not more:
                if came == ESCAPE:
                    self.hang_up()
                    return b""
                return came
            came += more
        return came

    def hand_on(self, came):
        if not self.service:
            self.service = socket.create_connection(("127.0.0.1", self.service_port))
        try:
            self.service.sendall(came)
        except OSError:
            self.hang_up()

    def hang_up(self):
        if self.service:
            self.service.close()
        self.service = None
        self.board.sendall(NO_CARRIER)


def main():
    port_file, service_port = sys.argv[1], int(sys.argv[2])
    listener = socket.create_server(("127.0.0.1", 0))
    with open(port_file + ".part", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".part", port_file)
    board, _ = listener.accept()
    try:
        Modem(board, service_port).run()
    except ConnectionError:
        pass  # the board has gone


main()
