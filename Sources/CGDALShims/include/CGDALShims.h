#pragma once

#include <gdal.h>

/* Swift cannot see the GMF_ macros with their casts; these are the same values. */
static inline int tessera_gmf_all_valid(void) { return GMF_ALL_VALID; }
static inline int tessera_gmf_per_dataset(void) { return GMF_PER_DATASET; }
static inline int tessera_gmf_alpha(void) { return GMF_ALPHA; }
static inline int tessera_gmf_nodata(void) { return GMF_NODATA; }
static inline int tessera_coverage_data(void) { return GDAL_DATA_COVERAGE_STATUS_DATA; }
static inline int tessera_coverage_empty(void) { return GDAL_DATA_COVERAGE_STATUS_EMPTY; }

/* Size in bytes and time of the last change in nanoseconds since 1970 of a file that GDAL can reach; 0, or -1 when
   there is none. The structure that GDAL fills is one that Swift cannot see. */
int tessera_vsi_stat(const char *path, long long *size, long long *modified_nanoseconds);
