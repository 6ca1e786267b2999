-- wrk: asks the paths of the file in WAYMARK_PATHS one after another and prints what it saw as one line of JSON.
local requests = {}
local at = 0

function init()
   for path in io.lines(os.getenv("WAYMARK_PATHS")) do
      requests[#requests + 1] = wrk.format("GET", path)
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency)
   local faults = summary.errors
   print(string.format(
      'RESULT {"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "most": %.3f, "faults": %d}',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      latency.max / 1e3, faults.connect + faults.read + faults.write + faults.status + faults.timeout))
end
