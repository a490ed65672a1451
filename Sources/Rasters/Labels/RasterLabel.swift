internal import FITS
public import GDAL

/// What a label or header says by itself, without its samples and without GDAL.
public struct RasterLabel: Sendable, Equatable {
    /// How a label is written.
    public enum Kind: String, Sendable, CaseIterable {
        case pds3, pds4, isis2, isis3, vicar, fits
    }

    /// What is believed of the map, and where each belief comes from.
    public let beliefs: [Belief]
    /// Where the label contradicts itself, a sentence each.
    public let warnings: [String]
    /// The six numbers of a geotransform in the unit of ``definition``; nil where the label does not settle them.
    public let transform: [Double]?
    /// The coordinate reference system as WKT; nil where the label does not settle it.
    public let definition: String?
    /// Whether it is the label of a picture without a map projection.
    public let isUnprojected: Bool
    /// Stored values that stand for no data.
    public let noDataValues: [Double]
    /// What each band shows, in order, as far as the label says.
    public let bandMeanings: [String]

    /// Reads a label.
    /// - Parameters:
    ///   - bytes: the label, with or without samples behind it.
    ///   - columns: of the file.
    ///   - rows: of the file.
    ///   - storedType: type of a sample, for special values.
    /// - Throws: ``RasterError/georeferencing(path:found:remedy:)`` for a damaged FITS header.
    public init(
        _ bytes: [UInt8], kind: Kind, columns: Int, rows: Int, storedType: SampleType = .int16,
        path: String
    ) throws(RasterError) {
        let facts = try LabelFacts(
            bytes, kind: kind, columns: columns, rows: rows, storedType: storedType, path: path)
        (beliefs, warnings) = (facts.beliefs, facts.warnings)
        if let plane = facts.healpix, let radius = plane.radiusMetres {
            transform = plane.transform(radiusMetres: radius)
            definition = plane.definition(radiusMetres: radius)
        } else {
            (transform, definition) = (facts.transform, facts.definition)
        }
        bandMeanings = facts.bandMeanings
        (isUnprojected, noDataValues) = (facts.isUnprojected, facts.noDataValues)
    }
}

extension LabelFacts {
    /// What a label or header of a kind says.
    init(
        _ bytes: [UInt8], kind: RasterLabel.Kind, columns: Int, rows: Int, storedType: SampleType,
        path: String
    ) throws(RasterError) {
        switch kind {
        case .pds3, .isis2:
            self.init(
                pds3: PVLLabel(bytes).root, columns: columns, rows: rows, isISIS2: kind == .isis2,
                type: storedType)
        case .isis3: self.init(isis3: PVLLabel(bytes).root, columns: columns, rows: rows)
        case .pds4: self.init(pds4: bytes, type: storedType)
        case .vicar: self.init(vicar: bytes, columns: columns, rows: rows)
        case .fits:
            self.init()
            let header: FITSImageHeader?
            do {
                header = try FITSImageHeader.firstImage(bytes)
            } catch {
                throw .georeferencing(
                    path: path, found: "its header cannot be read: \(error)", remedy: "fetch the file again")
            }
            if let header {
                self.init(
                    fits: header.cards, columns: columns, rows: rows,
                    planes: header.axes.count > 2 ? header.axes[2] : 1)
            }
        }
    }
}
