extension BodyDefinition {
    /// Bodies that the IAU's 2015 report lacks, and what it does not say of some that it has.
    ///
    /// They are a table of the program and no file beside it, so that one copied binary knows them; a file of the user
    /// goes over them (`BodyCatalogue.adding(_:)`).
    public static let shipped: [BodyDefinition] = [
        BodyDefinition(
            name: "Bennu", naifCode: 2_101_955, semiAxesMetres: [252.78, 246.20, 228.69],
            rotation: .retrograde,
            certainty: .estimated,
            source: "Lauretta et al. 2019, doi:10.1038/s41586-019-1033-6, whose text was not to be had",
            aliases: ["101955 Bennu"]),
        BodyDefinition(
            name: "Ryugu", naifCode: 2_162_173, semiAxesMetres: [502, 502, 438], rotation: .retrograde,
            certainty: .estimated,
            source: "Watanabe et al. 2019, doi:10.1126/science.aav8032, whose text was not to be had",
            aliases: ["162173 Ryugu"]),
        BodyDefinition(
            name: "Didymos", naifCode: 920_065_803, semiAxesMetres: [425.5, 424.5, 310],
            rotation: .retrograde,
            certainty: .measured, source: "Daly et al. 2023, doi:10.1038/s41586-023-05810-5",
            aliases: ["65803 Didymos"]),
        BodyDefinition(
            name: "Dimorphos", naifCode: 120_065_803, semiAxesMetres: [88.5, 87, 58], certainty: .measured,
            source: "Daly et al. 2023, doi:10.1038/s41586-023-05810-5 (before the impact of DART)"),
        BodyDefinition(
            name: "Arrokoth", naifCode: 2_486_958, semiAxesMetres: [18_000, 10_000, 5_000],
            isFunctionOfDirection: false, certainty: .estimated,
            source: "Spencer et al. 2020, doi:10.1126/science.aay3999 (two lobes)",
            aliases: ["486958 Arrokoth", "Ultima Thule"]),
        BodyDefinition(
            name: "Churyumov-Gerasimenko", naifCode: 1_000_012, semiAxesMetres: [2_400, 1_550, 1_200],
            sphereRadiusMetres: 1_650, rotation: .direct, isFunctionOfDirection: false, certainty: .report,
            source: "IAU 2015; two lobes: Sierks et al. 2015, doi:10.1126/science.aaa1044", aliases: ["67P"]),
        BodyDefinition(
            name: "Itokawa", naifCode: 2_025_143, semiAxesMetres: [268, 147, 104], rotation: .retrograde,
            isFunctionOfDirection: false, certainty: .report,
            source: "IAU 2015; two lobes: Fujiwara et al. 2006, doi:10.1126/science.1125841"),
        BodyDefinition(
            name: "Pallas", naifCode: 2_000_002, semiAxesMetres: [284_000, 265_000, 225_000],
            certainty: .estimated,
            source: "Vernazza et al. 2021, doi:10.1051/0004-6361/202141781", aliases: ["2 Pallas"]),
        BodyDefinition(
            name: "Apophis", naifCode: 2_099_942, semiAxesMetres: [170, 170, 170], rotation: .retrograde,
            certainty: .estimated, source: "Brozovic et al. 2018, doi:10.1016/j.icarus.2017.08.032",
            aliases: ["99942 Apophis"]),
        BodyDefinition(
            name: "Haumea", naifCode: 2_136_108, semiAxesMetres: [1_161_000, 852_000, 513_000],
            certainty: .estimated, source: "Ortiz et al. 2017, doi:10.1038/nature24051",
            aliases: ["136108 Haumea"]),
        BodyDefinition(
            name: "Eris", naifCode: 2_136_199, semiAxesMetres: [1_163_000, 1_163_000, 1_163_000],
            certainty: .estimated, source: "Sicardy et al. 2011, doi:10.1038/nature10550",
            aliases: ["136199 Eris"]),
        BodyDefinition(
            name: "Nix", naifCode: 902, semiAxesMetres: [24_900, 16_600, 15_550], certainty: .estimated,
            source: "Weaver et al. 2016, doi:10.1126/science.aae0030"),
        BodyDefinition(
            name: "Hydra", naifCode: 903, semiAxesMetres: [25_450, 18_050, 15_450], certainty: .estimated,
            source: "Weaver et al. 2016, doi:10.1126/science.aae0030"),
    ]
}
