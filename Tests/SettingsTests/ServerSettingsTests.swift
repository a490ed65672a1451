import Testing

@testable import Settings

@Suite struct ServerSettingsTests {
    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try ServerSettings.parse(text, file: "f")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test func everythingThatAFileMaySay() throws {
        let settings = try ServerSettings.parse(
            """
            data: /srv/maps
            host: 0.0.0.0
            port: 80
            base_url: HTTPS://maps.example.org/planets/
            trusted_proxies: [127.0.0.1, "fd00::/8"]
            tile_max_age: 60
            earth_aliases: yes
            service:
              title: Maps of the planets
              description: >
                Many maps
                of many planets.
              keywords: [Mars, Moon]
              fees: none
              access_constraints: none
            contact:
              person: A. Mapper
              position: Cartographer
              organization: Institute
              email: maps@example.org
              phone: "+1 555 0100"
              url: https://example.org/
              address: Main Street 1
              city: Town
              state: State
              postcode: "12345"
              country: Country
            geographic_tiles: on
            coverages: {native: yes, remote: no}
            cache: {tiles: 128, decoded: 0, sources: 32, rendered: 64, disk: 1000, directory: /var/cache/tessera}
            limits: {map_width: 2048, map_height: 1024, map_megapixels: 8, map_layers: 3, workers: 4, queue: 0,
              idle_seconds: 5, drain_seconds: 0}
            features: {gml_axis: authority, default_crs: geographic, count_default: 1000}
            access_log:
              format: json
              file: /var/log/tessera/access.log
            bodies:
              Mars:
                title: Mars
                crs: [IAU_2015:49910, SITE:1]
                definitions:
                  SITE:1: +proj=ortho +lat_0=45 +R=3396190
            maps:
              mars/viking: {title: Viking, styles: [grey, hillshade], hidden: false}
              mars/mola:
                description: Heights
            """, file: "f")
        var expected = ServerSettings()
        expected.data = "/srv/maps"
        expected.host = "0.0.0.0"
        expected.port = 80
        expected.baseURL = "https://maps.example.org/planets"
        expected.trustedProxies = ["127.0.0.1", "fd00::/8"]
        expected.tileMaxAge = 60
        expected.earthAliases = true
        expected.service.title = "Maps of the planets"
        expected.service.description = "Many maps of many planets."
        expected.service.keywords = ["Mars", "Moon"]
        expected.service.fees = "none"
        expected.service.accessConstraints = "none"
        expected.contact.person = "A. Mapper"
        expected.contact.position = "Cartographer"
        expected.contact.organization = "Institute"
        expected.contact.email = "maps@example.org"
        expected.contact.phone = "+1 555 0100"
        expected.contact.url = "https://example.org/"
        expected.contact.address = "Main Street 1"
        expected.contact.city = "Town"
        expected.contact.state = "State"
        expected.contact.postcode = "12345"
        expected.contact.country = "Country"
        expected.cache = .init(
            tiles: 128, decoded: 0, sources: 32, rendered: 64, disk: 1000, directory: "/var/cache/tessera")
        expected.coverages = .init(native: true, remote: false)
        expected.geographicTiles = true
        expected.limits = .init(
            mapWidth: 2048, mapHeight: 1024, mapMegapixels: 8, mapLayers: 3, workers: 4, queue: 0,
            idleSeconds: 5, drainSeconds: 0)
        expected.features.gmlAxis = .authority
        expected.features.defaultCRS = .geographic
        expected.features.countDefault = 1000
        expected.accessLog = .init(format: .json, file: "/var/log/tessera/access.log")
        expected.bodies = [
            "mars": .init(
                title: "Mars", crs: ["IAU_2015:49910", "SITE:1"],
                definitions: ["SITE:1": "+proj=ortho +lat_0=45 +R=3396190"])
        ]
        expected.maps = [
            "mars/viking": .init(title: "Viking", styles: ["grey", "hillshade"], hidden: false),
            "mars/mola": .init(description: "Heights"),
        ]
        #expect(settings == expected)
        // No key is forgotten when settings are put over others.
        #expect(ServerSettings().overridden(by: settings) == settings)
        #expect(settings.overridden(by: ServerSettings()) == settings)
    }

