"""What a map of a window must look like: GDAL's warp of the source map, which knows nothing of HiPS."""

import numpy as np
from osgeo import gdal, osr

from source import Source

gdal.UseExceptions()

# Rows that go on behind the poles, and a turn on either side, so that no window ends at an edge of the file.
BEHIND = 8


class Truth:
    """A global map, warped into windows of any system."""

    def __init__(self, path):
        source = Source(path)
        bands = source.bands
        half = bands.shape[2] // 2
        north = np.roll(bands[:, BEHIND - 1 :: -1], half, axis=2)
        south = np.roll(bands[:, : -BEHIND - 1 : -1], half, axis=2)
        turn = np.concatenate([north, bands, south], axis=1)
        wide = np.concatenate([turn, turn, turn], axis=2)
        count, height, width = wide.shape
        # One band more: the distance of the columns, in degrees of a great circle.
        self.dataset = gdal.GetDriverByName("MEM").Create("", width, height, count + 1, gdal.GDT_Float32)
        self.dataset.SetGeoTransform(
            [source.west - 360, source.step_lon, 0, source.north + BEHIND * source.step_lat, 0, -source.step_lat])
        self.dataset.SetProjection(system("IAU_2015:49900").ExportToWkt())
        for index in range(count):
            self.dataset.GetRasterBand(index + 1).WriteArray(wide[index].astype(np.float32))
        lat = source.north + (BEHIND - 0.5 - np.arange(height)) * source.step_lat
        spacing = source.step_lon * np.abs(np.cos(np.radians(lat)))
        self.dataset.GetRasterBand(count + 1).WriteArray(
            np.repeat(spacing[:, None], width, axis=1).astype(np.float32))

    def vectors(self, crs, box, width, height):
        """The unit vectors of the window's places, not a number outside of the globe."""
        if not hasattr(self, "places"):
            # A degree is fine enough: between them unit vectors bend by less than 1e-4.
            lon, lat = np.radians(np.arange(-540, 540) + 0.5), np.radians(93.5 - np.arange(188))
            circle = np.cos(lat)[:, None]
            fields = (circle * np.cos(lon), circle * np.sin(lon), np.repeat(np.sin(lat)[:, None], 1080, axis=1))
            self.places = gdal.GetDriverByName("MEM").Create("", 1080, 188, 3, gdal.GDT_Float64)
            self.places.SetGeoTransform([-540, 1, 0, 94, 0, -1])
            self.places.SetProjection(system("IAU_2015:49900").ExportToWkt())
            for index, field in enumerate(fields):
                self.places.GetRasterBand(index + 1).WriteArray(field)
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        result = gdal.Warp(
            "", self.places, format="MEM", dstSRS=crs, outputBounds=box, width=width, height=height,
            resampleAlg="bilinear", errorThreshold=0, warpOptions=["XSCALE=1", "YSCALE=1"], dstNodata=float("nan"),
            outputType=gdal.GDT_Float64)
        gdal.PopErrorHandler()
        return result.ReadAsArray()

    def warped(self, crs, box, width, height, method):
        """Bands of the window as float32, NaN outside of the map, and the distance of the source's columns in degrees."""
        # Points behind the poles and beyond a turn are no mistake here; PROJ complains about each.
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        # GDAL would guess the ratio of pixels from the whole source, three turns of it, and blur finer windows with that.
        scale = ["XSCALE=1", "YSCALE=1"] if method == "bilinear" else []
        result = gdal.Warp(
            "", self.dataset, format="MEM", dstSRS=crs, outputBounds=box, width=width, height=height,
            resampleAlg=method, errorThreshold=0, warpOptions=scale, dstNodata=float("nan"), outputType=gdal.GDT_Float32)
        gdal.PopErrorHandler()
        array = result.ReadAsArray()
        return array[:-1], array[-1]


def system(text):
    found = osr.SpatialReference()
    found.SetFromUserInput(text)
    return found


def difference(picture, truth):
    """How much brighter a picture is than the truth, the mean of the bands, and where both are."""
    colours = picture[..., :3] if picture.shape[2] >= 3 else np.repeat(picture[..., :1], 3, axis=2)
    wanted = truth if truth.shape[0] == 3 else np.repeat(truth, 3, axis=0)
    inside = np.isfinite(truth[0])
    if picture.shape[2] in (2, 4):
        inside &= picture[..., -1] > 0
    return np.where(inside, (np.moveaxis(colours, 2, 0).astype(float) - wanted).mean(axis=0), 0), inside


def compare(name, picture, truth, judged, levels=1.5, share=0.005):
    """Whether a picture (rows, columns, 3 or 4 bytes) is the truth (bands, rows, columns in grey levels).

    Holes count everywhere, differences where `judged`."""
    inside = np.isfinite(truth[0])
    if picture.shape[2] in (2, 4):
        holes = int(np.count_nonzero(inside & (picture[..., -1] == 0)))
        if holes > share * inside.sum():
            return f"{name}: {holes} holes among {int(inside.sum())} pixels"
    colours = picture[..., :3] if picture.shape[2] >= 3 else np.repeat(picture[..., :1], 3, axis=2)
    wanted = truth if truth.shape[0] == 3 else np.repeat(truth, 3, axis=0)
    difference = np.abs(np.moveaxis(colours, 2, 0).astype(float) - wanted).max(axis=0)[inside & judged]
    if not difference.size:
        return f"{name}: no pixel can be judged"
    wrong = float((difference > levels).mean())
    print(
        f"  {name}: {100 * wrong:.3f} % of {difference.size} pixels off by more than {levels} levels, "
        f"mean {difference.mean():.3f}, worst {difference.max():.1f}")
    return None if wrong <= share else f"{name}: {100 * wrong:.2f} % of pixels differ"


def grey(values, low, high):
    """Grey levels of values."""
    return np.clip((values - low) / (high - low), 0, 1) * 255
