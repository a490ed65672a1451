import HEALPix
import HiPS
import Testing
import Tiles

@Suite struct TilePathTests {
    /// Paths as they stand in HiPS of the CDS and in HiPS 1.0, section 4.1.
    static let paths: [(path: String, order: Int, npix: Int64, format: TileFormat)] = [
        ("Norder0/Dir0/Npix0.fits", 0, 0, .fits),
        ("Norder0/Dir0/Npix11.jpg", 0, 11, .jpeg),
        ("Norder3/Dir0/Npix245.png", 3, 245, .png),
        ("Norder6/Dir40000/Npix49151.webp", 6, 49151, .webp),
        ("Norder5/Dir0/Npix9999.jpg", 5, 9999, .jpeg),
        ("Norder5/Dir10000/Npix10000.jpg", 5, 10000, .jpeg),
        (
            "Norder29/Dir3458764513820540000/Npix3458764513820540927.fits", 29, 3_458_764_513_820_540_927,
            .fits
        ),
    ]

    @Test(arguments: paths.indices) func bothWays(_ index: Int) throws {
        let row = Self.paths[index]
        let cell = try #require(Cell(order: row.order, npix: row.npix))
        #expect(cell.tilePath(row.format) == row.path)
        let parsed = try #require(TilePath.parse(row.path))
        #expect(parsed.cell == cell)
        #expect(parsed.format == row.format)
        #expect(HiPSFile(path: row.path) == .tile(cell, row.format))
    }

    @Test(arguments: [
        "", "Norder3", "Norder3/Dir0/Npix768.png", "Norder3/Dir0/Npix-1.png", "Norder3/Dir0/Npix+1.png",
        "Norder3/Dir0/Npix01.png", "Norder03/Dir0/Npix1.png", "Norder3/Dir00/Npix1.png",
        "Norder3/Dir10000/Npix1.png",
        "Norder5/Dir0/Npix10000.png", "Norder30/Dir0/Npix0.png", "Norder3/Dir0/Npix1.jpeg",
        "Norder3/Dir0/Npix1.PNG",
        "Norder3/Dir0/Npix1.png ", " Norder3/Dir0/Npix1.png", "norder3/Dir0/Npix1.png", "Norder3/Dir0/Npix1",
        "Norder3/Dir0/Npix1.", "Norder3/Dir0/Npix.png", "/Norder3/Dir0/Npix1.png", "Norder3/Dir0/Npix1.png/",
        "Norder3//Dir0/Npix1.png", "Norder3/Dir0/Npix1_2.png", "Norder3/Dir0/../Dir0/Npix1.png",
        "Norder3/Dir0/Npix99999999999999999999999.png", "Norder3/Dir0/Npix9223372036854775807.png",
        "Norder18446744073709551619/Dir0/Npix1.png", "Norder3/Dir0/Npix\u{0661}.png",
        "Norder3/Dir0/Npix1.png\0",
    ])
    func refused(_ path: String) {
        #expect(TilePath.parse(path) == nil)
        #expect(HiPSFile(path: path) == nil)
    }

    @Test func filesThatAreNoTiles() throws {
        let rows: [(String, HiPSFile, String)] = [
            ("properties", .properties, "text/plain; charset=utf-8"),
            ("Moc.fits", .coverage, "application/fits"),
            ("metadata.xml", .metadata, "application/x-votable+xml"),
            ("preview.jpg", .preview, "image/jpeg"),
            ("index.html", .indexPage, "text/html; charset=utf-8"),
            ("Norder3/Allsky.jpg", .allsky(try #require(Order(3)), .jpeg), "image/jpeg"),
            ("Norder0/Allsky.fits", .allsky(try #require(Order(0)), .fits), "image/fits"),
        ]
        for (path, file, type) in rows {
            #expect(HiPSFile(path: path) == file)
            #expect(file.path == path)
            #expect(file.mediaType == type)
        }
        for path in [
            "Properties", "moc.fits", "Norder3/Allsky.gif", "Norder3/Allsky", "Norder03/Allsky.png",
            "Norder30/Allsky.png",
            "Norder3/allsky.png", ".htaccess", "properties~", "properties.bak", "Norder3/Allsky.png/x",
            "Norder3",
        ] {
            #expect(HiPSFile(path: path) == nil, "\(path)")
        }
    }
}
