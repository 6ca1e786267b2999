"""A site published by `waymark publish`, and the same bytes compressed and written by a bare program."""

import os
import shutil
import subprocess
import time
import zlib
from pathlib import Path
from typing import NamedTuple

from peak import Peak
from servers import waymark
from settings import FOLDER, REGION, WAYMARK, stop

SITE = FOLDER / f"published-{os.getpid()}"


class Published(NamedTuple):
    first: float
    unchanged: float
    one_change: float
    files: int
    size: float
    memory: float
    work: float


def publish(data: Path, site: Path, *words: str) -> tuple[float, float, float]:
    """Seconds of the whole program, start to end, its highest memory in MB, and seconds of the processor."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(WAYMARK), "publish", str(site), *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "WAYMARK_DATA": str(data), "WAYMARK_REGION": str(REGION)})
    peak = Peak(process)
    said = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        stop(f"waymark publish failed: {said[-300:]}")
    return time.perf_counter() - started, peak.megabytes, usage.ru_utime + usage.ru_stime


def edited(data: Path) -> None:
    """One service says something else than before."""
    environment = {"PATH": "/usr/bin:/bin", "WAYMARK_DATA": str(data), "WAYMARK_REGION": str(REGION)}
    listed = subprocess.run([str(WAYMARK), "service", "list"], capture_output=True, text=True, env=environment).stdout
    service = listed.split(maxsplit=1)[0]
    subprocess.run([str(WAYMARK), "service", "edit", service, "wait_time", f"{time.time():.0f} weeks", "--source", "bench"],
                   capture_output=True, env=environment, check=True)


def published(data: Path, site: Path = SITE) -> Published:
    """A site from what a node has that has run, again without a change, and again with one. A folder is removed only when all
    is measured: ext4 takes long to make files where as many have just been removed."""
    with waymark(data, patience=600):
        pass
    first, memory, work = publish(data, site)
    unchanged, *_ = publish(data, site)
    edited(data)
    one_change, *_ = publish(data, site)
    sizes = [entry.stat().st_size for entry in every_file(site)]
    return Published(first, unchanged, one_change, len(sizes), sum(sizes) / 1e6, memory, work)


def every_file(folder: Path):
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from every_file(entry.path)
        else:
            yield entry


def bare() -> float:
    """Seconds of writing the same files to another folder, compressing each that was compressed, on one core."""
    other = Path(f"{SITE}-bare")
    files = [Path(entry.path) for entry in every_file(SITE)]
    zipped = {str(file)[:-3] for file in files if file.suffix == ".gz"}
    seconds = 0.0
    for file in files:
        if file.suffix == ".gz":
            continue
        content, target = file.read_bytes(), other / file.relative_to(SITE)
        started = time.perf_counter()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if str(file) in zipped:
            Path(f"{target}.gz").write_bytes(zlib.compress(content, 9, 31))
        seconds += time.perf_counter() - started
    return seconds


def removed() -> None:
    """All folders of this run; another run may be measuring with its own."""
    for folder in [*FOLDER.glob(SITE.name), *FOLDER.glob(f"{SITE.name}-*")]:
        shutil.rmtree(folder)
