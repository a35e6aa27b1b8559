"""The few lines of TAP that the checks written in Python print."""
import sys


class Tap:
    def __init__(self, count):
        print(f"1..{count}")
        self.number = 0
        self.failed = 0

    def result(self, name, problems):
        """One subtest: passed when `problems`, lines of text, is empty."""
        self.number += 1
        self.failed += bool(problems)
        for line in problems:
            print(line, file=sys.stderr)  # meson shows this stream of a TAP program, and not the other
        print(f"{'not ok' if problems else 'ok'} {self.number} - {name}", flush=True)

    def skip(self, name, reason):
        self.number += 1
        print(f"ok {self.number} - {name} # SKIP {reason}", flush=True)

    def exit(self):
        sys.exit(1 if self.failed else 0)
