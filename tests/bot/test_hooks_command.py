"""`zhucun hooks`: added, pinged, listed, stopped and ended at the command line."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import settings
from bot.cli import app
from bot.errands.tell_hook import signature
from storage import hooks
from tests.storage.asking import NOW, settle


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHUCUN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHUCUN_HOOKS_PRIVATE", "true")
    store = settings.open_store()
    with store.writing() as session:
        settle(session)
    store.close()
    return tmp_path


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    came: list[tuple[str, bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            came.append((self.headers["zhucun-signature"], body))
            self.send_response(204 if self.path == "/ok" else 403)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()
        thread.join()


def zhucun(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["hooks", *arguments])


def test_a_hook_is_added_tried_and_ended(folder: Path, receiver: tuple[str, list[tuple[str, bytes]]]) -> None:
    url, came = receiver
    made = zhucun("add", "大数据局", f"{url}/ok", "--region", "120114", "--kind", "rectification")
    secret = made.stdout.splitlines()[0]
    assert (made.exit_code, len(secret)) == (0, 64)
    done = zhucun("test", "1")
    assert (done.exit_code, "204" in done.output) == (0, True)
    ((signed, body),) = came
    moment = int(signed.partition("=")[2].partition(",")[0])
    assert signed == f"t={moment},v1={signature(secret, moment, body)}"
    assert json.loads(body)["type"] == "ping"
    listed = zhucun("list").output
    assert "大数据局" in listed
    assert secret not in listed
    assert url not in listed
    assert zhucun("end", "1").exit_code == 0
    assert "已结束" in zhucun("list").output
    assert zhucun("test", "1").exit_code == zhucun("resume", "1").exit_code == 2


def test_what_the_other_side_refuses_is_told_with_exit_code_1(
    folder: Path, receiver: tuple[str, list[tuple[str, bytes]]]
) -> None:
    zhucun("add", "局", f"{receiver[0]}/no")
    done = zhucun("test", "1")
    assert (done.exit_code, "403" in done.output) == (1, True)
    store = settings.open_store()
    with store.writing() as session:
        hooks.failed(session, 1, "403", NOW, gone=True)
    store.close()
    assert "已停下" in zhucun("list").output
    assert zhucun("resume", "1").exit_code == 0
    assert "正常" in zhucun("list").output


def test_without_the_setting_only_https_outside_is_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHUCUN_HOOKS_PRIVATE", "false")
    assert zhucun("add", "局", "http://data.example.gov.cn/").exit_code == 2
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
        assert zhucun("add", "局", f"https://127.0.0.1:{port}/").exit_code == 0
        done = zhucun("test", "1")
    assert done.exit_code == 1, "nobody inside is asked"
