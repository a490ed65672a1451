/// The languages in which a coordinate reference system is written out.
public enum CRSForm: String, Sendable, Hashable, CaseIterable {
    /// WKT2:2019 (ISO 19162), the only one that says all of every system.
    case wkt2 = "WKT2"
    /// WKT 1 as Esri's programs write and read it.
    case wkt1ESRI = "WKT1 (ESRI)"
    /// PROJJSON.
    case projJSON = "PROJJSON"
}

/// A coordinate reference system written out, and what the language could not say.
public struct CRSText: Sendable, Hashable {
    /// The text on one line.
    public let text: String
    /// What a reader of the text will not know, one sentence each; empty where it says all.
    public let losses: [String]
}
