"""Nanoseconds a call through CPython's ctypes, of the same machine code as calls_bench, as one JSON object."""
import ctypes
import json
import mmap
import sys
import time

CALLS = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000


def sealed(code):
    """Executable memory with this code. The map is kept alive for ever."""
    memory = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    sealed.maps.append(memory)
    return address


sealed.maps = []


class Pair(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("y", ctypes.c_double)]


def nanoseconds(function, arguments):
    """Of one call in a loop, by CPU time; the best of five runs."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time_ns()
        for _ in range(CALLS):
            function(*arguments)
        best = min(best, (time.process_time_ns() - start) / CALLS)
    return best


INT, LONG, DOUBLE, POINTER = ctypes.c_int32, ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
MEMORY = ctypes.create_string_buffer(32)
SUM_OF_SIX = bytes.fromhex("488d0437 4801d0 4801c8 4c01c0 4c01c8")
SUM_OF_TWELVE = SUM_OF_SIX + b"".join(bytes([0x48, 0x03, 0x44, 0x24, 8 * n]) for n in range(1, 7))
CASES = {
    "i32(i32,i32)": ("89f801f0c3", INT, [INT, INT], [1, 2]),
    "f64(f64,f64)": ("f20f58c1c3", DOUBLE, [DOUBLE, DOUBLE], [1.0, 2.0]),
    "i64()": ("b82a000000c3", LONG, [], []),
    "i64(i64 x 6)": (SUM_OF_SIX.hex() + "c3", LONG, [LONG] * 6, [1, 2, 3, 4, 5, 6]),
    "i64(i64 x 12)": (SUM_OF_TWELVE.hex() + "c3", LONG, [LONG] * 12, list(range(12))),
    "{f64,f64}(ptr)": ("f20f1007f20f104f08c3", Pair, [POINTER], [ctypes.addressof(MEMORY)]),
    "void(ptr)": ("c70707000000c3", None, [POINTER], [ctypes.addressof(MEMORY)]),
}

times = {}
for name, (code, result, parameters, arguments) in CASES.items():
    function = ctypes.CFUNCTYPE(result, *parameters)(sealed(bytes.fromhex(code)))
    times[name] = nanoseconds(function, arguments)
print(json.dumps(times))
