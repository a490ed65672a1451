internal import PlanetaryFrames

/// The JSON Schema (draft 7) of files of bodies.
public enum BodiesSchema {
    /// The schema as JSON text, as it lies in `schemas/bodies.schema.json`.
    public static var text: String { value.json() + "\n" }

    static let value: SchemaValue = [
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Tessera file of bodies",
        "description": "Bodies that are added to the known ones, or override them.",
        "type": "object",
        "additionalProperties": false,
        "required": ["bodies"],
        "properties": ["bodies": ["type": "array", "items": body]],
    ]

    static let body: SchemaValue = [
        "type": "object",
        "required": ["name", "naif", "radii_m"],
        "additionalProperties": false,
        "properties": [
            "name": SurveySchema.line("Name of the body."),
            "naif": [
                "description": "NAIF code.", "type": "integer", "minimum": -999_999_999,
                "maximum": 999_999_999,
            ],
            "radii_m": [
                "description": "One radius, or three semi-axes from the largest to the smallest, in metres.",
                "anyOf": [
                    ["type": "number", "exclusiveMinimum": 0],
                    [
                        "type": "array", "items": ["type": "number", "exclusiveMinimum": 0], "minItems": 3,
                        "maxItems": 3,
                    ],
                ],
            ],
            "sphere_m": [
                "description": "Radius in metres of the sphere on which maps are drawn.", "type": "number",
                "exclusiveMinimum": 0,
            ],
            "rotation": [
                "description": "Sense of rotation, seen from the north pole.",
                "enum": .words(RotationSense.self),
            ],
            "surface": [
                "description":
                    "radial projection where one direction may meet the ground twice, direction otherwise.",
                "enum": .words(SurveyReader.Surface.self),
            ],
            "certainty": ["description": "How sure the radii are.", "enum": .words(RadiiCertainty.self)],
            "source": SurveySchema.line("Where the numbers come from."),
            "aliases": [
                "description": "Other names.",
                "anyOf": [
                    ["type": "string", "pattern": #"\S"#],
                    ["type": "array", "items": ["type": "string", "pattern": #"\S"#]],
                ],
            ],
        ],
    ]
}
