#!/usr/bin/python3
"""Measures how the cost of `tessera build` grows with the size of its source, and writes the table.

What: synthetic heights (int16) on the sphere of Mars, 16384, 32768 and 65536 columns in strips, and 131072 columns in
tiles of which only some bands of latitude are written, built to FITS tiles at their natural order; and bytes of a strip of Mars at 0.25 m, 2.5 x 5 km, 5 x 10 km and 10 x 20 km as HiRISE takes them,
to JPEG tiles at order 15. For each: CPU
seconds, CPU seconds per thousand million pixels of the source that hold data (by their area), peak memory of the process, and how many
times each byte of the source was read.

How: user and system time and peak memory from wait4, the median of three builds of the smaller sources. Where a
memory control group can be made, all builds run in one of 2 GB: a virtual machine whose host gives it pages as they are
first touched charges up to 2.5 CPU seconds a GB to whoever touches them, and only a cache that is kept small writes to
pages that are there. The bytes that were read from the source by tracing every read of
its file in a second build (`strace`; left out where it is missing). Sources and maps are deleted as soon as they have
been measured, so that no more than the largest source and its map are on the disk: 11 GB for 65536 columns.

    growth.py TESSERA [--work DIR] [--largest 65536|131072] [--output FILE] [--check]
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

from run import ROOT, measure

BEGIN, END = "<!-- growth: begin (Benchmarks/peers/growth.py writes this) -->", "<!-- growth: end -->"
MOST_MEMORY, MOST_READS, MOST_GROWTH, MOST_PER_PIXEL = 700.0, 3.0, 4.2, 1.2
GROUP_BYTES = 2 << 30
STRIPS = [10000, 20000, 40000]

# (columns, creation options, every how many bands of 1/16 of the rows one is written)
CASES = [
    (16384, [], 1),
    (32768, [], 1),
    (65536, ["BIGTIFF=YES"], 1),
    (131072, ["BIGTIFF=YES", "TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "SPARSE_OK=TRUE"], 8),
]


def write(path, width, options, every):
    """Writes a source and returns how many of its pixels hold data, and how many they are by area.

    A pixel of the source is narrower towards the poles, and fewer pixels of tiles are made of it: by area, all pixels
    of a whole map count as one each.

    In a process of its own: what this one holds when it starts a build would count as the build's memory.
    """
    import numpy as np
    from osgeo import gdal, osr

    gdal.UseExceptions()
    height = width // 2
    gdal.SetCacheMax(256 << 20)
    dataset = gdal.GetDriverByName("GTiff").Create(path, width, height, 1, gdal.GDT_Int16, options)
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49900")
    dataset.SetProjection(system.ExportToWkt())
    dataset.SetGeoTransform((-180, 360 / width, 0, 90, 0, -180 / height))
    band = dataset.GetRasterBand(1)
    if every > 1:
        band.SetNoDataValue(-32768)
    longitude = np.radians((np.arange(width) + 0.5) * 360 / width)
    waves = [(s, k, np.cos(longitude * k).astype(np.float32)) for s, k in ((3000, 3), (1500, 17), (500, 111))]
    noise = np.random.default_rng(1).integers(-40, 41, 2 * width).astype(np.float32)
    rows, written, area = 512, 0, 0.0
    for top in range(0, height, rows):
        if (top * 16 // height + every // 2) % every:
            continue
        latitude = np.radians(90 - (np.arange(top, top + rows) + 0.5) * 180 / height)
        values = sum(s * np.outer(np.cos(latitude * k).astype(np.float32), wave) for s, k, wave in waves)
        for i in range(rows):
            start = (top + i) * 7919 % width
            values[i] += noise[start:start + width]
        band.WriteArray(values.astype(np.int16), 0, top)
        written += rows * width
        area += width * float(np.cos(latitude).sum()) * np.pi / 2
    dataset.FlushCache()
    return written, area


def write_strip(path, width):
    """Writes bytes at 0.25 m around Jezero, twice as high as wide. Gives the pixels and, as they are all alike, the same."""
    import numpy as np
    from osgeo import gdal, osr

    gdal.UseExceptions()
    gdal.SetCacheMax(256 << 20)
    height = 2 * width
    dataset = gdal.GetDriverByName("GTiff").Create(path, width, height, 1, gdal.GDT_Byte, ["BIGTIFF=YES"])
    system = osr.SpatialReference()
    system.SetFromUserInput("IAU_2015:49900")
    dataset.SetProjection(system.ExportToWkt())
    step = 0.25 / (3396190 * np.pi / 180)
    dataset.SetGeoTransform((77.4, step / np.cos(np.radians(18.4)), 0, 18.4 + height * step / 2, 0, -step))
    noise = np.random.default_rng(2).integers(0, 40, 2 * width).astype(np.uint8)
    wave = (107 + 100 * np.sin(np.arange(width) / 300)).astype(np.uint8)
    for top in range(0, height, 500):
        rows = np.stack([wave + noise[s:s + width] for s in (np.arange(top, top + 500) * 7919 % width)])
        dataset.GetRasterBand(1).WriteArray(rows, 0, top)
    dataset.FlushCache()
    return width * height, width * height


def build(tessera, source, work, format="fits"):
    return [tessera, "build", source, "--data", os.path.join(work, "data"), "--body", "mars", "--name", "growth",
            "--formats", format, "--force", "--quiet"]


def control_group():
    """A command prefix that runs the rest in a memory control group of its own, and the group's folder; or ([], None)."""
    for root, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")):
        folder = os.path.join(root, f"tessera-growth-{os.getpid()}")
        try:
            os.mkdir(folder)
        except OSError:
            continue
        try:
            with open(os.path.join(folder, limit), "w", encoding="ascii") as file:
                file.write(str(GROUP_BYTES))
        except OSError:
            os.rmdir(folder)
            continue
        return ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', folder], folder
    return [], None


