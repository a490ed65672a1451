extension VerticalReference {
    /// A reference that a product is known to have, and why it is believed.
    public struct Belief: Sendable, Hashable {
        /// The reference.
        public let reference: VerticalReference
        /// A sentence on where the belief comes from.
        public let reason: String
    }

    /// What the heights of a known product are counted from, by words of its file name or title.
    ///
    /// - Parameter offset: what the file adds to its stored values, in metres: where it is the radius of the product's
    ///   sphere, the values are radii.
    /// - Returns: nil for products that are not known: nothing is assumed of them.
    public static func known(product: String, body: Body, offset: Double = 0) -> Belief? {
        let words = NameWords.split(product)
        // The floating-point products of LOLA are in kilometres.
        guard !words.contains("float") else { return nil }
        for entry in products where entry.body == body.naifCode {
            let isMet = entry.words.contains { needed in
                needed.allSatisfy { word in words.contains { $0.hasPrefix(word) } }
            }
            let addsRadius = entry.radius.map { abs(offset - $0) < 0.01 * $0 } ?? false
            let surface = addsRadius ? .centre : entry.surface
            guard isMet,
                let reference = try? VerticalReference(
                    quantity: surface == .centre ? .radius : .elevation, surface: surface,
                    radiusMetres: addsRadius ? nil : entry.radius)
            else { continue }
            let origin =
                entry.source + (addsRadius ? "; the offset of the file, \(offset), makes radii of them" : "")
            return Belief(
                reference: reference,
                reason:
                    "the name \"\(product)\" is that of \(entry.product): \(reference.propertyText) (\(origin))"
            )
        }
        return nil
    }

    private struct Product {
        let body: Int
        /// Any of these lists, all words of which begin words of the name.
        let words: [[String]]
        let product: String
        let surface: Surface
        let radius: Double?
        let source: String
    }

    private static let products: [Product] = [
        Product(
            body: 499, words: [["megr"]], product: "MOLA's gridded radii", surface: .centre, radius: nil,
            source: "MEGDR, label of MEGR"),
        Product(
            body: 499,
            words: [["megt"], ["mola", "dem"], ["mola", "topo"], ["hrsc", "blend"], ["hrsc", "da"]],
            product: "a height model on MOLA's areoid", surface: .areoid, radius: nil,
            source: "MEGDR, label of MEGT; Fergason et al. 2018"),
        Product(
            body: 301, words: [["ldem"], ["lola", "dem"], ["gld"]],
            product: "a lunar height model",
            surface: .sphere, radius: 1_737_400, source: "labels of LRO-L-LOLA-4-GDR-V1.0"),
        Product(
            body: 199, words: [["mdis", "dem"], ["messenger", "dem"], ["msgr", "dem"]],
            product: "MESSENGER's height model", surface: .sphere, radius: 2_439_400,
            source: "Becker et al. 2016, LPSC 47, 2959"),
        Product(
            body: 299, words: [["magellan", "topo"]], product: "Magellan's heights of Venus",
            surface: .sphere, radius: 6_051_000, source: "label of MGN-V-RDRS-5-TOPO-L2-V1.0"),
        // Of other grids of the same model (48 pixels per degree) the values are radii.
        Product(
            body: 2_000_004, words: [["hamo", "equ", "dtm"]], product: "Dawn's height model of Vesta",
            surface: .sphere, radius: 255_000, source: "DAWN-A-FC2-5-VESTADTMSPG-V1.0, AAREADME.TXT"),
        Product(
            body: 2_000_001, words: [["hamo", "dtm"]], product: "Dawn's height model of Ceres",
            surface: .sphere, radius: 470_000, source: "Preusker et al. 2016, as the USGS describes it"),
        Product(
            body: 999, words: [["horizons", "dem"], ["nh", "dem"]],
            product: "New Horizons' height model of Pluto",
            surface: .sphere, radius: 1_188_300,
            source: "Schenk et al. 2018, doi:10.1016/j.icarus.2018.06.008"),
        Product(
            body: 901, words: [["horizons", "dem"], ["nh", "dem"]],
            product: "New Horizons' height model of Charon",
            surface: .sphere, radius: 606_000,
            source: "Schenk et al. 2018, doi:10.1016/j.icarus.2018.06.010"),
    ]
}
