#pragma once

#include <gdal.h>

/* Swift cannot see the GMF_ macros with their casts; these are the same values. */
static inline int tessera_gmf_all_valid(void) { return GMF_ALL_VALID; }
static inline int tessera_gmf_per_dataset(void) { return GMF_PER_DATASET; }
static inline int tessera_gmf_alpha(void) { return GMF_ALPHA; }
static inline int tessera_gmf_nodata(void) { return GMF_NODATA; }
