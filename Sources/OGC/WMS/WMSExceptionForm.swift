internal import Maps
internal import Pixels
internal import Tiles
internal import XML

/// How a mistake in a request is told: in the form of its version, as a document or in the place of the map.
struct WMSExceptionForm {
    let version: WMSVersion
    private let format: ExceptionsFormat
    private let picture: WMSPicture?
    private let width: Int
    private let height: Int

    /// Takes from a request what can be read of it.
    init(_ query: KVPQuery, limits: WMSLimits) {
        version = WMSVersion.lenient(query.lenientValue(of: "VERSION"))
        let isMap = query.lenientValue(of: "REQUEST")?.lowercased() == "getmap"
        let wish = query.lenientValue(of: "EXCEPTIONS").flatMap { ExceptionsFormat(parameter: $0) }
        func side(_ name: String, _ most: Int) -> Int? {
            query.lenientValue(of: name).flatMap { NumberText.integer($0) }.flatMap {
                (1...most).contains($0) ? $0 : nil
            }
        }
        picture = WMSPicture(lenient: query)
        (width, height) = (side("WIDTH", limits.largestWidth) ?? 0, side("HEIGHT", limits.largestHeight) ?? 0)
        // Without a size or a format there is no picture to tell anything in.
        let fits = picture != nil && width > 0 && height > 0 && width * height <= limits.mostPixels
        format = isMap && fits ? wish ?? .xml : .xml
    }

    /// The answer that tells an exception. One that may pass keeps its status in every form; pictures are successes
    /// otherwise, since clients show no others.
    func answer(_ exception: OGCException) -> OGCAnswer {
        if format != .xml, exception.retryAfter == nil, let picture,
            let answer = try? self.picture(exception, picture)
        {
            return answer
        }
        return OGCAnswer(
            status: exception.status, mediaType: version.exceptionType, body: document(exception),
            retryAfter: exception.retryAfter)
    }

    private func document(_ exception: OGCException) -> [UInt8] {
        let code = self.code(exception.code)
        switch version {
        case .v130:
            var writer = XMLWriter()
            writer.element(
                "ServiceExceptionReport",
                [
                    "version": "1.3.0", "xmlns": "http://www.opengis.net/ogc",
                    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                    "xsi:schemaLocation":
                        "http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd",
                ]
            ) {
                $0.element(
                    "ServiceException", ["code": code, "locator": exception.locator], text: exception.text)
            }
            return writer.bytes
        case .v111:
            var writer = XMLWriter(
                documentType: "ServiceExceptionReport SYSTEM "
                    + "\"http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd\"")
            writer.element("ServiceExceptionReport", ["version": "1.1.1"]) {
                $0.element("ServiceException", ["code": code], text: exception.text)
            }
            return writer.bytes
        }
    }

    /// The word of a code in the version; nil where the version has none (OGC 06-042, table E.1; OGC 01-068r3, table A.1).
    private func code(_ code: OGCException.Code) -> String? {
        switch code {
        case .invalidCRS: version == .v130 ? "InvalidCRS" : "InvalidSRS"
        case .invalidPoint, .operationNotSupported: version == .v130 ? code.rawValue : nil
        case .invalidFormat, .layerNotDefined, .styleNotDefined, .layerNotQueryable, .currentUpdateSequence,
            .invalidUpdateSequence, .invalidDimensionValue:
            code.rawValue
        // Those of other services, and what has no code here.
        default: nil
        }
    }

    /// A picture of the map's size and format, empty or with the words in it.
    private func picture(_ exception: OGCException, _ form: WMSPicture) throws(MapsError) -> OGCAnswer {
        let opacity: UInt8 = form.isTransparent ? 0 : 255
        let ground = form.background + [opacity]
        var samples: [UInt8] = []
        samples.reserveCapacity(width * height * 4)
        for _ in 0..<width * height { samples += ground }
        if format == .inImage {
            // Letters that can be read on the background.
            let brightness = 2 * Int(ground[0]) + 5 * Int(ground[1]) + Int(ground[2])
            let ink: UInt8 = form.isTransparent || brightness > 4 * 255 ? 0 : 255
            let lines = PixelText.wrapped(exception.text, characters: (width - 4) / PixelText.advance)
            for (index, line) in lines.prefix(height / PixelText.lineHeight + 1).enumerated() {
                PixelText.draw(
                    line, x: 2, y: 1 + index * PixelText.lineHeight, width: width, height: height
                ) { pixel in
                    for channel in 0..<3 { samples[4 * pixel + channel] = ink }
                    samples[4 * pixel + 3] = 255
                }
            }
        }
        let bytes = try MapEncoder().encode(
            Picture(width: width, height: height, channels: 4, samples: samples), as: form.format)
        return OGCAnswer(mediaType: form.format.name, body: bytes)
    }
}
