// The rows of regions.py with healpix_cxx, compiled by it and never shipped or linked to anything.
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>
#include <healpix_cxx/healpix_base.h>
#include <healpix_cxx/rangeset.h>

static double seconds() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

template <class Work> static void row(const char *name, Work work) {
    double least = 1e9, begun = seconds();
    for (int repeats = 0; repeats < 3 || seconds() - begun < 2; ++repeats) {
        double start = seconds();
        work();
        double taken = seconds() - start;
        if (taken < least) least = taken;
    }
    std::printf("%s\t%.9g\n", name, least);
}

static std::vector<double> read(const std::string &path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<double> values(size_t(file.tellg()) / sizeof(double));
    file.seekg(0);
    file.read(reinterpret_cast<char *>(values.data()), std::streamsize(values.size() * sizeof(double)));
    return values;
}

static pointing at(double lon, double lat) { return pointing((90 - lat) * (M_PI / 180), lon * (M_PI / 180)); }

int main(int, char **argv) {
    const std::string folder = argv[1];
    const auto polygons = read(folder + "/polygons.f64"), cones = read(folder + "/cones.f64");
    size_t sink = 0;
    // Each shape by itself, without a union: what is measured is less than what the others do.
    auto polygon = [&](int order) {
        const T_Healpix_Base<int64> base(order, NEST);
        for (size_t i = 0; i < polygons.size(); i += 16) {
            std::vector<pointing> ring;
            for (size_t k = 0; k < 16; k += 2) ring.push_back(at(polygons[i + k], polygons[i + k + 1]));
            rangeset<int64> cells;
            base.query_polygon_inclusive(ring, cells, 4);
            sink += cells.nranges();
        }
    };
    row("polygons to order 10", [&] { polygon(10); });
    row("polygons to order 14", [&] { polygon(14); });
    row("cones to order 14", [&] {
        const T_Healpix_Base<int64> base(14, NEST);
        for (size_t i = 0; i < cones.size(); i += 2) {
            rangeset<int64> cells;
            base.query_disc_inclusive(at(cones[i], cones[i + 1]), M_PI / 360, cells, 4);
            sink += cells.nranges();
        }
    });
    return sink == 0;
}