    @Test(arguments: [
        ("prot: 8080", "f:1:1: the key \"prot\" is not known; did you mean \"port\"?"),
        ("port: 65536", "f:1:7: \"port\" is 65536; 0 to 65535 was expected"),
        ("port:", "f:1:1: the key \"port\" has no value; give one or remove the key"),
        ("port: 1\nport: 2", "f:2:1: the key \"port\" stands already at 1:1; keep one"),
        ("limits: {ques: 1}", "f:1:10: the key \"ques\" of \"limits\" is not known; did you mean \"queue\"?"),
        ("limits: 3", "f:1:9: \"limits\" is a single value; a mapping of map_width,"),
        (
            "contact: {email: a}\ncache: {tiles: -1}",
            "f:2:16: \"cache.tiles\" is -1; 0 to 1000000 was expected"
        ),
        (
            "features: {count_default: 0}",
            "f:1:27: \"features.count_default\" is 0; 1 to 1000000 was expected"
        ),
        ("earth_aliases: maybe", "f:1:16: \"earth_aliases\" is \"maybe\"; true or false was expected"),
        ("base_url: maps.example.org", "f:1:11: \"base_url\" is \"maps.example.org\"; an address such as"),
        ("base_url: http://a/b?c", "f:1:11: \"base_url\" is"),
        ("base_url: http://a b/", "f:1:11: \"base_url\" is"),
        ("trusted_proxies: [proxy]", "f:1:19: \"proxy\" in \"trusted_proxies\" is no address"),
        ("trusted_proxies: 10.0.0.0/33", "f:1:18: \"10.0.0.0/33\""),
        (
            "access_log: {format: jsno}",
            "f:1:22: \"jsno\" is no access_log.format; off, logfmt, json are; did you mean"
        ),
        ("maps: {viking: {}}", "f:1:8: \"viking\" is no map; its body and its name were expected"),
        (
            "maps: {a/b: {titel: x}}",
            "f:1:14: the key \"titel\" of \"a/b\" is not known; did you mean \"title\"?"
        ),
        ("maps: [a/b]", "f:1:7: \"maps\" is a list; a mapping by name was expected"),
        ("bodies: {Mars: {title: x}, mars: {title: y}}", "f:1:28: \"mars\" stands twice in \"bodies\""),
        (
            "bodies: {mars: {definitions: {SITE: x}}}",
            "f:1:31: \"SITE\" is no identifier of a CRS; an authority and a code were expected, as in SITE:1"
        ),
        ("", "f:1:1: the file is empty; keys and values such as \"port: 8080\" were expected"),
        ("- a", "f:1:1: the file is a list; keys and values such as \"port: 8080\" were expected"),
    ])
    func mistakesHaveTheirPlaces(_ text: String, _ expected: String) {
        let found = mistakes(text)
        #expect(found.count == 1 && found[0].hasPrefix(expected), "\(found)")
    }

    @Test func allMistakesAreSaidAtOnce() {
        #expect(mistakes("port: x\nhots: h\nlimits:\n  queue: -1\n  workers: 0\n").count == 4)
    }

    @Test func environmentGoesOverFile() throws {
        let file = try ServerSettings.parse(
            "port: 1\nhost: h\nlimits: {queue: 2, workers: 3}\nmaps: {a/b: {title: t}}", file: "f")
        let (variables, unknown) = try ServerSettings.reading(environment: [
            "TESSERA_PORT": "9", "TESSERA_LIMITS_QUEUE": "8", "TESSERA_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2",
            "TESSERA_CONTACT_EMAIL": "m@example.org", "TESSERA_HOST": "", "PORT": "7", "TESSERA_CONFIG": "x",
            "TESSERA_DAAT": "d", "TESSERA_ACCESS_LOG_FORMAT": "logfmt", "TESSERA_EARTH_ALIASES": "true",
        ])
        #expect(unknown == ["TESSERA_DAAT is not known; did you mean \"TESSERA_DATA\"?"])
        let both = file.overridden(by: variables)
        #expect(both.port == 9 && both.host == "h" && both.limits.queue == 8 && both.limits.workers == 3)
        #expect(both.trustedProxies == ["10.0.0.1", "10.0.0.2"])
        #expect(both.contact.email == "m@example.org" && both.maps["a/b"]?.title == "t")
        #expect(both.accessLog.format == .logfmt && both.earthAliases == true)
        let options = try ServerSettings.reading(options: [("port", "--port", "0")])
        #expect(both.overridden(by: options).port == 0)
    }

    @Test func mistakesOutsideOfFilesNameTheirVariable() {
        let error = #expect(throws: SettingsValueError.self) {
            try ServerSettings.reading(environment: [
                "TESSERA_PORT": "http", "TESSERA_LIMITS_WORKERS": "0",
                "TESSERA_TRUSTED_PROXIES": "10.0.0.1,x",
            ])
        }
        #expect(error?.mistakes.count == 3)
        #expect(error?.mistakes.first == "TESSERA_PORT: \"http\" is not a number")
    }

    @Test func variablesHaveNoNameTwice() {
        #expect(Set(ServerKey.all.map(\.variable)).count == ServerKey.all.count)
    }
}
