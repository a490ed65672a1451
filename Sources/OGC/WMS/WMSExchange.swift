/// A request to the map service as it was read, and the form in which its mistakes are told.
public struct WMSExchange: Sendable {
    /// The request, or why it is none.
    public let request: Result<WMSRequest, OGCException>
    let form: WMSExceptionForm

    /// Reads the part of an address after the question mark.
    public init(_ query: String, limits: WMSLimits) {
        let parameters = KVPQuery(query)
        form = WMSExceptionForm(parameters, limits: limits)
        do {
            request = .success(try WMSRequest(parameters, limits: limits))
        } catch {
            request = .failure(error)
        }
    }

    /// The names of the layers that are asked for, each once.
    public var layerNames: [String] {
        switch try? request.get() {
        case .map(let map, _), .featureInfo(let map, _): Array(Set(map.layers)).sorted()
        case .legend(let legend): [legend.layer]
        case .capabilities, nil: []
        }
    }

    /// Whether a map is asked for, the one answer that may be large.
    public var wantsMap: Bool {
        if case .map = try? request.get() { true } else { false }
    }

    /// The answer that tells why there is no other one.
    public func refusal(_ exception: OGCException) -> OGCAnswer {
        var answer = form.answer(exception)
        if exception.status >= 500 { answer.fault = exception.text }
        return answer
    }
}
