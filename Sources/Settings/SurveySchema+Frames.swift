internal import PlanetaryFrames

extension SurveySchema {
    static let extent: SchemaValue = [
        "description":
            "Outer edges in degrees, west, south, east, north, over the file's georeferencing. With longitude_sense: west, the longitudes of the left and of the right edge.",
        "anyOf": [
            [
                "type": "array",
                "items": [longitude, latitude, longitude, latitude],
                "additionalItems": false, "minItems": 4,
            ],
            [
                "type": "object",
                "required": .words(SurveyReader.extentKeys),
                "additionalProperties": false,
                "properties": [
                    "west": longitude, "south": latitude, "east": longitude, "north": latitude,
                ],
            ],
        ],
    ]

    private static let longitude: SchemaValue = ["type": "number", "minimum": -360, "maximum": 360]
    private static let latitude: SchemaValue = ["type": "number", "minimum": -90, "maximum": 90]

    static let latitudeKind: SchemaValue = [
        "description": "What latitudes are, over what the file says.", "enum": .words(LatitudeKind.self),
    ]

    static let longitudeSense: SchemaValue = [
        "description": "The direction in which longitudes grow, over what the file says.",
        "enum": .words(LongitudeSense.self),
    ]

    static let longitudeSystem: SchemaValue = [
        "description":
            "The meridian that longitudes are counted from: a name that is known, or one with its offset. Vesta and the giants need one.",
        "anyOf": [
            ["type": ["string", "number"], "pattern": #"\S"#],
            [
                "type": "object",
                "required": ["name"],
                "additionalProperties": false,
                "properties": [
                    "name": line("Name of the system, such as Claudia or System III."),
                    "offset_to_iau": [
                        "description":
                            "East longitude in the IAU's system minus that in this one, in degrees.",
                        "type": "number", "minimum": -360, "maximum": 360,
                    ],
                    "source": line("Where the system is defined."),
                ],
            ],
        ],
    ]

    static let vertical: SchemaValue = [
        "description": "What heights are counted from.",
        "type": "object",
        "required": ["reference"],
        "additionalProperties": false,
        "properties": [
            "quantity": [
                "description": "Elevation above a surface, or radius: distance from the centre.",
                "enum": .words(VerticalReference.Quantity.self),
            ],
            "reference": [
                "description": "The surface, or the centre for radii.",
                "enum": .words(VerticalReference.Surface.self),
            ],
            "radius": [
                "description": "Radius in metres of the sphere, or equatorial radius of the ellipsoid.",
                "type": "number", "exclusiveMinimum": 0,
            ],
            "unit": [
                "description": "Unit of the values; m by default.",
                "enum": .words(VerticalReference.Unit.self),
            ],
        ],
        "allOf": [
            [
                "if": ["properties": ["reference": ["enum": ["sphere", "ellipsoid"]]]],
                "then": ["required": ["radius"]],
            ],
            [
                "if": ["properties": ["reference": ["enum": ["centre"]]]],
                "then": ["properties": ["quantity": ["enum": ["radius"]]]],
                "else": ["properties": ["quantity": ["enum": ["elevation"]]]],
            ],
        ],
    ]

    static let noData: SchemaValue = [
        "description": "Values that stand for no data, over what the file says.",
        "anyOf": [
            ["type": "number"],
            ["enum": ["none", "nan"]],
            [
                "type": "object",
                "additionalProperties": false,
                "minProperties": 1,
                "properties": [
                    "values": [
                        "description": "These values.",
                        "anyOf": [
                            ["$ref": "#/definitions/value"],
                            [
                                "type": "array", "items": ["$ref": "#/definitions/value"], "minItems": 1,
                                "maxItems": 32,
                            ],
                        ],
                    ],
                    "range": [
                        "description": "And those from the lower to the upper one.",
                        "type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2,
                    ],
                    "edge_connected": [
                        "description": "Only where such pixels are connected to the edge of the image.",
                        "type": "boolean",
                    ],
                    "erode_px": [
                        "description": "And pixels so near to one without data.",
                        "type": "integer", "minimum": 0, "maximum": .number(NoData.Rule.mostErosion),
                    ],
                ],
            ],
        ],
    ]

    static let cut: SchemaValue = [
        "description":
            "Values shown darkest and brightest; 0.5 % and 99.5 % of the area where it is not given.",
        "anyOf": [
            ["type": "array", "items": ["type": "number"], "minItems": 2, "maxItems": 2],
            [
                "type": "object",
                "required": .words(SurveyReader.cutKeys),
                "additionalProperties": false,
                "properties": ["low": ["type": "number"], "high": ["type": "number"]],
            ],
        ],
    ]

    static let definitions: SchemaValue = [
        "path": ["type": "string", "pattern": #"^[^\r\n]*\S[^\r\n]*$"#],
        "band": ["type": "integer", "minimum": 1, "maximum": .number(SurveyReader.mostBands)],
        "value": ["anyOf": [["type": "number"], ["enum": ["nan"]]]],
    ]
}
