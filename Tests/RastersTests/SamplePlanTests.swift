import Testing

@testable import GDAL
@testable import Rasters

@Suite("How stored samples are worked on")
struct SamplePlanTests {
    private func band(
        _ type: SampleType?, role: Band.Role = .grey, noData: Double? = nil, scale: Double = 1,
        offset: Double = 0, mask: Bool = false, palette: [Band.PaletteEntry] = []
    ) -> Band {
        Band(
            type: type, typeName: type?.rawValue ?? "CInt16", role: role, noData: noData, scale: scale,
            offset: offset, unit: "", blockSize: (8, 1), hasMask: mask, palette: palette)
    }

    private func plan(
        _ bands: [Band], noData: Double?? = nil, complete: Bool = true
    ) throws -> SamplePlan {
        try SamplePlan(bands: bands, path: "map.tif", noData: noData, complete: complete)
    }

    @Test(
        "Every type without nodata on a complete map",
        arguments: [
            (SampleType.uint8, SampleKind.uint8, 8), (.int8, .int16, 16), (.int16, .int16, 16),
            (.uint16, .int32, 32), (.int32, .int32, 32), (.uint32, .float64, -64), (.float32, .float32, -32),
            (.float64, .float64, -64),
        ])
    func types(stored: SampleType, kind: SampleKind, bitpix: Int) throws {
        let plan = try plan([band(stored)])
        #expect(plan.kind == kind && plan.kind.bitpix == bitpix && plan.isValues)
        #expect(plan.blank == nil && plan.noData == nil && !plan.usesMask)
        // Floats may hold not-a-number wherever they like; uint32 is read into floats.
        #expect(plan.mayBeInvalid == (kind == .float32 || kind == .float64))
        #expect(plan.storedTypeName == stored.rawValue && plan.bands == [1])
        #expect(plan.isBytes == (stored == .uint8))
    }

    @Test(
        "The blank of an incomplete map",
        arguments: [
            (SampleType.uint8, SampleKind.int16, Int?.some(-32768)), (.int8, .int16, -32768),
            (.int16, .int16, -32768), (.uint16, .int32, -2_147_483_648), (.int32, .int32, -2_147_483_648),
            (.uint32, .float64, nil), (.float32, .float32, nil), (.float64, .float64, nil),
        ])
    func incomplete(stored: SampleType, kind: SampleKind, blank: Int?) throws {
        let plan = try plan([band(stored)], complete: false)
        #expect(plan.kind == kind && plan.blank == blank && plan.mayBeInvalid)
    }

    @Test(
        "A declared nodata value is the blank where it is an extreme of the type",
        arguments: [
            (SampleType.uint8, 0.0, SampleKind.uint8, Int?.some(0)), (.uint8, 255, .uint8, 255),
            (.uint8, 128, .int16, -32768), (.uint8, -1, .int16, -32768), (.int8, -128, .int16, -32768),
            (.int16, -32768, .int16, -32768), (.int16, 32767, .int16, 32767), (.int16, -9999, .int16, -32768),
            (.uint16, 0, .int32, -2_147_483_648), (.uint16, 65535, .int32, -2_147_483_648),
            (.int32, 2_147_483_647, .int32, 2_147_483_647), (.int32, -1, .int32, -2_147_483_648),
            (.uint32, 4_294_967_295, .float64, nil), (.float32, -3.4e38, .float32, nil),
            (.float64, .nan, .float64, nil),
        ])
    func noData(stored: SampleType, value: Double, kind: SampleKind, blank: Int?) throws {
        let plan = try plan([band(stored, noData: value)])
        #expect(plan.kind == kind && plan.blank == blank && plan.mayBeInvalid)
        #expect(plan.noData == value || plan.noData?.isNaN == true)
    }

    @Test("The survey's nodata value stands instead of the file's")
    func overridden() throws {
        let file = band(.int16, noData: -9999)
        #expect(try plan([file]).noData == -9999)
        #expect(try plan([file], noData: .some(nil)).noData == nil)
        #expect(try !plan([file], noData: .some(nil)).mayBeInvalid)
        #expect(try plan([file], noData: 7).noData == 7)
    }

    @Test(
        "Scaled values are floats, doubles where floats would lose",
        arguments: [
            (SampleType.int16, 0.25, 0.0, SampleKind.float32), (.uint8, 2, 100, .float32),
            (.int8, 0.5, 1, .float32), (.uint16, 1, 3_396_000, .float32), (.uint16, 0.1, 3_396_000, .float64),
            (.int16, 1, 16_744_447, .float32), (.int16, 1, 16_744_448, .float64),
            (.int32, 0.001, 0, .float64),
            (.uint32, 0.5, 0, .float64), (.float32, 2, 1, .float32), (.float64, 2, 1, .float64),
            (.int16, -0.25, 0, .float32), (.int16, 1, -16_744_448, .float64),
        ])
    func scaled(stored: SampleType, scale: Double, offset: Double, kind: SampleKind) throws {
        let plan = try plan([band(stored, scale: scale, offset: offset)])
        #expect(plan.kind == kind && plan.scale == scale && plan.offset == offset && plan.blank == nil)
        #expect(plan.mayBeInvalid && !plan.isBytes)
    }

