import HEALPix
import HiPS
import Testing
import Tiles

@Suite struct HiPSPropertiesTests {
    @Test func readsWhatClientsRead() throws {
        let text = """
            \u{FEFF}# a comment = not a pair
            creator_did          = ivo://localhost/mars/viking\r
            obs_title=Mars: Größe = 1 ✓

               # indented comment
            no pair here
            \thips_order \t=  3\t
            hips_order_min =
            hips_pixel_cut       = -8177 21134.5
            hips_tile_format     = fits,png jpeg tsv jpg
            hips_order = 5
            = nothing
            obs_description      = a = b = c # d
            """
        let properties = try HiPSProperties(parsing: text)
        #expect(
            properties.pairs.map(\.key) == [
                "creator_did", "obs_title", "hips_order", "hips_order_min", "hips_pixel_cut",
                "hips_tile_format",
                "obs_description",
            ])
        #expect(properties.creatorDID == "ivo://localhost/mars/viking")
        #expect(properties.title == "Mars: Größe = 1 ✓")
        #expect(properties.order == Order(5))
        #expect(properties["hips_order_min"] == "")
        #expect(properties.orderMin == nil)
        #expect(properties.pixelCut?.low == -8177)
        #expect(properties.pixelCut?.high == 21134.5)
        #expect(properties.formats == [.fits, .png, .jpeg, .jpeg])
        #expect(properties.abstract == "a = b = c # d")
        #expect(properties.tileWidth == 512)
        #expect(properties.frame == nil)
    }

    @Test(arguments: ["", "\n\n", "# only = a comment\n", "<html>404</html>", "= value\n"])
    func refusesWhatIsNone(_ text: String) {
        #expect(throws: HiPSError.self) { try HiPSProperties(parsing: text) }
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func lineBreaks(_ lineBreak: String) throws {
        let properties = try HiPSProperties(parsing: ["a = 1", "b = 2", ""].joined(separator: lineBreak))
        #expect(properties["a"] == "1")
        #expect(properties["b"] == "2")
    }

    @Test func textIsAlignedAndReadBack() throws {
        var properties = HiPSProperties()
        properties["hips_order"] = "3"
        properties["a_key_longer_than_twenty_letters"] = "x"
        properties["obs_title"] = " line one\nhips_order = 9\u{85}\t "
        #expect(
            properties.text == """
                hips_order           = 3
                a_key_longer_than_twenty_letters = x
                obs_title            = line one hips_order = 9

                """)
        #expect(try HiPSProperties(parsing: properties.text) == properties)
        properties["hips_order"] = "4"
        #expect(properties.pairs.first?.value == "4")
        properties["hips_order"] = nil
        #expect(properties.pairs.map(\.key) == ["a_key_longer_than_twenty_letters", "obs_title"])
    }

    @Test func typedKeysGoBothWays() throws {
        var properties = HiPSProperties()
        properties.order = Order(7)
        properties.orderMin = Order(0)
        properties.tileWidth = 256
        properties.formats = [.fits, .png, .jpeg, .webp]
        properties.frame = "mars"
        properties.body = "mars"
        properties.title = "Title"
        properties.creatorDID = "ivo://localhost/mars/x"
        properties.releaseDate = "2026-11-21T07:06Z"
        properties.status = "public master clonableOnce"
        properties.pixelCut = (-8177, 21134.25)
        properties.dataRange = (1e-30, 2e30)
        properties.estSizeKB = 123_456
        properties.credit = "NASA"
        properties.creditURL = "https://example.org/"
        properties.licence = "CC0"
        properties.abstract = "What it shows"
        let expected = """
            hips_order           = 7
            hips_order_min       = 0
            hips_tile_width      = 256
            hips_tile_format     = fits png jpeg webp
            hips_frame           = mars
            hips_body            = mars
            obs_title            = Title
            creator_did          = ivo://localhost/mars/x
            hips_release_date    = 2026-11-21T07:06Z
            hips_status          = public master clonableOnce
            hips_pixel_cut       = -8177 21134.25
            hips_data_range      = 1e-30 2e+30
            hips_estsize         = 123456
            obs_copyright        = NASA
            obs_copyright_url    = https://example.org/
            tessera_licence      = CC0
            obs_description      = What it shows

            """
        #expect(properties.text == expected)
        #expect(properties.dataRange?.high == 2e30)
        #expect(properties.estSizeKB == 123_456)
        #expect(properties.tileWidth == 256)
        #expect(properties.formats?.count == 4)
        properties.order = nil
        #expect(properties["hips_order"] == nil)
    }

    /// Times as `date -u -d @SECONDS` writes them.
    @Test(arguments: [
        (0, "1970-01-01T00:00Z"), (59, "1970-01-01T00:00Z"), (60, "1970-01-01T00:01Z"),
        (-1, "1969-12-31T23:59Z"),
        (951_782_399, "2000-02-28T23:59Z"), (951_782_400, "2000-02-29T00:00Z"),
        (951_868_800, "2000-03-01T00:00Z"),
        (1_709_164_800, "2024-02-29T00:00Z"), (4_107_542_399, "2100-02-28T23:59Z"),
        (4_107_542_400, "2100-03-01T00:00Z"), (1_795_244_783, "2026-11-21T07:06Z"),
        (-62_135_596_800, "0001-01-01T00:00Z"),
    ])
    func times(_ seconds: Int64, _ text: String) {
        #expect(HiPSProperties.timestamp(seconds) == text)
    }

    @Test func marksOfByteOrderAreNoPartOfWords() throws {
        for text in ["\u{FEFF}a = b\n", "\0\u{FEFF}a=b", " \u{FEFF} a\u{FEFF} =\u{FEFF}b\u{FEFF}\n"] {
            let properties = try HiPSProperties(parsing: text)
            #expect(properties["a"] == "b")
            #expect(try HiPSProperties(parsing: properties.text) == properties)
        }
    }
}
