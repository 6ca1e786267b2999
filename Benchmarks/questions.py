"""The questions that both programs are asked: words, a town and a need, drawn once with a fixed seed."""

import json
import random
from dataclasses import dataclass

from settings import ROOT

TREES = "cedar alder maple spruce larch birch willow hemlock juniper arbutus aspen hazel".split()
THINGS = "harbour lantern bridge river meadow garden kettle blanket compass window orchard heron raven".split()
PLAIN = [
    "beds night", "meals food shelf", "free advice work", "counsellor private", "nurse doctor", "healing elders",
    "ride court", "forms letters", "warm room tea", "rights work", "groups healing", "beds longer",
]
NEEDS = "housing food health counselling violence legal money work newcomer crisis drop-in transport".split()


@dataclass(frozen=True)
class Question:
    text: str
    town: str
    need: str


def questions(count: int = 200) -> list[Question]:
    """A third names, a third plain words, a third of both; the towns are the 40 with the most people."""
    dice = random.Random(2024)
    places = json.loads((ROOT / "Data/bc/gazetteer.json").read_text())
    towns = [p for p in places if p["kind"] == "place" and p.get("latitude") and p.get("population")]
    names = [p["name"] for p in towns]
    towns = [p["name"] for p in towns if names.count(p["name"]) == 1 and p["name"].isascii()
             and p["name"].lower() not in TREES + THINGS]
    people = {p["name"]: p["population"] for p in places if p.get("population")}
    towns = sorted(towns, key=lambda name: -people[name])[:40]
    asked: list[Question] = []
    while len(asked) < count:
        tree, thing, plain = dice.choice(TREES), dice.choice(THINGS), dice.choice(PLAIN)
        text = [f"{tree} {thing}", plain, f"{thing} {plain.split()[0]}"][len(asked) % 3]
        question = Question(text, dice.choice(towns), dice.choice(NEEDS))
        if question not in asked:
            asked.append(question)
    return asked
