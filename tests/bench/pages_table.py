"""What a page costs and takes, beside the bare system calls, and its plot.

Costs are medians over many repetitions in random interleaving, in CPU time, which holds on a busy machine; those of
several threads also in wall time, which waits for the kernel's locks, and for everybody else.
"""
from bounds import Bound, benchmark_medians

WAYS = {"npk": "npk_wildx", "guarded": "bare, guarded", "unguarded": "bare, unguarded"}
LIVE = [0, 100, 1_000, 10_000]
THREADS = [1, 2, 4]
REPETITIONS = 51


def measure(build):
    program = build / "tests/bench/pages_bench"
    # Each in a process of its own: what one leaves remembered would count in the other.
    kept = benchmark_medians(program, "--benchmark_filter=^space/bookkeeping")["space/bookkeeping/iterations:1"]
    most = benchmark_medians(program, "--benchmark_filter=^space/until")["space/until refused/iterations:1"]
    costs = benchmark_medians(program, "--benchmark_filter=-^space/", f"--benchmark_repetitions={REPETITIONS}",
                              "--benchmark_min_time=0.05")

    def of_threads(way, clock):
        # CPU time is that of all threads for all their pages, wall time that of one page among them.
        return [costs[f"threads/{way}/real_time/threads:{threads}"][clock] for threads in THREADS]

    return {
        "live": {way: [costs[f"live/{way}/{count}"]["cpu"] for count in LIVE] for way in WAYS},
        "threads": {way: of_threads(way, "cpu") for way in WAYS},
        "threads, wall": {way: of_threads(way, "wall") for way in WAYS},
        "hash": {way: {size: costs[f"hash/{way}/{size}"]["cpu"] for size in (64, 4096)} for way in ("npk", "naive")},
        "bytes a page": kept["bytes_a_page"],
        "pages until refused": most["pages"],
        "mapping limit": most["mapping_limit"],
    }


def bounds(measured):
    live, threads, wall, hashes = (measured[name] for name in ("live", "threads", "threads, wall", "hash"))
    two = THREADS.index(2)
    page = live["npk"][0]
    yield Bound("mint + write + seal + free / bare calls with guards", page / live["guarded"][0], 1.15)
    yield Bound("mint + write + seal + free / bare calls without guards", page / live["unguarded"][0], 1.6)
    yield Bound("the same, 10,000 live pages / bare calls with guards", live["npk"][-1] / live["guarded"][0], 1.25)
    yield Bound("two threads / bare calls in two threads, CPU time", threads["npk"][two] / threads["guarded"][two], 1.5)
    yield Bound("two threads / bare calls in two threads, wall time", wall["npk"][two] / wall["guarded"][two], 1.5)
    yield Bound("hash of 64 bytes in a page, share of the page's cost", hashes["npk"][64] / page, 0.05)
    yield Bound("hash of 4 KiB / naive loop", hashes["npk"][4096] / hashes["naive"][4096], 1.05)
    yield Bound(f"live pages until the kernel refuses (max_map_count {measured['mapping limit']:.0f})",
                measured["pages until refused"], 32_000, "pages", at_least=True)
    yield Bound("bookkeeping of a live page, of 10,000", measured["bytes a page"], 256, "bytes")


def print_series(title, columns, series):
    print(f"{title:<28}" + "".join(f"{column:>10,}" for column in columns))
    for way, name in WAYS.items():
        print(f"  {name:<26}" + "".join(f"{nanoseconds / 1000:10.2f}" for nanoseconds in series[way]))


def print_measured(measured):
    print_series("us a page, live pages:", LIVE, measured["live"])
    print_series("us a page, threads:", THREADS, measured["threads"])
    print(f"{'us a hash, bytes:':<28}{64:>10,}{4096:>10,}")
    for way, name in {"npk": "npk_wildx", "naive": "naive loop"}.items():
        print(f"  {name:<26}" + "".join(f"{nanoseconds / 1000:10.2f}" for nanoseconds in measured["hash"][way].values()))
