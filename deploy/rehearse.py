#!/usr/bin/python3
"""Brings the set-up of docs/operating/high-availability.md up on this one machine, breaks it under load and prints what was lost.

Three etcd, three PostgreSQL 15 under Patroni, two Waymark nodes and HAProxy, from the very files of this folder, on free
loopback ports, as a user without rights, in a folder that goes with it. Needs Debian's etcd-server, patroni, postgresql-15 and
haproxy, and a built waymark (WAYMARK_PROGRAM, else .build-release, else .build). Ends with 1 when anything acknowledged was lost.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

from cluster import PLAIN, ROOT, Set, get, program, until


def say(sentence):
    print(f"{time.monotonic() - STARTED:6.1f} s  {sentence}", flush=True)



class Readers(threading.Thread):
    """People who read, through the front: pages, searches, open data."""

    def __init__(self, front, ids):
        super().__init__(daemon=True)
        self.front, self.ended = front, threading.Event()
        self.answered, self.failed, self.slowest, self.faults = 0, 0, 0.0, {}
        self.paths = ["/en/", "/fr/find?q=logement", "/en/find?q=food", "/hsds/services?per_page=5", "/en/map"]
        self.paths += [f"/en/services/{id}" for id in ids[:20]]

    def run(self):
        number = 0
        while not self.ended.is_set():
            began = time.monotonic()
            path = self.paths[number % len(self.paths)]
            status, _ = get(self.front, path, 20)
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.answered += status == 200
            if status != 200:
                self.failed += 1
                self.faults[status] = self.faults.get(status, 0) + 1
            number += 1
            time.sleep(0.01)


class Writer(threading.Thread):
    """Staff who change one listing after another; each change has a number of its own and is acknowledged or refused."""

    def __init__(self, rehearsal, ids):
        super().__init__(daemon=True)
        self.ids, self.ended = ids, threading.Event()
        self.acknowledged, self.refused, self.last, self.reasons = [], 0, time.monotonic(), {}
        self.longest_silence = 0.0
        environment = {key: str(value) for key, value in rehearsal.settings("writer").items()}
        who = {"user": PLAIN, "group": PLAIN, "extra_groups": []} if os.geteuid() == 0 else {}
        self.process = subprocess.Popen(
            [program(), "service", "edit-lines", "--source", "rehearsal"], env=os.environ | environment | {"HOME": str(rehearsal.folder)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT, **who)
        threading.Thread(target=self.hear, daemon=True).start()
        self.answer = threading.Event()

    def hear(self):
        for line in self.process.stderr:
            if line.startswith("Line "):
                self.refused += 1
                reason = line.split(": ", 1)[1].strip()
                self.reasons[reason] = self.reasons.get(reason, 0) + 1
                self.answer.set()

    def listen(self):
        for line in self.process.stdout:
            now = time.monotonic()
            self.longest_silence = max(self.longest_silence, now - self.last)
            self.last = now
            self.acknowledged.append(int(line))
            self.answer.set()

    def run(self):
        threading.Thread(target=self.listen, daemon=True).start()
        number = 0
        while not self.ended.is_set():
            number += 1
            self.answer.clear()
            before = self.refused
            self.process.stdin.write(f"{self.ids[number % len(self.ids)]}\twait_time\tchange {number}\n")
            self.process.stdin.flush()
            self.answer.wait(90)
            time.sleep(0.2 if self.refused > before else 0.03)
        self.process.stdin.close()
        self.process.wait(60)

def act(title, rehearsal, readers, writer, deed, recover):
    failed, answered, refused, acknowledged = readers.failed, readers.answered, writer.refused, len(writer.acknowledged)
    writer.longest_silence, readers.slowest, readers.faults = 0.0, 0.0, {}
    say(title)
    deed()
    began = time.monotonic()
    time.sleep(3)
    try:
        until("whole set-up again", recover, 120)
    finally:
        whole = time.monotonic() - began
    time.sleep(2)
    print(f"{title}\n    seconds without a change kept  {writer.longest_silence:.1f}\n"
          f"    changes kept and refused       {len(writer.acknowledged) - acknowledged} and {writer.refused - refused}\n"
          f"    pages read and failed          {readers.answered - answered} and {readers.failed - failed} {readers.faults or ''}\n"
          f"    slowest page                   {readers.slowest:.2f} s\n"
          f"    whole again after              {whole:.0f} s", flush=True)


def play(rehearsal):
    say("starting etcd, PostgreSQL under Patroni, two nodes and HAProxy")
    rehearsal.start()
    services = json.loads(get(rehearsal.front, "/hsds/services?minimal=true")[1])["contents"]
    ids = [service["id"] for service in services]
    say(f"{len(ids)} services; leader {rehearsal.leader()}, synchronous standby {rehearsal.standby()}")
    readers, writer = Readers(rehearsal.front, ids), Writer(rehearsal, ids)
    readers.start()
    writer.start()
    until("changes kept", lambda: len(writer.acknowledged) > 20, 60)
    time.sleep(3)
    reports = post_reports(rehearsal, ids[:5])

    leader = rehearsal.leader()
    act("The machine of the leading database dies (kill -9 of PostgreSQL and its Patroni)", rehearsal, readers, writer,
        lambda: rehearsal.kill_database(leader), lambda: time.monotonic() - writer.last < 1 and rehearsal.leader() not in (None, leader))
    member = next(one for one in rehearsal.members if one["NAME"] == leader)
    act("It comes back and follows the new leader", rehearsal, readers, writer, lambda: rehearsal.start_patroni(member), rehearsal.is_whole)

    leader = rehearsal.leader()
    act("PostgreSQL alone is killed; its Patroni lives", rehearsal, readers, writer,
        lambda: os.kill(rehearsal.postmaster(leader), signal.SIGKILL), lambda: rehearsal.is_whole() and time.monotonic() - writer.last < 1)

    standby = rehearsal.standby()
    act("The synchronous standby dies", rehearsal, readers, writer, lambda: rehearsal.kill_database(standby),
        lambda: time.monotonic() - writer.last < 1)
    member = next(one for one in rehearsal.members if one["NAME"] == standby)
    act("It comes back", rehearsal, readers, writer, lambda: rehearsal.start_patroni(member), rehearsal.is_whole)

    for seconds, title, choose in ((60, "The leading machine stands still for 60 s and wakes up", rehearsal.leader),
                                   (30, "The synchronous standby stands still for 30 s", rehearsal.standby)):
        def pause(seconds=seconds, name=choose()):
            go_on = rehearsal.stand_still(name)
            time.sleep(seconds)
            go_on()

        act(title, rehearsal, readers, writer, pause, lambda: rehearsal.is_whole() and time.monotonic() - writer.last < 1)

    act("One Waymark node is killed", rehearsal, readers, writer, lambda: rehearsal.kill("node-1"),
        lambda: get(rehearsal.front, "/en/")[0] == 200)
    act("It is started again", rehearsal, readers, writer, lambda: rehearsal.start_node(0),
        lambda: get(rehearsal.nodes[0], "/readyz")[1] == b"ready\n")

    writer.ended.set()
    readers.ended.set()
    writer.join(90)
    readers.join(30)
    return judge(rehearsal, readers, writer, reports)


def post_reports(rehearsal, ids):
    """Reports of visitors through the public form; their receipts."""
    receipts = []
    for id in ids:
        form = urllib.parse.urlencode({"what": "moved", "note": "A rehearsal."}).encode()
        status, page = get(rehearsal.front, f"/en/services/{id}/report", 30, form)
        if status == 200:
            receipts.append(page.decode().split('receipt">')[1].split("<")[0])
    return receipts


def judge(rehearsal, readers, writer, reports):
    kept = {int(text.split()[1]) for text in rehearsal.sql(
        "SELECT replacement_value FROM metadata WHERE field_name = 'wait_time' AND replacement_value LIKE 'change %'")}
    lost = sorted(set(writer.acknowledged) - kept)
    unread = [one for one in reports if b"Nobody has decided yet" not in
              get(rehearsal.front, "/en/reports/answer", 10, urllib.parse.urlencode({"receipt": one}).encode())[1]]
    check = subprocess.run([program(), "check"], env=os.environ | {k: str(v) for k, v in rehearsal.settings("check").items()},
                           capture_output=True, text=True, cwd=ROOT)
    print(f"In all\n    changes acknowledged           {len(writer.acknowledged)}, reports {len(reports)}\n"
          f"    of these lost                  {len(lost)} and {len(unread)}\n"
          f"    pages read and failed          {readers.answered} and {readers.failed}\n"
          f"    records and audit chain        {check.stderr.strip() or check.stdout.strip()}\n"
          f"    why changes were refused       {writer.reasons}", flush=True)
    return 1 if lost or unread or check.returncode else 0


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    rehearsal = Set()
    try:
        sys.exit(play(rehearsal))
    finally:
        rehearsal.end()


STARTED = time.monotonic()
main()
