#!/usr/bin/env python3
"""Moments in all scales as microseconds of TCB since JD 0, by astropy (ERFA), for Tests/MOCTests/Tables/times.txt."""
import random
import sys

import astropy
import erfa
from astropy.time import Time

DAY = 86_400_000_000


def microseconds(moment):
    tcb = moment.tcb
    half_days = round(tcb.jd1 * 2)
    rest = (tcb.jd1 - half_days / 2) + tcb.jd2
    return half_days * (DAY // 2) + round(rest * DAY)


def main():
    random.seed(41)
    texts = [("utc", text) for text in (
        "1972-01-01T00:00:00", "1972-06-30T23:59:60.25", "1972-07-01T00:00:00", "1976-07-20T11:53:06",
        "1998-12-31T23:59:59.999999", "2016-12-31T23:59:60.5", "2017-01-01T00:00:00", "2021-02-18T20:55:00")]
    for scale in ("utc", "tai", "tt", "tdb", "tcb"):
        for _ in range(20):
            year = random.randint(1972, 2027) if scale == "utc" else random.randint(1900, 2100)
            texts.append((scale, f"{year}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}T"
                          f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}."
                          f"{random.randint(0, 999999):06d}"))
    print(f"# Written by tools/truth/moc_times.py with astropy {astropy.__version__}, ERFA {erfa.__version__}.")
    print("# scale\ttime\tmicroseconds of TCB since JD 0, to 20")
    for scale, text in texts:
        print(f"{scale}\t{text}\t{microseconds(Time(text, scale=scale))}")


if __name__ == "__main__":
    sys.exit(main())
