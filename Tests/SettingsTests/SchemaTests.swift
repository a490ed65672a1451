import Foundation
import Testing

@testable import Settings

/// The schemas that editors use say what the readers accept.
@Suite struct SchemaTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func theFilesAreWhatTheProgramPrints() throws {
        #expect(try text("schemas/survey.schema.json") == SurveySchema.text)
        #expect(try text("schemas/bodies.schema.json") == BodiesSchema.text)
        for schema in [SurveySchema.text, BodiesSchema.text] {
            _ = try JSONSerialization.jsonObject(with: Data(schema.utf8))
        }
    }

    @Test func everyKeyIsInBoth() throws {
        let properties = try #require(SurveySchema.value["properties"])
        #expect(properties.keys.sorted() == SurveyReader.keys.sorted())
        let extent = try #require(Self.mapping(SurveySchema.extent))
        #expect(extent.keys.sorted() == SurveyReader.extentKeys.sorted())
        let cut = try #require(Self.mapping(SurveySchema.cut))
        #expect(cut.keys.sorted() == SurveyReader.cutKeys.sorted())
        let system = try #require(Self.mapping(SurveySchema.longitudeSystem))
        #expect(system.keys.sorted() == SurveyReader.longitudeSystemKeys.sorted())
        let noData = try #require(Self.mapping(SurveySchema.noData))
        #expect(noData.keys.sorted() == SurveyReader.noDataKeys.sorted())
        let vertical = try #require(SurveySchema.vertical["properties"])
        #expect(vertical.keys.sorted() == SurveyReader.verticalKeys.sorted())
        let body = try #require(BodiesSchema.body["properties"])
        #expect(body.keys.sorted() == BodiesFile.keys.sorted())
    }

    /// The properties of the one alternative that is a mapping.
    private static func mapping(_ schema: SchemaValue) -> SchemaValue? {
        guard case .list(let alternatives)? = schema["anyOf"] else { return nil }
        return alternatives.compactMap { $0["properties"] }.first
    }

    @Test func theReaderTakesEveryWordOfTheSchema() throws {
        for (key, schema) in try #require(SurveySchema.value["properties"]).pairs {
            guard case .list(let words)? = schema["enum"] else { continue }
            for case .text(let word) in words {
                _ = try Survey.parse("\(key): \(word)\n", file: "words.yaml")
            }
        }
    }

    @Test func theDocumentNamesEveryKey() throws {
        let document = try text("docs/surveys.md")
        for key in SurveyReader.keys { #expect(document.contains("`\(key)`"), "\(key)") }
        for key in BodiesFile.keys { #expect(document.contains("`\(key)`"), "\(key)") }
        for keys in [
            SurveyReader.extentKeys, SurveyReader.cutKeys, SurveyReader.longitudeSystemKeys,
            SurveyReader.verticalKeys, SurveyReader.noDataKeys,
        ] {
            for key in keys { #expect(document.contains(key), "\(key)") }
        }
    }

    @Test func yamlOfPathsReadsBack() throws {
        for path in [
            "a.tif", "two words.tif", "a: b.tif", "#1.tif", "- x", "yes", "12", "é\u{301}.tif", "it's \"it\"",
            "a\\b",
            "*a", "&a", "!t", "%x", "@x", "`x", "[a]", "{a}", "a, b", "a #b", "a:", " lead", "trail ",
            "tab\tx", "null",
            "/vsicurl/https://example.org/a%20b.tif?x=1&y=2",
        ] {
            let survey = try Survey.parse("inputs: \(YAMLText.scalar(path))\n", file: "paths.yaml")
            #expect(survey.inputs == [path])
        }
        #expect(YAMLText.comment("a\nb\tc\u{7}") == "a b c ")
    }
}

extension SchemaValue {
    fileprivate var pairs: [(key: String, value: SchemaValue)] {
        guard case .object(let pairs) = self else { return [] }
        return pairs
    }
}
