"""A source map read by GDAL and sampled by numpy: the independent truth that tiles are compared with.

Grids: geographic or equirectangular (simple cylindrical) on a sphere, global or regional. Between the last and
the first column of a global grid, and across the poles, bilinear sampling uses the true distances, whatever the
fraction of a pixel by which the grid misses 360 or 180 degrees. The row beyond a pole is the outermost row 180
degrees away.
"""

import healpy
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()


class Source:
    """A map of `bands[channel, row, column]` (float64, NaN where there is no data) and its grid in degrees."""

    def __init__(self, path, edge_nodata=None):
        dataset = gdal.Open(path)
        if dataset.RasterCount == 2 or dataset.RasterCount > 4:
            raise SystemExit(f"{path}: expected 1, 3 or 4 bands, found {dataset.RasterCount}")
        colours = 3 if dataset.RasterCount == 4 else dataset.RasterCount
        self.bands = np.stack([self._band(dataset.GetRasterBand(i + 1)) for i in range(colours)])
        if dataset.RasterCount == 4:
            self.bands[:, dataset.GetRasterBand(4).ReadAsArray() == 0] = np.nan
        if edge_nodata is not None:
            # No data are the pixels of this value in all bands that such pixels connect with the edge of the image.
            from scipy import ndimage

            labels, _ = ndimage.label((self.bands == edge_nodata).all(axis=0))
            rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
            self.bands[:, np.isin(labels, rim[rim > 0])] = np.nan
        self.height, self.width = self.bands.shape[1:]
        self.is_picture = dataset.GetRasterBand(1).DataType == gdal.GDT_Byte
        west, east_step, _, north, _, south_step = dataset.GetGeoTransform()
        system = dataset.GetSpatialRef()
        if system is None:
            raise SystemExit(f"{path}: no CRS; give the source its sidecars")
        lon0, lat0, lon_unit, lat_unit = 0.0, 0.0, 1.0, 1.0
        if system.IsProjected():
            name = system.GetAttrValue("PROJECTION")
            if name not in ("Equirectangular", "Equidistant_Cylindrical"):
                raise SystemExit(f"{path}: expected an equirectangular grid, found {name}")
            radius = system.GetSemiMajor()
            parallel = system.GetNormProjParm(osr.SRS_PP_STANDARD_PARALLEL_1, 0.0)
            lon_unit = np.degrees(1 / (radius * np.cos(np.radians(parallel))))
            lat_unit = np.degrees(1 / radius)
            lon0 = system.GetNormProjParm(osr.SRS_PP_CENTRAL_MERIDIAN, 0.0)
            lat0 = system.GetNormProjParm(osr.SRS_PP_LATITUDE_OF_ORIGIN, 0.0)
            west -= system.GetNormProjParm(osr.SRS_PP_FALSE_EASTING, 0.0)
            north -= system.GetNormProjParm(osr.SRS_PP_FALSE_NORTHING, 0.0)
        if east_step <= 0 or south_step >= 0:
            raise SystemExit(f"{path}: expected columns eastward and rows southward")
        self.step_lon, self.step_lat = east_step * lon_unit, -south_step * lat_unit
        self.west, self.north = lon0 + west * lon_unit, lat0 + north * lat_unit
        self.wraps = abs(self.width * self.step_lon - 360) <= 2 * self.step_lon
        self.north_pole = abs(90 - self.north) <= 2 * self.step_lat
        self.south_pole = abs(90 + self.north - self.height * self.step_lat) <= 2 * self.step_lat

    @staticmethod
    def _band(band):
        stored = band.ReadAsArray()
        values = stored.astype(np.float64)
        nodata = band.GetNoDataValue()
        if nodata is not None:
            values[stored == np.asarray(nodata).astype(stored.dtype)] = np.nan
        elif band.GetMaskFlags() == gdal.GMF_PER_DATASET:
            values[band.GetMaskBand().ReadAsArray() == 0] = np.nan
        scale, offset = band.GetScale(), band.GetOffset()
        return values * (1 if scale is None else scale) + (0 if offset is None else offset)

    @property
    def channels(self):
        return self.bands.shape[0]

    def tiles(self, order):
        """The numbers of the tiles that a pixel of a regional grid lies in, or of all tiles for a global one."""
        if self.wraps:
            return range(12 << (2 * order))
        lon = self.west + (np.arange(self.width) + 0.5) * self.step_lon
        lat = np.clip(self.north - (np.arange(self.height) + 0.5) * self.step_lat, -90, 90)
        return np.unique(healpy.ang2pix(1 << order, *np.meshgrid(lon, lat), nest=True, lonlat=True)).tolist()

    def column(self, lon):
        """Fractional column of each longitude: 0 is the centre of the first column."""
        u = (lon - self.west) / self.step_lon - 0.5
        if not self.wraps:
            # The turn that brings a longitude nearest to the middle of a regional grid.
            turn = 360 / self.step_lon
            return u - turn * np.round((u - (self.width - 1) / 2) / turn)
        return np.mod(u, 360 / self.step_lon)

    def _columns(self, lon):
        """(left column, right column, weight of the right, inside) for each longitude."""
        u = self.column(lon)
        last = self.width - 1
        if not self.wraps:
            inside = (u >= -0.5 - 1e-9) & (u <= last + 0.5 + 1e-9)
            u = np.clip(u, 0, last)
            left = np.minimum(np.floor(u).astype(np.int64), max(last - 1, 0))
            return left, np.minimum(left + 1, last), u - left, inside
        gap = 360 / self.step_lon - last
        left = np.minimum(np.floor(u).astype(np.int64), last)
        beyond = u > last
        right = np.where(left >= last, 0, left + 1)
        weight = u - left
        if gap > 0:
            weight = np.where(beyond, (u - last) / gap, weight)
        return left, right, weight, np.ones(u.shape, bool)

    def bilinear(self, lon, lat):
        """Values of shape (channel, ...) at the positions in degrees, real-valued; NaN outside and in holes."""
        last = self.height - 1
        v = (self.north - lat) / self.step_lat - 0.5
        inside = np.ones(v.shape, bool)
        top = np.floor(v).astype(np.int64)
        weight = v - top
        bottom = top + 1
        top_turned = np.zeros(v.shape, bool)
        bottom_turned = np.zeros(v.shape, bool)
        above, below = v < 0, v > last
        # A position between the outermost row and its mirror image across the pole: true distances.
        row_lat_north = self.north - 0.5 * self.step_lat
        row_lat_south = self.north - (last + 0.5) * self.step_lat
        if self.north_pole:
            span = 2 * (90 - row_lat_north)
            weight = np.where(above, 1 - (lat - row_lat_north) / span if span > 0 else 1.0, weight)
            top_turned |= above
        else:
            inside &= v >= -0.5 - 1e-9
            weight = np.where(above, 1.0, weight)
        if self.south_pole:
            span = 2 * (90 + row_lat_south)
            weight = np.where(below, (row_lat_south - lat) / span if span > 0 else 0.0, weight)
            bottom_turned |= below
        else:
            inside &= v <= last + 0.5 + 1e-9
            weight = np.where(below, 0.0, weight)
        top, bottom = np.clip(top, 0, last), np.clip(bottom, 0, last)
        total = np.zeros((self.channels,) + v.shape)
        weights = np.zeros((self.channels,) + v.shape)
        for row, turned, row_weight in ((top, top_turned, 1 - weight), (bottom, bottom_turned, weight)):
            left, right, column_weight, within = self._columns(lon + 180.0 * turned)
            inside &= within
            for column, part in ((left, 1 - column_weight), (right, column_weight)):
                values = self.bands[:, row, column]
                share = np.where(np.isfinite(values), row_weight * part, 0)
                total += np.where(share > 0, values, 0) * share
                weights += share
        with np.errstate(invalid="ignore", divide="ignore"):
            result = total / weights
        result[:, ~inside] = np.nan
        return result

    def nearest_candidates(self, lon, lat, slack=1e-6):
        """The values of the nearest pixel, as a list: more than one array where two pixels are equally near.

        `slack` is how near to the line between two pixels, in pixels, counts as equally near.
        """
        candidates = []
        for dv in (-slack, slack):
            v = (self.north - lat) / self.step_lat - 0.5 + dv
            row = np.clip(np.round(v).astype(np.int64), 0, self.height - 1)
            for du in (-slack, slack):
                u = self.column(lon) + du
                if self.wraps:
                    gap = 360 / self.step_lon - (self.width - 1)
                    beyond = u - (self.width - 1)
                    column = np.where(beyond > gap / 2, 0, np.round(u).astype(np.int64))
                    column = np.clip(np.where(u < 0, np.where(u < -gap / 2, self.width - 1, 0), column),
                                     0, self.width - 1)
                else:
                    column = np.clip(np.round(u).astype(np.int64), 0, self.width - 1)
                candidates.append(self.bands[:, row, column])
        return candidates
