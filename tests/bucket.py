"""A real S3 server for the tests, from a wheel, with one bucket: in a folder of its own, gone when the tests end."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import S3Store

BUCKET = "zhucun"
KEY, SECRET = "operator", "made-up-secret"


@dataclass
class Bucket:
    """Where it is, as the program is told in its environment."""

    endpoint: str
    url: str = f"s3://{BUCKET}/photos"

    def store(self, prefix: str | None = "photos") -> S3Store:
        """What the program sees of it, unless all is asked for."""
        return S3Store(BUCKET, prefix=prefix, endpoint=self.endpoint, access_key_id=KEY, secret_access_key=SECRET,
                       region="us-east-1", client_options={"allow_http": True},
                       retry_config={"max_retries": 0})  # fmt: skip

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All that lies there, as path and content."""
        store = self.store()
        for some in store.list():
            for one in some:
                yield one["path"], bytes(store.get(one["path"]).bytes())

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT": self.endpoint, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
        }  # fmt: skip


def free_ports(count: int) -> list[int]:
    """Each program listens at its port + 10000, too; both below 32768, where the system takes ports from for calls
    that go out, perhaps while a program starts."""
    found: list[int] = []
    for port in range(11000 + (time.time_ns() // 1000) % 10000, 22000):
        with contextlib.suppress(OSError):
            for one in (port, port + 10000):
                with closing(socket.create_server(("127.0.0.1", one))):
                    pass
            found.append(port)
        if len(found) == count:
            break
    return found


@contextmanager
def bucket() -> Iterator[Bucket]:
    folder = Path(tempfile.mkdtemp(prefix="zhucun-s3-"))
    who = {"name": "tests", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
           "actions": ["Admin", "Read", "Write", "List", "Tagging"]}  # fmt: skip
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    master, volume, filer, s3 = free_ports(4)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "weed", "server", "-dir", folder, "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
             f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", "-volume.max=5",
             "-master.volumeSizeLimitMB=64", "-s3", f"-s3.port={s3}", f"-s3.config={folder / 's3.json'}"],
            cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
    made = Bucket(f"http://127.0.0.1:{s3}")
    try:
        _wait(made, process, folder / "log")
        yield made
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(made: Bucket, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it takes a file; the first one makes the bucket."""
    store = made.store(None)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-2000:]
        with contextlib.suppress(BaseError):
            store.put("ready", b"yes")
            store.delete("ready")
            return
    raise AssertionError(log.read_text()[-2000:])
