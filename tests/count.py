"""Sums up what meson recorded: `N passed, N failed, N skipped`; exit status 1 when anything failed or nothing passed.

usage: count.py STEM...     STEM.json and STEM.junit.xml are a test run's logs; a run without them, or without a single
                            test, counts as one failure: its build failed, say
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as xml

GOOD = {"OK", "EXPECTEDFAIL"}


def subtests(stem):
    """{test: (failed, skipped, all)} of the tests that report subtests (TAP). Their suites are called PROJECT.TEST, or
    PROJECT.PROJECT:SUITE / TEST; the one called PROJECT holds all other tests."""
    found = {}
    for suite in xml.parse(f"{stem}.junit.xml").getroot().iter("testsuite"):
        name = suite.get("name").partition(".")[2].rpartition(" / ")[2]
        if name:
            number = {key: int(suite.get(key, 0)) for key in ("failures", "errors", "skipped", "tests")}
            found[name] = (number["failures"] + number["errors"], number["skipped"], number["tests"])
    return found


def count_test(result, parts):
    """(passed, failed, skipped) of one test. A program that crashes, stops early or leaks after its subtests passed
    counts as one failure more."""
    failed, skipped, total = parts or (0, result == "SKIP", 1)
    bad = result not in GOOD and result != "SKIP"
    if not parts:
        return (not bad and not skipped, bad, skipped)
    return (total - failed - skipped, failed or bad, skipped)


def count_run(stem):
    logs = [pathlib.Path(f"{stem}{ending}") for ending in (".json", ".junit.xml")]
    tests = logs[0].read_text().splitlines() if all(log.is_file() for log in logs) else []
    if not tests:
        return (0, 1, 0)
    parts = subtests(stem)
    tests = map(json.loads, tests)
    counts = (count_test(test["result"], parts.get(test["name"].rpartition(" / ")[2])) for test in tests)
    return tuple(sum(column) for column in zip(*counts))


passed, failed, skipped = (sum(column) for column in zip((0, 0, 0), *map(count_run, sys.argv[1:])))
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed > 0 or passed == 0)
