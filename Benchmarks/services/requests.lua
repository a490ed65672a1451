-- Random requests for maps, the same for each server: wrk -s requests.lua URL -- CASE SEED PATH, or -- tiles 0 PATH PATH ...
-- and features: -- wfsgml|wfsjson|wfspageN SEED PATH SYSTEM SIDE, boxes of SIDE degrees or the N-th hundred.
-- Boxes of maps have a random scale between the source's and 16 (around the pole: 4) times as coarse, and lie anywhere (around the pole:
-- north of about 60 degrees).
local radius = 3396190.0
local turn = 2 * math.pi * radius
local columns = 16384
local case, path, tiles, at, system, side
local wrong = 0

function init(arguments)
  case, path = arguments[1], arguments[3]
  math.randomseed(tonumber(arguments[2]))
  for _ = 1, 10 do math.random() end
  system, side = arguments[4], tonumber(arguments[5] or "10")
  tiles, at = {}, 0
  if case == "tiles" then
    for i = 3, #arguments do tiles[#tiles + 1] = wrk.format("GET", arguments[i]) end
  end
end

local function box(size, zooms, minX, minY, maxX, maxY)
  local side = math.min(size * turn / columns * 2 ^ (math.random() * zooms), maxY - minY)
  local x = minX + math.random() * (maxX - minX - side)
  local y = minY + math.random() * (maxY - minY - side)
  return string.format("%.3f,%.3f,%.3f,%.3f", x, y, x + side, y + side)
end

function request()
  if case == "tiles" then
    at = at % #tiles + 1
    return tiles[at]
  end
  if case:find("^wfs") then
    local query = path .. "?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=craters"
    local page = case:match("^wfspage(%d+)$")
    if page then return wrk.format("GET", query .. "&COUNT=100&STARTINDEX=" .. 100 * (tonumber(page) - 1)) end
    local x, y = -180 + math.random() * (360 - side), -60 + math.random() * (120 - side)
    -- The Earth's systems have the latitude first under a URN.
    if system:find("EPSG") then x, y = y, x end
    return wrk.format("GET", string.format("%s&BBOX=%.4f,%.4f,%.4f,%.4f,%s%s", query, x, y, x + side, y + side, system,
      case == "wfsjson" and "&OUTPUTFORMAT=geojson" or ""))
  end
  if case == "wcs512" or case == "wcsnative512" then
    -- 512 x 512 pixels of the source, anywhere, on its own grid.
    local pixel = turn / columns
    local x = math.floor(math.random() * (columns - 512)) * pixel - turn / 2
    local y = math.floor(math.random() * (columns / 2 - 512)) * pixel - turn / 4
    return wrk.format("GET", string.format(
      "%s?SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage&COVERAGEID=dem%s&FORMAT=image/tiff&SUBSET=x(%.3f,%.3f)&SUBSET=y(%.3f,%.3f)%s",
      path, case == "wcsnative512" and path:find("mars") and "__native" or "", x, x + 512 * pixel, y, y + 512 * pixel,
      case == "wcs512" and "&SCALESIZE=x(512),y(512)" or ""))
  end
  local kind, size = case:match("^(%a+)(%d+)$")
  local layer = kind == "dem" and "dem" or "rgb"
  local format = kind:find("jpg") and "image/jpeg" or "image/png"
  local code, bounds
  if kind:find("^pol") then
    code, bounds = 49930, box(size, 2, -1800000, -1800000, 1800000, 1800000)
  else
    code, bounds = 49910, box(size, 4, -turn / 2, -turn / 4, turn / 2, turn / 4)
  end
  return wrk.format("GET", string.format(
    "%s?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=%s&STYLES=&CRS=IAU_2015:%d&BBOX=%s&WIDTH=%s&HEIGHT=%s&FORMAT=%s",
    path, layer, code, bounds, size, size, format))
end

if os.getenv("CHECK_ANSWERS") then
  function response(status, headers, body)
    local kind = headers["Content-Type"] or ""
    if status ~= 200 or not kind:find("^image/") then
      wrong = wrong + 1
      if wrong == 1 then io.stderr:write(string.format("WRONG %d %s %s\n", status, kind, body:sub(1, 300))) end
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %.1f %.1f %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