    @Test(
        "Scales that make nonsense are refused",
        arguments: [(0.0, 0.0), (.nan, 0), (.infinity, 0), (1, .nan)])
    func badScale(scale: Double, offset: Double) {
        let error = #expect(throws: RasterError.self) {
            try plan([band(.int16, scale: scale, offset: offset)])
        }
        #expect(error?.description.contains("gdal_edit.py") == true)
    }

    @Test("Layouts of bands: values, colour, alpha, mask, palette")
    func layouts() throws {
        let colour = [band(.uint8, role: .red), band(.uint8, role: .green), band(.uint8, role: .blue)]
        let alpha = band(.uint8, role: .alpha)
        let rgb = try plan(colour)
        #expect(rgb.kind == .colour && rgb.bands == [1, 2, 3] && !rgb.usesMask && !rgb.mayBeInvalid)
        #expect(!rgb.isValues && rgb.kind.bitpix == 8)
        let rgba = try plan(colour + [alpha])
        #expect(rgba.kind == .colour && rgba.bands == [1, 2, 3, 4] && rgba.usesMask && rgba.mayBeInvalid)
        let greyAlpha = try plan([band(.int16), alpha])
        #expect(greyAlpha.kind == .int16 && greyAlpha.bands == [1] && greyAlpha.usesMask)
        #expect(greyAlpha.blank == -32768)
        let masked = try plan([band(.uint8, mask: true)])
        #expect(masked.kind == .int16 && masked.usesMask && masked.mayBeInvalid)
        let entry = Band.PaletteEntry(red: 1, green: 2, blue: 3, alpha: 255)
        let palette = try plan([band(.uint8, role: .palette, palette: [entry])])
        #expect(palette.kind == .colour && palette.palette == [entry] && palette.bands == [1])
        #expect(try plan([band(.uint8, role: .palette)]).kind == .uint8)
        // Three bands of bytes are a picture, whatever their roles. Colour knows no scale.
        let scaled = [band(.uint8, role: .undefined, scale: 0.1), band(.uint8), band(.uint8)]
        #expect(try plan(scaled).kind == .colour)
        #expect(try plan(scaled).scale == 1)
        // Colours of floats can be not-a-number anywhere.
        let floats = [Band.Role.red, .green, .blue].map { band(.float32, role: $0) }
        #expect(try plan(floats).kind == .colour && plan(floats).mayBeInvalid)
    }

    @Test("What was chosen of many bands")
    func chosen() throws {
        func plan(_ bands: [Band], _ choice: [Int]) throws -> SamplePlan {
            try SamplePlan(bands: bands, path: "map.tif", noData: nil, complete: true, choice: choice)
        }
        let cube = (0..<5).map { band(.float32, noData: Double(-$0)) }
        let values = try plan(cube, [4])
        #expect(values.kind == .float32 && values.bands == [4] && values.noData == -3 && !values.usesMask)
        let colour = try plan(cube, [5, 2, 1])
        #expect(colour.kind == .colour && colour.bands == [5, 2, 1] && colour.noData == -4)
        // An alpha band stays one.
        let alpha = band(.uint8, role: .alpha)
        let bytes = [band(.uint8), band(.uint8), band(.uint8), band(.uint8), alpha]
        #expect(try plan(bytes, [4, 3, 2]).bands == [4, 3, 2, 5] && plan(bytes, [4, 3, 2]).usesMask)
        #expect(try plan(bytes, [2]).bands == [2] && plan(bytes, [2]).usesMask)
        #expect(try plan([band(.int16)], [1]).kind == .int16)
        let rgb = [band(.uint8, role: .red), band(.uint8, role: .green), band(.uint8, role: .blue)]
        #expect(try plan(rgb, [2]).isValues)
        for choice in [[0], [6], [1, 2], [1, 2, 6], [], [1, 2, 3, 4]] {
            let error = #expect(throws: RasterError.self) { try plan(cube, choice) }
            #expect(error?.description.contains("from 1 to 5") == true, "\(choice)")
        }
        #expect(throws: RasterError.self) {
            try plan([band(.uint8), band(.int16), band(.uint8)], [1, 2, 3])
        }
    }

    @Test("Other layouts and types are refused by name")
    func refusals() {
        func refusal(_ bands: [Band]) -> String {
            do {
                _ = try plan(bands)
                return "not refused"
            } catch {
                return "\(error)"
            }
        }
        let grey = band(.uint8)
        let alpha = band(.uint8, role: .alpha)
        #expect(
            refusal([grey, grey]).contains("map.tif: it has 2 bands and no colours (grey, grey); choose"))
        #expect(refusal([band(.float32), band(.float32), band(.float32)]).contains("`bands: [r, g, b]`"))
        #expect(refusal([grey, grey, grey, grey]).contains("4 bands"))
        #expect(refusal([grey, grey, grey, grey, alpha]).contains("5 bands"))
        #expect(refusal([grey, grey, alpha]).contains("--bands"))
        #expect(refusal([alpha]).contains("1 bands and no colours (alpha)"))
        #expect(refusal([grey, band(.uint16), grey]).contains("no colours"))
        #expect(refusal([band(nil)]).contains("type CInt16; expected 8, 16 or 32-bit integers"))
    }
}