def measured(command, work, repeats):
    """The cost of a build, that with the median CPU time of a few."""
    costs = []
    for _ in range(repeats):
        costs.append(measure(command))
        shutil.rmtree(os.path.join(work, "data"))
    return sorted(costs, key=lambda cost: cost.cpu)[repeats // 2]


def bytes_read(command, source, work):
    """Bytes that a build reads from its source; None without strace."""
    if shutil.which("strace") is None:
        return None
    traces = os.path.join(work, "traces")
    os.makedirs(traces)
    subprocess.run(["strace", "-ff", "-qq", "-y", "-s", "0", "-e", "trace=read,pread64,readv,preadv", "-o",
                    os.path.join(traces, "t")] + command, check=True, stdout=subprocess.DEVNULL)
    pattern = re.compile(r"^\w+\(\d+<" + re.escape(os.path.realpath(source)) + r">.* = (\d+)$")
    total = 0
    for trace in glob.glob(os.path.join(traces, "t*")):
        with open(trace, encoding="utf-8", errors="replace") as file:
            total += sum(int(m.group(1)) for m in map(pattern.match, file) if m)
    shutil.rmtree(traces)
    return total


def write_block(path, lines):
    text = ""
    if os.path.isfile(path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
    block = "\n".join([BEGIN, *lines, END])
    if BEGIN in text and END in text:
        text = text.split(BEGIN, 1)[0] + block + text.split(BEGIN, 1)[1].split(END, 1)[1]
    else:
        text = (text.rstrip("\n") + "\n\n" if text.strip() else "") + block + "\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tessera", help="the release binary")
    parser.add_argument("--work", default=os.path.join(ROOT, "Benchmarks", "work", "growth"))
    parser.add_argument("--largest", type=int, default=131072, help="columns of the largest source")
    parser.add_argument("--output", default=os.path.join(ROOT, "docs", "performance.md"))
    parser.add_argument("--check", action="store_true", help="end with 1 where a target is missed")
    arguments = parser.parse_args()
    tessera = os.path.abspath(arguments.tessera)
    shutil.rmtree(arguments.work, ignore_errors=True)
    os.makedirs(arguments.work)
    lines = ["| source | pixels with data | CPU s | CPU s per 10^9 pixels by area | wall s | peak MB | each byte read |",
             "|---|---|---|---|---|---|---|"]
    missed, before, first = [], None, None
    prefix, group = control_group()
    for width, options, every in CASES:
        if width > arguments.largest:
            continue
        source = os.path.join(arguments.work, "source.tif")
        with ProcessPoolExecutor(1) as pool:
            pixels, area = pool.submit(write, source, width, options, every).result()
        command = build(tessera, source, arguments.work)
        cost = measured(prefix + command, arguments.work, 3 if width <= 32768 else 1)
        read = bytes_read(command, source, arguments.work)
        shutil.rmtree(os.path.join(arguments.work, "data"), ignore_errors=True)
        # Of a sparse file, the blocks that were written count.
        times = None if read is None else read / (2 * pixels)
        each = cost.cpu / area * 1e9
        label = f"{width} x {width // 2}, " + ("strips" if every == 1 else f"tiles, 1/{every} written")
        lines.append(f"| {label} | {pixels / 1e6:.0f} million | {cost.cpu:.1f} | {each:.1f} | {cost.wall:.1f} | "
                     f"{cost.peak_megabytes:.0f} | " + ("not measured |" if times is None else f"{times:.2f} times |"))
        print(lines[-1], flush=True)
        os.remove(source)
        if cost.peak_megabytes > MOST_MEMORY:
            missed.append(f"{label}: {cost.peak_megabytes:.0f} MB, at most {MOST_MEMORY:g} wanted")
        if times is not None and times > MOST_READS:
            missed.append(f"{label}: each byte read {times:.2f} times, at most {MOST_READS:g} wanted")
        first = first or each
        if each > MOST_PER_PIXEL * first:
            missed.append(f"{label}: {each / first:.2f} times the CPU per pixel, at most {MOST_PER_PIXEL:g} wanted")
        if every == 1:
            if before and cost.cpu > MOST_GROWTH * before:
                missed.append(f"{label}: {cost.cpu / before:.2f} times the CPU for 4 times the pixels")
            before = cost.cpu
    strip = None
    for width in STRIPS if arguments.largest >= 65536 else STRIPS[:1]:
        source = os.path.join(arguments.work, "source.tif")
        with ProcessPoolExecutor(1) as pool:
            pixels, _ = pool.submit(write_strip, source, width).result()
        command = prefix + build(tessera, source, arguments.work, "jpeg")
        cost = measured(command, arguments.work, 3 if width < STRIPS[-1] else 1)
        os.remove(source)
        each = cost.cpu / pixels * 1e9
        lines.append(f"| {width} x {2 * width} bytes at 0.25 m, strips, to JPEG | {pixels / 1e6:.0f} million | {cost.cpu:.1f} | "
                     f"{each:.1f} | {cost.wall:.1f} | {cost.peak_megabytes:.0f} | not measured |")
        print(lines[-1], flush=True)
        strip = strip or each
        if cost.peak_megabytes > MOST_MEMORY or each > MOST_PER_PIXEL * strip:
            missed.append(f"{width} x {2 * width} at 0.25 m: {cost.peak_megabytes:.0f} MB, {each / strip:.2f} times the CPU "
                          "per pixel of the smallest")
    lines += ["", "Heights (int16) to FITS tiles at the natural order, `Benchmarks/peers/growth.py`. Wanted: at most "
              f"{MOST_MEMORY:g} MB, {MOST_READS:g} reads of each byte, {MOST_GROWTH:g} times the CPU for 4 times the "
              f"pixels, and {MOST_PER_PIXEL:g} times the CPU per pixel of the smallest source. "
              + (f"Builds ran in a memory control group of {GROUP_BYTES / 2**30:g} GB." if group else
                 "Builds ran without a memory control group.")]
    if group:
        os.rmdir(group)
    write_block(arguments.output, lines)
    shutil.rmtree(arguments.work, ignore_errors=True)
    for line in missed:
        print(f"MISSED: {line}")
    if arguments.check and missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
