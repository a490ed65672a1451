import MOC

/// An operation on texts that hold a coverage in each line.
struct MocLines {
    let operation: MocOp

    func run() throws {
        let texts = try operation.files.map { file in
            try MocFile.read(file).split(separator: 0x0A, omittingEmptySubsequences: false).dropLastEmpty
        }
        for (file, lines) in zip(operation.files, texts) where lines.count != texts[0].count {
            throw CommandError(
                "\(file) has \(lines.count) lines where \(operation.files[0]) has \(texts[0].count).")
        }
        let format = try operation.output.chosenFormat()
        var result: [UInt8] = []
        for line in texts[0].indices {
            for (index, part) in try parts(texts.map { $0[line] }, line).enumerated() {
                if index > 0 { result.append(0x09) }
                result += try MOCDocument(.space(part)).encoded(as: format)
            }
            result.append(0x0A)
        }
        try MocFile.write(result, to: operation.output.path)
    }

    private func parts(_ texts: [ArraySlice<UInt8>], _ line: Int) throws -> [MOC] {
        var mocs: [MOC] = []
        for (file, text) in zip(operation.files, texts) {
            do {
                let document = try MOCDocument(
                    reading: Array(text), accepting: operation.input.robust ? .all : [])
                for repair in document.repairs { Console.tell("\(file), line \(line + 1): \(repair)\n") }
                mocs.append(try document.coverage.ofSpace())
            } catch {
                throw CommandError("\(file), line \(line + 1): \(error)")
            }
        }
        var result = try operation.changed(mocs[0])
        for moc in mocs.dropFirst() { result = operation.combined(result, moc) }
        let results =
            operation.operation == .split ? try result.parts(diagonally: operation.diagonal) : [result]
        return operation.order.map { order in results.map { $0.degraded(to: order.order) } } ?? results
    }
}

extension [ArraySlice<UInt8>] {
    /// Without the empty line that the end of the last one leaves.
    fileprivate var dropLastEmpty: [ArraySlice<UInt8>] { last?.isEmpty == true ? Array(dropLast()) : self }
}
