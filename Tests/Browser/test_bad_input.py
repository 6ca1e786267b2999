"""Somebody or something sends what no form would: one clear answer, and the server stays."""

import re
import socket

import html5lib
import pytest

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
    "a 2 MB query": (get("/en/find?q=" + "a" * 2_000_000), {400, 413, 414, 431}),
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
    "a form cut short": (b"POST /en/find HTTP/1.1\r\nHost: here\r\nContent-Length: 500\r\n\r\nq=a", {0, 400}),
    "a method nobody knows": (b"DELETE /en/find HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", {404, 405}),
    "a form to a page without one": (post("/en/about", b"a=1"), {404, 405}),
    "100 KB of headers": (b"GET /en/ HTTP/1.1\r\nHost: here\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n", {400, 431}),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200, {0, 400}),
}


@pytest.mark.parametrize("request_bytes, expected", CASES.values(), ids=CASES.keys())
def test_what_cannot_be_read_gets_a_clear_no(server, request_bytes, expected):
    answer = talk(server, request_bytes)
    assert status(answer) in expected, answer[:200]
    assert not re.search(rb"Error|Exception|\.swift|Fatal|/work/", answer), answer
    assert ask(server, "/healthz").status == 200


@pytest.mark.parametrize("path, sentence", [
    ("/en/find?q=%ff", "signs that we cannot read"), ("/en/find?page=-1", "not on the list"),
    ("/en/find?" + "a&" * 300, "too many parts"), ("/en/services/x", "may have moved"), ("/xx/", "may have moved")])
def test_the_answer_is_a_whole_page_with_one_sentence_and_the_way_out(server, path, sentence):
    page = ask(server, path).text
    assert sentence in page and 'id="exit"' in page and "<h1>" in page


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
