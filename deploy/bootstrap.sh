#!/bin/bash
# bootstrap.sh runtime|check|test: what `make` needs on a fresh Debian 12 (git, python3, make).
#   runtime  system libraries, virtual environment, locked packages
#   check    the same with the tools of developers, PostgreSQL and Redis
#   test     the same with Chromium and poppler-utils
# A second run finds everything in place and takes about a second.
set -euo pipefail
cd "$(dirname "$0")/.."

VENV=${VENV:-.venv}
PYTHON=${PYTHON:-python3}
MODE=${1:?usage: $0 runtime|check|test}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }

packages=()
has_library libpango-1.0.so || packages+=(libpango-1.0-0)
has_library libpangoft2-1.0.so || packages+=(libpangoft2-1.0-0)
has_library libharfbuzz-subset.so || packages+=(libharfbuzz-subset0)
"$PYTHON" -c "import ensurepip" 2>/dev/null || [ -x "$VENV/bin/python" ] || packages+=(python3-venv)
if [ "$MODE" != runtime ]; then
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || packages+=(postgresql)
  command -v redis-server >/dev/null || packages+=(redis-server)
fi
if [ "$MODE" = test ]; then
  command -v chromium-headless-shell chromium >/dev/null || packages+=(chromium-headless-shell)
  command -v pdftoppm >/dev/null || packages+=(poppler-utils)
fi

if [ ${#packages[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing system packages. As root: apt-get install --no-install-recommends ${packages[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  echo "Installing ${packages[*]}"
  "${as_root[@]}" apt-get update -qq
  # The services of the packages stay off: ours run privately, see services.sh.
  printf '#!/bin/sh\nexit 101\n' >"${TMPDIR:-/tmp}/portal-policy.$$"
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    "${as_root[@]}" install -m 755 "${TMPDIR:-/tmp}/portal-policy.$$" /usr/sbin/policy-rc.d
    trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  rm -f "${TMPDIR:-/tmp}/portal-policy.$$"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

lock=requirements.lock
[ "$MODE" = runtime ] || lock=requirements-dev.lock
digest=$(sha256sum <$lock | cut -c1-64)
# The developers' lock contains the runtime's, so it serves both.
[ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
runtime=$(sha256sum <requirements.lock | cut -c1-64)
installed=$(cat "$VENV/installed-lock" 2>/dev/null || true)
if [ "$installed" != "$digest $runtime" ] && { [ "$MODE" != runtime ] || [ "${installed#* }" != "$runtime" ]; }; then
  echo "Installing Python packages of $lock"
  if command -v uv >/dev/null; then
    uv pip install -q --python "$VENV/bin/python" --require-hashes -r $lock
  else
    "$VENV/bin/pip" install -q --disable-pip-version-check --require-hashes -r $lock
  fi
  echo "$digest $runtime" >"$VENV/installed-lock"
fi
