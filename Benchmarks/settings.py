"""Where things lie and how long things take."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build-bench"
REGION = ROOT / "Data/bc"
WAYMARK = ROOT / ".build-release/release/waymark"
BARE = ROOT / "Benchmarks/Bare/.build-bare/release/Bare"
DATASETTE = ROOT / ".venv-bench/bin/datasette"
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
CONNECTIONS = 8


def say(sentence: str) -> None:
    print(f"== {sentence}", file=sys.stderr, flush=True)


def stop(sentence: str) -> None:
    sys.exit(sentence)
