"""gunicorn: a few processes with threads, since most of a request waits for the database."""

import multiprocessing
import os

bind = os.environ.get("BIND", f"0.0.0.0:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_WORKERS", min(2 * multiprocessing.cpu_count(), 8)))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
# Longer than the largest export; renders of PDFs run in the worker of sweeps.
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 2000
max_requests_jitter = 200
# Heartbeats of the workers must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112
# It would lie in the home folder, one for all portals of this user.
control_socket_disable = True
accesslog = os.environ.get("ACCESS_LOG")
errorlog = "-"
# Any address: how many proxies to trust is decided by TRUSTED_PROXIES in the settings.
forwarded_allow_ips = "*" if os.environ.get("TRUSTED_PROXIES", "0") != "0" else "127.0.0.1"
limit_request_line = 8190
