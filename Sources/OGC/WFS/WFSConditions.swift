internal import Features
internal import Maps
internal import XML

extension FeatureQuery {
    /// Adds a condition in the words of the request.
    /// - Parameters:
    ///   - stated: the system that the request names for its answer, and so for coordinates that name none; nil where it
    ///     names none.
    ///   - budget: how many places the geometries of the request may still become.
    mutating func restrict(
        by condition: WFSQuery.Condition, _ type: FeatureType, coordinatesIn stated: MapCRS?,
        of service: WebFeatureService, budget: PlaceBudget
    ) throws {
        let crs = stated ?? service.listed[0]
        let reader = FilterReader(
            type.layer, systems: service.systems, defaultCRS: crs, axes: service.options.axes, budget: budget)
        switch condition {
        case .none, .identifiers: break
        case .filter(let element): also(try reader.read(element))
        case .filterText(let text): also(try reader.read(text))
        case .box(let text):
            let isNamed = text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }.count > 4
            // People write degrees, whatever the default is. Who names a system means it.
            let isAngle = !isNamed && stated == nil && !crs.isGeographic && Self.couldBeDegrees(text)
            let box = try BoxReader(
                service.systems, defaultCRS: isAngle ? service.geographic : crs, axes: service.options.axes
            ).read(text)
            if box.shape == nil, type.layer.geometryType == "POINT" {
                self.box = box.box
            } else {
                also(box.filter(for: type.layer))
            }
        }
    }

    private static func couldBeDegrees(_ text: String) -> Bool {
        let numbers = text.split(separator: ",").compactMap { Double($0.trimmed) }
        return numbers.count == 4 && numbers.allSatisfy { abs($0) <= 360 }
            && (abs(numbers[1]) <= 90 && abs(numbers[3]) <= 90
                || abs(numbers[0]) <= 90 && abs(numbers[2]) <= 90)
    }
}
