#!/usr/bin/env python3
"""The unit and the nginx example of this folder, tried for real.

    check.py TESSERA      (the path of the program; by root or with sudo, as it becomes the unit's user)

The unit goes through `systemd-analyze verify`, and its commands are run by hand as its user. nginx runs with the example
in front of them, with nothing changed but ports and folders.
"""

import http.client
import os
import pathlib
import pwd
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = pathlib.Path(__file__).resolve().parent
HOST = "maps.example.org"
# A service inherits nothing of the shell that its manager was started from.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def check(holds, what):
    print(("ok    " if holds else "WRONG ") + what, flush=True)
    if not holds:
        raise SystemExit(1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, path, host=None, source="127.0.0.1", **fields):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))
    headers = {"Host": host or f"{HOST}:{port}"} | {name.replace("_", "-"): value for name, value in fields.items()}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body.decode("latin-1")


def wait(port, path="/health"):
    for _ in range(300):
        try:
            if ask(port, path)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    check(False, f"something answers on port {port}")


def write_map(data, build):
    folder = data / "hips/mars/viking"
    (folder / "Norder0/Dir0").mkdir(parents=True, exist_ok=True)
    (folder / "Norder0/Dir0/Npix0.png").write_text(f"tile of build {build}")
    (folder / "properties").write_text(
        "creator_did = ivo://localhost/mars/viking\nobs_title = Viking\nhips_order = 0\nhips_tile_format = png\n")


def png(side, colour):
    """A picture of one colour."""
    def part(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    rows = (b"\0" + bytes(colour) * side) * side
    return (b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b""))


def write_drawable_map(data):
    folder = data / "hips/mars/red"
    (folder / "Norder0/Dir0").mkdir(parents=True)
    for pixel in range(12):
        (folder / f"Norder0/Dir0/Npix{pixel}.png").write_bytes(png(64, (200, 100, 50)))
    (folder / "properties").write_text(
        "creator_did = ivo://localhost/mars/red\nobs_title = Red\nhips_order = 0\nhips_tile_width = 64\n"
        "hips_tile_format = png\n")


def setting(unit, key):
    return [line.split("=", 1)[1] for line in unit.splitlines() if line.startswith(key + "=")]


def user(name, undo):
    """An account, made for this run alone when there is none."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name], check=True)
        undo.append(lambda: subprocess.run(["userdel", name], check=True))
        return pwd.getpwnam(name)


def unit_runs(program, scratch, undo):
    """Verifies the unit and starts its command; the process, its port and the map's folder."""
    unit = (HERE / "tessera.service").read_text()
    unit = unit.replace("/usr/local/bin/tessera", str(program))
    (scratch / "tessera.service").write_text(unit)
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", scratch / "tessera.service"], capture_output=True, text=True)
    complaints = [line for line in verified.stderr.splitlines() if "tessera" in line]
    check(verified.returncode == 0 and not complaints, f"systemd-analyze verify {complaints or ''}")

    account = user(setting(unit, "User")[0], undo)
    data, port = scratch / "srv", free_port()
    write_map(data, "one")
    write_drawable_map(data)
    configuration = (HERE / "server.yaml").read_text()
    # What systemd makes for the unit before it starts it, outside of which everything is read only.
    folder = "/var/cache/" + setting(unit, "CacheDirectory")[0]
    check(f"directory: {folder}\n" in configuration, f"drawn tiles go where the unit may write, {folder}")
    drawn = scratch / "drawn"
    drawn.mkdir()
    os.chown(drawn, account.pw_uid, account.pw_gid)
    configuration = configuration.replace(folder, str(drawn))
    configuration = configuration.replace("/srv/tessera", str(data)).replace("port: 8080", f"port: {port}")
    (scratch / "server.yaml").write_text(configuration)

    def command(key):
        line = setting(unit, key)[0].replace("/etc/tessera/server.yaml", str(scratch / "server.yaml"))
        return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
                "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", *shlex.split(line)]

    checked = subprocess.run(command("ExecStartPre"), cwd="/", env=ENVIRONMENT, capture_output=True, text=True)
    check(checked.returncode == 0 and not checked.stdout + checked.stderr, "ExecStartPre is content")
    output = open(scratch / "access.log", "w")
    process = subprocess.Popen(command("ExecStart"), cwd="/", env=ENVIRONMENT, stdout=output)
    wait(port, "/ready")
    check(os.stat(f"/proc/{process.pid}").st_uid == account.pw_uid, f"the server runs as {account.pw_name}")
    check(ask(port, "/mars/tiles/red/MarsEquidistantCylindricalSphere/0/0/0.png")[0] == 200, "a tile is drawn")
    kept = lambda: [path for path in drawn.rglob("0.png") if path.stat().st_uid == account.pw_uid]
    for _ in range(100):
        if kept():
            break
        time.sleep(0.1)
    check(len(kept()) == 1, "a drawn tile is kept on disk")
    return process, port, data


