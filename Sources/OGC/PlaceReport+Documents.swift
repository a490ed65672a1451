internal import HiPS
internal import PlanetaryFrames
internal import XML

extension PlaceReport {
    /// The report in a format.
    func document(_ format: FeatureInfoFormat) -> OGCAnswer {
        let body: [UInt8] =
            switch format {
            case .text: Array(plainText.utf8)
            case .json: Array(geoJSON.utf8)
            case .gml: gml
            case .html: Array(html.utf8)
            }
        return OGCAnswer(mediaType: format.mediaType, body: body)
    }

    /// Lines of names and values.
    private var plainText: String {
        var lines = ["body = \(body.name)", "\(crs) = \(coordinates.x), \(coordinates.y)"]
        if place == nil { lines.append("This pixel lies outside of the map.") }
        lines += placeFields.map { "\($0.name) = \($0.value.text)" }
        for finding in findings {
            lines += ["", "layer = \(finding.layer)", "title = \(finding.title)"]
            lines += fields(of: finding).map { "\($0.name) = \($0.value.text)" }
        }
        if place != nil, findings.isEmpty { lines += ["", "No layer has data here."] }
        return lines.joined(separator: "\n") + "\n"
    }

    private var geoJSON: String {
        let features = findings.map { finding in
            let properties =
                [("layer", Field.text(finding.layer)), ("title", .text(finding.title))]
                + fields(of: finding) + placeFields
            let members = properties.map { "\(JSONText.quoted($0.0)):\($0.1.json)" }.joined(separator: ",")
            let point = place.map {
                "{\"type\":\"Point\",\"coordinates\":[\(JSONText.number($0.longitude.signedDegrees)),"
                    + "\(JSONText.number($0.latitude.degrees))]}"
            }
            return """
                {"type":"Feature","id":\(JSONText.quoted(finding.layer)),"geometry":\(point ?? "null"),\
                "properties":{\(members)}}
                """
        }
        return """
            {"type":"FeatureCollection","body":\(JSONText.quoted(body.name)),"crs_of_request":\(JSONText.quoted(crs)),\
            "coordinates_of_request":[\(JSONText.number(coordinates.x)),\(JSONText.number(coordinates.y))],\
            "features":[\(features.joined(separator: ",\n"))]}

            """
    }

    private var gml: [UInt8] {
        var writer = XMLWriter()
        writer.element(
            "wfs:FeatureCollection",
            [
                "xmlns:wfs": "http://www.opengis.net/wfs", "xmlns:gml": "http://www.opengis.net/gml",
                "xmlns:tessera": "urn:tessera:featureinfo",
            ]
        ) { writer in
            for finding in findings {
                writer.element("gml:featureMember") { writer in
                    writer.element("tessera:" + Self.xmlName(finding.layer)) { write(finding, &$0) }
                }
            }
        }
        return writer.bytes
    }

    private func write(_ finding: Finding, _ writer: inout XMLWriter) {
        writer.element("tessera:layer", text: finding.layer)
        writer.element("tessera:title", text: finding.title)
        for field in fields(of: finding) + placeFields {
            writer.element("tessera:" + field.name, text: field.value.text)
        }
        guard let place else { return }
        writer.element("tessera:position") { writer in
            writer.element("gml:Point", ["srsName": body.identifier(0)?.text(for: .gml)]) {
                $0.element(
                    "gml:coordinates", text: "\(place.longitude.signedDegrees),\(place.latitude.degrees)")
            }
        }
    }

    /// A name for an element out of the name of a layer.
    private static func xmlName(_ text: String) -> String {
        let safe = text.map {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") ? $0 : "_"
        }
        let name = String(safe)
        return XMLWriter.isName(name) ? name : "_" + name
    }

    private var html: String {
        func rows(_ fields: [(name: String, value: Field)]) -> String {
            fields.map {
                "<tr><th>\(HTMLText.escaped($0.name.replacing("_", with: " ")))</th>"
                    + "<td>\(HTMLText.escaped($0.value.text))</td></tr>"
            }.joined(separator: "\n")
        }
        let parts = findings.map {
            "<h2>\(HTMLText.escaped($0.title))</h2>\n<table>\n\(rows(fields(of: $0)))\n</table>"
        }
        let nothing =
            place == nil
            ? "<p>This pixel lies outside of the map.</p>"
            : findings.isEmpty ? "<p>No layer has data here.</p>" : ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>\(HTMLText.escaped(body.name))</title></head>
            <body>
            <h1>\(HTMLText.escaped(body.name))</h1>
            <p>\(HTMLText.escaped(crs)): \(coordinates.x), \(coordinates.y)</p>
            <table>
            \(rows(placeFields))
            </table>
            \(nothing)\(parts.joined(separator: "\n"))
            </body>
            </html>

            """
    }
}
