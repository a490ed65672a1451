internal import Features
internal import Maps

/// What `/<body>/search` is asked for.
struct PlaceQuery: Sendable {
    let text: String
    let type: String?
    let limit: Int
    let layer: LayerName

    /// The most places of one answer.
    static let mostPlaces = 200

    /// Why parameters ask for nothing.
    struct Mistake: Error {
        let text: String
    }

    /// Reads the parameters of a request.
    /// - Throws: ``Mistake`` with what to say to the client.
    init(_ query: RequestQuery, body: String) throws(Mistake) {
        let address = "/\(RequestPath.escaped(body))/search"
        guard let text = query["q"], !text.allSatisfy(\.isWhitespace) else {
            throw Mistake(
                text: "Say what to look for: \(address)?q=olympus, and if you like &type=mons&limit=10.\n")
        }
        self.text = text
        type = query["type"].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        if let text = query["limit"] {
            guard let limit = Int(text), (1...Self.mostPlaces).contains(limit) else {
                throw Mistake(
                    text: "limit is \(RequestText.quoted(text)) where 1 to \(Self.mostPlaces) is expected.\n")
            }
            self.limit = limit
        } else {
            limit = 20
        }
        do {
            layer = try LayerName(body: body, name: query["layer"] ?? "nomenclature")
        } catch .badName(let name) {
            throw Mistake(text: "\(FeatureError.badName(name: RequestText.shortened(name)))\n")
        } catch {
            throw Mistake(text: "\(error)\n")
        }
    }
}

/// The places that were found, as JSON.
struct PlaceAnswer {
    let query: PlaceQuery
    let places: [FoundPlace]

    var json: String {
        """
        {"body":\(RegionAnswer.quoted(query.layer.body)),"layer":\(RegionAnswer.quoted(query.layer.name)),\
        "q":\(RegionAnswer.quoted(query.text)),"places":[\(places.map(Self.json).joined(separator: ",\n"))]}

        """
    }

    private static func json(_ place: FoundPlace) -> String {
        var members = [
            "\"name\":" + RegionAnswer.quoted(place.name),
            "\"type\":" + (place.type.map(RegionAnswer.quoted) ?? "null"),
            "\"diameter\":" + (place.diameter.map(number) ?? "null"),
            "\"diameterUnit\":" + (place.diameterUnit.map(RegionAnswer.quoted) ?? "null"),
        ]
        members.append("\"lon\":" + (place.position.map { number($0.x) } ?? "null"))
        members.append("\"lat\":" + (place.position.map { number($0.y) } ?? "null"))
        members.append("\"match\":\"\(place.match.rawValue)\"")
        members.append("\"id\":\(place.id)")
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A number without what sums of decimal fractions leave behind: a ten-thousandth of a metre at most is lost.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        let rounded = (value * 1e9).rounded() / 1e9
        return rounded.isFinite ? "\(rounded)" : "\(value)"
    }
}
