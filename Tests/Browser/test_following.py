"""Nodes that follow other feeds: a pair that follows each other, feeds that mean harm, a node that is killed."""

import json
import re
import signal
import sqlite3
import subprocess
import time
from urllib.request import urlopen

import pytest

from conftest import PROGRAM, ROOT, Server, environment, run
from feed_host import FeedHost, listing
from test_on_postgresql import Postgres


@pytest.fixture
def feed():
    feed = FeedHost()
    yield feed
    feed.close()


def read(url):
    with urlopen(url, timeout=20) as answer:
        return json.load(answer)


def services(data, **more):
    return [line.split()[0] for line in run("service", "list", data=data, **more).stdout.splitlines()]


def listed(data, **more):
    return [json.loads(line) for line in run("follow", "list", "--json", data=data, **more).stdout.splitlines()]


def empty(tmp_path, name):
    """A data folder without the region's records: followed records alone."""
    data = tmp_path / name
    assert run("demo", "--services", "1", data=data).returncode == 0
    return data


BAD = {
    "lies about its size": "says that it has 5000 services and sent 30",
    "repeats itself": "Page 2 of services is the one before again",
    "broken JSON": "is no JSON",
    "says no": "answers with 503",
    "leads to a file": "leads on to another address",
    "leads inside": "leads on to another address",
    "bomb": "more than 64 MB",
    "drips": "more than 3 seconds",
}


@pytest.mark.parametrize("behaviour", BAD)
def test_a_feed_that_means_harm_does_none_and_is_told(behaviour, feed, tmp_path):
    data = empty(tmp_path, "data")
    more = {"WAYMARK_FEED_SECONDS": "3"} if behaviour == "drips" else {}
    first = run("follow", feed.url, "--allow-private", "--source", "feed", "--every", "30m", data=data, **more)
    assert first.returncode == 0, first.stderr
    before = services(data)
    assert len(before) == 31
    feed.behaviour = behaviour
    bad = run("follow", feed.url, "--allow-private", "--source", "feed", data=data, **more)
    assert bad.returncode == 1 and BAD[behaviour] in bad.stderr and bad.stderr.count("\n") == 1, bad.stderr
    assert "Fictional" not in bad.stderr
    assert services(data) == before
    told = run("follow", "list", data=data).stdout
    assert BAD[behaviour] in told and "failures: 1" in told
    assert BAD[behaviour] in run("doctor", data=data).stdout
    feed.behaviour = "good"
    assert run("follow", feed.url, data=data).returncode == 0
    assert "fault" not in listed(data)[0] and listed(data)[0]["every"] == 1800
    assert not [file for file in data.iterdir() if file.name.startswith("follow-")]


def test_a_feed_without_end_and_one_with_other_ids_each_time(feed, tmp_path):
    data = empty(tmp_path, "data")
    assert run("follow", feed.url, "--allow-private", data=data).returncode == 0
    before = services(data)
    feed.behaviour = "never ends"
    bad = run("follow", feed.url, "--allow-private", data=data, WAYMARK_FEED_PAGES="20")
    assert bad.returncode == 1 and "Page 21 of services has no end" in bad.stderr and services(data) == before
    feed.behaviour, feed.services = "good", [listing(number) for number in range(1001, 1031)]
    bad = run("follow", feed.url, "--allow-private", data=data)
    assert bad.returncode == 1 and "nothing was changed" in bad.stderr and services(data) == before


def test_addresses_that_are_not_asked(feed, tmp_path):
    data = empty(tmp_path, "data")
    for url in [feed.url, "http://169.254.169.254/hsds", "http://[::1]/hsds", "http://localhost/hsds", "http://10.0.0.1/x",
                "http://2130706433/x"]:
        refused = run("follow", url, data=data)
        assert refused.returncode == 1 and "inside this machine or a private network" in refused.stderr, url
    assert feed.asked == []
    for url in ["file:///etc/passwd", "ftp://example.org/x", "http://name:word@example.org/", "x", "https://"]:
        refused = run("follow", url, data=data)
        assert refused.returncode == 1 and "Name the http or https address" in refused.stderr, url
    assert "Nobody knows the name" in run("follow", "http://nobody.invalid/hsds", data=data).stderr
    assert "does not answer" in run("follow", "http://127.0.0.1:9/x", "--allow-private", data=data).stderr
    assert run("follow", feed.url, "--every", "1s", data=data).returncode == 64
    assert run("follow", "list", data=data).stdout == ""
    assert run("follow", "stop", "nobody", data=data).returncode == 1


def test_a_name_is_resolved_once_and_the_host_is_told_what_it_was_asked_for(feed, tmp_path):
    data = empty(tmp_path, "data")
    named = feed.url.replace("127.0.0.1", "localhost")
    assert run("follow", named, "--allow-private", data=data).returncode == 0
    assert {host for _, host in feed.asked} == {named.split("/")[2]}


