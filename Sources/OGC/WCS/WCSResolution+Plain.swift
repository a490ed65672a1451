internal import GridCoverages
internal import Maps

// WCS 1.0.0 (OGC 03-065r6, section 9.2).
extension WCSResolution {
    /// Reads a request of 1.0.0, whose box is the outer edge of the answer.
    func resolved(_ wish: WCS1CoverageParameters) throws(OGCException) -> Resolved {
        var request = CoverageRequest()
        var warnings: [String] = []
        let crs =
            try wish.crs.map { (text) throws(OGCException) in
                try system(text, .invalidParameterValue, "CRS", &warnings)
            } ?? coverage.crs
        let response =
            try wish.responseCRS.map { (text) throws(OGCException) in
                try system(text, .invalidParameterValue, "RESPONSE_CRS", &warnings)
            } ?? crs
        if response != coverage.crs {
            guard coverage.isReprojected else {
                throw .invalid(
                    "RESPONSE_CRS",
                    "is \(response.identifier); \(coverage.identifier) is given in \(coverage.crs.identifier) alone"
                )
            }
            request.outputCRS = response
        }
        guard let format = WCSFormat(parameter: wish.format), let kind = format.kind,
            coverage.formats.contains(kind)
        else {
            throw OGCException(
                .invalidFormat, locator: "FORMAT",
                "FORMAT is \(OGCException.quoted(wish.format)), which is none of "
                    + WCSFormat.allCases.compactMap(\.plainName).joined(separator: ", ") + ".")
        }
        request.format = CoverageFormat(kind, isCloudOptimised: format == .cloudOptimised)
        request.bands = try bands(wish.range)
        request.interpolation = try wish.interpolation.map { (text) throws(OGCException) in
            try interpolation(text)
        }
        try place(&request, wish, crs: crs, response: response)
        return (request, format, warnings)
    }

    private func place(
        _ request: inout CoverageRequest, _ wish: WCS1CoverageParameters, crs: MapCRS, response: MapCRS
    ) throws(OGCException) {
        if let numbers = wish.box {
            let box = MapBox(minX: numbers[0], minY: numbers[1], maxX: numbers[2], maxY: numbers[3])
            guard box.isProper else {
                throw .invalid("BBOX", "has no area; minx,miny,maxx,maxy was expected, the lesser ones first")
            }
            request.area = crs == response ? .exactly(box) : .box(box, crs)
        } else if crs != coverage.crs {
            request.area = .box(crs.domain, crs)
        }
        switch wish.size {
        case .pixels(let width, let height): (request.width, request.height) = (width, height)
        case .resolution(let x, let y):
            let box: MapBox
            do {
                box = try coverage.answerGrid(request).box
            } catch {
                throw OGCException(error, of: coverage)
            }
            func count(_ length: Double, _ resolution: Double, _ name: String) throws(OGCException) -> Int {
                let pixels = (length / resolution).rounded()
                guard pixels < 1e15 else {
                    throw .invalid(name, "is \(resolution), of which there are more than can be counted")
                }
                return max(1, Int(pixels))
            }
            request.width = try count(box.width, x, "RESX")
            request.height = try count(box.height, y, "RESY")
            // The pixels are as large as they were asked for, and the box is what they cover.
            if case .exactly(let box) = request.area, let width = request.width, let height = request.height {
                request.area = .exactly(
                    MapBox(
                        minX: box.minX, minY: box.maxY - Double(height) * y,
                        maxX: box.minX + Double(width) * x,
                        maxY: box.maxY))
            }
        case nil: break
        }
    }
}
