import HiPS
import Testing

@Suite struct ServingTests {
    static let types: [(String, String)] = [
        ("Norder0/Dir0/Npix0.png", "image/png"), ("Norder1/Dir0/Npix5.png", "image/png"),
        ("Norder1/Dir0/Npix5.jpg", "image/jpeg"), ("Norder1/Dir0/Npix5.fits", "image/fits"),
        ("Norder1/Dir0/Npix5.webp", "image/webp"), ("Norder1/Allsky.jpg", "image/jpeg"),
        ("Moc.fits", "application/fits"),
        ("preview.jpg", "image/jpeg"), ("index.html", "text/html; charset=utf-8"),
        ("metadata.xml", "application/x-votable+xml"),
    ]

    @Test func filesAsTheyAre() async throws {
        try await Fixture.serve { server in
            for (name, type) in Self.types {
                for _ in 1...2 {
                    let reply = try await server.ask("/hips/mars/viking/" + name)
                    #expect(reply.status == 200)
                    #expect(reply.text == "\(name) of build one")
                    #expect(reply.fields["content-type"] == type)
                    #expect(reply.fields["content-length"] == String(reply.body.count))
                    #expect(reply.fields["access-control-allow-origin"] == "*")
                    let tag = try #require(reply.fields["etag"])
                    #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count > 8)
                    #expect(
                        reply.fields["cache-control"]
                            == (name == "index.html" ? "no-cache" : "public, max-age=300, must-revalidate"))
                }
            }
        }
    }

    @Test func conditionalRequests() async throws {
        try await Fixture.serve { server in
            for path in [
                "/hips/mars/viking/" + Fixture.tile, "/hips/mars/viking/properties", "/hipslist", "/",
            ] {
                let tag = try #require(try await server.ask(path).fields["etag"])
                for field in [tag, "W/" + tag, "\"other\", \(tag)", "\"x\",W/\(tag) ,\"y\"", "*"] {
                    let reply = try await server.ask(path, fields: ["If-None-Match: " + field])
                    #expect(reply.status == 304, "\(path) \(field)")
                    #expect(reply.fields["etag"] == tag)
                    #expect(reply.fields["access-control-allow-origin"] == "*")
                    #expect(reply.fields["cache-control"] != nil)
                }
                #expect(try await server.ask(path, fields: ["If-None-Match: \"other\""]).status == 200)
                let head = try await server.ask(path, method: "HEAD", fields: ["If-None-Match: " + tag])
                #expect(head.status == 304)
            }
        }
    }

    @Test func headSaysWhatGetSays() async throws {
        try await Fixture.serve { server in
            for path in [
                "/", "/hipslist", "/hips/mars/viking/properties", "/hips/mars/viking/Moc.fits",
                "/hips/mars/viking/",
                "/hips/mars/viking", "/hips/mars/viking/" + Fixture.tile,
                "/hips/mars/viking/Norder1/Dir0/Npix1.png", "/none",
            ] {
                var (head, get) = (
                    try await server.ask(path, method: "HEAD").fields, try await server.ask(path).fields
                )
                head["date"] = nil
                get["date"] = nil
                #expect(head == get, "\(path)")
                #expect(Int(get["content-length"] ?? "") ?? 0 > 0)
            }
        }
    }

    @Test func propertiesNameTheAddressAskedFor() async throws {
        try await Fixture.serve { server in
            let path = "/hips/mars/viking/properties"
            func url(_ reply: Reply) throws -> String? {
                #expect(reply.fields["content-type"] == "text/plain; charset=utf-8")
                #expect(reply.fields["cache-control"] == "no-cache")
                let properties = try HiPSProperties(parsing: reply.text)
                #expect(properties.title == "Mars & Viking one")
                return properties["hips_service_url"]
            }
            #expect(try url(try await server.ask(path)) == "http://test.example:81/hips/mars/viking")
            #expect(
                try url(try await server.ask("//hips//mars/viking//properties", host: "[::1]:8080"))
                    == "http://[::1]:8080/hips/mars/viking")
            #expect(
                try url(
                    try await server.ask(
                        path,
                        fields: ["X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example"]))
                    == "http://test.example:81/hips/mars/viking", "no proxy is believed by default")
            let own = "http://127.0.0.1:\(server.port)/hips/mars/viking"
            #expect(try url(try await server.ask(path, host: "a\"><b")) == own)
            #expect(try url(try await server.ask(path, host: nil)) == own)
            let added = try await server.ask("/hips/rhea/iss/properties")
            #expect(
                try HiPSProperties(parsing: added.text)["hips_service_url"]
                    == "http://test.example:81/hips/rhea/iss")
        }
    }

    @Test func listAndLandingPage() async throws {
        try await Fixture.serve { server in
            let list = try await server.ask("/hipslist")
            #expect(list.status == 200)
            #expect(list.fields["content-type"] == "text/plain; charset=utf-8")
            let records = list.text.split(separator: "\n\n").map { try? HiPSProperties(parsing: String($0)) }
            #expect(
                records.map { $0?["hips_service_url"] } == [
                    "http://test.example:81/hips/mars/viking", "http://test.example:81/hips/rhea/iss",
                ])
            let page = try await server.ask("/")
            #expect(page.status == 200)
            #expect(page.fields["content-type"] == "text/html; charset=utf-8")
            for part in [
                "Mars &amp; Viking one", "/hips/mars/viking/preview.jpg", "&lt;b&gt;Rhea&lt;/b&gt;",
                "href=\"/hipslist\"",
                "http://test.example:81/hips/mars/viking", "Aladin",
            ] {
                #expect(page.text.contains(part), "\(part)")
            }
            #expect(!page.text.contains("<b>Rhea") && !page.text.contains("<script"))
            #expect(!(page.text + list.text).contains(Fixture.secret))
        }
    }

    @Test func pageOfAMap() async throws {
        try await Fixture.serve { server in
            let redirect = try await server.ask("/hips/mars/viking")
            #expect(redirect.status == 302)
            #expect(redirect.fields["location"] == "/hips/mars/viking/")
            #expect(redirect.fields["access-control-allow-origin"] == "*")
            #expect(try await server.ask("/hips/mars/viking/").text == "index.html of build one")
            let made = try await server.ask("/hips/rhea/iss/")
            #expect(made.status == 200)
            #expect(made.fields["content-type"] == "text/html; charset=utf-8")
            #expect(made.text.contains("<h1>&lt;b&gt;Rhea&lt;/b&gt;</h1>"))
            #expect(try await server.ask("/hips/rhea/iss/index.html").status == 404)
        }
    }

    @Test func otherMethods() async throws {
        try await Fixture.serve { server in
            for path in ["/", "/hips/mars/viking/" + Fixture.tile, "/none", "*"] {
                let reply = try await server.ask(
                    path, method: "OPTIONS",
                    fields: [
                        "Origin: https://aladin.example", "Access-Control-Request-Method: GET",
                        "Access-Control-Request-Private-Network: true",
                    ])
                #expect(reply.status == 204)
                #expect(reply.fields["access-control-allow-origin"] == "*")
                #expect(reply.fields["access-control-allow-methods"] == "GET, HEAD, OPTIONS")
                #expect(reply.fields["access-control-allow-headers"] == "*")
                #expect(reply.fields["access-control-allow-private-network"] == "true")
            }
            for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"] {
                let reply = try await server.ask(
                    "/hips/mars/viking/properties", method: method, fields: ["Content-Length: 0"])
                #expect(reply.status == 405, "\(method)")
                #expect(reply.fields["allow"] == "GET, HEAD, OPTIONS")
                #expect(reply.fields["access-control-allow-origin"] == "*")
            }
            #expect(server.files.exists("hips/mars/viking/properties"))
        }
    }

    @Test func absentTilesAndMaps() async throws {
        try await Fixture.serve { server in
            for path in [
                "/hips/mars/viking/Norder1/Dir0/Npix4.png", "/hips/mars/viking/Norder2/Dir0/Npix5.png",
                "/hips/mars/none/properties", "/hips/none/viking/properties", "/hips/Mars/viking/properties",
                "/hips/mars/",
                "/hips", "/hips/mars", "/none", "/hipslist/x", "/hips/mars/viking/Norder1/Dir0/Npix8.png",
                "/hips/rhea/iss/Moc.fits",
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == 404, "\(path)")
                #expect(reply.fields["access-control-allow-origin"] == "*")
                #expect(reply.fields["content-type"] == "text/plain; charset=utf-8")
                #expect(reply.body.count < 100)
            }
        }
    }

    @Test func carelessPaths() async throws {
        try await Fixture.serve { server in
            let tile = "\(Fixture.tile) of build one"
            for path in [
                "//hips//mars//viking//Norder1//Dir0//Npix5.png", "/hips/mars/viking/Norder1/Dir0/Npix5.png/",
                "/hips/mars/viking/Norder1/Dir0/Npix5.png?x=1&y=../..",
                "/%68ips/mars/vik%69ng/Norder1/Dir0/Npix5%2Epng",
                "http://other.example/hips/mars/viking/Norder1/Dir0/Npix5.png",
                "/hips/mars/viking/Norder1/Dir0/Npix7.png",
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == 200, "\(path)")
                #expect(reply.text == tile, "\(path)")
            }
        }
    }

    @Test func nothingElseIsServed() async throws {
        try await Fixture.serve { server in
            for path in [
                "/secret.txt", "/hips/secret.txt", "/hips/../secret.txt", "/../secret.txt",
                "/hips/mars/viking/../../../secret.txt",
                "/hips/mars/viking/%2e%2e/%2e%2e/%2e%2e/secret.txt",
                "/hips/mars/viking/..%2f..%2f..%2fsecret.txt",
                "/hips/mars/viking/.%2e/properties", "/hips/mars/viking%2f..%2f.mola.partial/properties",
                "/hips/mars/.mola.partial/properties", "/hips/mars/%2emola.partial/properties",
                "/hips/mars/.mola.partial/",
                "/hips/mars/.mola.partial/Norder1/Dir0/Npix5.png", "/hips/mars/viking/.hidden",
                "/hips/mars/viking/notes.txt",
                "/hips/mars/viking/..\\..\\..\\secret.txt", "/hips/mars/viking/..%5c..%5csecret.txt",
                "/hips/mars/viking/properties%00.txt", "/hips/mars/viking/Norder1/Dir0/Npix6.png",
                "/hips/mars/viking/Norder1/Dir0/Npix9.png", "/hips/mars/linked/properties",
                "/hips/mars/viking/%zz",
                "/hips/mars/viking/%", "/hips/mars/viking/%2", "/hips/mars/viking/%ff%fe",
                "/hips/mars/viking/./properties",
                "/hips/mars/viking/Norder1/Dir0/../Dir0/Npix5.png",
                "/hips/mars/viking/Norder1/Dir10000/Npix5.png",
            ] {
                let reply = try await server.ask(path)
                #expect(reply.status == 404 || reply.status == 400, "\(path): \(reply.status)")
                #expect(!reply.text.contains(Fixture.secret), "\(path)")
                #expect(reply.fields["access-control-allow-origin"] == "*", "\(path)")
            }
            #expect(try await !server.ask("/hipslist").text.contains("linked"))
        }
    }
}
