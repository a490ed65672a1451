internal import HEALPix
internal import Tiles

/// The page for people that lies in each HiPS as `index.html`.
public enum IndexPage {
    /// A page that needs no other file but `preview.jpg` beside it.
    ///
    /// It shows what the properties say, how to open the map in other programs, and opens it in Aladin
    /// Lite on request; the address of the HiPS is that under which the page is read.
    public static func html(_ properties: HiPSProperties) -> String {
        let title = HTMLText.escaped(properties.title ?? properties.creatorDID ?? "HiPS")
        let rows = properties.pairs.map { pair in
            "<tr><th>\(HTMLText.escaped(pair.key))</th><td>\(HTMLText.link(pair.value, pair.value))</td></tr>"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            <h1>\(title)</h1>
            <div class="head">
            <img src="preview.jpg" width="256" height="256" alt="Preview of the map">
            <div>
            \(paragraph(properties.abstract))
            \(paragraph(facts(properties)))
            \(credit(properties))
            </div>
            </div>
            <h2>Open it</h2>
            <p>The address of this map:
            <code class="address">this page's address without index.html</code></p>
            <p><button id="open" type="button">Show it here in Aladin Lite</button>
            (the program is loaded from aladin.cds.unistra.fr)</p>
            <div id="aladin" hidden></div>
            <dl>
            <dt>Aladin Desktop</dt>
            <dd>Paste the address into the command line at the top, or <em>File &gt; Open</em>.</dd>
            <dt>Aladin Lite in your own page</dt>
            <dd><pre>A.aladin('#div', {survey: '<span class="address"></span>', fov: 180})</pre></dd>
            <dt>TOPCAT</dt>
            <dd>The coverage is <a href="Moc.fits">Moc.fits</a>: load it as a table,
            or drop it on a sky plot.</dd>
            <dt>QGIS and GDAL</dt>
            <dd>They do not read HiPS; a tile is a square of a HEALPix grid,
            not of longitude and latitude.</dd>
            </dl>
            <h2>Properties</h2>
            <p>As a text: <a href="properties">properties</a></p>
            <table>
            \(rows.joined(separator: "\n"))
            </table>
            <script>
            \(script)
            </script>
            </body>
            </html>

            """
    }

    private static func paragraph(_ text: String?) -> String {
        text.map { "<p>" + HTMLText.escaped($0) + "</p>" } ?? ""
    }

    private static func facts(_ properties: HiPSProperties) -> String? {
        var facts: [String] = []
        if let body = properties.body ?? properties.frame { facts.append("Body: \(body)") }
        if let order = properties.order { facts.append("orders to \(order.value)") }
        if let formats = properties.formats, !formats.isEmpty {
            facts.append("tiles: " + formats.map(\.propertyWord).joined(separator: ", "))
        }
        return facts.isEmpty ? nil : facts.joined(separator: "; ") + "."
    }

    private static func credit(_ properties: HiPSProperties) -> String {
        var parts: [String] = []
        if let credit = properties.credit {
            parts.append("Credit: " + HTMLText.link(properties.creditURL ?? "", credit))
        }
        if let licence = properties.licence { parts.append("Licence: " + HTMLText.link(licence, licence)) }
        return parts.isEmpty ? "" : "<p>" + parts.joined(separator: "<br>") + "</p>"
    }

    private static let style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
            padding: 0 1rem; color: #222; }
        h1, h2 { font-weight: 600; line-height: 1.2; }
        .head { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
        .head img { background: #111; border-radius: 4px; }
        .head div { flex: 1 1 20rem; }
        .head p:first-child { margin-top: 0; }
        code, pre { background: #f2f2f2; padding: 0.1rem 0.3rem; overflow-wrap: anywhere;
            white-space: pre-wrap; }
        dt { font-weight: 600; } dd { margin: 0 0 0.6rem 1rem; }
        #aladin { width: 100%; height: 32rem; margin-top: 1rem; }
        table { border-collapse: collapse; font-size: 0.85rem; }
        th, td { text-align: left; vertical-align: top; padding: 0.15rem 0.8rem 0.15rem 0;
            overflow-wrap: anywhere; }
        th { font-weight: normal; color: #666; }
        """

    private static let script = """
        const address = new URL('.', window.location.href).href.replace(/\\/+$/, '');
        for (const element of document.querySelectorAll('.address')) element.textContent = address;
        document.getElementById('open').addEventListener('click', event => {
            event.target.disabled = true;
            const code = document.createElement('script');
            code.src = 'https://aladin.cds.unistra.fr/AladinLite/api/v3/latest/aladin.js';
            code.onerror = () => { event.target.textContent = 'Aladin Lite cannot be loaded from here'; };
            code.onload = () => A.init.then(() => {
                document.getElementById('aladin').hidden = false;
                A.aladin('#aladin', {
                    survey: address, projection: 'SIN', fov: 180, target: '0 0', cooFrame: 'ICRSd'
                });
            });
            document.head.appendChild(code);
        });
        """
}
