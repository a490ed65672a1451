"""Polygons of great circles on the sphere, and whether they touch a cell: exact geometry for moc_regions.py."""
import healpy
import numpy as np

from moc_cells import TINY, place, side_points, xyz


class Polygon:
    def __init__(self, rings):
        self.rings = [xyz(np.array(r)[:, 0], np.array(r)[:, 1]) for r in rings]
        a = np.concatenate(self.rings)
        b = np.concatenate([np.roll(r, -1, 0) for r in self.rings])
        keep = np.linalg.norm(a - b, axis=1) > 0
        self.a, self.b = a[keep], b[keep]
        # a x (b - a) is good to the last digit where a x b is not.
        n = np.cross(self.a, self.b - self.a)
        self.n = n / np.linalg.norm(n, axis=1)[:, None]
        self.near = slice(None)
        axis = a.sum(0)
        self.axis = axis / np.linalg.norm(axis)
        e = np.cross(self.axis, [0, 0, 1] if abs(self.axis[2]) < 0.9 else [1, 0, 0])
        self.e = e / np.linalg.norm(e)
        self.f = np.cross(self.axis, self.e)
        self.reach = (a @ self.axis).min()

    def plane(self, p):
        d = p @ self.axis
        return np.stack([p @ self.e / d, p @ self.f / d], -1)

    def contains(self, p):
        """Even-odd rule in the gnomonic plane; for places in the hemisphere of the axis."""
        front = p @ self.axis > 1e-9
        q = self.plane(np.where(front[:, None], p, self.axis))
        odd = np.zeros(len(p), bool)
        for ring in self.rings:
            w = self.plane(ring)
            for (x0, y0), (x1, y1) in zip(w, np.roll(w, -1, 0)):
                if y0 == y1:
                    continue
                cross = (y0 > q[:, 1]) != (y1 > q[:, 1])
                odd ^= cross & (q[:, 0] < x0 + (x1 - x0) * ((q[:, 1] - y0) / (y1 - y0)))
        return odd & front

    def border(self, p):
        """The least distance of places from the edges."""
        best = np.full(len(p), 9.0)
        for low in range(0, len(p), 2000):
            best[low:low + 2000] = self.distances(p[low:low + 2000]).min(1)
        return best

    def distances(self, p):
        a, b, n = self.a, self.b, self.n
        on = (p @ np.cross(n, a).T > 0) & (p @ np.cross(b, n).T > 0)
        from_a = np.sqrt(np.maximum(0, ((p[:, None] - a) ** 2).sum(2)))
        from_b = np.sqrt(np.maximum(0, ((p[:, None] - b) ** 2).sum(2)))
        off = np.abs(((p[:, None] - a) * n).sum(2))
        return np.where(on, off, np.minimum(from_a, from_b))

    def touches(self, order, npix):
        """1 touches, 0 does not, None is too near to say."""
        spot = tuple(int(v) for v in place(order, npix))
        corner = side_points(order, spot, 0, np.array([0.0]))
        if self.contains(corner)[0]:
            return 1
        # Edges that come near the cell: it reaches no farther than 2 of its sides from a corner.
        near = np.flatnonzero(self.distances(corner)[0] < 4.0 / 2**order)
        if len(near) == 0:
            return 0
        a, b, n = self.a[near], self.b[near], self.n[near]
        theta, phi = np.arctan2(np.hypot(a[:, 0], a[:, 1]), a[:, 2]), np.arctan2(a[:, 1], a[:, 0])
        if np.any(healpy.ang2pix(2**order, theta, phi, nest=True) == npix):
            return 1
        unsure = False
        for side in range(4):
            t = np.linspace(0, 1, 17)
            for depth in range(5):
                p = side_points(order, spot, side, t)
                f = ((p[:, None] - a) * n).sum(2)
                answer = self.crossing(order, spot, side, t, f, a, b, n)
                if answer == 1:
                    return 1
                unsure |= answer is None
                # A side bends by less than 12 (step / nside)^2 / 8 off the line between two of its points.
                step = np.diff(t)[:, None] / 2.0**order
                close = np.minimum(np.abs(f[:-1]), np.abs(f[1:])) < 1.5 * step**2 + 1e-16
                rows = np.flatnonzero(close.any(1))
                if len(rows) == 0:
                    break
                if depth == 4:
                    unsure |= bool((self.distances(p[rows])[:, near].min(1) < TINY).any())
                    break
                t = np.unique(np.concatenate([np.linspace(t[r], t[r + 1], 9) for r in rows]))
        return None if unsure else 0

    def crossing(self, order, spot, side, t, f, a, b, n):
        """Whether a side crosses an edge: 1, 0, or None when it does so within rounding of the edge's end."""
        result = 0
        for r, e in zip(*np.nonzero((f[:-1] > 0) != (f[1:] > 0))):
            if t[r + 1] - t[r] > 0.1:
                continue
            low, high, sign = t[r], t[r + 1], f[r, e] > 0
            for _ in range(10):
                ts = np.linspace(low, high, 17)
                values = (side_points(order, spot, side, ts) - a[e]) @ n[e]
                k = int(np.argmax((values > 0) != sign))
                if k == 0:
                    break
                low, high = ts[k - 1], ts[k]
            p = side_points(order, spot, side, np.array([low]))[0]
            room = min(np.dot(np.cross(n[e], a[e]), p - a[e]), np.dot(np.cross(b[e], n[e]), p - b[e]))
            if room > TINY:
                return 1
            if room > -TINY:
                result = None
        return result
