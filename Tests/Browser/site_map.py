"""Which pages the site has, and plain requests to them."""

import functools
import gzip
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from conftest import run


class Answer:
    def __init__(self, status, headers, wire):
        self.status, self.headers, self.wire = status, headers, wire
        zipped = headers.get("Content-Encoding") == "gzip"
        self.text = (gzip.decompress(wire) if zipped else wire).decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))


def ask(server, path, fields=None, zipped=True, **headers):
    """One request: GET, or POST when there are fields. Never follows a redirect."""
    body = None if fields is None else urllib.parse.urlencode(fields).encode()
    if zipped:
        headers["Accept-Encoding"] = "gzip"
    request = urllib.request.Request(server.url + path, data=body, headers=headers)
    try:
        with opener.open(request, timeout=30) as reply:
            return Answer(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as reply:
        return Answer(reply.code, reply.headers, reply.read())


@functools.cache
def ids(data, kind):
    """Every id of a kind that a visitor may see."""
    lines = [json.loads(line) for line in run("export", "--json", data=data).stdout.splitlines()]
    return [line["id"] for line in lines if ("status" in line) == (kind == "service")]


@functools.cache
def providers(data):
    """The organisations that run a service, each once."""
    lines = [json.loads(line) for line in run("export", "--json", data=data).stdout.splitlines()]
    return sorted({line["organization_id"] for line in lines if "organization_id" in line and "status" in line})


def organization_names(data):
    """Names of organisations and services, longest first."""
    listed = "".join(run(kind, "list", data=data).stdout for kind in ("service", "organization"))
    names = {line.split("  ", 1)[1].strip() for line in listed.splitlines() if "  " in line}
    return sorted(names, key=len, reverse=True)


TEXTS = ["about", "worried", "privacy", "accessibility", "data", "lists", "lists/cariboo", "forget"]
LANDSCAPE = ["landscape", "landscape/messages", "landscape/matrix", "landscape/matrix?theme=nothing",
             "landscape/findings?theme=Laws+and+regulation", "landscape/gaps?need=need%3Ahousing", "landscape/printed",
             "landscape/gaps", "landscape/printed/2024-9", "landscape/systems", "landscape/research", "landscape/figures",
             "landscape/standards", "landscape/report"]

DECIDED = ["landscape/plan", "landscape/board", "landscape/actions/act-001", "landscape/votes", "landscape/priorities",
           "landscape/initiatives", "landscape/meetings", "landscape/evaluation"]


def get_paths(server, language="en"):
    """One of every page that a link leads to."""
    service = ids(server.data, "service")
    organization = ids(server.data, "organization")
    paths = ["", "find", "find?need=housing", "find?q=nowhere+to+sleep&near=Terrace&open=now", "find?near=Nowhereville",
             "map", "saved", f"saved?service={service[0]}&service={service[1]}", *TEXTS, *DECIDED]
    paths += [*LANDSCAPE, contested(server)]
    for line in hotlines(server):
        paths.append(f"services/{line}")
    paths += [f"services/{service[0]}", f"services/{service[1]}", f"services/{service[0]}/card",
              f"organizations/{organization[0]}", f"services/{service[0]}/report",
              f"organizations/{organization[0]}/report", "reports/answer", "notes", "notes/new", "workshops", ask_link(server, service[1])]
    return [f"/{language}/{path}" for path in paths]


@functools.cache
def ask_link(server, service):
    """The page that a provider's link opens, after the language."""
    return run("service", "ask", service, data=server.data).stdout.strip().removeprefix("/en/")


def contested(server):
    """A finding about which people disagree, after the language."""
    page = ask(server, "/en/landscape/findings?theme=Laws+and+regulation").text
    return re.search(r"/en/(landscape/findings/[0-9a-f-]{36})", page).group(1)


def hotlines(server):
    """Services that the start page names."""
    return re.findall(r"/en/services/([0-9a-f-]{36})", ask(server, "/en/").text)[:2]


def fault_paths(language="en"):
    return [f"/{language}/nothing-here", f"/{language}/find?q=%ff", f"/{language}/find?page=-1"]


def form_pages(server, language="en"):
    """Pages that only a form leads to, with what the form sends."""
    picked = [("service", id) for id in ids(server.data, "service")[:3]]
    return [(f"/{language}/saved/sheet", picked), (f"/{language}/saved/cards", picked), (f"/{language}/saved", picked),
            (f"/{language}/find", [("q", "nowhere to sleep tonight terrace")]),
            (f"/{language}/services/{picked[0][1]}/report", [("note", "a sentence")]),
            (f"/{language}/services/{picked[0][1]}/report", [("what", "other"), ("website", "a program")]),
            (f"/{language}/reports/answer", [("receipt", "12")]),
            (f"/{language}/workshops", [("code", "K7M 3PX")]), (f"/{language}/workshops/notes", [("text", "a sentence")]),
            (f"/{language}/notes/opening", [("receipt", "12")]), (f"/{language}/notes/file", []),
            (f"/{language}/notes/new", [("own-words", "a sentence")]),
            (f"/{language}/{ask_link(server, picked[1][1])}", [(f"{picked[1][1]}.email", "nobody")])]


def send_form(page, path, fields):
    """What a browser does with a form, as a visit of its own."""
    page.goto("/en/accessibility")
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
                const form = document.createElement("form");
                form.method = "post"; form.action = path;
                for (const [name, value] of fields) {
                    const input = document.createElement("input");
                    input.name = name; input.value = value; form.append(input);
                }
                document.body.append(form); form.submit();
            }""", [path, [list(field) for field in fields]])
