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
    /// - Returns: nil for products that are not known: nothing is assumed of them.
    public static func known(product: String, body: Body) -> Belief? {
        let words = NameWords.split(product)
        for entry in products where entry.body == body.naifCode {
            let isMet = entry.words.contains { needed in
                needed.allSatisfy { word in words.contains { $0.hasPrefix(word) } }
            }
            guard isMet,
                let reference = try? VerticalReference(
                    quantity: entry.surface == .centre ? .radius : .elevation, surface: entry.surface,
                    radiusMetres: entry.radius)
            else { continue }
            return Belief(
                reference: reference,
                reason:
                    "the name \"\(product)\" is that of \(entry.product): \(reference.propertyText) (\(entry.source))"
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
            body: 301, words: [["ldem"], ["lola", "dem"], ["sldem"], ["gld"]],
            product: "a lunar height model",
            surface: .sphere, radius: 1_737_400, source: "LOLA RDR software interface specification"),
        Product(
            body: 199, words: [["mdis", "dem"], ["messenger", "dem"], ["msgr", "dem"]],
            product: "MESSENGER's height model", surface: .sphere, radius: 2_439_400,
            source: "Becker et al. 2016, LPSC 47, 2959"),
        Product(
            body: 2_000_004, words: [["hamo", "dtm"]], product: "Dawn's height model of Vesta",
            surface: .ellipsoid,
            radius: 285_000, source: "Preusker et al. 2014, ellipsoid of 285 and 229 km"),
        Product(
            body: 2_000_001, words: [["hamo", "dtm"]], product: "Dawn's height model of Ceres",
            surface: .ellipsoid,
            radius: 482_000, source: "Preusker et al. 2016, LPSC 47, 1954, ellipsoid of 482 and 446 km"),
        Product(
            body: 999, words: [["horizons", "dem"], ["nh", "dem"]],
            product: "New Horizons' height model of Pluto",
            surface: .sphere, radius: 1_188_300,
            source: "Schenk et al. 2018, doi:10.1016/j.icarus.2018.06.008"),
    ]
}
