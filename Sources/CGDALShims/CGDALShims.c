#define _GNU_SOURCE
#include "CGDALShims.h"

#include <string.h>

#include <cpl_vsi.h>

int tessera_vsi_stat(const char *path, long long *size, long long *modified_nanoseconds) {
    VSIStatBufL status;
    memset(&status, 0, sizeof status);
    if (VSIStatExL(path, &status, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG | VSI_STAT_SIZE_FLAG) != 0) return -1;
    *size = (long long)status.st_size;
    *modified_nanoseconds = (long long)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
    return 0;
}
