// The same rows with healpix_cxx, compiled by run.py and never shipped or linked to anything.
#include <ctime>
#include <cstdio>
#include <algorithm>
#include <cmath>
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
    for (int repeats = 0; repeats < 7 || seconds() - begun < 2; ++repeats) {
        double start = seconds();
        work();
        double taken = seconds() - start;
        if (taken < least) least = taken;
    }
    std::printf("%s\t%.9g\n", name, least);
}

template <class T> static std::vector<T> read(const std::string &path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<T> values(size_t(file.tellg()) / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char *>(values.data()), std::streamsize(values.size() * sizeof(T)));
    return values;
}

static rangeset<int64> ranges(const std::vector<int64> &bounds) {
    rangeset<int64> ranges;
    for (size_t i = 0; i < bounds.size(); i += 2) ranges.append(bounds[i], bounds[i + 1]);
    return ranges;
}

int main(int, char **argv) {
    const std::string folder = argv[1];
    const auto lon = read<double>(folder + "/lon.f64"), lat = read<double>(folder + "/lat.f64");
    const rangeset<int64> a = ranges(read<int64>(folder + "/a.i64")), b = ranges(read<int64>(folder + "/b.i64"));
    rangeset<int64> all;
    all.append(0, int64(12) << 58);
    size_t sink = 0;
    row("positions to order 18", [&] {
        // As mocpy and Tessera do it: from degrees.
        const T_Healpix_Base<int64> base(18, NEST);
        std::vector<int64> numbers(lon.size());
        for (size_t i = 0; i < lon.size(); ++i)
            numbers[i] = base.ang2pix(pointing((90 - lat[i]) * (M_PI / 180), lon[i] * (M_PI / 180)));
        std::sort(numbers.begin(), numbers.end());
        rangeset<int64> cells;
        for (int64 n : numbers)
            if (cells.empty() || n >= cells.ivend(cells.nranges() - 1)) cells.append(n);
        const int shift = 2 * (29 - 18);
        rangeset<int64> deep;
        for (size_t i = 0; i < cells.nranges(); ++i) deep.append(cells.ivbegin(i) << shift, cells.ivend(i) << shift);
        sink += deep.nranges();
    });
    row("union", [&] { sink += a.op_or(b).nranges(); });
    row("intersection", [&] { sink += a.op_and(b).nranges(); });
    row("difference", [&] { sink += a.op_andnot(b).nranges(); });
    row("symmetric difference", [&] { sink += a.op_xor(b).nranges(); });
    row("complement", [&] { sink += all.op_andnot(a).nranges(); });
    row("degrade to order 9", [&] {
        // As its class Moc does it, which keeps the functions for single operations to itself.
        const int shift = 2 * (29 - 9);
        const int64 rest = (int64(1) << shift) - 1;
        rangeset<int64> coarse;
        for (size_t i = 0; i < a.nranges(); ++i)
            coarse.append((a.ivbegin(i) >> shift) << shift, ((a.ivend(i) + rest) >> shift) << shift);
        sink += coarse.nranges();
    });
    row("look up 1M points", [&] {
        const T_Healpix_Base<int64> base(29, NEST);
        for (size_t i = 0; i < lon.size(); ++i)
            sink += a.contains(base.ang2pix(pointing((90 - lat[i]) * (M_PI / 180), lon[i] * (M_PI / 180))));
    });
    return sink == 1;
}
