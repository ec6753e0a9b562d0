"""Runs the benchmarks of regions and prints their ratios: regions_table.py BUILD_DIRECTORY [--json].

Everything is measured in this one run, in CPU time and in random interleaving, so that the ratios hold on a noisy machine
although the nanoseconds do not.
"""
import json
import pathlib
import subprocess
import sys


def times(build):
    """{name: nanoseconds} of regions_bench, medians of the repetitions."""
    command = [build / "tests/bench/regions_bench", "--benchmark_repetitions=15", "--benchmark_min_time=0.03",
               "--benchmark_enable_random_interleaving=true", "--benchmark_report_aggregates_only=true",
               "--benchmark_format=json"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {row["run_name"]: row["cpu_time"] for row in json.loads(output)["benchmarks"]
            if row["aggregate_name"] == "median"}


def limits(measured):
    """Rows (what, ratio, limit) of what regions must keep."""
    functions, allocator = measured["1,000 functions/region"], measured["1,000 functions/JitAllocator"]
    yield "a function of a region / asmjit's JitAllocator", functions / allocator, 2.5
    region, bare, of_hash = (measured[f"1 MiB/{way}"] for way in ("region", "bare", "hash"))
    yield "1 MiB region, hash apart / mmap + mprotect + munmap", (region - of_hash) / bare, 1.1


def main():
    measured = times(pathlib.Path(sys.argv[1]))
    rows = list(limits(measured))
    if "--json" in sys.argv[2:]:
        print(json.dumps({"nanoseconds": measured, "limits": [
            {"what": what, "ratio": round(ratio, 3), "limit": limit, "kept": ratio <= limit}
            for what, ratio, limit in rows]}, indent=2))
        return
    print(f"{'regions':<32}{'us':>10}")
    for name, nanoseconds in measured.items():
        print(f"  {name:<30}{nanoseconds / 1000:10.1f}")
    print(f"\n{'limits':<54}{'ratio':>8}{'at most':>9}")
    for what, ratio, limit in rows:
        print(f"  {what:<52}{ratio:8.2f}{limit:9.2f}  {'kept' if ratio <= limit else 'EXCEEDED'}")


main()
