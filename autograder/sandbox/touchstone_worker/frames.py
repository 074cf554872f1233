"""Length-prefixed msgpack frames over a Unix socket. Both halves of the sandbox speak them."""

import select
import socket
import struct
import time
from typing import Any

import msgpack

HEADER = struct.Struct("!I")
LARGEST = 80 * 2**20  # bytes: one value of shared.kit.values.LARGEST_FRAME, and what goes round it


class Closed(ConnectionError):
    """The other side is gone, or sends what is no frame."""


class TimedOut(Exception):
    """No whole frame came in time."""


def send(connection: socket.socket, frame: dict[str, Any], seconds: float | None = None) -> None:
    """Send one frame. Raises Closed when nobody listens, TimedOut when nobody reads."""
    body = msgpack.packb(frame, unicode_errors="replace")  # a lone surrogate in a print must not end a worker
    try:
        connection.settimeout(seconds)
        connection.sendall(HEADER.pack(len(body)) + body)
    except TimeoutError as error:
        raise TimedOut from error
    except OSError as error:
        raise Closed(str(error)) from error


def receive(connection: socket.socket, seconds: float | None = None) -> dict[str, Any]:
    """Receive one frame, a mapping with string keys. Raises Closed or TimedOut."""
    deadline = None if seconds is None else time.monotonic() + seconds
    (length,) = HEADER.unpack(_exactly(connection, HEADER.size, deadline))
    if length > LARGEST:
        raise Closed(f"a frame of {length} bytes")
    body = _exactly(connection, length, deadline)
    try:
        frame = msgpack.unpackb(body, strict_map_key=True, ext_hook=_no_extension)
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise Closed(f"a malformed frame ({type(error).__name__})") from error
    if not isinstance(frame, dict) or not all(isinstance(key, str) for key in frame):
        raise Closed("a frame that is no mapping")
    return frame


def _no_extension(code: int, body: bytes) -> Any:
    raise ValueError("extension types stand only inside encoded values")


def _exactly(connection: socket.socket, size: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    while size:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not poller.poll(None if left is None else left * 1000):
            raise TimedOut
        try:
            part = connection.recv(min(size, 2**20))
        except OSError as error:
            raise Closed(str(error)) from error
        if not part:
            raise Closed("the connection has ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
