internal import HiPS
public import PlanetaryFrames
internal import Rasters
internal import Settings

/// A survey file of a raster, written from what is believed of it.
///
/// What the file says itself stands in comments with its origin, so that the file keeps the last word until somebody
/// takes the `#` away; a build of the draft gives the tiles that a build of the raster gives.
public struct SurveyDraft: Sendable {
    /// The text of the file.
    public let text: String
    /// The map that it would become.
    public let map: String
    /// The systems of longitude one of which has to be named before anything is built; empty where none has to.
    public let longitudeSystems: [String]
    /// Where the raster contradicts itself, a sentence each.
    public let warnings: [String]

    /// Drafts the survey file of a raster.
    /// - Parameters:
    ///   - raster: its path.
    ///   - input: the same as the survey file spells it: relative to the file's folder, or absolute.
    ///   - body: the body, where the user states it.
    ///   - crs: the coordinate reference system, where the user states it.
    ///   - bands: the band of values, or those of red, green and blue, where the user states them.
    ///   - catalogue: the known bodies.
    /// - Throws: ``TilerError`` for what cannot be built either, but for a missing system of longitudes.
    public init(
        of raster: String, input: String, body: String? = nil, crs: String? = nil, bands: [Int]? = nil,
        catalogue: BodyCatalogue
    ) throws(TilerError) {
        var survey = Survey()
        survey.inputs = [raster]
        survey.body = body
        survey.crs = crs
        survey.bands = bands
        var request = try BuildRequest(survey, folder: "", catalogue: catalogue)
        var lacking: [LongitudeSystem] = []
        let plan: HiPSPlan
        do {
            plan = try HiPSPlan(request, catalogue: catalogue, readsRange: false)
        } catch {
            guard case .source(.frame(.noLongitudeSystem(_, let name, _))) = error,
                let systems = try? catalogue.body(named: name).longitudeSystems, let first = systems.first
            else { throw error }
            lacking = systems
            request.declaration.longitudeSystem = first
            plan = try HiPSPlan(request, catalogue: catalogue, readsRange: false)
        }
        map = plan.map.description
        longitudeSystems = lacking.map(\.name)
        warnings = plan.source.warnings
        let writer = SurveyDraftWriter(
            plan: plan, input: input, statesBody: body != nil, crs: crs, lacking: lacking,
            catalogue: catalogue)
        text = writer.text
        try Self.check(text, input)
    }

    /// What was written has to be read back: a path, or a name in the file, may hold anything.
    private static func check(_ text: String, _ input: String) throws(TilerError) {
        do {
            let survey = try Survey.parse(text, file: "the survey file")
            guard survey.inputs == [input] else {
                throw TilerError.option(
                    name: "inputs", found: "\"\(input)\" cannot be written in a survey file",
                    remedy: "rename the raster")
            }
        } catch let error as TilerError {
            throw error
        } catch {
            throw .option(
                name: "inputs", found: "a survey file of \"\(input)\" would not be read: \(error)",
                remedy: "rename the raster")
        }
    }
}
