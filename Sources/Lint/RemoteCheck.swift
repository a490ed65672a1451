internal import HEALPix
internal import HTTP
internal import HiPS
internal import Tiles

/// What matters of a HiPS on a server beside its files.
struct RemoteCheck {
    private let reader: RemoteReader

    init(_ address: HTTPAddress) {
        reader = RemoteReader(address)
    }

    func check(_ subject: Subject, _ findings: inout Findings) throws(LintError) {
        let url = reader.root.url
        if url.contains("P/") || url.contains("C/") {
            findings.add(
                .urlLikeIdentifier, url, found: "P/ or C/ in the address",
                expected: "names in lower case: Aladin Lite takes such an address for an identifier")
        }
        checkServiceURL(subject.properties["hips_service_url"], url, &findings)
        try checkOrigins(subject, &findings)
        try checkAbsent(subject, &findings)
        let status = try reader.head(HiPSFile.coverage.path)
        if subject.comparedOrder != nil, status != 200 {
            findings.add(
                .headRefused, HiPSFile.coverage.path, found: "status \(status) for a HEAD request",
                expected: "200, as Aladin Desktop asks so first")
        }
    }

    private func checkServiceURL(_ stated: String?, _ url: String, _ findings: inout Findings) {
        var trimmed = stated ?? ""
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard trimmed != url else { return }
        findings.add(
            .serviceURL, PropertiesCheck.path,
            found: stated.map { "hips_service_url = \($0)" } ?? "no hips_service_url",
            expected: "\(url), the address it was read from")
    }

    /// Pages of other sites may show only what the server allows them to.
    private func checkOrigins(_ subject: Subject, _ findings: inout Findings) throws(LintError) {
        var paths = [PropertiesCheck.path, HiPSFile.coverage.path]
        let first = subject.ranges(at: subject.orderMin).first?.lowerBound ?? 0
        for format in subject.formats {
            paths.append(HiPSFile.allsky(Order(3) ?? subject.orderMin, format).path)
            if let cell = Cell(order: subject.orderMin, npix: first) { paths.append(cell.tilePath(format)) }
        }
        for path in paths {
            guard case .found(_, let fields) = try reader.read(path, limit: 1 << 28) else { continue }
            let allowed = fields["access-control-allow-origin"]
            guard allowed != "*", allowed != "http://tessera.invalid" else { continue }
            findings.add(
                .corsMissing, path,
                found: allowed.map { "Access-Control-Allow-Origin: \($0)" }
                    ?? "no Access-Control-Allow-Origin",
                expected: "Access-Control-Allow-Origin: *, without which browsers do not show it")
        }
    }

    /// 404 is how clients learn that there is no tile.
    private func checkAbsent(_ subject: Subject, _ findings: inout Findings) throws(LintError) {
        guard let deeper = subject.order.finer, let format = subject.formats.first,
            let cell = Cell(order: deeper, npix: 0)
        else { return }
        let path = cell.tilePath(format)
        switch try reader.read(path, limit: 1 << 28) {
        case .absent: return
        case .found:
            findings.add(
                .absentAnswered, path, found: "a file below hips_order \(subject.order)",
                expected: "status 404 for tiles that do not exist")
        case .refused(let reason):
            findings.add(
                .absentAnswered, path, found: reason, expected: "status 404 for tiles that do not exist")
        }
    }
}
