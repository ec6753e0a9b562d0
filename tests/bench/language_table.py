"""Programs of language/ in Nitpick, Python and Lua: their ratios; what starting npk and checking source text costs.

The programs run in turn, each round one of every language, and the best round counts: CPU time (user and system, start-up
included; the split of the two is a guess of the kernel's, their sum is not).
"""
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile

from bounds import Bound

PROGRAMS = pathlib.Path(__file__).resolve().parent / "language"
NAMES = {"loop": "integer loop", "fib": "calls (fib)", "array_sum": "array sum", "struct_fields": "struct fields",
         "strings": "string building", "page_calls": "calls into a sealed page"}
ROUNDS = 5
CHECKED_LINES = 20_000
FUNCTION = """
func:work_{n} = int64(int64:a, int64:b) {{
    int64:sum = {before} + b;
    if (sum > 100) {{
        sum = sum - 100;
    }}
    for (i in 0...10) {{
        sum = sum + i;
    }}
    pass sum;
}};
"""


def cpu_seconds(*command):
    """CPU time of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output


def race(npk, name):
    """{language: seconds} of one program. All must print the same."""
    commands = {"npk": (npk, "run", PROGRAMS / f"{name}.npk"), "python": ("python3", PROGRAMS / f"{name}.py"),
                "lua": ("lua5.4", PROGRAMS / f"{name}.lua")}
    commands = {language: command for language, command in commands.items()
                if shutil.which(command[0]) and command[-1].exists()}
    best, printed = {}, set()
    for _ in range(ROUNDS):
        for language, command in commands.items():
            seconds, output = cpu_seconds(*command)
            best[language] = min(seconds, best.get(language, seconds))
            printed.add(output)
    assert len(printed) == 1, f"{name}: the languages disagree: {printed}"
    return best


def start_up(npk):
    return statistics.median(cpu_seconds(npk, "run", PROGRAMS / "hello.npk")[0] for _ in range(21))


def check(npk):
    """Seconds to check a program of many functions, each of which calls the one before, and its lines."""
    functions = CHECKED_LINES // FUNCTION.count("\n")
    source = "func:failsafe = int32(tbb32:code) { exit 1; };\n"
    for n in range(functions):
        source += FUNCTION.format(n=n, before=f"raw work_{n - 1}(a, b)" if n > 0 else "a")
    source += f"func:main = int32() {{\n    println(`&{{raw work_{functions - 1}(1, 2)}}`);\n    exit 0;\n}};\n"
    with tempfile.TemporaryDirectory() as directory:
        program = pathlib.Path(directory) / "long.npk"
        program.write_text(source)
        return min(cpu_seconds(npk, "check", program)[0] for _ in range(ROUNDS)), source.count("\n")


def measure(build):
    npk = build / "interpreter/npk"
    seconds, lines = check(npk)
    return {"seconds": {name: race(npk, name) for name in NAMES}, "start-up": start_up(npk), "check": seconds,
            "checked lines": lines}


def bounds(measured):
    for name, seconds in measured["seconds"].items():
        yield Bound(f"{NAMES[name]} / CPython{' with ctypes' if name == 'page_calls' else ''}",
                    seconds["npk"] / seconds["python"], 0.15 if name == "page_calls" else 1)
    yield Bound("start of npk run, plugin loaded", measured["start-up"] * 1000, 10, "ms")
    yield Bound(f"check of {measured['checked lines']:,} lines", measured["check"] * 1000, 1_000, "ms")


def print_measured(measured):
    print(f"{'seconds of CPU':<28}{'npk':>8}{'CPython':>9}{'Lua 5.4':>9}{'npk / CPython':>15}{'npk / Lua':>11}")
    for name, seconds in measured["seconds"].items():
        lua = f"{seconds['lua']:9.3f}" if "lua" in seconds else f"{'-':>9}"
        to_lua = f"{seconds['npk'] / seconds['lua']:11.2f}" if "lua" in seconds else f"{'-':>11}"
        print(f"  {NAMES[name]:<26}{seconds['npk']:8.3f}{seconds['python']:9.3f}{lua}"
              f"{seconds['npk'] / seconds['python']:15.2f}{to_lua}")
