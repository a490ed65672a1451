"""Whether borders of tiles or faces show in a map: steps of its difference to the truth, across borders and beside them.

A map may be off by a level here and there, but not along a line: where neighbours lie in two tiles of HEALPix (of any order, 0
being the faces) or of a web map, the difference may not change by more than it does between other neighbours around."""

import healpy
import numpy as np

# By so many grey levels the mean step across borders may exceed that beside them, and be other than 0 across one border.
EXCESS, STEP = 0.3, 0.5
# Fewer neighbours than this say nothing.
FEWEST = 100


def steps(difference, judged, axis):
    """Changes of the difference from each pixel to the next one, and which of them count."""
    first = [slice(None), slice(None)]
    second = [slice(None), slice(None)]
    first[axis], second[axis] = slice(None, -1), slice(1, None)
    first, second = tuple(first), tuple(second)
    return difference[second] - difference[first], judged[second] & judged[first], first, second


def shown(difference, judged, tiles):
    """What shows of the borders between tiles (a number for each pixel); None for nothing, and how many steps were looked at."""
    across, beside, pairs, count = [], [], {}, 0
    for axis in (0, 1):
        change, counts, first, second = steps(difference, judged, axis)
        border = (tiles[first] != tiles[second]) & counts
        near = np.zeros_like(border)
        # Four pixels on either side.
        for shift in range(-4, 5):
            near |= np.roll(border, shift, axis)
        across.append(np.abs(change[border]))
        beside.append(np.abs(change[near & counts & ~border]))
        for pair, step in zip(zip(tiles[first][border], tiles[second][border]), change[border]):
            pairs.setdefault((axis, *pair), []).append(step)
    across, beside = np.concatenate(across), np.concatenate(beside)
    if len(across) < FEWEST or len(beside) < FEWEST:
        return None, 0
    excess = float(across.mean() - beside.mean())
    if excess > EXCESS:
        return f"steps of {across.mean():.2f} levels across borders, {beside.mean():.2f} beside them", len(across)
    for pair, values in pairs.items():
        if len(values) >= FEWEST and abs(mean := float(np.mean(values))) > STEP:
            return f"a step of {mean:.2f} levels from tile {pair[1]} to {pair[2]}", len(across)
    return None, len(across)


def grids(vectors, deepest, shape):
    """All divisions that might show: faces and tiles of HEALPix down to an order, and tiles of 256 pixels."""
    rows, columns = np.indices(shape)
    inside = np.isfinite(vectors[0])
    filled = np.where(inside, vectors, np.array([1.0, 0, 0])[:, None, None])
    for order in range(deepest + 1):
        yield f"order {order}", np.where(inside, healpy.vec2pix(1 << order, *filled, nest=True), -1)
    if max(shape) > 256:
        yield "tiles of 256", rows // 256 * 1000 + columns // 256


def borders(name, difference, judged, vectors, deepest):
    """What is wrong with a map's borders; None for nothing. `difference` is that to the truth, one number a pixel."""
    total = 0
    for what, tiles in grids(vectors, deepest, difference.shape):
        found, count = shown(difference, judged, tiles)
        total += count
        if found:
            return f"{name}: borders of {what} show: {found}"
    print(f"    {total} steps across borders show nothing")
    return None


def planted(name, difference, judged, vectors, deepest, levels=2.0):
    """Faults for borders that were planted and are not found: every other tile brighter, and a brighter line along borders."""
    faults, count = [], 0
    for what, tiles in grids(vectors, deepest, difference.shape):
        if shown(difference, judged, tiles)[1] == 0:
            continue
        # The pixels on one side of each border.
        line = np.zeros(difference.shape, bool)
        line[:, :-1] |= tiles[:, 1:] > tiles[:, :-1]
        line[:, 1:] |= tiles[:, :-1] > tiles[:, 1:]
        line[:-1] |= tiles[1:] > tiles[:-1]
        line[1:] |= tiles[:-1] > tiles[1:]
        for kind, where in (("tiles", tiles % 2 == 1), ("lines", line)):
            # Tiles of one parity alone, as faces around a pole may be, make no step.
            if kind == "tiles" and len(np.unique(tiles[judged] % 2)) < 2:
                continue
            count += 1
            if not shown(difference + levels * where, judged, tiles)[0]:
                faults.append(f"{name}: {kind} of {what} that are {levels} levels brighter are not found")
    return faults, count
