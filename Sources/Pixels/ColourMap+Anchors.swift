extension ColourMap {
    /// Anchor colours at equal distances, hexadecimal, linear between them: within 3 levels of the published
    /// tables. viridis, magma, inferno, plasma: S. van der Walt and N. Smith, CC0. cividis: J. Nunez,
    /// C. Anderton and R. Renslow, PLoS ONE 13(7), 2018. turbo: A. Mikhailov, 2019, Apache-2.0.
    static let anchors: [String: String] = [
        "cividis": """
        00224e 002554 00285b 002b62 002e6a 003070 053371 123570 1a386f 213b6e 273e6e 2d416d 32436d \
        36466c 3b496c 3f4c6c 434e6c 47516c 4b546c 4f576c 535a6d 565c6d 5a5f6e 5e626e 61656f 656870 \
        686a71 6c6d72 6f7073 727374 767676 797977 7c7c78 7f7e78 838179 878478 8b8778 8f8a78 928d78 \
        969077 9a9376 9e9676 a29975 a69c74 aaa073 aea371 b3a670 b7a96e bbad6d bfb06b c3b369 c7b767 \
        ccba64 d0be62 d4c15f d9c55c ddc858 e1cc55 e6d051 ead34c efd748 f3db42 f8df3c fde334 fee838
        """,
        "inferno": """
        000004 040312 0b0724 150b37 210c4a 2f0a5b 3d0965 4a0c6b 56106e 63156e 70196e 7d1e6d 89226a \
        962766 a32c61 af315b bb3654 c63d4d d14545 da4f3c e35932 eb6529 f1721e f67f14 f98c0a fb9b06 \
        fcaa0f fbba1f f9c932 f5d949 f2e865 f3f586 fcffa4
        """,
        "magma": """
        000004 060518 110c2f 1f114a 301164 430f75 55147d 661b80 772281 892881 9b2e7f ad347c bf3a77 \
        d0416f e04c67 ed5a5f f66d5c fa825f fd9769 feab75 fec085 fed597 fde9aa fcfdbf
        """,
        "plasma": """
        0d0887 1c068d 280592 320597 3b049b 44039e 4d02a2 5601a4 5f01a6 6700a8 7000a8 7801a8 8004a8 \
        8808a6 8f0da4 9713a1 9e199d a51f99 ac2594 b22b8f b83289 be3885 c33d80 c9447a cd4a76 d35071 \
        d7566c db5c68 e06363 e4695e e87059 eb7655 ef7d50 f2844b f58b47 f79342 f99a3e fba238 fca934 \
        fdb22f feba2c fdc229 fdcb26 fbd424 f9dd25 f6e626 f3ef27 f0f921
        """,
        "turbo": """
        30123b 392a73 4040a2 4456c7 466be3 4680f6 4293ff 37a7fa 28bbec 1dccd9 18dcc3 1ee8b0 31f299 \
        4cf97e 6bfe64 8aff4c a2fc3c b8f735 cced34 dee037 edd03a f7c03a fdad35 fe982c fb8022 f56818 \
        ec520f e14109 d23105 c12302 ac1701 950d01 7a0403
        """,
        "viridis": """
        440154 471164 482071 472e7c 443c84 3f4889 39558c 34618d 2f6c8e 2a768e 26818e 228b8d 1f958b \
        1fa088 24aa83 30b47c 41bd72 57c666 6fcf57 8ad647 a7db35 c4e021 e2e418 fde725
        """,
    ]
}
