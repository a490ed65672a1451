import Logging
import Settings
import Testing
import Tiles

@testable import Server

/// Maps and settings that say what is not so: the server goes on, and so does the map where it can.
@Suite struct PropertiesTests {
    private static let tile = "/tiles/MAP/MarsEquidistantCylindricalSphere/0/0/0.png"

    @Test func widthsOfAnySize() async throws {
        let folder = TemporaryDirectory()
        try await Fixture.serve(configure: { configuration, _ in configuration.cacheDirectory = folder.path })
        {
            server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            let path = "/mars" + Self.tile
            #expect(try await server.ask(path.replacing("MAP", with: "red")).status == 200)
            for (name, width) in [
                ("wide", "4611686018427387904"), ("none", "0"), ("negative", "-9223372036854775808"),
            ] {
                try WMSServingTests.write([200, 100, 50], to: name, in: server.files, date: "1")
                server.files.write(
                    "hips_order = 29\nhips_tile_width = \(width)\nhips_tile_format = png\n",
                    to: "hips/mars/\(name)/properties")
                #expect(try await server.ask(path.replacing("MAP", with: name)).status == 500, "\(name)")
            }
            #expect(try await server.ask("/mars/wms?REQUEST=GetCapabilities").status == 200)
        }
    }

    @Test func stylesOfTheSettings() async throws {
        let settings = try ServerSettings.parse(
            """
            maps:
              mars/red: {styles: [Hillshade, nonsense]}
              mars/grey: {styles: [nosuch, Viridis, default, viridis]}
            """, file: "server.yaml")
        try await Fixture.serve(configure: { configuration, _ in
            configuration.settings = settings
            let server = TileServer(configuration: configuration, logger: Logger(label: "test"))
            let problems = (try? server.problems()) ?? []
            #expect(
                problems == [
                    "maps.mars/grey.styles: there is no style nosuch",
                    "maps.mars/red.styles: there is no style nonsense",
                ])
        }) { server in
            try WMSServingTests.write([200, 100, 50], to: "red", in: server.files, date: "1")
            try WMSServingTests.write([200, 100, 50], to: "grey", in: server.files, date: "1")
            let level = try PNGEncoder().encode(
                Picture(
                    width: 64, height: 64, channels: 1, samples: [UInt8](repeating: 255, count: 64 * 64)))
            for npix in 0..<12 {
                server.files.write(level, to: "hips/mars/grey/Norder0/Dir0/Npix\(npix).png")
            }
            let size = "&WIDTH=16&HEIGHT=8"
            let red = try await server.ask(WMSServingTests.map + "red" + size)
            #expect(red.status == 200)
            // The brightest of viridis is its yellow (253, 231, 37).
            let grey = try await server.ask(WMSServingTests.map + "grey" + size)
            #expect(grey.status == 200)
            let picture = try PictureDecoder.decode(grey.body)
            #expect(picture.channels >= 3 && Array(picture.samples.prefix(3)) == [253, 231, 37])
            for name in ["red", "grey"] {
                let tile = try await server.ask("/mars" + Self.tile.replacing("MAP", with: name))
                #expect(tile.status == 200, "\(name)")
            }
            let document = try await server.ask("/mars/wmts/1.0.0/WMTSCapabilities.xml").text
            let layers = document.split(separator: "<Layer>").dropFirst()
            #expect(layers.count == 2)
            for layer in layers {
                let isGrey = layer.contains("<ows:Identifier>grey<")
                let styles = layer.split(separator: "<Style").dropFirst().compactMap { style in
                    style.split(separator: "<ows:Identifier>").dropFirst().first?.prefix { $0 != "<" }
                }
                #expect(styles == (isGrey ? ["viridis", "default"] : ["default"]), "\(layer)")
            }
        }
    }
}
