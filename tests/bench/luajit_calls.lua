-- Nanoseconds a call through LuaJIT's FFI, of the same machine code as calls_bench, as one JSON object. The loop is
-- compiled by LuaJIT, so this is what a tracing compiler makes of a call.
local ffi = require("ffi")
ffi.cdef [[
    void* mmap(void*, size_t, int, int, int, long);
    typedef struct { double x, y; } Pair;
]]
local calls = tonumber(arg[1]) or 20000000

local function sealed(hex, kind)
    local memory = ffi.C.mmap(nil, 4096, 7, 0x22, -1, 0) -- read, write, execute; private, anonymous
    local bytes = ffi.cast("uint8_t*", memory)
    for at = 0, #hex / 2 - 1 do bytes[at] = tonumber(hex:sub(2 * at + 1, 2 * at + 2), 16) end
    return ffi.cast(kind, memory)
end

local sum = "488d04374801d04801c84c01c04c01c8"
local six = sealed(sum .. "c3", "int64_t (*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t)")
local twelve_code = sum
for n = 1, 6 do twelve_code = twelve_code .. string.format("48034424%02x", 8 * n) end
local twelve = sealed(twelve_code .. "c3", "int64_t (*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, " ..
    "int64_t, int64_t, int64_t, int64_t, int64_t, int64_t)")
local add = sealed("89f801f0c3", "int32_t (*)(int32_t, int32_t)")
local add_doubles = sealed("f20f58c1c3", "double (*)(double, double)")
local constant = sealed("b82a000000c3", "int64_t (*)(void)")
local load_pair = sealed("f20f1007f20f104f08c3", "Pair (*)(void*)")
local store = sealed("c70707000000c3", "void (*)(void*)")
local memory = ffi.new("double[4]")

local function nanoseconds(loop)
    local best = math.huge
    for _ = 1, 3 do
        local start = os.clock()
        loop()
        best = math.min(best, (os.clock() - start) / calls * 1e9)
    end
    return best
end

-- One loop for each function, so that each becomes a trace of its own.
local times = {
    { "i32(i32,i32)", nanoseconds(function() for n = 1, calls do add(n, 2) end end) },
    { "f64(f64,f64)", nanoseconds(function() for n = 1, calls do add_doubles(n, 2) end end) },
    { "i64()", nanoseconds(function() for _ = 1, calls do constant() end end) },
    { "i64(i64 x 6)", nanoseconds(function() for n = 1, calls do six(n, 2, 3, 4, 5, 6) end end) },
    { "i64(i64 x 12)", nanoseconds(function() for n = 1, calls do twelve(n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) end end) },
    { "void(ptr)", nanoseconds(function() for _ = 1, calls do store(memory) end end) },
}
calls = calls / 20 -- LuaJIT does not compile calls that return structs
times[#times + 1] = { "{f64,f64}(ptr)", nanoseconds(function() for _ = 1, calls do load_pair(memory) end end) }

local parts = {}
for _, row in ipairs(times) do parts[#parts + 1] = string.format("%q: %.3f", row[1], row[2]) end
print("{" .. table.concat(parts, ", ") .. "}")
