/// The JSON Schema (draft 7) of survey files, for editors and for programs that write such files.
///
/// It knows the keys and the forms of their values; what holds between values (`south` below `north`, a cut whose lower
/// value comes first) the reader alone refuses. Words are lower case in the schema; the reader takes any case.
public enum SurveySchema {
    /// The schema as JSON text, as it lies in `schemas/survey.schema.json`.
    public static var text: String { value.json() + "\n" }

    static let value: SchemaValue = [
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Tessera survey file",
        "description": "What one map is and how a HiPS is made of it. Every key is optional but inputs.",
        "type": "object",
        "required": ["inputs"],
        "additionalProperties": false,
        "not": ["required": ["licence", "license"]],
        "properties": properties,
        "definitions": definitions,
    ]

    private static let properties: SchemaValue = [
        "name": [
            "description": "Name in paths and URLs; the file's stem where it is not given.",
            "type": ["string", "number"],
            "pattern": #"^\s*[A-Za-z0-9_-][A-Za-z0-9_.\s-]*$"#,
            "maxLength": 128,
        ],
        "id": [
            "description": "IVOA identifier: ivo://authority/path.",
            "type": "string",
            "pattern": #"^[Ii][Vv][Oo]://[A-Za-z0-9][A-Za-z0-9_.!~*'()+=-]{2,}/[!"$->@-~][!-~]*$"#,
        ],
        "body": [
            "description": "The body: a name in any usual spelling, or a NAIF code.",
            "type": ["string", "integer"],
            "pattern": #"\S"#,
        ],
        "title": line("Title for people."),
        "description": line("What the map shows and where its numbers come from."),
        "credit": line("Who made the data."),
        "licence": line("Under which terms the data may be used."),
        "license": line("The same as licence; give one of them."),
        "inputs": [
            "description":
                "Path of the source raster, relative to this file; GDAL's virtual paths (/vsicurl/https://...) stay as they are.",
            "anyOf": [
                ["$ref": "#/definitions/path"],
                [
                    "type": "array", "items": ["$ref": "#/definitions/path"], "minItems": 1,
                    "uniqueItems": true,
                ],
            ],
        ],
        "extent": extent,
        "crs": line(
            "Coordinate reference system, over the file's: a code such as IAU_2015:49900, WKT, PROJJSON or a PROJ string."
        ),
        "registration": [
            "description":
                "Whether places (of extent or of the file) are those of edges (pixel) or of centres (grid) of pixels.",
            "enum": .words(Registration.self),
        ],
        "latitude_kind": latitudeKind,
        "longitude_sense": longitudeSense,
        "longitude_system": longitudeSystem,
        "vertical": vertical,
        "nodata": noData,
        "bands": [
            "description":
                "The band of values, or those of red, green and blue, of a raster with several; counted from 1.",
            "anyOf": [
                ["$ref": "#/definitions/band"],
                [
                    "type": "array", "items": ["$ref": "#/definitions/band"], "minItems": 1, "maxItems": 1,
                ],
                [
                    "type": "array", "items": ["$ref": "#/definitions/band"], "minItems": 3, "maxItems": 3,
                ],
            ],
        ],
        "order": [
            "description":
                "HEALPix order of the leaves; builds want 1 or more. Not given: the first whose pixels are at most 10 % larger than the source's.",
            "type": "integer", "minimum": 0, "maximum": 20,
        ],
        "formats": [
            "description": "Tile formats. Not given: fits and png for values, png and jpeg for colour.",
            "anyOf": [
                ["enum": .words(formats)],
                ["type": "array", "items": ["enum": .words(formats)], "minItems": 1, "uniqueItems": true],
            ],
        ],
        "cut": cut,
        "stretch": [
            "description": "How values between the ends of the cut become levels.",
            "enum": .words(Stretch.self),
        ],
        "colormap": [
            "description": "Colours of the 8-bit view of values.",
            "type": "string",
            "pattern": "^[A-Za-z0-9_.-]+$",
            "examples": [
                "grey", "cividis", "coolwarm", "cubehelix", "ice", "inferno", "magma", "moss", "ochre",
                "plasma", "relief", "turbo", "viridis",
            ],
        ],
        "resampling": [
            "description":
                "How pixels of tiles are made from those of the source; bilinear where it is not given.",
            "enum": .words(ResamplingMethod.self),
        ],
        "moc_order": [
            "description":
                "HEALPix order of the coverage map; three more than that of the leaves where it is not given.",
            "type": "integer", "minimum": 0, "maximum": 29,
        ],
    ]

    private static let formats = SurveyReader.formatWords + ["jpg"]

    /// Text that ends up on one line.
    static func line(_ description: String) -> SchemaValue {
        ["description": .text(description), "type": ["string", "number", "boolean"], "pattern": #"\S"#]
    }
}
