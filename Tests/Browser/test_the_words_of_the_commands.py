"""The help of every command is as it was approved; GOLDEN=write writes it anew, on purpose and never in CI."""

import json
import os

from conftest import ROOT, run

GOLDEN = ROOT / "Tests/Golden/help.txt"


def commands(command, path=()):
    yield path
    for inner in command.get("subcommands", []):
        if inner["commandName"] != "help":
            yield from commands(inner, (*path, inner["commandName"]))


def test_the_help_of_every_command_is_as_it_was_approved(tmp_path):
    tree = json.loads(run("--experimental-dump-help", data=tmp_path).stdout)
    pages = []
    for path in commands(tree["command"]):
        shown = run(*path, "--help", data=tmp_path, COLUMNS="100")
        assert shown.returncode == 0, path
        pages.append(f"$ waymark {' '.join((*path, '--help'))}\n{shown.stdout.strip()}\n")
    text = "\n".join(pages)
    if os.environ.get("GOLDEN") == "write" and "CI" not in os.environ:
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_a_provider_s_link_is_made_for_the_address_of_a_site_alone(tmp_path):
    some_id = "0b311c3e-172b-5d53-b05a-d21ea80a327f"
    asked = run("service", "ask", some_id, "--site", "javascript:alert(1)", data=tmp_path)
    assert asked.returncode == 64
    assert "--site is the address of your site" in asked.stderr and "/listing/" not in asked.stdout
