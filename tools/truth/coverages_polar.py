#!/usr/bin/python3
"""Makes the table that polar FITS images of the coverage service are held against.

What: for polar stereographic systems of Mars that are true to scale at the pole, at a standard parallel, or by a factor
there: the scale that a FITS image of 1000 m a pixel has to state, and where places lie in it.

How: PROJ projects places into the system. FITS knows the projection with the scale of the pole alone (STG: FITS 4.0,
table 13; M. R. Calabretta and E. W. Greisen, A&A 395, 2002), so CDELT has to take the factor. The one with which
astropy puts the places where PROJ does is found by least squares; the largest difference that is left is checked and
written down, and pixels are astropy's.

    coverages_polar.py > Tests/GridCoveragesTests/Tables/polar_fits.txt
"""

import numpy as np
from astropy.wcs import WCS
from osgeo import osr

osr.UseExceptions()
RADIUS, PIXEL, SIDE = 3396190, 1000.0, 2000
CASES = [
    (90, "+k_0=1", 0), (90, "+lat_ts=70", 0), (90, "+lat_ts=60", -45), (90, "+k_0=0.994", 30),
    (-90, "+k_0=1", 0), (-90, "+lat_ts=-71", 0), (-90, "+lat_ts=-60", 150),
]


def image(pole, meridian, cdelt):
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---STG", "DEC--STG"]
    wcs.wcs.crpix = [SIDE / 2 + 0.5] * 2
    wcs.wcs.crval = [meridian, pole]
    wcs.wcs.cdelt = [cdelt, cdelt]
    wcs.wcs.lonpole = 180
    return wcs


def main():
    print("# tools/truth/coverages_polar.py: R 3396190 m, 2000 x 2000 pixels of 1000 m around the pole; rows from the south")
    print("# case: pole, definition, central meridian, CDELT in degrees; place: longitude, latitude, column, row from 1")
    for pole, scale, meridian in CASES:
        definition = f"+proj=stere +lat_0={pole} {scale} +lon_0={meridian} +R={RADIUS} +units=m +no_defs"
        system = osr.SpatialReference()
        system.ImportFromProj4(definition)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        geographic = system.CloneGeogCS()
        geographic.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transformation = osr.CoordinateTransformation(geographic, system)
        places = np.array([(lon, np.sign(pole) * lat) for lon in range(-170, 180, 35) for lat in (76.5, 81, 85.25, 89)])
        metres = np.array(transformation.TransformPoints(places.tolist()))[:, :2]
        wanted = metres / PIXEL + SIDE / 2 + 0.5
        centre = SIDE / 2 + 0.5
        unit = image(pole, meridian, 1).wcs_world2pix(places, 1) - centre
        # Both are distances from the pole: one factor takes all of one to the other.
        cdelt = (unit * unit).sum() / (unit * (wanted - centre)).sum()
        pixels = image(pole, meridian, cdelt).wcs_world2pix(places, 1)
        off = np.abs(pixels - wanted).max()
        assert off < 1e-6, (definition, off)
        print(f"case {pole} {scale} {meridian} {cdelt:.15g}")
        for (lon, lat), (column, row) in zip(places, pixels):
            print(f"place {lon:g} {lat:g} {column:.6f} {row:.6f}")


if __name__ == "__main__":
    main()
