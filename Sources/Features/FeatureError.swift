internal import GRDB

/// Why features cannot be stored, read or imported.
public enum FeatureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The GeoPackage cannot be opened or read.
    case database(path: String, reason: String)
    /// A file that is no GeoPackage of this program's kind.
    case notAGeoPackage(path: String, found: String)
    /// Another import holds the lock.
    case busy(path: String)
    /// There is no such layer.
    case noLayer(name: String, path: String, known: [String])
    /// The layer is there already, and neither append nor replace was said.
    case layerExists(name: String, path: String)
    /// A table of that name which this program has not made.
    case foreignTable(name: String, path: String)
    /// A name that cannot be a layer's.
    case badName(name: String)
    /// A column of an append has another type than the layer's.
    case columnConflict(layer: String, column: String, found: String, expected: String)
    /// A query names a column that the layer has not.
    case noColumn(name: String, layer: String, known: [String])
    /// A filter that the layer's columns cannot be compared with.
    case badFilter(layer: String, reason: String)
    /// A geometry that is none.
    case badGeometry(reason: String)
    /// The layer is not the one that an answer began with.
    case changed(name: String, path: String)
    /// A query took too long, or nobody wanted its outcome any more.
    case stopped
    /// The source of an import cannot be used.
    case source(path: String, reason: String)
    /// Places cannot be looked for like this.
    case search(reason: String)

    /// One line: what, where, and what to do.
    public var description: String {
        switch self {
        case .database(let path, let reason):
            "\(path): the features cannot be read or written: \(reason)"
        case .notAGeoPackage(let path, let found):
            "\(path): expected a GeoPackage, found \(found); move the file away"
        case .busy(let path):
            "\(path): another import writes to it; wait for its end"
        case .noLayer(let name, let path, let known):
            "\(path): there is no layer \(name); "
                + (known.isEmpty ? "it has none" : "it has " + known.joined(separator: ", "))
        case .layerExists(let name, let path):
            "\(path): there is a layer \(name) already; say --replace or --append"
        case .foreignTable(let name, let path):
            "\(path): there is a table \(name) that was not imported; rename it or give the layer another name"
        case .badName(let name):
            "\"\(name)\" cannot name a layer: expected a to z, 0 to 9 and _, a letter first, at most 48 characters"
        case .columnConflict(let layer, let column, let found, let expected):
            "\(layer): the column \(column) holds \(expected) there and \(found) in the file; "
                + "replace the layer or import into another one"
        case .noColumn(let name, let layer, let known):
            "\(layer): there is no column \(name); "
                + (known.isEmpty ? "it has none" : "it has " + known.joined(separator: ", "))
        case .badFilter(let layer, let reason): "\(layer): \(reason)"
        case .badGeometry(let reason): reason
        case .changed(let name, let path):
            "\(path): the layer \(name) was changed while it was read; ask again"
        case .stopped: "the query takes too long; ask for a smaller part, or with simpler geometries"
        case .source(let path, let reason): "\(path): \(reason)"
        case .search(let reason): reason
        }
    }
}
