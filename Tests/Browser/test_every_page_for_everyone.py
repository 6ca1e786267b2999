"""Every page: axe without a finding, HTML without a fault, a title that tells nothing, headers that protect."""

import html
import re

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe

from site_map import ask, fault_paths, form_pages, get_paths, ids, organization_names, send_form

TELLING = re.compile(r"traffick|traite|violen|exploit|abuse|abus|sex|victim|surviv|crisis|crise|shelter|refuge|police|escape", re.I)


def findings(page, where):
    found = Axe().run(page).response["violations"]
    return [f"{where}: {rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:160]} "
            f"{rule['nodes'][0].get('failureSummary', '')[:200]}" for rule in found]


@pytest.mark.parametrize("language, look", [
    ("en", {}), ("fr", {}), ("en", {"dark": True}), ("en", {"width": 320}), ("ar-xb", {})],
    ids=["English", "French", "dark", "320 px", "right to left"])
def test_axe_finds_nothing_on_any_page(visit, server, language, look):
    page, found = visit(**look), []
    for path in get_paths(server, language) + fault_paths(language):
        page.goto(path)
        if path.endswith("/map"):
            page.wait_for_selector("#map.moving .dot")
        if "find" in path and page.locator("details").count():
            page.evaluate("document.querySelector('details').open = true")
        found += findings(page, path)
    for path, fields in form_pages(server, language):
        send_form(page, path, fields)
        found += findings(page, f"POST {path}")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_the_map_without_script(visit):
    page = visit()
    page.route(re.compile("/assets/(map|leaflet)"), lambda route: route.abort())
    page.goto("/en/map")
    assert page.locator("#map > svg circle").count()
    assert not findings(page, "map without script")


def every_page(server, language):
    for path in get_paths(server, language) + fault_paths(language):
        yield path, ask(server, path)
    for path, fields in form_pages(server, language):
        yield f"POST {path}", ask(server, path, fields)


@pytest.mark.parametrize("language", ["en", "fr", "ar-xb"])
def test_every_page_is_html_without_a_fault(server, language):
    faults = []
    for path, answer in every_page(server, language):
        parser = html5lib.HTMLParser()
        parser.parse(answer.text)
        for (line, column), code, _ in parser.errors:
            faults.append(f"{path}: {code}: {answer.text.splitlines()[line - 1][max(0, column - 60):column + 40]}")
        names = re.findall(r'\sid="([^"]*)"', answer.text)
        faults += [f"{path}: two things with the id {name}" for name in set(names) if names.count(name) > 1]
    assert not faults, "\n".join(faults)


def test_every_listing_is_html_without_a_fault(server):
    for kind in ("service", "organization"):
        for id in ids(server.data, kind):
            html5lib.HTMLParser(strict=True).parse(ask(server, f"/fr/{kind}s/{id}").text)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_title_is_neutral_and_says_which_page_it_is(server, language):
    names, titles = organization_names(server.data), {}
    for path, answer in every_page(server, language):
        title = re.search(r"<title>(.*?)</title>", answer.text).group(1)
        assert not TELLING.search(title), (path, title)
        assert not any(name in title for name in names if len(name) > 3), (path, title)
        titles.setdefault(title, set()).add(path.split("?")[0].removeprefix("POST ").rsplit("/", 1)[0])
        assert len(title) > len("– Waymark") + 2
    assert len(titles) >= 9


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_names_its_language_and_offers_the_other(server, language):
    for path, answer in every_page(server, language):
        assert f'<html lang="{language}" dir="ltr">' in answer.text, path
        for other in re.findall(r'href="([^"]*)" lang="\w\w" hreflang', answer.text):
            assert ask(server, html.unescape(other)).status == 200, (path, other)
        assert "ar-xb" not in answer.text, "the pseudo-language is offered to nobody"


def test_every_answer_carries_the_headers_that_protect(server):
    paths = get_paths(server) + fault_paths() + [
        "/", "/exit", "/healthz", "/readyz", "/robots.txt", "/favicon.ico", "/assets/none.css", "/map/base.svg",
        "/map/base.json", "/en/find.json?q=food", "/en/find.json?page=-1", "/xx/", "/nothing", "/en/services/x"]
    paths += re.findall(r'"(/assets/[^"]+)"', ask(server, "/en/map").text)
    for path in paths:
        headers = ask(server, path).headers
        policy = headers["Content-Security-Policy"] or ""
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy and "http" not in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert "geolocation=()" in headers["Permissions-Policy"], path
        assert headers["Set-Cookie"] is None and headers["Server"] is None, path
        kept = path.startswith("/assets/") and ask(server, path).status == 200
        assert headers["Cache-Control"].startswith("public") if kept else headers["Cache-Control"] == "no-store", path


def test_no_page_names_another_host_but_in_links(server):
    for path, answer in every_page(server, "en"):
        loaded = re.findall(r'<(?:script|img|link|source|iframe|form|use|image)[^>]*?(?:src|href|action)="([^"]*)"', answer.text)
        assert all(address.startswith("/") for address in loaded), (path, loaded)
        for link in re.findall(r'<a [^>]*href="https?://[^>]*>', answer.text):
            assert "noreferrer" in link, (path, link)
