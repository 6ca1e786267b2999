"""The processes of deploy/rehearse.py: etcd, PostgreSQL under Patroni, Waymark and HAProxy, from the files of this folder."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from string import Template

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
PASSWORD = "rehearsal"
PLAIN = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def program():
    for path in (os.environ.get("WAYMARK_PROGRAM"), ROOT / ".build-release/release/waymark", ROOT / ".build/debug/waymark"):
        if path and Path(path).exists():
            return str(path)
    sys.exit("There is no waymark; build it first.")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Set:
    """All processes of the rehearsal, each the first of a group of its own, so that each can be ended whole."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="waymark-rehearsal-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, PLAIN, PLAIN)
        self.folder.chmod(0o755)
        self.processes = {}
        ports = free_ports(3 * 4 + 3)
        self.members = [dict(zip(("PEER_PORT", "CLIENT_PORT", "POSTGRES_PORT", "REST_PORT"), ports[i * 4:i * 4 + 4]),
                             NAME=f"db{i + 1}") for i in range(3)]
        self.nodes, self.front = ports[12:14], ports[14]
        self.hosts = ",".join(f"127.0.0.1:{member['POSTGRES_PORT']}" for member in self.members)

    def run(self, name, *words, **environment):
        log = (self.folder / f"{name}.log").open("ab")
        who = {"user": PLAIN, "group": PLAIN, "extra_groups": []} if os.geteuid() == 0 else {}
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("WAYMARK_", "PG", "ETCD_"))}
        self.processes[name] = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
            env=plain | {"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"}
            | {key: str(value) for key, value in environment.items()}, **who)
        return self.processes[name]

    def file(self, source, target, **values):
        target = self.folder / target
        target.write_text(Template((HERE / source).read_text()).safe_substitute(values))
        if os.geteuid() == 0:
            shutil.chown(target, PLAIN, PLAIN)
        target.chmod(0o600)
        return target

    # MARK: Starting

    def start_etcd(self):
        everybody = ",".join(f"{m['NAME']}=http://127.0.0.1:{m['PEER_PORT']}" for m in self.members)
        for member in self.members:
            values = member | {"ADDRESS": "127.0.0.1", "MEMBERS": everybody, "ETCD_FOLDER": self.folder / f"etcd-{member['NAME']}"}
            text = Template((HERE / "etcd.env").read_text()).safe_substitute(values)
            pairs = [line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#")]
            self.run(f"etcd-{member['NAME']}", "/usr/bin/etcd", **dict(pairs))

    def start_patroni(self, member):
        name = member["NAME"]
        config = self.file(
            "patroni.yml", f"patroni-{name}.yml", **member, ADDRESS="127.0.0.1", NETWORK="127.0.0.1/32", HOST_LINE="host",
            ETCD_HOSTS=",".join(f"127.0.0.1:{m['CLIENT_PORT']}" for m in self.members), DATA_FOLDER=self.folder / f"data-{name}",
            PROGRAM_FOLDER=BIN, PASSWORD_FILE=self.folder / f"pgpass-{name}", SOCKET_FOLDER=self.folder,
            SUPERUSER_PASSWORD=PASSWORD, REPLICATION_PASSWORD=PASSWORD, REWIND_PASSWORD=PASSWORD)
        self.run(f"patroni-{name}", "/usr/bin/patroni", config)

    def start_node(self, number):
        self.run(f"node-{number + 1}", program(), "serve", PORT=self.nodes[number], **self.settings(f"node-{number + 1}"))

    def settings(self, name):
        return {"WAYMARK_DATA": self.folder / name, "WAYMARK_REGION": ROOT / "Data/bc", "PGPASSFILE": self.folder / "pgpass",
                "WAYMARK_DATABASE": f"postgres://waymark@{self.hosts}/waymark?target_session_attrs=read-write"}

    def start_front(self):
        config = self.file("haproxy.cfg", "haproxy.cfg", BIND=f"127.0.0.1:{self.front}",
                           NODE_1=f"127.0.0.1:{self.nodes[0]}", NODE_2=f"127.0.0.1:{self.nodes[1]}")
        self.run("haproxy", "/usr/sbin/haproxy", "-db", "-f", config)

    def start(self):
        self.start_etcd()
        for member in self.members:
            self.start_patroni(member)
        until("a leader and two who follow it", lambda: self.is_whole(), 240)
        passwords = self.folder / "pgpass"
        passwords.write_text(f"*:*:*:*:{PASSWORD}\n")
        passwords.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(passwords, PLAIN, PLAIN)
        self.sql(f"CREATE ROLE waymark LOGIN PASSWORD '{PASSWORD}'", "postgres")
        self.sql("CREATE DATABASE waymark TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' OWNER waymark", "postgres")
        for number in range(2):
            self.start_node(number)
        self.start_front()
        until("both nodes behind the front", lambda: get(self.front, "/readyz")[1] == b"ready\n", 120)

    # MARK: Asking

    def states(self):
        for member in self.members:
            try:
                found = json.loads(get(member["REST_PORT"], "/cluster", 2)[1])["members"]
                return {one["name"]: one for one in found}
            except (OSError, KeyError, ValueError):
                continue
        return {}

    def leader(self):
        return next((name for name, one in self.states().items() if one["role"] == "leader" and one["state"] == "running"), None)

    def is_whole(self):
        found = self.states()
        roles = sorted(one["role"] for one in found.values() if one["state"] in ("running", "streaming"))
        return roles == ["leader", "replica", "sync_standby"]

    def standby(self):
        return next((name for name, one in self.states().items() if one["role"] == "sync_standby"), None)

    def sql(self, text, database="waymark"):
        done = subprocess.run(
            [BIN / "psql", f"postgres://postgres@{self.hosts}/{database}?target_session_attrs=read-write", "-qAtc", text],
            env=os.environ | {"PGPASSWORD": PASSWORD}, capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.splitlines()

    def postmaster(self, name):
        return int((self.folder / f"data-{name}/postmaster.pid").read_text().splitlines()[0])

    # MARK: Breaking and ending

    def kill(self, name):
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def kill_database(self, name):
        """As when the machine loses power: Patroni, PostgreSQL and all its processes at once."""
        first = self.postmaster(name)
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        self.kill(f"patroni-{name}")
        for process in [first, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def stand_still(self, *names):
        """Stops the processes of these databases and their Patroni, as when a machine hangs; what to call to let them go on."""
        stopped = []
        for name in names:
            first = self.postmaster(name)
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            stopped += [self.processes[f"patroni-{name}"].pid, first, *map(int, children)]
        for process in stopped:
            os.kill(process, signal.SIGSTOP)

        def go_on():
            for process in stopped:
                try:
                    os.kill(process, signal.SIGCONT)
                except ProcessLookupError:
                    pass
        return go_on

    def end(self):
        for name in reversed(list(self.processes)):
            if self.processes[name].poll() is None:
                self.kill(name)
        for member in self.members:
            try:
                os.kill(self.postmaster(member["NAME"]), signal.SIGQUIT)
            except (OSError, ValueError, IndexError):
                pass
        time.sleep(1)
        if os.environ.get("KEEP") != "1":
            shutil.rmtree(self.folder, ignore_errors=True)


def get(port, path, seconds=10, form=None):
    """The status and the body; a status of 0 is no answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", form, timeout=seconds) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def until(what, question, seconds):
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if question():
            return time.monotonic() - began
        time.sleep(0.1)
    raise TimeoutError(f"no {what} within {seconds} s")
