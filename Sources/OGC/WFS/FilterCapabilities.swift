internal import XML

/// What filters can say, as capabilities list it (OGC 09-026r2, section 7.13; OGC 04-095, section 12; OGC 02-059,
/// section 11).
enum FilterCapabilities {
    private static let spatial = [
        "BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps",
        "Beyond", "DWithin",
    ]

    static func write200(_ writer: inout XMLWriter) {
        writer.element("fes:Filter_Capabilities") { writer in
            writer.element("fes:Conformance") { writer in
                for (name, isTrue) in [
                    ("ImplementsQuery", true), ("ImplementsAdHocQuery", true), ("ImplementsFunctions", false),
                    ("ImplementsResourceId", true), ("ImplementsMinStandardFilter", true),
                    ("ImplementsStandardFilter", true), ("ImplementsMinSpatialFilter", true),
                    ("ImplementsSpatialFilter", true), ("ImplementsMinTemporalFilter", true),
                    ("ImplementsTemporalFilter", false), ("ImplementsVersionNav", false),
                    ("ImplementsSorting", true), ("ImplementsExtendedOperators", false),
                    ("ImplementsMinimumXPath", true), ("ImplementsSchemaElementFunc", false),
                ] {
                    writer.element("fes:Constraint", ["name": name]) { writer in
                        writer.element("ows:NoValues")
                        writer.element("ows:DefaultValue", text: isTrue ? "TRUE" : "FALSE")
                    }
                }
            }
            writer.element("fes:Id_Capabilities") {
                $0.element("fes:ResourceIdentifier", ["name": "fes:ResourceId"])
            }
            writer.element("fes:Scalar_Capabilities") { writer in
                writer.element("fes:LogicalOperators")
                writer.element("fes:ComparisonOperators") { writer in
                    for name in [
                        "EqualTo", "NotEqualTo", "LessThan", "GreaterThan", "LessThanOrEqualTo",
                        "GreaterThanOrEqualTo", "Like", "Null", "Nil", "Between",
                    ] { writer.element("fes:ComparisonOperator", ["name": "PropertyIs" + name]) }
                }
            }
            writer.element("fes:Spatial_Capabilities") { writer in
                writer.element("fes:GeometryOperands") { writer in
                    for name in [
                        "Envelope", "Point", "MultiPoint", "LineString", "Curve", "MultiCurve", "Polygon",
                        "Surface", "MultiSurface", "MultiGeometry",
                    ] { writer.element("fes:GeometryOperand", ["name": "gml:" + name]) }
                }
                writer.element("fes:SpatialOperators") { writer in
                    for name in spatial { writer.element("fes:SpatialOperator", ["name": name]) }
                }
            }
            writer.element("fes:Temporal_Capabilities") { writer in
                writer.element("fes:TemporalOperands") { writer in
                    for name in ["TimeInstant", "TimePeriod"] {
                        writer.element("fes:TemporalOperand", ["name": "gml:" + name])
                    }
                }
                writer.element("fes:TemporalOperators") { writer in
                    for name in ["After", "Before", "During", "TEquals"] {
                        writer.element("fes:TemporalOperator", ["name": name])
                    }
                }
            }
        }
    }

    static func write110(_ writer: inout XMLWriter) {
        writer.element("ogc:Filter_Capabilities") { writer in
            writer.element("ogc:Spatial_Capabilities") { writer in
                writer.element("ogc:GeometryOperands") { writer in
                    for name in ["Envelope", "Point", "LineString", "Polygon"] {
                        writer.element("ogc:GeometryOperand", text: "gml:" + name)
                    }
                }
                writer.element("ogc:SpatialOperators") { writer in
                    for name in spatial { writer.element("ogc:SpatialOperator", ["name": name]) }
                }
            }
            writer.element("ogc:Scalar_Capabilities") { writer in
                writer.element("ogc:LogicalOperators")
                writer.element("ogc:ComparisonOperators") { writer in
                    for name in [
                        "LessThan", "GreaterThan", "LessThanEqualTo", "GreaterThanEqualTo", "EqualTo",
                        "NotEqualTo", "Like", "Between", "NullCheck",
                    ] { writer.element("ogc:ComparisonOperator", text: name) }
                }
            }
            writer.element("ogc:Id_Capabilities") { writer in
                writer.element("ogc:EID")
                writer.element("ogc:FID")
            }
        }
    }

    static func write100(_ writer: inout XMLWriter) {
        writer.element("ogc:Filter_Capabilities") { writer in
            writer.element("ogc:Spatial_Capabilities") { writer in
                writer.element("ogc:Spatial_Operators") { writer in
                    for name in spatial {
                        writer.element("ogc:" + (name == "Intersects" ? "Intersect" : name))
                    }
                }
            }
            writer.element("ogc:Scalar_Capabilities") { writer in
                writer.element("ogc:Logical_Operators")
                writer.element("ogc:Comparison_Operators") { writer in
                    for name in ["Simple_Comparisons", "Like", "Between", "NullCheck"] {
                        writer.element("ogc:" + name)
                    }
                }
            }
        }
    }
}
