import Glibc
import HiPS
import Maps
import PlanetaryFrames

/// Prints what maps of a data directory cost: `maps DIR BODY/NAME [STYLE]`, with the decoded tiles in memory.
@main
struct MapTimes {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let slash = arguments[2].firstIndex(of: "/") else {
            print("usage: maps DIR BODY/NAME [STYLE]")
            return
        }
        let name = try MapName(
            body: String(arguments[2][..<slash]), name: String(arguments[2][slash...].dropFirst()))
        let catalogue = try BodyCatalogue.standard()
        guard let entry = DataDirectory(path: arguments[1]).entry(name) else {
            print("\(arguments[1]) holds no map \(name)")
            return
        }
        let layer = try MapLayer(entry, catalogue: catalogue)
        let style = try MapStyle.parse(arguments.count > 3 ? arguments[3] : "", layer: layer)
        let systems = try MapSystems(body: layer.body, catalogue: catalogue)
        var bench = Bench(drawing: LayerDrawing(layer: layer, style: style))
        print("| system | size | format | draw, ms | encode, ms | bytes |\n|---|---|---|---|---|---|")
        for (kind, size, formats) in [
            (10, 256, [MapFormat.png, .png8, .jpeg, .webp]), (30, 256, [.jpeg]), (30, 1024, [.jpeg]),
        ] {
            guard let crs = systems.advertised.first(where: { $0.identifier.code.hasSuffix(String(kind)) })
            else { continue }
            for format in formats { try bench.run(crs, size, format) }
        }
    }
}

private struct Bench {
    let drawing: LayerDrawing
    let renderer = MapRenderer(tiles: DecodedTiles(limitBytes: 1 << 30))
    let encoder = MapEncoder()

    /// Windows spread over the map at the resolution of its deepest tiles and coarser, each drawn twice and timed once.
    mutating func run(_ crs: MapCRS, _ size: Int, _ format: MapFormat) throws {
        let domain = crs.domain
        let count = size > 512 ? 40 : 300
        var (draw, encode, bytes) = (0.0, 0.0, 0)
        for i in 0..<count {
            let span = min(
                drawing.layer.pixelScaleDegrees * .pi / 180 * crs.frame.radiusMetres * Double(size)
                    * Double(1 << (i % 5)), domain.width)
            // Multiples of the golden ratio leave no part of the map out.
            let (u, v) = ((Double(i) * 0.618034).fraction, (Double(i) * 0.754878).fraction)
            let x = domain.minX + u * max(0, domain.width - span)
            let y = domain.minY + v * max(0, domain.height - span)
            let window = try MapWindow(
                crs: crs, box: MapBox(minX: x, minY: y, maxX: x + span, maxY: y + span), width: size,
                height: size)
            _ = try renderer.draw([drawing], window: window)
            let start = seconds()
            let picture = try renderer.draw([drawing], window: window)
            let middle = seconds()
            bytes += try encoder.encode(picture, as: format).count
            encode += seconds() - middle
            draw += middle - start
        }
        func each(_ sum: Double) -> String {
            let hundredths = Int((sum / Double(count) * 100_000).rounded())
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        }
        print(
            "| \(crs.identifier) | \(size) | \(format.rawValue) | \(each(draw)) | \(each(encode)) | "
                + "\(bytes / count) |")
    }

    /// What this thread has computed.
    private func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

extension Double {
    fileprivate var fraction: Double { self - rounded(.down) }
}
