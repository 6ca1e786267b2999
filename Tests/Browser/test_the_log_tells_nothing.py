"""An operator reads the log of the whole run: it never says what anybody looked for."""

import re
import time

from site_map import ask

WORDS = ["terrace", "sleep", "tonight", "dormir", "soir", "shelter", "counsel", "housing", "hosing", "nowhere",
         "atlantis", "victoria", "legal", "script>", "musqueam", "127.0.0.1:", "mozilla", "chrom"]


def test_no_word_anybody_looked_for_is_in_the_log(server):
    ask(server, "/en/find?q=musqueam+sleep&near=Victoria")
    ask(server, "/en/musqueam?q=musqueam")
    ask(server, "/en/services/musqueam")
    time.sleep(2.5)
    log = server.log()
    lines = [line for line in log.splitlines() if not line.startswith(("Waymark answers", "Loaded", "Schema"))]
    assert "/find 200" in log, "the log does have a line for each request"
    for line in lines:
        assert re.fullmatch(r"(-|[A-Z]+) \S+ \d{3} (<|>=)\d+m?s|failure \w+ \w+( [A-Z].*)?|event [\w-]+( [A-Z].*)?", line), line
        assert not any(word in line.lower() for word in WORDS), line
    assert not any(line.startswith(("failure", "event")) for line in lines), "a fault of our own during the run"
