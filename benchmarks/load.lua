-- What wrk sends: one line of a file after the other, each a JSON body; and what it counts.
local bodies = {}
local threads = {}

function setup(thread)
  thread:set("offset", #threads * 97)
  table.insert(threads, thread)
end

function init(args)
  answered, busy, wrong, place = 0, 0, 0, offset
  for line in io.lines(args[1]) do
    table.insert(bodies, line)
  end
end

function request()
  place = place + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" },
                    bodies[place % #bodies + 1])
end

function response(status, headers)
  if status == 200 then
    answered = answered + 1
  elseif status == 503 and headers["Retry-After"] then
    busy = busy + 1
  else
    wrong = wrong + 1
  end
end

function done(summary, latency)
  local total = { answered = 0, busy = 0, wrong = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(total) do
      total[name] = total[name] + thread:get(name)
    end
  end
  local errors = summary.errors
  io.write(string.format(
    '{"answered": %d, "busy": %d, "wrong": %d, "socket_errors": %d, "seconds": %.3f, ' ..
    '"p50_ms": %.2f, "p95_ms": %.2f, "p99_ms": %.2f}\n',
    total.answered, total.busy, total.wrong,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
