/// What kind of fault a finding is; the raw values are stable, for scripts to rely on.
public enum FindingCode: String, CaseIterable, Sendable {
    // MARK: properties

    /// There is no `properties` file, or it holds no key.
    case propertiesMissing = "properties-missing"
    /// A line of `properties` is neither a comment nor `key = value`.
    case lineMalformed = "line-malformed"
    /// A mandatory key is absent (HiPS 1.0, section 4.4.1).
    case keyMissing = "key-missing"
    /// A key stands more than once.
    case keyDuplicate = "key-duplicate"
    /// The value of a key has not the form that the standard gives it.
    case keySyntax = "key-syntax"
    /// A key is absent that the standard leaves free, but that a common client needs.
    case keyAdvised = "key-advised"
    /// The frame is a body's, but `hips_body` is absent: Aladin Lite mirrors the map.
    case bodyMissing = "body-missing"
    /// `hips_body` and `hips_frame` contradict each other: Aladin Desktop goes by the one, Lite by the other.
    case bodyFrameDiffer = "body-frame-differ"
    /// `hips_order` is 0, which Aladin Lite cannot show.
    case orderZero = "order-zero"
    /// The product is no image, so that its tiles were not looked at.
    case notAnImage = "not-an-image"

    // MARK: tiles

    /// A format is stated in `hips_tile_format`, but there are no tiles of it.
    case formatAbsent = "format-absent"
    /// There are tiles of a format that `hips_tile_format` does not state.
    case formatUnstated = "format-unstated"
    /// The coverage promises a tile that is not there.
    case tileMissing = "tile-missing"
    /// A tile is there outside the coverage or outside the stated orders.
    case tileExtra = "tile-extra"
    /// A file can be seen but not read.
    case unreadable = "unreadable"
    /// A tile is truncated, damaged, or of another format than its name says.
    case tileUndecodable = "tile-undecodable"
    /// A tile has another width or height than `hips_tile_width`.
    case tileWidth = "tile-width"
    /// A FITS tile's BITPIX differs from `hips_pixel_bitpix`, or from that of other tiles.
    case tileBitpix = "tile-bitpix"
    /// The ORDER and NPIX of a FITS tile's header are those of another tile.
    case tileMisplaced = "tile-misplaced"
    /// A tile's rows and columns are swapped.
    case tileTransposed = "tile-transposed"
    /// A tile is not what its children average to.
    case parentDiffers = "parent-differs"
    /// A picture tile does not show the values of the FITS tile beside it.
    case pictureDiffers = "picture-differs"
    /// `hips_nb_tiles` is not the number of tiles.
    case tileCount = "tile-count"

    // MARK: values

    /// `hips_pixel_cut` lies wholly outside the values of the tiles.
    case cutOutside = "cut-outside"
    /// `hips_data_range` lies wholly outside the values of the tiles.
    case rangeOutside = "range-outside"
    /// Values of the tiles exceed `hips_data_range`, or fill only a small part of it.
    case rangeDiffers = "range-differs"

    // MARK: Allsky

    /// There is no Allsky of order 3, without which a client shows nothing.
    case allskyMissing = "allsky-missing"
    /// An Allsky is truncated, damaged, or of another format than its name says.
    case allskyUndecodable = "allsky-undecodable"
    /// An Allsky has not the size of its order (HiPS 1.0, section 4.3.2).
    case allskySize = "allsky-size"
    /// An Allsky shows something else than the tiles.
    case allskyDiffers = "allsky-differs"

    // MARK: coverage

    /// There is no `Moc.fits`.
    case mocMissing = "moc-missing"
    /// `Moc.fits` is no coverage that can be read.
    case mocUndecodable = "moc-undecodable"
    /// `COORDSYS` of `Moc.fits` is not `C`, which readers of coverages refuse.
    case mocCoordsys = "moc-coordsys"
    /// `moc_order` is not the order of `Moc.fits`.
    case mocOrder = "moc-order"
    /// `moc_sky_fraction` is not the part of the sphere that `Moc.fits` covers.
    case mocFraction = "moc-fraction"
    /// The coverage has a cell without a valid pixel.
    case mocCellExtra = "moc-cell-extra"
    /// The coverage lacks a cell that has a valid pixel.
    case mocCellMissing = "moc-cell-missing"

    // MARK: remote

    /// A file is served without `Access-Control-Allow-Origin`: pages of other sites cannot show it.
    case corsMissing = "cors-missing"
    /// `hips_service_url` is not the address under which the HiPS was read.
    case serviceURL = "service-url"
    /// A tile that does not exist is answered by something else than 404.
    case absentAnswered = "absent-answered"
    /// HEAD requests fail, which Aladin Desktop makes.
    case headRefused = "head-refused"
    /// The address holds `P/` or `C/`, which Aladin Lite takes for an identifier of the CDS.
    case urlLikeIdentifier = "url-like-identifier"

    /// How bad it is.
    public var severity: Severity {
        switch self {
        case .lineMalformed, .keyAdvised, .orderZero, .formatUnstated, .tileCount, .rangeDiffers,
            .allskyMissing, .mocMissing, .mocCoordsys, .mocOrder, .headRefused, .urlLikeIdentifier:
            .warning
        case .notAnImage: .info
        default: .error
        }
    }
}
