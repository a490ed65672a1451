"""Cones and zones on the sphere, and whether they touch a cell: exact geometry for moc_regions.py."""
import math

import healpy
import numpy as np

from moc_cells import TINY, place, side_points, xyz


class Cone:
    def __init__(self, lon, lat, radius):
        self.axis, self.r = xyz(lon, lat), math.radians(radius)
        self.lon, self.lat = lon, lat
        self.reach = math.cos(self.r)

    def angle(self, p):
        return 2 * np.arcsin(np.minimum(1, np.linalg.norm(p - self.axis, axis=-1) / 2))

    def contains(self, p):
        return self.angle(p) < self.r

    def border(self, p):
        return np.abs(self.angle(p) - self.r)

    def touches(self, order, npix):
        spot = tuple(int(v) for v in place(order, npix))
        if healpy.ang2pix(2**order, self.lon, self.lat, nest=True, lonlat=True) == npix:
            return 1
        least = 9.0
        for side in range(4):
            low, high = 0.0, 1.0
            for _ in range(12):
                t = np.linspace(low, high, 33)
                a = self.angle(side_points(order, spot, side, t))
                k = int(a.argmin())
                least = min(least, a[k])
                low, high = t[max(0, k - 2)], t[min(32, k + 2)]
        return 1 if least < self.r - TINY else 0 if least > self.r + TINY else None


class Zone:
    """Between two meridians and two parallels, in degrees."""

    def __init__(self, west, east, south, north):
        self.west, self.width = math.radians(west), math.radians(east - west)
        self.south, self.north = math.radians(south), math.radians(north)

    def place(self, p):
        """How far east of the western meridian, in -pi to pi around the middle, and the latitude."""
        east = np.arctan2(p[..., 1], p[..., 0]) - self.west - self.width / 2
        east -= 2 * math.pi * np.round(east / (2 * math.pi))
        return east + self.width / 2, np.arctan2(p[..., 2], np.hypot(p[..., 0], p[..., 1]))

    def contains(self, p):
        east, lat = self.place(p)
        return (east > 0) & (east < self.width) & (lat > self.south) & (lat < self.north)

    def border(self, p):
        east, lat = self.place(p)
        rho = np.hypot(p[..., 0], p[..., 1])
        return np.min([np.abs(lat - self.south), np.abs(lat - self.north), np.abs(east) * rho,
                       np.abs(east - self.width) * rho], axis=0)

    def touches(self, order, npix):
        """1 touches, 0 does not, None is too near to say: what a hair more or less decides."""
        more, less = (self.touched(order, npix, hair) for hair in (1e-13, -1e-13))
        return more if more == less else None

    def touched(self, order, npix, hair):
        """The same of a zone whose bounds are moved out by a hair."""
        spot = tuple(int(v) for v in place(order, npix))
        for lon in (self.west, self.west + self.width / 2, self.west + self.width):
            for lat in (self.south, self.north):
                if healpy.ang2pix(2**order, math.pi / 2 - lat, lon % (2 * math.pi), nest=True) == npix:
                    return 1
        # A pole is one place for all longitudes.
        corners = np.concatenate([side_points(order, spot, side, np.array([0.0, 1.0])) for side in range(4)])
        poles = corners[np.hypot(corners[:, 0], corners[:, 1]) == 0, 2]
        if (self.north >= math.pi / 2 and 1 in poles) or (self.south <= -math.pi / 2 and -1 in poles):
            return 1
        # Along a side of a cell latitude and longitude rise or fall throughout: each is in the zone for one interval.
        unsure = False
        for side in range(4):
            spans = []
            for coordinate, (low, high) in ((0, (0, self.width)), (1, (self.south, self.north))):

                def beyond(t, bound):
                    p = side_points(order, spot, side, t)
                    length = np.hypot(p[:, 0], p[:, 1]) if coordinate == 0 else 1
                    return (self.place(p)[coordinate] - bound) * length + (hair if bound == low else -hair)

                ends = []
                for bound in (low, high):
                    a, b = 0.0, 1.0
                    for _ in range(14):
                        t = np.linspace(a, b, 17)
                        values = beyond(t, bound)
                        change = np.flatnonzero((values[1:] > 0) != (values[0] > 0))
                        if len(change) == 0:
                            # It is on one side of the bound all along.
                            a = b = math.inf if values[0] > 0 else -math.inf
                            break
                        a, b = t[change[0]], t[change[0] + 1]
                    first = beyond(np.array([0.0]), bound)[0] > 0
                    ends.append((a, first))
                (low_at, above_low), (high_at, above_high) = ends
                if math.isinf(low_at):
                    begin, end = (0.0, 1.0) if low_at > 0 else (1.0, 0.0)
                else:
                    begin, end = (0.0, low_at) if above_low else (low_at, 1.0)
                if math.isinf(high_at):
                    if high_at > 0:
                        begin, end = 1.0, 0.0
                elif above_high:
                    begin = max(begin, high_at)
                else:
                    end = min(end, high_at)
                spans.append((begin, end))
            room = min(spans[0][1], spans[1][1]) - max(spans[0][0], spans[1][0])
            if min(spans[0][1] - spans[0][0], spans[1][1] - spans[1][0]) < -0.5:
                continue
            slack = TINY * 2**order + 1e-12
            if room > slack:
                return 1
            unsure |= room > -slack
        return None if unsure else 0
