"""Somebody or something sends what no form would: one clear answer, and the server stays."""

import re
import socket
import time

import html5lib
import pytest

from conftest import Server
from site_map import ask


def talk(server, request, wait=20):
    """Raw bytes over a real socket; what came back, even when the server hung up meanwhile."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        answer = b""
        try:
            while part := line.recv(65536):
                answer += part
        except OSError:
            pass
    return answer


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode()


def post(path, body, more=""):
    return (f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n").encode() + body


def status(answer):
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(found.group(1)) if found else 0


CASES = {
    "a 2 MB query": (get("/en/find?q=" + "a" * 2_000_000), {431}),
    "a query of 70 KB": (get("/en/find?q=" + "a" * 70_000), {413, 414, 431}),
    "broken UTF-8": (get("/en/find?q=%ff%fe"), {400}),
    "raw bytes in the address": (b"GET /en/find?q=\xff\xfe HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", {400}),
    "a null byte": (get("/en/find?q=a%00b"), {400}),
    "a broken escape": (get("/en/find?q=%zz"), {400}),
    "10,000 parameters": (get("/en/find?" + "&".join(f"a{n}=1" for n in range(10_000))), {400, 413, 414, 431}),
    "10,000 short parameters": (get("/en/find?" + "a&" * 10_000), {400}),
    "10,000 parameters by form": (post("/en/find", b"a=1&" * 10_000), {400}),
    "a page of minus one": (get("/en/find?q=food&page=-1"), {400}),
    "a page of ten digits": (get("/en/find?q=food&page=9999999999"), {400}),
    "a page of forty digits": (get("/en/find?q=food&page=" + "9" * 40), {400}),
    "a need that is not on the list": (get("/en/find?need=nothing"), {400}),
    "a language that is not known": (get("/xx/"), {404}),
    "a listing that is not there": (get("/en/services/00000000-0000-4000-8000-000000000000"), {404}),
    "an id that is none": (get("/en/services/%2e%2e%2f"), {404}),
    "a way out of the assets": (get("/assets/../../../../etc/passwd"), {404}),
    "a form of 1 MB": (post("/en/find", b"q=" + b"a" * 1_000_000), {413}),
    "a form with broken UTF-8": (post("/en/saved", b"service=%c3%28"), {400}),
    "a form cut short": (b"POST /en/find HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\nq=a", {400}),
    "a method nobody knows": (b"DELETE /en/find HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", {404, 405}),
    "a form to a page without one": (post("/en/about", b"a=1"), {404, 405}),
    "100 KB of headers": (b"GET /en/ HTTP/1.1\r\nHost: here\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n", {431}),
    "a header without a name": (b"GET /en/ HTTP/1.1\r\nHost: here\r\n: x\r\n\r\n", {400}),
    "2,000 headers": (b"GET /en/ HTTP/1.1\r\nHost: here\r\n" + b"X-A: b\r\n" * 2000 + b"\r\n", {431}),
    "a broken request line": (b"GET /en/ HTP\r\nHost: here\r\n\r\n", {400}),
    "half a request line": (b"GET /en/ HT", {400}),
    "a broken chunk": (b"POST /en/find HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", {400}),
    "a length and chunks": (b"POST /en/find HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                            b"3\r\nq=a\r\n0\r\n\r\n", {400}),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200, {400}),
}


@pytest.mark.parametrize("request_bytes, expected", CASES.values(), ids=CASES.keys())
def test_what_cannot_be_read_gets_a_clear_no(server, request_bytes, expected):
    answer = talk(server, request_bytes)
    assert status(answer) in expected, answer[:200]
    assert b"<h1>" in answer and b'id="exit"' in answer, answer[:200]
    assert b"\r\nContent-Security-Policy: default-src 'none'" in answer and b"Referrer-Policy: no-referrer" in answer
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    assert not re.search(rb"Error|Exception|\.swift|Fatal|/work/", answer), answer
    assert ask(server, "/healthz").status == 200


@pytest.mark.parametrize("path, sentence", [
    ("/en/find?q=%ff", "signs that we cannot read"), ("/en/find?page=-1", "not on the list"),
    ("/en/find?" + "a&" * 300, "too many parts"), ("/en/services/x", "may have moved"), ("/xx/", "may have moved")])
def test_the_answer_is_a_whole_page_with_one_sentence_and_the_way_out(server, path, sentence):
    page = ask(server, path).text
    assert sentence in page and 'id="exit"' in page and "<h1>" in page


@pytest.mark.parametrize("request_bytes, english, french", [
    (get("/fr/find?q=" + "a" * 2_000_000), "The request is too long", "La demande est trop longue"),
    (b"GET / HTP\r\n\r\n", "We could not read the request", "Nous n’avons pas pu lire la demande")])
def test_what_never_became_a_request_is_answered_in_both_languages(server, request_bytes, english, french):
    page = talk(server, request_bytes).decode()
    assert english in page and f'<p lang="fr">{french}' in page
    assert "\r\nConnection: close\r\n" in page and "Cache-Control: no-store" in page


def test_an_answer_on_its_way_comes_before_the_refusal_of_what_follows(server):
    answer = talk(server, b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\nnonsense\r\n\r\n")
    assert re.findall(rb"HTTP/1.1 (\d{3})", answer) == [b"200", b"400"]


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """A server that waits one second for a request."""
    server = Server(tmp_path_factory.mktemp("impatient"), WAYMARK_PATIENCE="1")
    yield server
    server.stop()


def closes(server, beginning, drip=b"", seconds=6):
    """Whether the server hangs up on somebody who sends this, and then a byte now and then."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.3) as line:
        line.sendall(beginning)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if drip:
                    line.sendall(drip)
                if not line.recv(65536):
                    return True
            except TimeoutError:
                pass
            except OSError:
                return True
    return False


@pytest.mark.parametrize("beginning, drip", [
    (b"", b""), (b"GET /en/ HTTP/1.1\r\nHo", b""), (b"GET /en/ HTTP/1.1\r\nX: ", b"a"),
    (b"POST /en/find HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\n", b""),
    (b"POST /en/find HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\n", b"a"),
    (b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n", b""), (b"GET / HTP\r\n\r\n", b"a" * 1000)],
    ids=["nothing", "half a head", "a head that trickles", "a head without its form", "a form that trickles",
         "one request and then nothing", "nonsense without end"])
def test_a_connection_without_a_whole_request_is_closed(impatient, beginning, drip):
    assert closes(impatient, beginning, drip)


def test_an_unknown_place_is_an_answer_and_not_a_fault(server):
    answer = ask(server, "/en/find?near=Atlantis")
    assert answer.status == 200 and "Atlantis" in answer.text


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "'\u0301\"\u0301 onmouseover=x", "<\u0301img src=x onerror=y>"])
@pytest.mark.parametrize("field", ["q", "near"])
def test_what_was_asked_comes_back_as_text(server, field, text):
    page = html5lib.parse(ask(server, "/en/find", {field: text}).text, namespaceHTMLElements=False)
    assert page.find(f".//input[@id='{field}']").get("value") == text
    for part in page.iter():
        assert part.tag not in ("img", "x") and not any(str(name).startswith("on") for name in part.attrib)
        assert part.tag != "script" or part.get("src", "").startswith("/assets/")


def test_the_json_answer_says_what_is_wrong(server):
    answer = ask(server, "/en/find.json?page=-1")
    assert answer.status == 400 and answer.headers["Content-Type"] == "application/problem+json"


def test_many_connections_that_say_nothing_do_not_stop_the_others(server):
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    try:
        assert ask(server, "/en/").status == 200
    finally:
        for line in idle:
            line.close()
