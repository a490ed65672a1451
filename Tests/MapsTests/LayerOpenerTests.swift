import Maps
import Testing

/// What others may have written into properties.
@Suite struct LayerOpenerTests {
    @Test(arguments: [
        ("", nil, nil), (",", nil, nil), (", in m", nil, "m"),
        ("elevation above the areoid, in m", "elevation above the areoid", "m"), ("radius", "radius", nil),
    ])
    func heights(_ words: String, _ reference: String?, _ unit: String?) throws {
        let layer = try FieldMap(order: 0, plane).layer(order: 0, more: ["tessera_vertical": words])
        #expect(layer.kind == .values(unit: unit, reference: reference))
    }
}
