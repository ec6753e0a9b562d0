"""What a function of a region costs, beside asmjit's JitAllocator, and a region beside the bare system calls.

Medians over repetitions in random interleaving, in CPU time, so that the ratios hold on a noisy machine although the
nanoseconds do not.
"""
from bounds import Bound, benchmark_medians


def measure(build):
    """{name: nanoseconds} of regions_bench."""
    medians = benchmark_medians(build / "tests/bench/regions_bench", "--benchmark_repetitions=15",
                                "--benchmark_min_time=0.03")
    return {name: median["cpu"] for name, median in medians.items()}


def bounds(measured):
    functions, allocator = measured["1,000 functions/region"], measured["1,000 functions/JitAllocator"]
    yield Bound("a function of a region / asmjit's JitAllocator", functions / allocator, 2.5)
    region, bare, of_hash = (measured[f"1 MiB/{way}"] for way in ("region", "bare", "hash"))
    yield Bound("1 MiB region, hash apart / mmap + mprotect + munmap", (region - of_hash) / bare, 1.1)


def print_measured(measured):
    print("us a round")
    for name, nanoseconds in measured.items():
        print(f"  {name:<30}{nanoseconds / 1000:10.1f}")
