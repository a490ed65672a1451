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
}
