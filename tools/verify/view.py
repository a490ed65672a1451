"""Pictures that a client shows of a map, held against the source drawn in the same projection.

Both Aladins show a body in the orthographic (SIN) projection. `render` draws the source so, with east to the
right and north up, or mirrored as a sky is. What a client makes of "zoom 90 degrees" and how it rolls the view at
a pole is its own affair, so `best_match` looks for the scale and the roll under which the two agree best, both for
the true and for the mirrored drawing, and says the correlation of each: only one handedness can fit a real map.
"""

import numpy as np

POLAR = 80.0

# Pictures are compared in boxes of so many pixels: the clients draw each tile as flat patches between its corners,
# which moves what is inside by some pixels, most where four tiles meet at a pole.
BOX = 8

# Where to look: both hemispheres, the meridian 0, the meridian 180, and last the poles.
CENTRES = [(0.0, 0.0), (60.0, 30.0), (180.0, 0.0), (250.0, -40.0), (359.0, 5.0), (0.0, 90.0), (0.0, -90.0)]


def luminance(picture):
    """Brightness of an RGB array [row, column, channel]."""
    return picture[..., :3].astype(np.float64) @ np.array([0.299, 0.587, 0.114])


def box(array, side):
    """Box means of side x side pixels; what does not fill a box is cut off."""
    high, wide = (n // side * side for n in array.shape)
    return array[:high, :wide].reshape(high // side, side, wide // side, side).mean(axis=(1, 3))


class Brightness:
    """The brightness of a source: colours by luminance, values clipped to their middle 99 % of the area."""

    def __init__(self, source):
        self.source = source
        self.clip = None
        if not source.is_picture:
            rows = np.cos(np.radians(source.north - (np.arange(source.height) + 0.5) * source.step_lat))
            values = source.bands[0]
            sample = np.random.default_rng(0).choice(source.height, 4096, p=np.abs(rows) / np.abs(rows).sum())
            picked = values[sample, np.random.default_rng(1).integers(0, source.width, 4096)]
            self.clip = np.nanpercentile(picked, [0.5, 99.5])

    def at(self, lon, lat):
        values = self.source.bilinear(lon, lat)
        if self.source.channels == 1:
            return values[0] if self.clip is None else np.clip(values[0], *self.clip)
        return np.tensordot([0.299, 0.587, 0.114], values, 1)


def render(brightness, centre, shape, radius, roll, mirrored, samples=3):
    """The source seen from afar: `radius` pixels to the limb, turned by `roll` degrees; NaN off the disc.

    A pixel is the mean of samples x samples points inside it.
    """
    drawn = _points(brightness, centre, [n * samples for n in shape], radius * samples, roll, mirrored)
    return box(drawn, samples)


def _points(brightness, centre, shape, radius, roll, mirrored):
    high, wide = shape
    right, up = np.meshgrid(np.arange(wide) - (wide - 1) / 2, (high - 1) / 2 - np.arange(high))
    turn = np.radians(roll)
    east = (right * np.cos(turn) + up * np.sin(turn)) / radius * (-1 if mirrored else 1)
    north = (up * np.cos(turn) - right * np.sin(turn)) / radius
    squared = east ** 2 + north ** 2
    depth = np.sqrt(np.clip(1 - squared, 0, None))
    lon0, lat0 = np.radians(centre)
    lat = np.arcsin(np.clip(depth * np.sin(lat0) + north * np.cos(lat0), -1, 1))
    lon = lon0 + np.arctan2(east, depth * np.cos(lat0) - north * np.sin(lat0))
    values = brightness.at(np.degrees(lon), np.degrees(lat))
    # The outermost ring is left out: there a pixel of the picture spans many of the source.
    return np.where(squared < 0.92 ** 2, values, np.nan)


def correlation(a, b, mask):
    """Pearson's coefficient over the pixels of the mask where both are numbers; 0 where one is flat."""
    both = mask & np.isfinite(a) & np.isfinite(b)
    if both.sum() < 50:
        return 0.0
    x, y = a[both] - a[both].mean(), b[both] - b[both].mean()
    power = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / power) if power > 0 else 0.0


def _search(score, start, steps, rounds):
    """Climbs from `start` by trying each coordinate up and down, halving the steps when nothing is better."""
    best, place = score(*start), list(start)
    for _ in range(rounds):
        moved = False
        for i in range(len(place)):
            for sign in (-1, 1):
                trial = list(place)
                trial[i] += sign * steps[i]
                value = score(*trial)
                if value > best:
                    best, place, moved = value, trial, True
        if not moved:
            steps = [s / 2 for s in steps]
    return best, place


def best_match(picture, mask, brightness, centre, mirrored, radius=None, signed=True):
    """(correlation, radius, roll) of the drawing that agrees best with a picture's luminance.

    `radius` (pixels to the limb) is about the scale where that is known; `signed` False takes a negative picture
    for as good as a positive one, as clients may show values in a reversed grey scale.
    """
    def scorer(side, samples):
        small, small_mask = box(picture, side), box(mask.astype(float), side) > 0.99

        def score(log_radius, roll):
            drawn = render(brightness, centre, small.shape, np.exp(log_radius) / side, roll, mirrored, samples)
            value = correlation(small, drawn, small_mask)
            return value if signed else abs(value)
        return score

    polar = abs(centre[1]) > POLAR
    rolls = np.arange(-180, 180, 10) if polar else np.arange(-30, 31, 10)
    wide = max(picture.shape)
    radii = [radius] if radius else wide * np.geomspace(0.25, 1.6, 40)
    score = scorer(2 * BOX, 1)
    _, start = max((score(np.log(r), t), (np.log(r), t)) for r in radii for t in rolls)
    _, start = _search(score, start, [0.03, 5.0], 14)
    best, (log_radius, roll) = _search(scorer(BOX, 3), start, [0.004, 0.5], 8)
    return best, float(np.exp(log_radius)), float(roll)


def displaced(picture, mask, brightness, centre, radius, roll, signed, degrees=1.5):
    """The best correlation with drawings whose centre lies `degrees` north, south, east or west of the stated one."""
    small, small_mask = box(picture, BOX), box(mask.astype(float), BOX) > 0.99
    lon, lat = centre
    east = degrees / max(np.cos(np.radians(lat)), 0.1)
    moved = [(lon + east, lat), (lon - east, lat)] if abs(lat) < POLAR else []
    moved += [(lon, lat + d) for d in (-degrees, degrees) if abs(lat + d) <= 90]
    values = [correlation(small, render(brightness, c, small.shape, radius / BOX, roll, False), small_mask)
              for c in moved]
    return max(v if signed else abs(v) for v in values)


def judge(pictures, masks, source, least=0.85):
    """Prints a line per centre and returns how many pictures are not the source with east to the right.

    A picture must fit the source at its own place better than the mirror image, and better than the source 1.5
    degrees away in any direction: how well it fits at all depends on how fine the map's texture is.
    """
    brightness = Brightness(source)
    signed = source.is_picture
    wrong, radius = 0, None
    for centre, picture in pictures.items():
        grey = luminance(picture)
        spread = float(grey[masks].std())
        true, found, roll = best_match(grey, masks, brightness, centre, False, radius, signed)
        mirror, _, _ = best_match(grey, masks, brightness, centre, True, radius, signed)
        away = displaced(grey, masks, brightness, centre, found, roll, signed)
        upright = abs(centre[1]) > POLAR or abs(roll) < 20
        good = true >= least and true > mirror and true > away and upright and spread > 1
        wrong += not good
        if good and radius is None:
            radius = found
        print(f"  {'ok   ' if good else 'WRONG'} centre {centre[0]:g} {centre[1]:+g}: correlation {true:.4f}, "
              f"mirrored {mirror:.4f}, 1.5 degrees away {away:.4f}, limb at {found:.1f} pixels, roll {roll:+.1f}")
    return wrong
