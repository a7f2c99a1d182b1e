"""Ways out: a console, a file, and an HTTP service that may be slow, away or hostile."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail

from innovation_voucher.casework import gateways


class Service(BaseHTTPRequestHandler):
    """Answers by path: /ok, /moved, /broken, /hang."""

    requests: list[tuple[str, dict[str, str], str | None]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append((self.path, body, self.headers["Idempotency-Key"]))
        status = {"/ok": 204, "/moved": 302, "/broken": 500}[self.path]
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/ok")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.requests.append((self.path, {}, None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def service(settings) -> Iterator[list[tuple[str, dict[str, str], str | None]]]:
    Service.requests = []
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_GATEWAY = "http"
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/ok"
    yield Service.requests
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_http_service_gets_number_text_and_key(service) -> None:
    gateways.send_sms("+8619900000001", "验证码 123456", key="code:1")
    body = {"to": "+8619900000001", "body": "验证码 123456", "key": "code:1"}
    assert service == [("/ok", body, "code:1")]


def test_a_redirect_is_not_followed(service, settings) -> None:
    settings.SMS_HTTP_URL = settings.SMS_HTTP_URL.replace("/ok", "/moved")
    with pytest.raises(gateways.SendFailed, match="HTTP 302"):
        gateways.send_sms("+8619900000001", "x", key="k")
    assert [path for path, _body, _key in service] == ["/moved"]


def test_an_error_of_the_service_is_a_failure(service, settings) -> None:
    settings.SMS_HTTP_URL = settings.SMS_HTTP_URL.replace("/ok", "/broken")
    with pytest.raises(gateways.SendFailed, match="HTTP 500"):
        gateways.send_sms("+8619900000001", "x", key="k")


def test_a_service_that_is_away_is_a_failure(settings) -> None:
    settings.SMS_GATEWAY, settings.SMS_HTTP_URL = "http", "http://127.0.0.1:1/"
    with pytest.raises(gateways.SendFailed, match="refused"):
        gateways.send_sms("+8619900000001", "x", key="k")


def test_a_service_that_hangs_is_a_failure(settings, monkeypatch) -> None:
    monkeypatch.setattr(gateways, "TIMEOUT_SECONDS", 0.1)
    server = HTTPServer(("127.0.0.1", 0), Service)
    settings.SMS_GATEWAY, settings.SMS_HTTP_URL = "http", f"http://127.0.0.1:{server.server_port}/"
    with pytest.raises(gateways.SendFailed, match="timed out"):
        gateways.send_sms("+8619900000001", "x", key="k")
    server.server_close()


def test_another_scheme_is_never_opened(settings, tmp_path) -> None:
    settings.SMS_GATEWAY, settings.SMS_HTTP_URL = "http", (tmp_path / "x").as_uri()
    with pytest.raises(gateways.SendFailed, match="no http address"):
        gateways.send_sms("+8619900000001", "x", key="k")


def test_the_file_has_one_object_a_line(settings, tmp_path) -> None:
    settings.SMS_GATEWAY, settings.VAR_DIR = "file", tmp_path / "var"
    gateways.send_sms("+8619900000001", "第一条\n换行", key="a")
    gateways.send_sms("+8619900000002", "第二条", key="b")
    lines = [json.loads(line) for line in (tmp_path / "var/sms.jsonl").read_text().splitlines()]
    assert [line["body"] for line in lines] == ["第一条\n换行", "第二条"]
    assert lines[0]["to"] == "+8619900000001"


def test_the_console(settings, capsys) -> None:
    settings.SMS_GATEWAY = "console"
    gateways.send_sms("+8619900000001", "验证码 123456", key="a")
    assert "验证码 123456" in capsys.readouterr().out


def test_a_mail_names_its_key() -> None:
    gateways.send_mail("zhou@example.org", "标题", "正文", key="order:1")
    assert mail.outbox[0].extra_headers["X-Message-Key"] == "order:1"


def test_a_mail_server_that_is_away_is_a_failure(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(gateways.SendFailed, match="refused"):
        gateways.send_mail("zhou@example.org", "标题", "正文", key="k")
