extension CRSIdentifier {
    /// Kinds of the IAU2000 numbering that have the same meaning in `IAU_2015` (even: planetocentric, odd:
    /// planetographic; 12 and 13 are centred on 180 degrees).
    private static let kindsOf2015: [Int: Int] = [0: 0, 1: 1, 10: 10, 11: 11, 12: 15, 13: 16]

    /// Kinds whose meaning is certain on spheres alone: sinusoidal and the two polar maps.
    ///
    /// On Mars some writers draw them on the ellipsoid, some on the sphere of the equatorial radius, and NASA's Trek
    /// on one of the polar radius.
    private static let kindsOfSpheres: [Int: Int] = [14: 20, 16: 25, 18: 30, 20: 35]
    private static let spheres: Set<Int> = [299, 301]

    /// Bodies whose equatorial radius is the same in the reports of 2000 and 2015: Venus, the Moon, Mars.
    private static let sameRadius: Set<Int> = [299, 301, 499]

    /// The IAU_2015 system equal to one of the older IAU2000 numbering.
    static func fromIAU2000(_ number: Int, spelling: String) throws(FrameError) -> CRSIdentifier {
        let naif = number / 100
        let kind = number % 100
        let onSphere = spheres.contains(naif) ? kindsOfSpheres[kind] : nil
        guard let kindOf2015 = kindsOf2015[kind] ?? onSphere else {
            throw .unsupportedIdentifier(
                text: spelling,
                reason:
                    kindsOfSpheres[kind] != nil
                    ? "writers of IAU2000 codes draw this kind of map of a flattened body on different ellipsoids and "
                        + "spheres; write the system out, such as \"+proj=stere +lat_0=90 +R=3396190 +units=m\""
                    : "IAU2000 numbers its projections otherwise than IAU_2015 and the meaning of this one is not "
                        + "certain")
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
