extension CRSIdentifier {
    /// Kinds of the IAU2000 numbering that have the same meaning in `IAU_2015` (even: planetocentric, odd:
    /// planetographic; 12 and 13 are centred on 180 degrees).
    private static let kindsOf2015: [Int: Int] = [0: 0, 1: 1, 10: 10, 11: 11, 12: 15, 13: 16]

    /// Bodies whose equatorial radius is the same in the reports of 2000 and 2015: Venus, the Moon, Mars.
    private static let sameRadius: Set<Int> = [299, 301, 499]

    /// The IAU_2015 system equal to one of the older IAU2000 numbering.
    static func fromIAU2000(_ number: Int, spelling: String) throws(FrameError) -> CRSIdentifier {
        let naif = number / 100
        let kind = number % 100
        guard let kindOf2015 = kindsOf2015[kind] else {
            throw .unsupportedIdentifier(
                text: spelling,
                reason:
                    "IAU2000 numbers its projections otherwise than IAU_2015 and this one is not a "
                    + "geographic or simple cylindrical system")
        }
        // In metres the radius counts: another one would move the far edge of the map by kilometres.
        guard kind < 10 || sameRadius.contains(naif) else {
            throw .unsupportedIdentifier(
                text: spelling,
                reason:
                    "the body's radius may differ between the reports of 2000 and 2015; write the system "
                    + "with its radius, such as \"+proj=eqc +R=2439700 +units=m\"")
        }
        return CRSIdentifier(authority: iau2015, code: String(naif * 100 + kindOf2015))
    }
}
