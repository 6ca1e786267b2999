"""The most memory that a program had. The kernel's own sum at its end counts what its parent had before it began."""

import subprocess
import threading
import time
from pathlib import Path


class Peak:
    """Looks every 20 ms while the program runs; `megabytes` afterwards."""

    def __init__(self, process: subprocess.Popen):
        self.megabytes = 0.0
        self._status = Path(f"/proc/{process.pid}/status")
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            try:
                lines = self._status.read_text().splitlines()
            except OSError:
                return
            highest = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
            if not highest:
                return
            self.megabytes = int(highest[0]) / 1024
            time.sleep(0.02)
