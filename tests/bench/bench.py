"""Prints the tables of benchmarks: bench.py BUILD_DIRECTORY [--json] [--plot FILE] TABLE...

Each table is a module NAME_table with measure(build), which returns what was measured; bounds(measured), which are the
figures that have a bound; and print_measured(measured). With `pages` among them, --plot writes the plot of pages.
"""
import argparse
import importlib
import json
import pathlib

from bounds import print_bounds

TABLES = ["calls", "pages", "regions", "language"]


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Prints the tables of benchmarks.")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", type=pathlib.Path)
    parser.add_argument("tables", nargs="*", metavar="TABLE")
    options = parser.parse_intermixed_args()
    if unknown := set(options.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")

    results = {}
    for name in options.tables or TABLES:
        table = importlib.import_module(f"{name}_table")
        measured = table.measure(options.build)
        bounds = list(table.bounds(measured))
        results[name] = {"measured": measured, "bounds": [bound.as_json() for bound in bounds]}
        if name == "pages" and options.plot:
            options.plot.write_text(importlib.import_module("pages_plot").svg(measured))
        if not options.json:
            print(f"== {name} ==")
            table.print_measured(measured)
            print_bounds(bounds)
            print(flush=True)
    if options.json:
        print(json.dumps(results, indent=2))


main()
