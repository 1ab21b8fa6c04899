# SPDX-License-Identifier: MIT
"""An S3 on loopback, in a process of its own (the server of moto), and a proxy that sees and cuts its requests."""

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass

REGION = "us-east-1"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@dataclass(frozen=True)
class Store:
    """A server with a user of its own, whose keys are needed for every request.

    Attributes:
        port: where it listens.
        credentials: of its user, as variables of the environment.
    """

    port: int
    credentials: dict

    def client(self):
        """A client of the store that is not ours."""
        return _boto("s3", self.port, self.credentials)

    def objects(self, bucket, prefix=""):
        """The objects of a bucket below a prefix, by the rest of their names."""
        client = self.client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        names = [one["Key"] for page in pages for one in page.get("Contents", ())]
        return {name.removeprefix(prefix): client.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}


def uri(place, port):
    """The address of a place in a store of this machine, by its port; requests name the bucket in their path."""
    return f"s3://{place}?endpoint_override=127.0.0.1:{port}&scheme=http"


@contextlib.contextmanager
def server(log):
    """Starts a Store, and ends it.

    Args:
        log: the path of the file to which it writes.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/moto-api/data.json", timeout=5).close()
                break
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield Store(port, _only_user(address, port))
    finally:
        process.terminate()
        process.wait()


def _boto(service, port, credentials):
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name=REGION,
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


def _only_user(address, port):
    """Makes a user who may do everything, and has all others refused; returns its credentials."""
    iam = _boto("iam", port, {"AWS_ACCESS_KEY_ID": "anybody", "AWS_SECRET_ACCESS_KEY": "anything"})
    iam.create_user(UserName="user")
    rules = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_user_policy(UserName="user", PolicyName="all", PolicyDocument=json.dumps(rules))
    key = iam.create_access_key(UserName="user")["AccessKey"]
    from_now_on = urllib.request.Request(
        f"{address}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST"
    )
    urllib.request.urlopen(from_now_on, timeout=5).close()
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@dataclass
class Request:
    """What a client asks, as far as it came.

    Attributes:
        method: such as "PUT".
        path: with the bucket, without parameters.
        sent: the bytes of its body that were passed on.
        is_whole: whether they were all of them.
    """

    method: str
    path: str
    sent: int = 0
    is_whole: bool = False


class Proxy:
    """Passes requests on to a server, one by one of each connection.

    Attributes:
        port: where it listens.
        requests: those that came, from the first to the last.
        on_request: called with each request before it is passed on. If it returns a number, the connection is closed
            after so many bytes of the answer.
        on_piece: called with a request before each piece of its body is passed on. If it raises ConnectionError, that
            piece and all others are lost.
    """

    def __init__(self, to):
        """Listens.

        Args:
            to: the server's port.
        """
        self.requests = []
        self.on_request = lambda request: None
        self.on_piece = lambda request: None
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        most = [None]
        with client, socket.create_connection(("127.0.0.1", self._to)) as server, contextlib.suppress(OSError):
            threading.Thread(target=_answer, args=(server, client, most), daemon=True).start()
            stream = client.makefile("rb")
            while head := b"".join(_lines(stream)):
                method, target, _ = head.decode("latin-1").split(" ", 2)
                request = Request(method, target.partition("?")[0])
                self.requests.append(request)
                most[0] = self.on_request(request)
                server.sendall(head)
                for piece in _body(stream, head):
                    self.on_piece(request)
                    server.sendall(piece)
                    request.sent += len(piece)
                request.is_whole = True


def _lines(stream):
    """Lines up to an empty one, with it."""
    while line := stream.readline():
        yield line
        if line == b"\r\n":
            return


def _body(stream, head):
    """The body of a request, in pieces; raises ConnectionError if the client hangs up before it is whole."""
    if length := re.search(rb"^content-length: (\d+)", head, re.IGNORECASE | re.MULTILINE):
        yield from _pieces(stream, int(length[1]))
    if not re.search(rb"^transfer-encoding: chunked", head, re.IGNORECASE | re.MULTILINE):
        return
    while line := stream.readline():
        yield line
        size = int(line, 16)
        if size == 0:
            yield from _lines(stream)
            return
        yield from _pieces(stream, size + 2)
    raise ConnectionError


def _pieces(stream, length):
    while length:
        piece = stream.read1(min(1 << 14, length))
        if not piece:
            raise ConnectionError
        length -= len(piece)
        yield piece


def _answer(server, client, most):
    with contextlib.suppress(OSError):
        while piece := server.recv(1 << 16):
            if most[0] is not None:
                client.sendall(piece[: most[0]])
                most[0] -= len(piece)
                if most[0] <= 0:
                    break
            else:
                client.sendall(piece)
        client.shutdown(socket.SHUT_RDWR)
