extension ColourMap {
    /// Anchor colours at equal distances, hexadecimal, linear between them: within 3 levels of the published
    /// tables. viridis, magma, inferno, plasma: S. van der Walt and N. Smith, CC0. cividis: J. Nunez,
    /// C. Anderton and R. Renslow, PLoS ONE 13(7), 2018. turbo: A. Mikhailov, 2019, Apache-2.0.
    /// cubehelix: the formula of D. A. Green (2011, Bull. Astr. Soc. India 39, 289). coolwarm: the formula of K. Moreland
    /// (2009, doi:10.1007/978-3-642-10520-3_9). ice, moss, ochre and relief are ramps of even steps in lightness (CIELAB) made
    /// for this program.
    static let anchors: [String: String] = [
        "cividis": """
        00224e 002554 00285b 002b62 002e6a 003070 053371 123570 1a386f 213b6e 273e6e 2d416d 32436d \
        36466c 3b496c 3f4c6c 434e6c 47516c 4b546c 4f576c 535a6d 565c6d 5a5f6e 5e626e 61656f 656870 \
        686a71 6c6d72 6f7073 727374 767676 797977 7c7c78 7f7e78 838179 878478 8b8778 8f8a78 928d78 \
        969077 9a9376 9e9676 a29975 a69c74 aaa073 aea371 b3a670 b7a96e bbad6d bfb06b c3b369 c7b767 \
        ccba64 d0be62 d4c15f d9c55c ddc858 e1cc55 e6d051 ead34c efd748 f3db42 f8df3c fde334 fee838
        """,
        "coolwarm": """
        3b4cc0 445acc 4e68d7 5875e1 6282ea 6c8ef1 779af7 82a5fb 8db0fe 98b9ff a3c2fe aec9fd b8d0f9 c2d5f4 \
        ccd9ee d5dbe6 dddddd e5d8d1 ecd3c6 f1ccb9 f5c4ad f7bba0 f7b194 f7a687 f49a7b f18d6f ec7f63 e57057 \
        de614c d55042 cb3e38 c0282f b40426
        """,
        "cubehelix": """
        000000 070206 0c050e 110815 150b1d 180f25 19132d 1a1834 1b1d3b 1a2341 192a46 18304a 17374d 163e4e \
        15454e 154c4e 16534c 175949 1a5f46 1e6542 236a3e 296e3a 307237 397533 437731 4d792f 597a2f 647a30 \
        717b32 7d7a35 897a3b 957a41 a07949 aa7952 b4795d bc7968 c47a74 ca7b81 ce7d8e d2809a d483a7 d487b3 \
        d48cbf d391c9 d197d3 cf9edb cca5e2 caace8 c7b3ed c5baf0 c3c1f2 c2c9f3 c1cff3 c2d6f3 c4dcf2 c6e2f1 \
        cae7f0 cfebef d4efef dbf3ef e2f6f0 e9f8f2 f0fbf5 f8fdfa ffffff
        """,
        "ice": """
        151723 191c2d 1b2237 1e2841 1f2e4c 1f3456 1f3b61 1e426b 1c4975 19507f 145789 0f5e92 08669b 036da4 \
        0075ac 027cb3 0984ba 158cc1 2193c7 2c9bcd 39a3d2 45aad7 52b2dc 5fb9e0 6cc1e4 79c8e7 87cfeb 95d6ee \
        a3ddf1 b2e4f4 c0ebf8 cff2fb def8ff
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
        "moss": """
        051b13 062217 05281a 042f1d 033620 043d23 064425 0a4b28 10512a 17582d 1e5f2f 266632 2f6d35 387438 \
        417b3c 4b8240 558944 5f8f49 69964f 749d55 7fa35c 8aaa63 95b06c 9fb774 aabe7e b5c488 bfcb93 cad19e \
        d3d8aa dddfb6 e6e6c4 efedd1 f7f4df
        """,
        "ochre": """
        261210 301513 3a1916 441d18 4e211a 58251c 61291e 6b2e20 743322 7d3924 863f26 8e4529 964c2c 9e532f \
        a65a32 ad6236 b4693b ba7140 c17946 c6814d cc8a54 d1925c d69b64 dba36e e0ac78 e4b582 e8be8e ecc69a \
        f0cfa6 f4d8b3 f8e1c1 fbe9cf fff2de
        """,
        "plasma": """
        0d0887 1c068d 280592 320597 3b049b 44039e 4d02a2 5601a4 5f01a6 6700a8 7000a8 7801a8 8004a8 \
        8808a6 8f0da4 9713a1 9e199d a51f99 ac2594 b22b8f b83289 be3885 c33d80 c9447a cd4a76 d35071 \
        d7566c db5c68 e06363 e4695e e87059 eb7655 ef7d50 f2844b f58b47 f79342 f99a3e fba238 fca934 \
        fdb22f feba2c fdc229 fdcb26 fbd424 f9dd25 f6e626 f3ef27 f0f921
        """,
        "relief": """
        2c2864 25316e 1b3a78 044381 004c8a 005492 005d9a 00669d 006e9c 00769a 007d96 008492 008b8d 219188 \
        3a9880 529e77 6aa36d 83a765 99aa60 a9ad61 bab063 cab267 dab46c e6b777 eebb84 f5c092 fbc59f ffcbad \
        ffd3bb ffdbc9 ffe4d7 fdede5 faf5f3
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
