"""What typed calls cost, beside a direct call, libffi's, CPython's ctypes and, where installed, LuaJIT's FFI.

Everything is measured in this one run, in CPU time, and the native ways in random interleaving, so that the ratios
hold on a noisy machine although the nanoseconds do not.
"""
import json
import pathlib
import resource
import shutil
import subprocess
import tempfile

from bounds import Bound, benchmark_medians

HERE = pathlib.Path(__file__).resolve().parent
SHORT_NAMES = {
    "i64(i64,i64,i64,i64,i64,i64)": "i64(i64 x 6)",
    "i64(i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64,i64)": "i64(i64 x 12)",
}
ORDER = ["i32(i32,i32)", "f64(f64,f64)", "i64()", "i64(i64 x 6)", "i64(i64 x 12)", "{f64,f64}(ptr)", "i64({i64,i64},i64)",
         "void(ptr)", "f64(ptr,i64,f64)", "i64({i64,i64,i64},i64)"]
# Those that do not fit in registers are to cost little more than libffi, which makes the last one's call; the others much less.
BEYOND_REGISTERS = ["i64(i64 x 12)", "i64({i64,i64,i64},i64)"]
CHECKED_WAYS = ["C symbol", "invoke entry", "npk_jit_call", "calls extension"]
FEW, MANY = 200_000, 4_200_000


def native_times(build):
    """{signature: {way: nanoseconds}} of calls_bench, medians of the repetitions."""
    medians = benchmark_medians(build / "tests/bench/calls_bench", "--benchmark_repetitions=11",
                                "--benchmark_min_time=0.03")
    times = {}
    for name, median in medians.items():
        signature, way = name.removesuffix("/threads:2").rsplit("/", 1)
        times.setdefault(SHORT_NAMES.get(signature, signature), {})[way] = median["cpu"]
    return times


def foreign_times(command):
    """{signature: nanoseconds} of another language's own measurement; empty where that is not installed."""
    if shutil.which(command[0]) is None:
        return {}
    finished = subprocess.run(command, capture_output=True, text=True)
    return json.loads(finished.stdout) if finished.returncode == 0 else {}


def cpu_seconds(command):
    """CPU time of a command, its start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def program_time(build):
    """Nanoseconds a round of the loop of tests/bench/calls.npk; the start of npk cancels out."""
    source = (HERE / "calls.npk").read_text()
    with tempfile.TemporaryDirectory() as directory:
        def seconds(rounds):
            program = pathlib.Path(directory) / f"calls_{rounds}.npk"
            program.write_text(source.replace("@ROUNDS@", str(rounds)))
            return min(cpu_seconds([build / "interpreter/npk", "run", program]) for _ in range(3))
        return (seconds(MANY) - seconds(FEW)) / (MANY - FEW) * 1e9


def measure(build):
    times = native_times(build)
    for way, command in {"CPython ctypes loop": ["python3", HERE / "ctypes_calls.py"],
                         "LuaJIT FFI loop": ["luajit", HERE / "luajit_calls.lua"]}.items():
        for signature, nanoseconds in foreign_times(command).items():
            times[signature][way] = nanoseconds
    times["i32(i32,i32)"][".npk loop"] = program_time(build)
    return times


def print_signature(signature, ways):
    print(f"\n{signature:<26}{'ns':>9}{'/ direct':>11}{'/ ffi_call':>12}")
    for way, nanoseconds in sorted(ways.items(), key=lambda item: item[1]):
        print(f"  {way:<24}{nanoseconds:9.2f}{nanoseconds / ways['direct']:11.2f}"
              f"{nanoseconds / ways['ffi_call']:12.2f}")


def bounds(times):
    for signature in ORDER:
        ways = times[signature]
        for way in [way for way in CHECKED_WAYS if way in ways]:
            if signature in BEYOND_REGISTERS:
                yield Bound(f"{signature} {way} / ffi_call", ways[way] / ways["ffi_call"], 1.25)
            else:
                yield Bound(f"{signature} {way} / direct", ways[way] / ways["direct"], 3.0)
                # Where libffi has nothing to do, no check fits between it and the direct call.
                alone = ways["direct"] / ways["ffi_call"]
                remark = f" (direct alone: {alone:.2f})" if alone > 0.2 else ""
                yield Bound(f"{signature} {way} / ffi_call{remark}", ways[way] / ways["ffi_call"], 0.25)
    alone = times["i32(i32,i32)"]["C symbol"]
    yield Bound("10,000 live pages / one", times["10,000 live pages"]["one page"] / alone, 1.3)
    yield Bound("two threads / one", times["two threads"]["C symbol"] / alone, 1.3)
    if "CPython ctypes loop" in times["i32(i32,i32)"]:
        ways = times["i32(i32,i32)"]
        yield Bound(".npk loop / CPython ctypes loop", ways[".npk loop"] / ways["CPython ctypes loop"], 0.15)


def print_measured(times):
    for signature in ORDER:
        print_signature(signature, times[signature])
