"""The settings in processes of their own, with an environment that each test writes down."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

KEYS = "k1:" + "A" * 43 + "="
REAL = {
    "DATABASE_URL": "postgresql://portal@db/portal",
    "SECRET_KEY": "x" * 60,
    "FIELD_KEYS": KEYS,
    "QR_KEYS": KEYS,
    "BASE_URL": "https://portal.example",
    "EMAIL_URL": "smtp://mail.example:25",
}


def start(*names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings outside pytest and print the named ones as JSON."""
    code = (
        "import json, sys; from innovation_voucher import settings as s;"
        "print(json.dumps([getattr(s, n) for n in sys.argv[1:]], default=str))"
    )
    environment = {"PATH": os.environ["PATH"], **environment}
    command = [sys.executable, "-c", code, *names]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)


def values(*names: str, **environment: str) -> list[Any]:
    result = start(*names, **environment)
    assert result.returncode == 0, result.stderr
    found: list[Any] = json.loads(result.stdout)
    return found


def test_embedded_needs_nothing(tmp_path: Path) -> None:
    names = ("EMBEDDED", "DEMO_MODE", "DATABASES", "REDIS_URL", "BASE_URL", "CACHES", "DEBUG")
    embedded, demo, databases, redis, base, caches, debug = values(*names, VAR_DIR=str(tmp_path))
    assert (embedded, demo, redis, base, debug) == (True, True, "", "http://localhost:8000", False)
    assert databases["default"]["NAME"] == str(tmp_path / "portal.sqlite3")
    assert databases["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    # Rate limits must count over all processes.
    assert caches["default"]["BACKEND"].endswith("DatabaseCache")


def test_embedded_keeps_its_secrets(tmp_path: Path) -> None:
    first = values("SECRET_KEY", "FIELD_KEYS", "QR_KEYS", VAR_DIR=str(tmp_path))
    assert values("SECRET_KEY", "FIELD_KEYS", "QR_KEYS", VAR_DIR=str(tmp_path)) == first
    assert len(first[0]) >= 50


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "QR_KEYS"])
def test_a_real_installation_must_bring_its_secrets(name: str, tmp_path: Path) -> None:
    environment = {key: value for key, value in REAL.items() if key != name}
    result = start("SECRET_KEY", VAR_DIR=str(tmp_path), **environment)
    assert result.returncode != 0
    assert name in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_real_installation_is_no_demo(tmp_path: Path) -> None:
    names = ("DEMO_MODE", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS")
    demo, secure, cookie, hsts, hosts = values(*names, VAR_DIR=str(tmp_path), **REAL)
    assert (demo, secure, cookie) == (False, True, "__Host-session")
    assert hsts == 31_536_000
    assert hosts[0] == "portal.example"


def test_migrations_run_as_the_owner() -> None:
    environment = REAL | {"MIGRATE_DATABASE_URL": "postgresql://owner@db/portal"}
    user = values("DATABASES", "DATABASE_APP_ROLE", **environment)
    owner = values("DATABASES", "DATABASE_APP_ROLE", DATABASE_AS_OWNER="1", **environment)
    assert [user[0]["default"]["USER"], owner[0]["default"]["USER"]] == ["portal", "owner"]
    assert user[1] == owner[1] == "portal"


def test_redis_serves_cache_and_broker() -> None:
    names = ("CACHES", "CELERY_BROKER_URL")
    caches, broker = values(*names, REDIS_URL="unix:///run/redis.sock", **REAL)
    assert caches["default"]["LOCATION"] == "unix:///run/redis.sock"
    assert broker == "redis+socket:///run/redis.sock"


@pytest.mark.parametrize(
    ("url", "origins"),
    [
        ("", ["'self'"]),
        ("https://tiles.example/{z}/{x}/{y}", ["'self'", "https://tiles.example"]),
        ("https://t{s}.tiles.example/{z}/{x}/{y}", ["'self'", "https://*.tiles.example"]),
    ],
)
def test_the_map_may_load_its_tiles_and_no_others(url: str, origins: list[str]) -> None:
    (policy,) = values("CONTENT_SECURITY_POLICY", MAP_TILE_URL=url, **REAL)
    assert policy["DIRECTIVES"]["img-src"] == origins


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"SMS_GATEWAY": "pigeon"}, "SMS_GATEWAY"),
        ({"SMS_GATEWAY": "http"}, "SMS_HTTP_URL"),
        ({"FIELD_KEYS": "k1:short"}, "FIELD_KEYS"),
        ({"DEBUG": "1", "PORT": "eighty"}, "eighty"),
    ],
    ids=["unknown gateway", "gateway without address", "malformed key", "port that is no number"],
)
def test_a_malformed_value_stops_the_start(wrong: dict[str, str], named: str) -> None:
    result = start("DEBUG", **(REAL | wrong))
    assert result.returncode != 0
    assert named in result.stderr


def test_the_tests_say_which_service_is_missing(tmp_path: Path) -> None:
    code = "import innovation_voucher.settings"
    package = tmp_path / "innovation_voucher"
    package.symlink_to(settings.BASE_DIR / "innovation_voucher")
    # The same code in a folder where nobody has started the services.
    copy = tmp_path / "copy" / "innovation_voucher"
    copy.mkdir(parents=True)
    for module in ("settings.py", "keyfiles.py"):
        (copy / module).write_text((package / module).read_text())
    environment = {"PATH": os.environ["PATH"], "PYTEST_VERSION": "9"}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=copy.parent, env=environment, capture_output=True, text=True, check=False)
    assert "run 'bash deploy/services.sh start' first" in result.stderr


def test_check_deploy_refuses_the_demo(tmp_path: Path) -> None:
    codes = {}
    for demo in ("0", "1"):
        environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **REAL, "DEMO_MODE": demo}
        command = [sys.executable, "manage.py", "check", "--deploy", "--tag", "security"]
        result = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
        )
        codes[demo] = (result.returncode, "innovation_voucher.E001" in result.stderr)
    assert codes == {"0": (0, False), "1": (1, True)}


@pytest.mark.parametrize("base", ["http://localhost:8000", "http://127.0.0.1:8000"])
def test_the_clock_may_be_shifted_where_nobody_else_can_come(base: str) -> None:
    assert values("CLOCK_OFFSET", **REAL | {"BASE_URL": base, "CLOCK_OFFSET": "86400"}) == ["1 day, 0:00:00"]


def test_a_public_portal_keeps_the_time() -> None:
    assert values("CLOCK_OFFSET", **REAL) == ["0:00:00"]
    refused = start("CLOCK_OFFSET", **REAL | {"CLOCK_OFFSET": "1"})
    assert refused.returncode != 0
    assert "CLOCK_OFFSET" in refused.stderr
