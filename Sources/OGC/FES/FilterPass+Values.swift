internal import Features
internal import XML

/// Properties and literals.
extension FilterPass {
    static let propertyNames: Set<String> = ["ValueReference", "PropertyName"]

    func checkIsProperty(_ element: XMLElement) throws(OGCException) {
        guard Self.propertyNames.contains(element.name) else {
            throw FilterReader.bad(element, "was found; ValueReference or PropertyName was expected")
        }
    }

    /// Whether a property is the geometry, whose name some clients leave out.
    func isGeometry(_ element: XMLElement) -> Bool {
        let local = PropertyName.local(element.trimmedText)
        // A layer may have a column of such a name, and means that.
        let decoded = PropertyName.decoded(local)
        if reader.layer.columns.contains(where: { $0.name == decoded }) { return false }
        return ["", ".", "*", PropertyName.geometry, "boundedBy"].contains(local)
    }

    /// The column of a property, by its name in documents or as the layer has it, with a prefix or without.
    func column(_ element: XMLElement) throws(OGCException) -> FeatureColumn {
        try checkIsProperty(element)
        let text = element.trimmedText
        guard !isGeometry(element) else {
            throw FilterReader.bad(element, "names the geometry; a property with values was expected")
        }
        let local = PropertyName.local(text)
        let decoded = PropertyName.decoded(local)
        let names = [decoded, local, text]
        if let column = reader.layer.columns.first(where: { names.contains($0.name) }) { return column }
        let known = reader.layer.columns.prefix(40).map { PropertyName.encoded($0.name) }
        throw FilterReader.bad(
            element,
            "names \(OGCException.quoted(text)), which is no property of \(reader.layer.name.name); it has "
                + ([PropertyName.geometry] + known).joined(separator: ", "))
    }

    /// The sides of a comparison, literals read as what the properties hold.
    func operands(_ elements: [XMLElement]) throws(OGCException) -> [FeatureOperand] {
        var columns: [FeatureColumn?] = []
        for element in elements {
            if element.name == "Literal" {
                columns.append(nil)
            } else if Self.propertyNames.contains(element.name) {
                columns.append(try column(element))
            } else {
                throw FilterReader.unsupported(
                    element, "a ValueReference or PropertyName and a Literal are, functions and sums are not")
            }
        }
        let named = columns.compactMap(\.self)
        guard let first = named.first else {
            throw FilterReader.bad(elements[0], "is compared with another literal; a property was expected")
        }
        for column in named where Kind(column) != Kind(first) || Kind(column) == .bytes {
            throw FilterReader.bad(
                elements[0],
                "is compared with something else: \(first.name) holds \(Kind(first).rawValue) and \(column.name) holds "
                    + "\(Kind(column).rawValue)")
        }
        return try zip(elements, columns).map { element, column throws(OGCException) in
            if let column { return .field(.column(column.name)) }
            return .value(try literal(element, for: first))
        }
    }

    private enum Kind: String {
        case numbers
        case texts
        case dates
        case bytes

        init(_ column: FeatureColumn) {
            self =
                switch column.kind {
                case .integer, .real, .boolean: .numbers
                case .text: .texts
                case .date, .dateTime: .dates
                case .binary: .bytes
                }
        }
    }

    private func literal(_ element: XMLElement, for column: FeatureColumn) throws(OGCException)
        -> FeatureValue
    {
        let text = element.trimmedText
        func wrong(_ expected: String) -> OGCException {
            OGCException(
                .operationProcessingFailed, locator: FilterReader.locator,
                "The filter compares \(column.name), which holds \(Kind(column).rawValue), with "
                    + "\(OGCException.quoted(text)) in line \(element.line); \(expected) was expected.")
        }
        guard element.children.isEmpty else { throw wrong("a plain literal") }
        switch column.kind {
        case .text: return .text(text)
        case .integer, .real:
            if let number = NumberText.integer(text) { return .integer(Int64(number)) }
            guard let number = NumberText.double(text) else { throw wrong("a number") }
            return .real(number)
        case .boolean:
            switch text.lowercased() {
            case "true", "1": return .integer(1)
            case "false", "0": return .integer(0)
            default: throw wrong("true or false")
            }
        case .date, .dateTime:
            guard FeatureTime(text) != nil else { throw wrong("a date such as 2013-07-04") }
            return .text(text)
        case .binary: throw wrong("nothing")
        }
    }
}
