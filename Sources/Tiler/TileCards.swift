internal import FITS
internal import HEALPix
internal import PlanetaryFrames
internal import Rasters

/// The keywords of FITS tiles: which cell it is, and where its pixels lie.
enum TileCards {
    /// Cards of a tile: ORDER, NPIX, BLANK, and an HPX world coordinate system.
    ///
    /// HPX with PV2_1 = H = 4 and PV2_2 = K = 3 lays the 12 faces out as squares on a corner, 90 degrees
    /// from corner to corner (Calabretta and Roukema 2007, MNRAS 381, 865, section 5), so that pixels of a
    /// face map to it by a rotation of 45 degrees. The reference longitude is the meridian 0, 90, 180 or 270 that
    /// keeps the face within half a turn of it. Axis names follow Marmo et al. 2018 (planetary FITS).
    static func cards(for tile: Cell, _ plan: TilePlan) -> [FITSCard] {
        let order = tile.order.value
        let prefix = axisPrefix(naif: plan.source.frame.body.naifCode)
        var cards = [
            FITSCard("ORDER", .integer(Int64(order)), comment: "HiPS order of the tile"),
            FITSCard("NPIX", .integer(tile.npix), comment: "HEALPix nested index of the tile"),
        ]
        if let blank = plan.source.plan.blank {
            cards.append(FITSCard("BLANK", .integer(Int64(blank)), comment: "no data"))
        }
        let nside = Double(Int64(tileWidth) << Int64(order))
        let step = 45 / nside
        let (meridian, centre) = place(face: tile.face)
        // A pixel in column i (y = i - 1) and row j (x = width - j) of the file lies on the face at
        // (x0 + width - j + 1/2, y0 + i - 1/2), and on the plane at centre + step * (x - y, x + y - nside).
        let x0 = Double(tile.x) * Double(tileWidth) + Double(tileWidth) + 0.5
        let y0 = Double(tile.y) * Double(tileWidth) - 0.5
        // Solved for the pixel that lies on the reference point of the plane, (0, 0).
        let sum = -centre.y / step + nside
        let difference = -centre.x / step
        let column = (sum - difference) / 2 - y0
        let row = x0 - (sum + difference) / 2
        cards += [
            FITSCard("CTYPE1", .string(prefix + "LN-HPX"), comment: "longitude, east, body-fixed"),
            FITSCard("CTYPE2", .string(prefix + "LT-HPX"), comment: "latitude, planetocentric"),
            FITSCard("CUNIT1", .string("deg")),
            FITSCard("CUNIT2", .string("deg")),
            FITSCard("CRVAL1", .real(meridian)),
            FITSCard("CRVAL2", .real(0)),
            FITSCard("CRPIX1", .real(column)),
            FITSCard("CRPIX2", .real(row)),
            FITSCard("CD1_1", .real(-step)),
            FITSCard("CD1_2", .real(-step)),
            FITSCard("CD2_1", .real(step)),
            FITSCard("CD2_2", .real(-step)),
            FITSCard("PV2_1", .integer(4), comment: "HPX: facets around the equator"),
            FITSCard("PV2_2", .integer(3), comment: "HPX: facets from pole to pole"),
            FITSCard("OBJECT", .string(plan.source.frame.body.name)),
        ]
        return cards
    }

    /// Reference meridian of a face, and its centre on the plane relative to it, in degrees.
    private static func place(face: Int) -> (meridian: Double, centre: (x: Double, y: Double)) {
        let meridian = Double(face % 4) * 90
        switch face / 4 {
        case 0: return (meridian, (45, 45))
        case 1: return (meridian, (0, 0))
        default: return (meridian, (45, -45))
        }
    }

    /// Two letters for a body's axes (Marmo et al. 2018, Table 1): planets and the Moon have their own, other
    /// satellites share ST; bodies that the table leaves out get BF, for body-fixed.
    static func axisPrefix(naif: Int) -> String {
        switch naif {
        case 199: "ME"
        case 299: "VE"
        case 399: "EA"
        case 499: "MA"
        case 599: "JU"
        case 699: "SA"
        case 799: "UR"
        case 899: "NE"
        case 301: "SE"
        case 401..<999 where naif % 100 != 99: "ST"
        default: "BF"
        }
    }
}
