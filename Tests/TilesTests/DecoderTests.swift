import Testing
import Tiles

@Suite struct DecoderTests {
    @Test func picturesAreReadAsPillowReadsThem() throws {
        let rows = try Tables.rows("decoded.txt")
        #expect(rows.count == 15)
        for row in rows {
            let bytes = try Tables.bytes(row[0])
            let format = TileFormat(word: String(row[0].split(separator: ".")[1]))
            let picture = try PictureDecoder.decode(bytes, format: format)
            #expect(picture.width == Int(row[1])! && picture.height == Int(row[2])!, "\(row[0])")
            #expect(picture.channels == Int(row[3])!, "\(row[0])")
            let expected = Tables.hexadecimal(row[4])
            #expect(picture.samples.count == expected.count)
            let worst = zip(picture.samples, expected).map { abs(Int($0) - Int($1)) }.max()!
            #expect(worst <= Int(row[5])!, "\(row[0])")
            #expect(try PictureDecoder.decode(bytes) == picture)
        }
    }

    @Test(arguments: [
        "rgb.png", "interlaced.png", "palette_alpha.png", "rgb.jpg", "progressive.jpg", "rgba.webp",
    ])
    func everyCutIsAnError(_ name: String) throws {
        let whole = try Tables.bytes(name)
        for count in 0..<whole.count {
            #expect(throws: TileError.self, "\(count) of \(whole.count) bytes") {
                try PictureDecoder.decode(Array(whole.prefix(count)))
            }
        }
    }

    @Test(arguments: ["rgb.png", "interlaced.png", "palette.png", "rgb.jpg", "progressive.jpg", "rgb.webp"])
    func damagedBytesNeverTrap(_ name: String) throws {
        let whole = try Tables.bytes(name)
        var generator = SeededGenerator(state: 2)
        var refused = 0
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<3 {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            do throws(TileError) {
                let picture = try PictureDecoder.decode(bytes, maximumSize: 512)
                #expect(picture.samples.count == picture.width * picture.height * picture.channels)
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test func largePicturesAreRefusedBeforeTheirMemoryIsTaken() throws {
        let expected = TileError.tooLarge("20000 x 20000 where at most 16384 a side are accepted")
        #expect(throws: expected) { try PictureDecoder.decode(try Tables.bytes("bomb.png")) }
        for name in ["rgb.png", "rgb.jpg", "rgb.webp"] {
            #expect(throws: TileError.self) {
                try PictureDecoder.decode(try Tables.bytes(name), maximumSize: 6)
            }
        }
    }

    @Test func whatIsNoPictureIsNamed() throws {
        #expect(throws: TileError.self) { try PictureDecoder.decode([]) }
        #expect(throws: TileError.self) { try PictureDecoder.decode(Array("SIMPLE  =          T".utf8)) }
        #expect(throws: TileError.malformed(format: .png, reason: "its bytes are JPEG")) {
            try PictureDecoder.decode(try Tables.bytes("rgb.jpg"), format: .png)
        }
        #expect(throws: TileError.self) { try PictureDecoder.decode(try Tables.bytes("cmyk.jpg")) }
        let animation = TileError.malformed(format: .webp, reason: "it is an animation, not one picture")
        #expect(throws: animation) { try PictureDecoder.decode(try Tables.bytes("animation.webp")) }
    }
}

@Suite struct TileFormatTests {
    @Test(arguments: [
        ("fits", TileFormat.fits), ("png", .png), ("jpeg", .jpeg), ("jpg", .jpeg), ("JPG", .jpeg),
        ("webp", .webp),
    ])
    func wordsAreRead(_ word: String, _ format: TileFormat) {
        #expect(TileFormat(word: word) == format)
    }

    @Test func otherWordsAreNot() {
        for word in ["", "gif", "tiff", "jpe g"] { #expect(TileFormat(word: word) == nil) }
    }

    @Test func namesAreThoseOfHiPS() {
        #expect(TileFormat.allCases.sorted() == [.fits, .png, .jpeg, .webp])
        #expect(TileFormat.allCases.map(\.fileExtension) == ["fits", "png", "jpg", "webp"])
        #expect(TileFormat.allCases.map(\.propertyWord) == ["fits", "png", "jpeg", "webp"])
        #expect(TileFormat.jpeg.mediaType == "image/jpeg" && TileFormat.fits.mediaType == "image/fits")
    }
}
