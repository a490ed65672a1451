internal import Features
internal import Maps
internal import XML

extension FeatureQuery {
    /// Adds a condition in the words of the request.
    /// - Parameter crs: the system of coordinates that name none.
    mutating func restrict(
        by condition: WFSQuery.Condition, _ type: FeatureType, coordinatesIn crs: MapCRS,
        of service: WebFeatureService
    ) throws {
        let reader = FilterReader(
            type.layer, systems: service.systems, defaultCRS: crs, axes: service.options.axes)
        switch condition {
        case .none, .identifiers: break
        case .filter(let element): also(try reader.read(element))
        case .filterText(let text): also(try reader.read(text))
        case .box(let text):
            let isStated = text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }.count > 4
            // People write degrees, whatever the default is. A map's metres that could be degrees lie so near to its centre
            // that the box of degrees holds what is asked for as well.
            let isAngle = !isStated && !crs.isGeographic && Self.couldBeDegrees(text)
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
