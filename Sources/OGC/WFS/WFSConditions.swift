internal import Features
internal import Maps
internal import XML

extension FeatureQuery {
    /// Adds a condition in the words of the request.
    mutating func restrict(
        by condition: WFSQuery.Condition, _ type: FeatureType, _ version: WFSVersion,
        of service: WebFeatureService
    ) throws {
        switch condition {
        case .none, .identifiers: break
        case .filter, .filterText: break
        case .box(let text):
            let numbers = text.split(separator: ",").prefix(4).compactMap { Double($0) }
            box = FeatureBox(minX: numbers[0], minY: numbers[1], maxX: numbers[2], maxY: numbers[3])
        }
    }
}
