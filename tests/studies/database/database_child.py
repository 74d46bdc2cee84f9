"""A process that uses the embedded database, for tests that end it rudely. Run as a program.

Its first argument says what it does, the second as whom; each thing that it has to say is a line of JSON. It stays until its
standard input ends.
"""

import encodings.idna  # noqa: F401 - see become()
import json
import os
import pwd
import shutil
import subprocess
import sys

import psycopg

from studies import database


def say(**facts):
    print(json.dumps(facts), flush=True)  # noqa: T201


def connect():
    return psycopg.connect(**database.connection_info(), dbname="evidence", autocommit=True)


def become(user):
    """Go on as that user. All modules are imported before: the user may not be able to read this Python."""
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if not os.access(sys.executable, os.X_OK):
        sys.executable = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")


def use():
    """Join and tell which server it is: two starts of a server differ in this time."""
    with connect() as connection:
        (begin,) = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()
    say(server=begin, **database.connection_info())
    sys.stdin.read()


def commit():
    """Commit numbers from 1 and tell each after PostgreSQL has acknowledged it, until the server is gone."""
    with connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written (number integer PRIMARY KEY)")
        connection.execute("TRUNCATE written")
        try:
            for number in range(1, 1_000_000):
                connection.execute("INSERT INTO written VALUES (%s)", [number])
                say(written=number)
        except psycopg.OperationalError:
            say(lost=True)
    database.start()
    say(back=True)
    sys.stdin.read()


def fork():
    """Join, leave a fork behind that waits, and end; the fork tells its number."""
    connect().close()
    if os.fork() == 0:
        say(fork=os.getpid())
        sys.stdin.read()
    os._exit(0)


def spawn():
    """Join, leave a program behind that knows nothing of the database, and end."""
    connect().close()
    program = subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    say(program=program.pid)
    os._exit(0)


if len(sys.argv) > 2:
    become(sys.argv[2])
try:
    {"use": use, "commit": commit, "fork": fork, "spawn": spawn}[sys.argv[1]]()
except database.DatabaseUnavailable as refusal:
    say(refused=str(refusal))
