import Foundation
import Testing

@testable import Settings

/// Surveys of full-size public products, none of which is built here: format, and a source for each fact.
@Suite struct ProductSurveyTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("surveys/products")

    static let files: [String] = {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test func thereAreMany() {
        #expect(Self.files.count >= 10)
        let bodies = Set(Self.files.map { $0.prefix { $0 != "/" } })
        #expect(bodies.count >= 8)
    }

    @Test(arguments: files) func isRead(_ file: String) throws {
        let survey = try Survey.load(path: Self.folder.appendingPathComponent(file).path)
        #expect(survey.body?.lowercased() == String(file.prefix { $0 != "/" }))
        #expect(survey.name != nil && survey.title != nil && survey.credit != nil && survey.licence != nil)
        #expect(survey.inputs.count == 1)
        #expect(survey.inputs[0].contains("/vsicurl/https://"), "a remote file")
        #expect(survey.resolvedInputs(relativeTo: "somewhere") == survey.inputs)
    }

    @Test(arguments: files) func everyFactHasASource(_ file: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)
        #expect(text.hasPrefix("# NOT BUILT HERE"))
        let comments = text.split(separator: "\n").prefix { $0.hasPrefix("#") }
        var facts: [String] = []
        var sources: [String] = []
        var isInSources = false
        for line in comments {
            if line == "# Sources:" { isInSources = true }
            if line.hasPrefix("#     "), isInSources ? !sources.isEmpty : !facts.isEmpty {
                let rest = line.dropFirst(5)
                if isInSources { sources[sources.count - 1] += rest } else { facts[facts.count - 1] += rest }
            } else if line.hasPrefix("#   ") {
                if isInSources {
                    sources.append(String(line.dropFirst(4)))
                } else {
                    facts.append(String(line.dropFirst(4)))
                }
            }
        }
        for topic in ["address", "pixels", "bytes", "grid", "radius", "projection", "vertical"] {
            #expect(facts.contains { $0.hasPrefix(topic + ": ") }, "\(topic)")
        }
        for fact in facts {
            let numbers = fact.matches(of: /\[(\d+)\]/).compactMap { Int($0.1) }
            let isSourced = !numbers.isEmpty && numbers.allSatisfy { (1...sources.count).contains($0) }
            let isOpen = fact.contains(": not found") || fact.hasPrefix("vertical: none")
            #expect(isSourced || isOpen, "\(fact)")
        }
        for (index, source) in sources.enumerated() {
            #expect(source.hasPrefix("[\(index + 1)] "), "\(source)")
            #expect(source.contains("http") || source.contains("index of public repositories"), "\(source)")
        }
    }
}
