#!/bin/sh
# First start of the database container: the application's role, which owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v password="$PORTAL_DB_PASSWORD" <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
