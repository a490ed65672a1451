internal import HiPS

/// The page at the root of the server: all maps with their previews.
enum LandingPage {
    /// The page as HTML without scripts.
    /// - Parameters:
    ///   - entries: the maps.
    ///   - root: the address of the server, such as `http://127.0.0.1:8080`, without a slash at its end.
    ///   - featureBodies: the bodies that have features.
    static func html(_ entries: [MapEntry], root: String, featureBodies: [String] = []) -> String {
        let prefix = ServiceAddress.path(of: root)
        let bodies = Set(entries.map(\.body)).count
        let summary =
            entries.isEmpty
            ? "<p>There are no maps yet: <code>tessera build FILE --data DIR</code> makes one.</p>"
            : "<p>\(count(entries.count, "map")) of \(count(bodies, "body", "bodies")). "
                + "The list for programs: <a href=\"\(HTMLText.escaped(prefix))/hipslist\">hipslist</a>.</p>"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Tessera: planetary maps</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            <h1>Planetary maps</h1>
            \(summary)
            <h2>How to open a map</h2>
            <ul>
            <li><strong>Aladin Desktop:</strong> paste the address of the map into the command line
            at the top.</li>
            <li><strong>Aladin Lite:</strong> follow the map's link <em>page</em> below and press the button
            there, or in a page of your own: <code>A.aladin('#div', {survey: 'ADDRESS'})</code>.</li>
            \(services(entries, root: root))
            \(features(featureBodies, root: root))
            </ul>
            <main>
            \(entries.map { card($0, root: root) }.joined(separator: "\n"))
            </main>
            <footer>Served by Tessera.</footer>
            </body>
            </html>

            """
    }

    /// The addresses for programs that read no HiPS.
    private static func services(_ entries: [MapEntry], root: String) -> String {
        func addresses(_ service: String) -> String {
            Set(entries.map(\.body)).sorted().map {
                "<code>" + HTMLText.escaped(root + "/" + RequestPath.escaped($0) + "/" + service) + "</code>"
            }.joined(separator: ", ")
        }
        return entries.isEmpty
            ? ""
            : "<li><strong>QGIS, GDAL and other GIS:</strong> a Web Map Service for each body: "
                + addresses("wms") + "; and the numbers behind the maps, as a Web Coverage Service: "
                + addresses("wcs") + ".</li>"
    }

    /// The addresses for programs that read features.
    private static func features(_ bodies: [String], root: String) -> String {
        let addresses = bodies.map { body in
            let address = HTMLText.escaped(root + "/" + RequestPath.escaped(body) + "/wfs")
            return
                "<a href=\"\(address)?SERVICE=WFS&amp;REQUEST=GetCapabilities\"><code>\(address)</code></a>"
        }
        return addresses.isEmpty
            ? ""
            : "<li><strong>Places and objects:</strong> a Web Feature Service for each body that has some: "
                + addresses.joined(separator: ", ") + ".</li>"
    }

    private static func card(_ entry: MapEntry, root: String) -> String {
        let properties = entry.properties
        let address = HTMLText.escaped(root + entry.map.urlPath)
        let path = HTMLText.escaped(ServiceAddress.path(of: root) + entry.map.urlPath)
        let title = HTMLText.escaped(properties.title ?? entry.map.description)
        var facts = "<strong>\(HTMLText.escaped(properties.body ?? entry.body))</strong>"
        if let order = properties["hips_order"] { facts += " · order \(HTMLText.escaped(order))" }
        if let formats = properties["hips_tile_format"] { facts += " · \(HTMLText.escaped(formats))" }
        var notes = ""
        if let credit = properties.credit {
            notes += "<p>Credit: \(HTMLText.link(properties.creditURL ?? "", credit))</p>"
        }
        if let licence = properties.licence { notes += "<p>Licence: \(HTMLText.link(licence, licence))</p>" }
        return """
            <article>
            <a href="\(path)/">
            <img src="\(path)/preview.jpg" width="256" height="256" alt="Preview of \(title)">
            </a>
            <h3>\(title)</h3>
            <p>\(facts)</p>
            \(notes)
            <p><code>\(address)</code></p>
            <p><a href="\(path)/">page</a> <a href="\(path)/properties">properties</a>
            <a href="\(path)/Moc.fits">coverage</a></p>
            </article>
            """
    }

    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    private static let style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto;
            padding: 0 1rem; color: #222; }
        h1, h2, h3 { font-weight: 600; line-height: 1.2; }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr));
            gap: 2rem 1.5rem; margin-top: 2rem; }
        article img { width: 100%; height: auto; aspect-ratio: 1; object-fit: cover;
            background: #111; border-radius: 4px; }
        article h3 { margin: 0.6rem 0 0.2rem; } article p { margin: 0.2rem 0; font-size: 0.9rem; }
        code { background: #f2f2f2; padding: 0.1rem 0.3rem; overflow-wrap: anywhere; }
        footer { margin-top: 3rem; color: #666; font-size: 0.85rem; }
        """
}