def nginx_runs(scratch, upstream):
    port = free_port()
    example = (HERE / "nginx.conf").read_text()
    example = example.replace("127.0.0.1:8080", f"127.0.0.1:{upstream}")
    example = example.replace("/var/cache/nginx", str(scratch / "cache"))
    example = example.replace("    listen [::]:80;\n", "").replace("listen 80;", f"listen 127.0.0.1:{port};")
    # The same site under a path, as docs/serving.md shows it.
    example = example.rstrip().removesuffix("}") + """
    location /planets/ {
        proxy_pass http://tessera/;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Prefix /planets;
    }
}
"""
    (scratch / "cache").mkdir()
    (scratch / "site.conf").write_text(example)
    # Another site is the first one of the port, as Debian's own is.
    (scratch / "main.conf").write_text(
        f"daemon off; user root; pid {scratch}/nginx.pid; error_log {scratch}/nginx.err;\n"
        f"events {{}}\nhttp {{ access_log off; client_body_temp_path {scratch}/body; "
        f"proxy_temp_path {scratch}/proxy; "
        f"server {{ listen 127.0.0.1:{port} default_server; server_name else.example; return 404; }} "
        f"include {scratch}/site.conf; }}\n")
    process = subprocess.Popen(["nginx", "-p", str(scratch), "-c", str(scratch / "main.conf")])
    wait(port)
    return process, port


def through_the_proxy(port, upstream, data):
    path = "/hips/mars/viking/"
    status, fields, text = ask(port, path + "properties")
    root = f"http://{HOST}:{port}"
    check(status == 200 and re.search(r"hips_service_url\s*=\s*" + re.escape(root + "/hips/mars/viking") + r"\n", text),
          "hips_service_url is the address that the client used")
    check(fields["x-cache-status"] == "MISS" and ask(port, path + "properties")[1]["x-cache-status"] == "MISS",
          "properties are not kept")
    check(re.fullmatch("[0-9a-f]{32}", fields["x-request-id"]), "the identifier is nginx's")
    check(f"{root}/planets/hips/mars/viking" in ask(port, "/planets/hipslist")[2]
          and 'href="/planets/hips/mars/viking/"' in ask(port, "/planets/")[2], "a server under a path knows it")
    check(f"http://127.0.0.1:{upstream}/hips" in ask(upstream, "/hipslist", host=f"127.0.0.1:{upstream}")[2],
          "without the proxy the address is the server's own")

    check(ask(port, "/", host="else.example")[0] == 404 and ask(port, "/hipslist?x=" + "x" * (1 << 16))[0] == 200,
          "lines as long as links to pages of features pass, though another site is the first one")

    tile = path + "Norder0/Dir0/Npix0.png"
    first, second = ask(port, tile), ask(port, tile)
    check([first[1]["x-cache-status"], second[1]["x-cache-status"]] == ["MISS", "HIT"], "tiles are kept")
    check(first[2] == second[2] == "tile of build one", "a tile out of the cache is the tile")
    check(first[1]["x-request-id"] != second[1]["x-request-id"], "each answer has its own identifier")
    check(ask(port, tile, If_None_Match=second[1]["etag"])[0] == 304, "a tag is enough for the cache")
    check(second[1]["access-control-allow-origin"] == "*", "pages from elsewhere may read tiles")
    for closed in ["/metrics", "/ready"]:
        check(ask(port, closed)[0] == 404 and ask(upstream, closed)[0] == 200, f"{closed} is for insiders")

    later = data / "hips/mars/.viking.new"
    shutil.copytree(data / "hips/mars/viking", later)
    (later / "Norder0/Dir0/Npix0.png").write_text("tile of build two")
    os.rename(data / "hips/mars/viking", data / "hips/mars/.viking.old")
    os.rename(later, data / "hips/mars/viking")
    time.sleep(1.5)
    check(ask(upstream, tile)[2] == "tile of build two", "a map that is replaced is seen without a restart")
    shutil.copytree(data / "hips/mars/viking", data / "hips/mars/second")
    check("/hips/mars/second" in ask(port, "/hipslist")[2], "and a map that is added")
    ask(port, "/health", source="127.0.0.2", X_Forwarded_For="198.51.100.7")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    if os.geteuid() != 0:
        os.execvp("sudo", ["sudo", sys.executable, "-B", __file__, sys.argv[1]])
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="tessera-deploy-"))
    running, undo = [], []
    try:
        scratch.chmod(0o755)
        program = scratch / "tessera"
        shutil.copy(sys.argv[1], program)
        server, upstream, data = unit_runs(program, scratch, undo)
        running.append(server)
        proxy, port = nginx_runs(scratch, upstream)
        running.append(proxy)
        through_the_proxy(port, upstream, data)
        server.send_signal(signal.SIGTERM)
        check(server.wait(30) == 0, "the server ends by itself when it is told to")
        lines = (scratch / "access.log").read_text().splitlines()
        check(len(lines) > 10 and all(" service=" in line for line in lines), f"{len(lines)} lines in the access log")
        check(" client=127.0.0.2 " in lines[-1] and "path=/health" in lines[-1],
              "a client's word about its address is not believed beyond the last proxy")
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
                process.wait()
        for step in undo:
            step()
        shutil.rmtree(scratch)


main()
