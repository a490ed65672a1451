#!/usr/bin/env python3
"""Serves and lints a HiPS that lies in an object store, and holds it to the one on disk.

    s3.py BINARY HIPS SURVEY

First SURVEY is built into a bucket of moto's stand-in for S3, killed on the way and gone on with: its objects must be the
files that the same build makes on disk, and nothing beside them. A source that lies in the bucket (/vsis3/) must give the
tiles and the native coverage that it gives on disk, and one that is not there a message that names it. Then the HiPS is copied to the bucket, and
- `tessera serve --data s3://...` must give out every file with the bytes that it has on disk, `properties` with the
  address it was asked at, and 404 for a tile that there is not;
- a tile that is put anew together with `properties` must be seen within seconds;
- `tessera lint s3://...` must find what it finds on disk, also when a tile is missing;
- `tessera serve` must say why when the bucket does not exist, and answer 503, not 404, when the store has gone.
Ends with 1 on failure.
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import boto3

KEY = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
failures = []


def check(passes, text):
    print(("ok      " if passes else "FAILED  ") + text, flush=True)
    if not passes:
        failures.append(text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, seconds=120):
    end = time.time() + seconds
    while time.time() < end:
        if process.poll() is not None:
            raise SystemExit(f"{process.args[0]} ended with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port} after {seconds} s")


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=300) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def files_below(folder):
    found = []
    for path, _, names in os.walk(folder):
        found += [os.path.relpath(os.path.join(path, name), folder) for name in names]
    return sorted(found)


def lint(binary, location, environment):
    run = subprocess.run(
        [binary, "lint", location, "--all", "--json"], env=environment, capture_output=True, text=True)
    try:
        return run.returncode, json.loads(run.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"tessera lint {location}: {run.stdout}{run.stderr}")


def findings(report):
    return sorted((row["severity"], row["code"], row["path"], row["found"]) for row in report["findings"])


def build_into_store(binary, survey, client, bucket, environment):
    """Holds a build into the store, killed and gone on with, to the one on disk."""
    environment = dict(environment, SOURCE_DATE_EPOCH="1700000000")
    command = [binary, "build", survey, "--order", "2", "--quiet", "--data"]
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(command + [scratch], check=True, env=environment)
        expected = {}
        for file in files_below(f"{scratch}/hips"):
            with open(f"{scratch}/hips/{file}", "rb") as opened:
                expected[f"built/hips/{file}"] = opened.read()

    def objects():
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="built/")
        return {row["Key"] for page in pages for row in page.get("Contents", [])}

    place = f"s3://{bucket}/built"
    started = time.time()
    first = subprocess.Popen(command + [place], env=environment)
    while first.poll() is None and sum(key.endswith(".state") for key in objects()) < 3:
        time.sleep(0.05)
    first.kill()
    first.wait()
    before = objects()
    check(first.returncode != 0 and not any(key.endswith("/properties") for key in before),
          f"a build that is killed leaves {len(before)} objects and no map")
    run = subprocess.run(command[:-2] + ["--json", "--data", place], env=environment, capture_output=True, text=True)
    check(run.returncode == 0, f"the same command goes on with it: {run.stderr.strip()}")
    again = subprocess.run(command + [place], env=environment, capture_output=True, text=True)
    check(again.returncode == 0, "and finds the map up to date after that")
    keys = objects()
    wrong = sorted(keys ^ expected.keys())
    wrong += [key for key in sorted(keys & expected.keys())
              if client.get_object(Bucket=bucket, Key=key)["Body"].read() != expected[key]]
    check(not wrong, f"its {len(keys)} objects are the {len(expected)} files of the build on disk, "
          f"{time.time() - started:.1f} s" + (f", but {wrong[:5]}" if wrong else ""))


def build_from_store(binary, survey, client, bucket, environment):
    """Holds the tiles of a source in the store to those of the same file on disk."""
    with open(survey, encoding="utf-8") as file:
        name = re.search(r"^ *- *(\S+\.tif) *$", file.read(), re.M).group(1)
    path = os.path.join(os.path.dirname(survey), name)
    client.upload_file(path, bucket, f"sources/{name}")
    with tempfile.TemporaryDirectory() as scratch:
        def build(source, map_name):
            return subprocess.run(
                [binary, "build", source, "--data", scratch, "--body", "mars", "--name", map_name, "--order", "2",
                 "--quiet"], env=environment, capture_output=True, text=True)

        started = time.time()
        for source, map_name in ((path, "disk"), (f"/vsis3/{bucket}/sources/{name}", "store")):
            run = build(source, map_name)
            check(run.returncode == 0, f"{source} becomes a map {run.stderr.strip()}")
        folders = [f"{scratch}/hips/mars/{map_name}" for map_name in ("disk", "store")]
        names = [[file for file in files_below(folder) if file.startswith("Norder") or file == "Moc.fits"]
                 for folder in folders]
        same = names[0] == names[1] and all(
            open(f"{folders[0]}/{file}", "rb").read() == open(f"{folders[1]}/{file}", "rb").read()
            for file in names[0])
        check(same and len(names[0]) > 200, f"its {len(names[1])} files have the bytes of those made from disk, "
              f"{time.time() - started:.1f} s")
        native_from_store(binary, scratch, environment)
        absent = build(f"/vsis3/{bucket}/sources/absent.tif", "absent")
        check(absent.returncode != 0 and "absent.tif" in absent.stderr and
              not os.path.exists(f"{scratch}/hips/mars/absent"), f"one that is not there: {absent.stderr.strip()}")


def native_from_store(binary, data, environment):
    """Holds the coverage of a source in the store, on its own grid, to that of the same source on disk."""
    port = free_port()
    server = subprocess.Popen([binary, "serve", "--data", data, "--port", str(port)], env=environment,
                              stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        found = [get(f"http://127.0.0.1:{port}/mars/wcs?SERVICE=WCS&VERSION=2.0.1&REQUEST=GetCoverage"
                     f"&COVERAGEID={name}__native") for name in ("disk", "store")]
        # The titles in the files differ.
        pixels = [answer[-1000000:] for _, answer in found]
        check(found[0][0] == found[1][0] == 200 and pixels[0] == pixels[1] and len(pixels[0]) == 1000000,
              f"its native coverage has the samples of that from disk: {[status for status, _ in found]}")
    finally:
        server.terminate()
        server.wait()


def main(binary, hips, survey):
    hips = hips.rstrip("/")
    body, name = hips.split("/")[-2:]
    bucket, prefix = "maps", "some/where"
    s3_port, port = free_port(), free_port()
    environment = dict(os.environ, **KEY, AWS_S3_ENDPOINT=f"127.0.0.1:{s3_port}", AWS_HTTPS="NO",
                       AWS_VIRTUAL_HOSTING="FALSE", GDAL_HTTP_RETRY_DELAY="0.1")
    for other in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_NO_SIGN_REQUEST"):
        environment.pop(other, None)
    store = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(s3_port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = None
    try:
        wait_for(s3_port, store)
        client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{s3_port}", region_name="us-east-1",
                              aws_access_key_id="testing", aws_secret_access_key="testing")
        client.create_bucket(Bucket=bucket)
        build_into_store(binary, survey, client, bucket, environment)
        build_from_store(binary, survey, client, bucket, environment)
        root = f"{prefix}/hips/{body}/{name}"
        names = files_below(hips)
        for file in names:
            client.upload_file(f"{hips}/{file}", bucket, f"{root}/{file}")
        print(f"{len(names)} files of {hips} in s3://{bucket}/{root}", flush=True)

        server = subprocess.Popen(
            [binary, "serve", "--data", f"s3://{bucket}/{prefix}", "--port", str(port)], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_for(port, server)
        url = f"http://127.0.0.1:{port}/hips/{body}/{name}"
        wrong, started = [], time.time()
        for file in names:
            status, bytes_ = get(f"{url}/{file}")
            with open(f"{hips}/{file}", "rb") as opened:
                expected = opened.read()
            if file == "properties":
                lines = bytes_.decode().splitlines()
                own = [line for line in lines if line.split("=")[0].strip() == "hips_service_url"]
                check(len(own) == 1 and own[0].endswith("= " + url), "properties name the address asked for")
                drop = re.compile(rb"^hips_service_url.*\n", re.M)
                bytes_, expected = drop.sub(b"", bytes_), drop.sub(b"", expected)
            if status != 200 or bytes_ != expected:
                wrong.append(f"{file} ({status})")
        check(not wrong, f"all {len(names)} files as on disk in {time.time() - started:.1f} s" +
              (f", but {wrong[:5]}" if wrong else ""))
        check(get(f"{url}/Norder9/Dir0/Npix0.png")[0] == 404, "404 for a tile that there is not")
        check(get(url.replace(name, "none") + "/properties")[0] == 404, "404 for a map that there is not")
        check(url.encode() in get(f"http://127.0.0.1:{port}/hipslist")[1], "hipslist has the map")

        tile = next(file for file in names if file.startswith("Norder") and "Npix" in file)
        client.put_object(Bucket=bucket, Key=f"{root}/{tile}", Body=b"of a later build")
        with open(f"{hips}/properties", "rb") as opened:
            properties = opened.read()
        client.put_object(Bucket=bucket, Key=f"{root}/properties", Body=properties + b"tessera_note = later\n")
        started = time.time()
        while get(f"{url}/{tile}")[1] != b"of a later build" and time.time() < started + 60:
            time.sleep(0.2)
        check(time.time() < started + 60, f"a rebuilt map is seen after {time.time() - started:.1f} s")
        for file in (tile, "properties"):
            client.upload_file(f"{hips}/{file}", bucket, f"{root}/{file}")

        place = f"s3://{bucket}/{root}"
        (disk_status, disk), (status, report) = lint(binary, hips, environment), lint(binary, place, environment)
        check(status == disk_status and findings(report) == findings(disk) and report["tilesRead"] > 0 and
              report["tilesRead"] == disk["tilesRead"],
              f"lint finds the same as on disk: {disk['errors']} errors, {disk['tilesRead']} tiles read, "
              f"{report['seconds']:.1f} s instead of {disk['seconds']:.1f} s")
        client.delete_object(Bucket=bucket, Key=f"{root}/{tile}")
        status, report = lint(binary, place, environment)
        check(status == 1 and any(row["path"] == tile for row in report["findings"]), f"lint misses {tile}")

        for place, words in ((f"s3://none/{prefix}", "none"), ("s3://", "s3://bucket")):
            run = subprocess.run([binary, "serve", "--data", place, "--port", "0"], env=environment, timeout=300,
                                 capture_output=True, text=True)
            check(run.returncode != 0 and words in run.stderr, f"serve {place}: {run.stderr.strip()}")

        asked = f"{url}/{next(file for file in reversed(names) if 'Npix' in file and file != tile)}"
        # The properties were put anew: their state is looked at again in time, and the file read under it.
        time.sleep(6)
        get(asked)
        store.terminate()
        store.wait()
        check(get(asked)[0] == 200, "what is in memory is given out without the store")
        status, text = get(f"{url}/{tile}")
        check(status == 503, f"{status} for the rest when the store has gone: {text.decode().strip()}")
        server.send_signal(signal.SIGTERM)
        log = server.communicate(timeout=120)[1]
        check(server.returncode == 0 and "not to be had" in log, "which is logged, and the server stops in order")
    finally:
        for process in (store, server):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
    if failures:
        print(f"{len(failures)} checks failed")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    sys.exit(main(*sys.argv[1:]))