def test_what_a_feed_no_longer_has_goes_and_following_ends_on_command(feed, tmp_path):
    data = empty(tmp_path, "data")
    run("follow", feed.url, "--allow-private", "--source", "feed", data=data)
    feed.services = feed.services[:27]
    done = run("follow", feed.url, "--allow-private", "--json", data=data)
    assert json.loads(done.stdout) | {"removed": 3, "unchanged": 27} == json.loads(done.stdout)
    assert len(services(data)) == 28
    assert run("follow", "stop", feed.url, data=data).returncode == 0
    assert listed(data) == [] and len(services(data)) == 28


@pytest.fixture(scope="module")
def postgres():
    postgres = Postgres()
    yield postgres
    postgres.remove()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_pair_of_servers_follows_each_other_without_echo(kind, request, tmp_path):
    place = {} if kind == "sqlite" else {"WAYMARK_DATABASE": request.getfixturevalue("postgres").schema()}
    one, two = Server(tmp_path / "one", **place), None
    try:
        empty(tmp_path, "two")
        two = Server(tmp_path / "two")
        assert run("follow", f"{one.url}/hsds", "--allow-private", "--source", "one", data=two.data).returncode == 0
        count = read(f"{one.url}/hsds/services?per_page=1")["total_items"]
        deadline = time.monotonic() + 30
        while read(f"{two.url}/hsds/services?per_page=1")["total_items"] != count + 1 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert read(f"{two.url}/hsds/services?per_page=1")["total_items"] == count + 1
        back = json.loads(run("follow", f"{two.url}/hsds", "--allow-private", "--source", "two", "--json", data=one.data,
                              **place).stdout)
        assert back["added"] <= 10 and back["conflicts"] == 0 and back["echoes"] > 200
        service = read(f"{one.url}/hsds/services?per_page=1")["contents"][0]["id"]
        run("service", "edit", service, "wait_time", "twelve days", "--source", "call", data=one.data, **place)
        time.sleep(1.5)
        for _ in range(2):
            there = json.loads(run("follow", f"{one.url}/hsds", "--allow-private", "--json", data=two.data).stdout)
            back = json.loads(run("follow", f"{two.url}/hsds", "--allow-private", "--json", data=one.data, **place).stdout)
            assert (back["added"], back["changed"], back["removed"], back["conflicts"]) == (0, 0, 0, 0)
        assert there["whole"] is False and there["conflicts"] == 0
        time.sleep(1.5)
        seen = read(f"{two.url}/hsds/services/{service}")
        assert seen["wait_time"] == "twelve days"
        assert seen["origin"] == read(f"{one.url}/hsds")["node"] != read(f"{two.url}/hsds")["node"]
        for data, more in [(one.data, place), (two.data, {})]:
            checked = run("check", data=data, **more)
            assert checked.returncode == 0, checked.stdout
    finally:
        one.stop()
        if two:
            two.stop()


def test_a_node_killed_while_it_follows_goes_on_where_it_was(feed, tmp_path):
    data = empty(tmp_path, "data")
    assert run("follow", feed.url, "--allow-private", "--source", "feed", data=data).returncode == 0
    before = services(data)
    feed.behaviour = "is slow"
    feed.services = [record | {"name": record["name"] + " again"} for record in feed.services]
    for answers in [1, 2, 4]:
        feed.asked.clear()
        process = subprocess.Popen([PROGRAM, "follow", feed.url, "--allow-private"], env=environment(data), cwd=ROOT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(feed.asked) < answers and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        assert services(data) == before and " again" not in run("service", "list", data=data).stdout
        busy = run("follow", feed.url, "--allow-private", data=data)
        assert busy.returncode == 1 and "being read at this moment" in busy.stderr
        free_lease(data)
    feed.behaviour = "good"
    assert run("follow", feed.url, "--allow-private", data=data).returncode == 0
    assert run("service", "list", data=data).stdout.count(" again") == 30
    assert run("check", data=data).returncode == 0


def free_lease(data):
    """As if two minutes had passed."""
    with sqlite3.connect(data / "waymark.sqlite") as database:
        database.execute("UPDATE follow SET lease_until = 0")


def test_two_nodes_on_one_database_read_a_feed_once(postgres, feed, tmp_path):
    place = {"WAYMARK_DATABASE": postgres.schema()}
    run("demo", "--services", "1", data=tmp_path / "one", **place)
    run("follow", feed.url, "--allow-private", "--every", "5m", data=tmp_path / "one", **place)
    nodes = [Server(tmp_path / name, **place) for name in ["one", "two"]]
    try:
        feed.asked.clear()
        schema = re.search(r"search_path%3D(\w+)", place["WAYMARK_DATABASE"]).group(1)
        postgres.sql(f"UPDATE {schema}.follow SET next_at = 0")
        time.sleep(12)
        assert sum(path.rstrip("/") == "/hsds" for path, _ in feed.asked) == 1
        assert listed(tmp_path / "two", **place)[0]["failures"] == 0
    finally:
        for node in nodes:
            node.stop()
