"""What an operator sees and does: metrics, a log for programs, a server that is stopped."""

import json
import re
import signal
import socket
import time
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from conftest import Server, run
from site_map import ask


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "data", WAYMARK_METRICS_PORT="0", WAYMARK_LOG="json")
    yield server
    if server.process.poll() is None:
        server.stop()


def metrics_address(server):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = re.search(r"Metrics are on (http://127\.0\.0\.1:\d+/metrics)", server.log())
        if found:
            return found.group(1)
        time.sleep(0.1)
    raise AssertionError(server.log())


def families(server):
    with urlopen(metrics_address(server), timeout=10) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = answer.read().decode()
    return text, {family.name: family for family in text_string_to_metric_families(text)}


def test_metrics_are_read_by_the_parser_of_prometheus_and_say_nothing_of_anybody(server):
    ask(server, "/en/find?q=musqueam+sleep&near=Victoria")
    ask(server, "/en/services/004afab9-40f0-578a-91d0-1feab2d7066a")
    ask(server, "/en/musqueam")
    run("service", "list", "--limit", "1", data=server.data)
    time.sleep(1.5)
    text, found = families(server)
    requests = {(sample.labels["route"], sample.labels["status"]): sample.value
                for sample in found["waymark_requests"].samples if sample.name == "waymark_requests_total"}
    assert [count for (route, status), count in requests.items() if route.endswith("/find") and status == "2xx"] == [1]
    histogram = found["waymark_request_seconds"]
    assert histogram.type == "histogram"
    for sample in histogram.samples:
        if sample.name.endswith("_count"):
            whole = [other.value for other in histogram.samples
                     if other.name.endswith("_bucket") and other.labels == sample.labels | {"le": "+Inf"}]
            assert whole == [sample.value]
    value = {name: family.samples[0].value for name, family in found.items() if family.samples}
    assert value["waymark_database_up"] == 1 and value["waymark_follower_lag_changes"] == 0
    assert 0 <= value["waymark_follower_lag_seconds"] < 5
    assert value["process_resident_memory_bytes"] > 10_000_000 and value["waymark_change_number"] > 100
    assert found["waymark_build_info"].samples[0].labels["version"]
    for word in ["musqueam", "sleep", "Victoria", "004afab9", "127.0.0.1"]:
        assert word not in text


def test_metrics_are_on_no_other_port(server):
    address = metrics_address(server)
    port = int(address.split(":")[2].split("/")[0])
    assert port != server.port
    assert ask(server, "/metrics").status == 404
    listening = [line.split() for line in open("/proc/net/tcp").readlines()[1:]]
    bound = {line[1] for line in listening if line[3] == "0A" and int(line[1].split(":")[1], 16) == port}
    assert bound == {f"0100007F:{port:04X}"}


def test_the_log_of_json_says_the_same_and_no_more(server):
    ask(server, "/en/find?q=musqueam+sleep")
    time.sleep(2.5)
    lines = [json.loads(line) for line in server.log().splitlines() if line.startswith("{")]
    assert any(line.get("route", "").endswith("/find") and line["status"] == 200 for line in lines)
    for line in lines:
        assert set(line) in ({"request", "route", "status", "duration"}, {"failure", "correlation"}, {"event"}), line
    assert "musqueam" not in server.log()


@pytest.mark.parametrize("name, text", [("WAYMARK_METRICS_PORT", "x"), ("WAYMARK_LOG", "loud"),
                                        ("WAYMARK_SENDMAIL", "sendmail"), ("WAYMARK_FEED_SECONDS", "0")])
def test_settings_that_cannot_be_used(name, text, tmp_path):
    refused = run("doctor", data=tmp_path / "data", **{name: text})
    assert refused.returncode == 1 and refused.stderr.startswith(f"waymark: {name} is “{text}”")


def slow_request(server):
    """The head of a search and half of its form."""
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.sendall(b"POST /en/find HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       b"Content-Length: 13\r\n\r\nq=shel")
    time.sleep(0.7)
    return connection


def test_a_server_that_is_stopped_finishes_what_it_was_asked_and_takes_nothing_new(server):
    connection = slow_request(server)
    idle = socket.create_connection(("127.0.0.1", server.port))
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert server.process.poll() is None
    with pytest.raises(URLError):
        urlopen(f"{server.url}/healthz", timeout=5)
    connection.sendall(b"ter&x=1")
    answer = b""
    while chunk := connection.recv(65536):
        answer += chunk
    assert answer.startswith(b"HTTP/1.1 200") and b"</html>" in answer
    assert server.process.wait(timeout=20) == 0
    assert idle.recv(1) == b""


def test_a_request_that_never_ends_does_not_keep_a_server_alive(tmp_path):
    server = Server(tmp_path / "data", WAYMARK_PATIENCE="3")
    slow_request(server)
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=20) == 0
    assert time.monotonic() - started < 12


def test_only_a_server_makes_the_key_that_files_of_people_are_found_with(tmp_path):
    data = tmp_path / "data"
    for words in [("check",), ("check", "audit"), ("service", "list"), ("file", "sweep")]:
        done = run(*words, data=data)
        assert done.returncode == 0, done.stderr
    assert (data / "waymark.sqlite").exists() and not (data / "intake.key").exists()
    Server(data).stop()
    key = data / "intake.key"
    assert key.stat().st_mode & 0o777 == 0o600
    made = key.read_bytes()
    assert run("check", data=data).returncode == 0
    assert key.read_bytes() == made
