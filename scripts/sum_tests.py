#!/usr/bin/env python3
"""Sums up the test cases of finished `meson test` runs.

usage: sum_tests.py BUILD_DIRECTORY...

Reads each directory's meson-logs/testlog.json, shows the output of what failed and ends with the line
"N passed, N failed". A test program that died before its report counts as one failed test case.
"""
import json
import pathlib
import re
import sys

REPORT = re.compile(r"(\d+) test cases? out of \d+ (passed|failed|aborted|skipped)")


def verdicts(build):
    """The records of a test run, one for each test program."""
    log = build / "meson-logs" / "testlog.json"
    if not log.is_file():
        sys.exit(f"{build.name}: no test was run")
    return [json.loads(line) for line in log.read_text(errors="replace").splitlines()]


def count(record):
    """(passed, failed, skipped) test cases of one test program, from the report that Boost.Test prints."""
    counts = dict.fromkeys(("passed", "failed", "aborted", "skipped"), 0)
    reports = REPORT.findall(record.get("stdout", "") + record.get("stderr", ""))
    for number, verdict in reports:
        counts[verdict] += int(number)
    failed = counts["failed"] + counts["aborted"]
    succeeded = record["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
    if succeeded and not reports:
        counts["passed"] = 1
    if not succeeded and failed == 0:
        failed = 1
    return counts["passed"], failed, counts["skipped"]


def main():
    passed = failed = skipped = 0
    for build in map(pathlib.Path, sys.argv[1:]):
        for record in verdicts(build):
            p, f, s = count(record)
            passed, failed, skipped = passed + p, failed + f, skipped + s
            if f:
                print(f"\n--- {build.name}: {record['name']}: {record['result']}")
                print(record.get("stdout", ""), record.get("stderr", ""), sep="")
    if skipped:
        print(f"{skipped} skipped")
    if passed + failed == 0:
        sys.exit("no test case was run")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
