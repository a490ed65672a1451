internal import GDAL

/// A type of samples as PDS3 names it (PDS Standards Reference 3.8, appendix C), and what GDAL makes of the name.
struct PDS3SampleType: Equatable {
    enum Kind {
        case signed, unsigned, real
        /// Floats of a VAX, complex numbers and strings of bits, which GDAL takes for other things.
        case foreign
    }

    enum ByteOrder { case big, little }

    let kind: Kind
    let order: ByteOrder
    /// Whether the standard and GDAL, which follows old labels, differ on the order of bytes.
    let isAmbiguous: Bool

    private init(_ kind: Kind, _ order: ByteOrder, isAmbiguous: Bool = false) {
        (self.kind, self.order, self.isAmbiguous) = (kind, order, isAmbiguous)
    }

    /// The type of a name; nil for names that the standard does not have, of which nothing is assumed.
    init?(_ name: String) {
        switch name {
        case "MSB_INTEGER", "INTEGER", "MAC_INTEGER", "SUN_INTEGER", "MSB_SIGNED_INTEGER", "SIGNED_INTEGER":
            self.init(.signed, .big)
        case "LSB_INTEGER", "PC_INTEGER", "VAX_INTEGER", "LSB_SIGNED_INTEGER": self.init(.signed, .little)
        case "MSB_UNSIGNED_INTEGER", "MAC_UNSIGNED_INTEGER", "SUN_UNSIGNED_INTEGER":
            self.init(.unsigned, .big)
        case "UNSIGNED_INTEGER": self.init(.unsigned, .big, isAmbiguous: true)
        case "LSB_UNSIGNED_INTEGER", "PC_UNSIGNED_INTEGER", "VAX_UNSIGNED_INTEGER":
            self.init(.unsigned, .little)
        case "IEEE_REAL", "FLOAT", "REAL", "MAC_REAL", "SUN_REAL": self.init(.real, .big)
        case "PC_REAL": self.init(.real, .little)
        case "VAX_REAL", "VAX_DOUBLE", "VAXF_REAL", "VAXD_REAL", "VAXG_REAL", "IEEE_COMPLEX", "COMPLEX",
            "MAC_COMPLEX", "SUN_COMPLEX", "PC_COMPLEX", "VAX_COMPLEX", "VAXG_COMPLEX", "BIT_STRING",
            "MSB_BIT_STRING", "LSB_BIT_STRING", "VAX_BIT_STRING":
            self.init(.foreign, .big)
        default: return nil
        }
    }

    /// What holds the samples.
    enum Holder {
        case image, spectralQube, isis2

        /// The order of bytes in which GDAL 3.6 reads a type, found by files of each.
        func order(_ name: String) -> ByteOrder {
            let little: Set<String>
            switch self {
            case .image:
                little = [
                    "LSB_INTEGER", "LSB", "LSB_UNSIGNED_INTEGER", "LSB_SIGNED_INTEGER", "UNSIGNED_INTEGER",
                    "VAX_REAL", "VAX_INTEGER", "PC_INTEGER", "PC_REAL",
                ]
            case .spectralQube: little = []
            case .isis2: little = ["PC_INTEGER", "PC_UNSIGNED_INTEGER", "PC_REAL"]
            }
            return little.contains(name) ? .little : .big
        }

        var keyword: String { self == .image ? "SAMPLE_TYPE" : "CORE_ITEM_TYPE" }
    }

    /// Whether GDAL, which opened the samples as a type and reads their bytes in an order, reads this one right.
    private func isRead(as opened: SampleType, _ read: ByteOrder, by holder: Holder) -> Bool {
        let isRight: Bool
        switch opened {
        // Cubes of ISIS 2 hold unsigned bytes whatever they are called.
        case .uint8: isRight = kind == .unsigned || (kind == .signed && holder == .isis2)
        case .uint16, .uint32: isRight = kind == .unsigned
        case .int8, .int16, .int32: isRight = kind == .signed
        case .float32, .float64: isRight = kind == .real
        }
        guard isRight else { return false }
        return opened.size == 1 || (order == read && (!isAmbiguous || holder != .image))
    }

    /// Why samples cannot be read that GDAL opens as another type than their label says.
    static func refusal(
        _ label: PVLLabel.Group, _ image: PVLLabel.Group?, isISIS2: Bool, opened: SampleType
    ) -> (found: String, remedy: String)? {
        // Of compressed samples GDAL takes the type from these.
        guard let image, label.group("COMPRESSED_FILE") == nil else { return nil }
        let holder: Holder = isISIS2 ? .isis2 : image.name == "IMAGE" ? .image : .spectralQube
        let bits =
            holder == .image
            ? image.number("SAMPLE_BITS") : image.number("CORE_ITEM_BYTES").map { $0 * 8 }
        guard let name = image.text(holder.keyword)?.uppercased(), let stated = Self(name),
            bits ?? Double(opened.size * 8) == Double(opened.size * 8)
        else { return nil }
        let read = holder.order(name)
        guard !stated.isRead(as: opened, read, by: holder) else { return nil }
        let size = "\(opened.size * 8) bits"
        let found =
            "its samples are of type \(name) of \(size) (\(holder.keyword)), which GDAL reads as \(opened.rawValue)"
            + (opened.size > 1 ? (read == .little ? ", low byte first" : ", high byte first") : "")
        if stated.isAmbiguous, opened == .uint16, holder == .image {
            return (
                found + " against the standard of PDS3",
                "write MSB_UNSIGNED_INTEGER or LSB_UNSIGNED_INTEGER, whichever they are, into a copy of the label"
            )
        }
        let names = [
            "MSB_INTEGER", "LSB_INTEGER", "PC_INTEGER", "MSB_UNSIGNED_INTEGER", "LSB_UNSIGNED_INTEGER",
            "PC_UNSIGNED_INTEGER", "IEEE_REAL", "PC_REAL",
        ]
        let alias = names.first {
            guard let other = Self($0), other.kind == stated.kind, other.order == stated.order else {
                return false
            }
            return other.isRead(as: opened, holder.order($0), by: holder)
        }
        if let alias {
            return (found, "write \(alias), which means the same, into a copy of the label")
        }
        return (
            found,
            "convert it to a GeoTIFF with a program that knows the type"
                + (stated.kind == .foreign || opened.size == 1
                    ? "" : ", or with gdal_translate through a VRT with a VRTRawRasterBand of it")
        )
    }
}
