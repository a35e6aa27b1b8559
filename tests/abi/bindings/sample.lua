-- sample.lua NAMES: the layout and the numbers that the module has, for the lines of NAMES ("struct NAME", "field STRUCT
-- NAME", "value NAME"); then what sample.c prints.
local ffi = require("ffi")
local interp = require("interp")

for line in io.lines(arg[1]) do
    local kind, name, field = line:match("(%S+) (%S+) ?(%S*)")
    if kind == "struct" then
        print(line .. " " .. ffi.sizeof(name))
    elseif kind == "field" then
        print(line .. " " .. ffi.offsetof(name, field))
    else
        print(line .. " " .. tonumber(interp.C[name]))
    end
end

local network = ffi.cast("itp_network_fn", function(_, request)
    local x, out = ffi.cast("const double *", request.x), ffi.cast("double *", request.out)
    for i = 0, tonumber(request.count * request.dim) - 1 do
        out[i] = -x[i] * request.time
    end
    return 0
end)

-- The library calls back while it runs: such a call is not to be compiled.
jit.off(true, true)
local plan, x = ffi.new("itp_plan *[1]"), ffi.new("double[6]")
assert(interp.C.itp_plan_new(interp.sized("itp_plan_desc", {evaluations = 8}), plan) == 0)
local batch = interp.sized("itp_batch", {dim = 3, count = 2, seed = 7, type = interp.C.ITP_FLOAT64})
assert(interp.C.itp_sample(plan[0], batch, x, network, nil) == 0)
for i = 0, 5 do
    print(string.format("sample %.17g", x[i]))
end
interp.C.itp_plan_free(plan[0])
network:free()
