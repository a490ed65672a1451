extension CRSDescription {
    /// Whether the projection is the equidistant cylindrical one, by EPSG code or by the names that writers
    /// use.
    var isEquirectangular: Bool {
        let names: Set<String> = [
            "equidistant cylindrical", "equidistant cylindrical spherical", "equirectangular", "plate carree",
            "simple cylindrical",
        ]
        return [1028, 1029].contains(methodCode)
            || names.contains(NameWords.split(methodName).joined(separator: " "))
    }
}

extension PROJParameter {
    /// The EPSG code of the parameter's meaning in an equidistant cylindrical projection; 0 for any other.
    ///
    /// PROJ leaves WKT 1 names as they are where they do not fit one of its templates.
    var equirectangularCode: Int {
        guard epsgCode == 0 else { return epsgCode }
        switch NameWords.split(name).joined(separator: " ") {
        case "central meridian", "longitude of center", "longitude of natural origin": return 8802
        case "standard parallel 1", "latitude of 1 st standard parallel": return 8823
        case "latitude of origin", "latitude of center", "latitude of natural origin": return 8801
        case "false easting": return 8806
        case "false northing": return 8807
        default: return 0
        }
    }
}
