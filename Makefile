# Two commands do everything, set-up included: `make demo` and `make test`.

SHELL := /bin/bash
DATA ?= data
PORT ?= 8080
PREFIX ?= /usr/local
RELEASE := .build/release/tessera

.PHONY: all demo demo-data test check lint imports format build setup verify clients stores services qgis coverage-peers coverage-clients deploy faults soak service-faults bench kernels peers coverages bridge fuzz fuzz-short install clean schemas bench-services bench-features load

all: build

setup:
	@tools/setup

build: setup ## the release binary
	swift build -c release --product tessera

demo: build ## HiPS of the maps under surveys/, served at http://127.0.0.1:$(PORT)/
	@tools/demo $(RELEASE) $(DATA) $(PORT)

demo-data: build
	@tools/demo $(RELEASE) $(DATA) $(PORT) --no-serve

test: setup ## all tests that need nothing but the toolchain and the libraries
	swift build --build-tests
	swift test --skip-build --parallel --filter "ServerTests|EndToEndTests"
	swift test --skip-build --parallel --skip "ServerTests|EndToEndTests"

check: lint imports

lint: ## the format of every Swift file
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources

imports: ## modules import only what their floor may
	@tools/check-imports

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources

verify: demo-data ## every pixel of the demo maps against independent computations
	@tools/setup clients
	CLIENTS=0 LINT=0 TESSERA=$(RELEASE) tools/verify/all.sh $(DATA)

clients: demo-data ## the same, and the demo maps in Hipsgen's LINT, Aladin Desktop and Aladin Lite
	@tools/setup clients
	TESSERA=$(RELEASE) tools/verify/all.sh $(DATA)

stores: build ## sources on servers and in archives; a HiPS built into, served from and linted in a stand-in for S3
	@tools/setup clients
	tools/verify/s3.sh $(RELEASE)
	/usr/bin/python3 -B tools/verify/network.py $(RELEASE)

deploy: build ## the unit for systemd and the site for nginx, tried for real; asks for root
	@tools/setup deploy
	/usr/bin/python3 -B tools/deploy/check.py $(RELEASE)

schemas: build ## survey files against their JSON Schema, and the schema against the program
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/schemas.py $(RELEASE)

coverage-peers: build ## tessera moc against mocpy on random coverages and shapes; its files in mocpy, Aladin Desktop and STILTS
	@tools/setup clients
	python3 -m venv .build/mocpy && .build/mocpy/bin/pip install -q mocpy==0.21.0 numpy==2.4.6 astropy healpy
	.build/mocpy/bin/python -B tools/verify/moc_peers.py $(RELEASE)
	.build/mocpy/bin/python -B tools/verify/moc_regions.py $(RELEASE) --cases 300
	.build/mocpy/bin/python -B tools/verify/moc_clients.py $(RELEASE)

services: build ## the map, tile and feature services in GDAL and OWSLib, compared with GDAL's warp and with the GeoPackage; documents with xmllint
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/wms_clients.py $(RELEASE)
	/usr/bin/python3 -B tools/verify/earth_clients.py $(RELEASE)
	/usr/bin/python3 -B tools/verify/wfs_clients.py $(RELEASE)

qgis: build ## the map, tile and feature services in QGIS, compared likewise
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/wms_clients.py $(RELEASE) --only-qgis
	/usr/bin/python3 -B tools/verify/wfs_clients.py $(RELEASE) --only-qgis

coverage-clients: build ## the coverage service in GDAL, OWSLib and QGIS, held to the sources; its documents with xmllint
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/wcs_clients.py $(RELEASE)

faults: build ## builds that are killed, stopped, without room, rights or source: the bytes are the same in the end
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/faults.py $(RELEASE)

load: build ## a minute of mixed requests by 64 connections, and an end in the middle of them
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/load.py $(RELEASE)

service-faults: build ## the services with clients, requests, tiles and maps as they should not be, and others served meanwhile
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/service_faults.py $(RELEASE)

soak: build ## ten times as much of faults and load, and programs that are wrong on purpose are found out
	@tools/setup clients
	/usr/bin/python3 -B tools/verify/faults.py $(RELEASE) --self-test
	/usr/bin/python3 -B tools/verify/faults.py $(RELEASE) --times 10
	/usr/bin/python3 -B tools/verify/load.py $(RELEASE) --seconds 600
	/usr/bin/python3 -B tools/verify/service_faults.py $(RELEASE) --self-test
	/usr/bin/python3 -B tools/verify/service_faults.py $(RELEASE) --rounds 10
	/usr/bin/python3 -B tools/verify/earth_clients.py $(RELEASE) --self-test

kernels: setup ## nanoseconds per pixel of the hot loops
	set -o pipefail; { echo '```'; swift run --package-path Benchmarks -c release kernels; echo '```'; } \
	    | tools/write-block docs/performance.md kernels

peers: build ## HiPS generation beside Hipsgen, into docs/performance.md
	@tools/setup clients
	/usr/bin/python3 Benchmarks/peers/run.py $(RELEASE) --hipsgen all

coverages: setup ## coverages beside mocpy and healpix_cxx, into docs/performance.md
	Benchmarks/moc/run.py
	Benchmarks/moc/regions.py

bridge: build ## maps of a HiPS beside MapProxy with mapproxy_hips, into docs/performance.md
	@tools/setup clients
	/usr/bin/python3 -B Benchmarks/services/mapproxy.py $(RELEASE)

bench-services: build ## maps and tiles beside MapServer and nginx, into docs/performance.md
	@tools/setup servers
	/usr/bin/python3 -B Benchmarks/services/run.py $(RELEASE)

bench-features: build ## features beside MapServer, into docs/performance.md
	@tools/setup servers
	/usr/bin/python3 -B Benchmarks/services/features.py $(RELEASE) --million

bench: kernels peers coverages bridge bench-services bench-features

SECONDS ?= 3600
fuzz: setup ## the parsers of outside input, $(SECONDS) seconds for each
	Fuzz/run $(SECONDS)

fuzz-short: setup
	Fuzz/run 18

install: build
	install -D -m 755 $(RELEASE) $(DESTDIR)$(PREFIX)/bin/tessera

clean:
	rm -rf .build Benchmarks/.build Fuzz/.build
